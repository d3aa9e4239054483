"""Findings about feeds and loads, with both numbers; silence when all is well."""

from __future__ import annotations

from collections.abc import Callable

from twin.layout import edit
from twin.layout.finding import Finding
from twin.layout.model import (
    Fitting,
    Layout,
    PlacedRack,
    PowerNode,
)

Check = Callable[[Layout], list[Finding]]
LEAF = Fitting(type="switch", u=42, id="LEAF")
TWO = Fitting(type="npu4", u=1, count=2)


def only(found: list[Finding], rule: str) -> Finding:
    """The one finding of a rule."""
    (finding,) = (finding for finding in found if finding.rule == rule)
    return finding


def rules(found: list[Finding]) -> list[str]:
    return [finding.rule for finding in found]


def filled(room: Layout, *contents: Fitting, **fields: object) -> Layout:
    """The room with these contents in its rack."""
    return edit.replace(room, room.racks[0].model_copy(update={"contents": contents, **fields}))


def node(room: Layout, name: str, **fields: object) -> Layout:
    """The room with a power node changed, or added when it is new."""
    known = {item.id: item for item in room.power}
    if name in known:
        return edit.replace(room, known[name].model_copy(update=fields))
    return edit.place(room, PowerNode.model_validate({"id": name, **fields}))


def rack(name: str, x_m: float, y_m: float, angle_deg: float = 0.0) -> PlacedRack:
    """An empty rack."""
    return PlacedRack(id=name, type="rack", x_m=x_m, y_m=y_m, angle_deg=angle_deg)


class TestPower:
    """Feeds and loads: two servers of 3.0 kW and a switch of 0.4 kW on a path rated 12 kW per side."""

    def test_a_rack_with_servers_and_no_feeds(self, room: Layout, findings: Check) -> None:
        finding = only(findings(filled(room, TWO, LEAF, feeds={}, redundancy="N")), "power.no_feed")
        assert finding.what == "has 3 boxes that draw 6.4 kW and 0 feeds, 1 is needed"

    def test_an_empty_rack_needs_no_feed(self, room: Layout, findings: Check) -> None:
        assert findings(edit.place(room, rack("R2", 3.0, 2.4))) == []

    def test_a_cooler_and_a_pump_without_feeds(self, room: Layout, findings: Check) -> None:
        found = findings(edit.cut(edit.cut(room, "CRAH-2", "MAIN"), "P", "MAIN"))
        assert [(f.rule, f.place) for f in found] == [("power.no_feed", "CRAH-2"), ("power.no_feed", "P")]

    def test_a_claim_of_2n_with_one_side(self, room: Layout, findings: Check) -> None:
        finding = only(findings(edit.cut(room, "R1", "PDU-B")), "power.redundancy")
        assert finding.what == "claims 2N, but R1/u01 hangs on 1 node (A at PDU-A), 2 are needed"

    def test_a_claim_of_2n_with_both_sides_at_one_node(self, room: Layout, findings: Check) -> None:
        finding = only(findings(filled(room, TWO, LEAF, feeds={"A": "PDU-A", "B": "PDU-A"})), "power.redundancy")
        assert "hangs on 1 node (A at PDU-A and B at PDU-A)" in finding.what

    def test_a_feed_to_nothing(self, room: Layout, findings: Check) -> None:
        finding = only(findings(edit.remove(room, {"PDU-B"})), "power.feed_to_nothing")
        assert finding.what == "feeds names PDU-B, there is no such power node"

    def test_a_node_without_a_source(self, room: Layout, findings: Check) -> None:
        finding = only(findings(node(room, "MAIN", inputs=())), "power.no_source")
        assert finding.what == "is a switchboard with 0 inputs, 1 is needed"

    def test_a_path_that_feeds_itself(self, room: Layout, findings: Check) -> None:
        finding = only(findings(node(room, "MAIN", inputs=("GRID", "PDU-A"))), "power.cycle")
        assert finding.place == "MAIN"
        assert finding.what == "feeds itself through 3 nodes: MAIN - UPS-A - PDU-A"

    def test_two_inputs_of_a_pdu(self, room: Layout, findings: Check) -> None:
        finding = only(findings(node(room, "PDU-A", inputs=("UPS-A", "UPS-B"))), "power.two_inputs")
        assert finding.what == "is a pdu with 2 inputs (UPS-A, UPS-B), 1 is the limit"

    def test_two_inputs_of_a_transfer_switch_are_fine(self, room: Layout, findings: Check) -> None:
        layout = node(room, "GEN", type="genset")
        layout = node(layout, "ATS", type="ats", inputs=("GRID", "GEN"))
        assert findings(node(layout, "MAIN", inputs=("ATS",))) == []

    def test_overload_in_normal_operation_is_an_error(self, room: Layout, findings: Check) -> None:
        found = findings(node(room, "PDU-A", rated_w=3.0e3))
        finding = only(found, "power.overload")
        assert (finding.severity, finding.place) == ("error", "PDU-A")
        assert finding.what == "would carry 3.2 kW (107%), it is rated 3.0 kW"
        assert "power.failover" not in rules(found)

    def test_overload_after_a_failure_is_a_warning(self, room: Layout, findings: Check) -> None:
        finding = only(findings(node(room, "UPS-B", rated_w=6.0e3)), "power.failover")
        assert (finding.severity, finding.place) == ("warning", "UPS-B")
        assert finding.what == "would carry 6.4 kW (107%) if MAIN fails, it is rated 6.0 kW"

    def test_a_path_that_carries_exactly_its_rating_is_fine(self, room: Layout, findings: Check) -> None:
        assert findings(node(node(room, "UPS-B", rated_w=6.4e3), "UPS-A", rated_w=6.4e3)) == []

    def test_a_box_that_holds_b_in_reserve_loads_a_with_everything(self, room: Layout, findings: Check) -> None:
        reserve = TWO.model_copy(update={"power_policy": "active_standby"})
        finding = only(findings(node(filled(room, reserve, LEAF), "PDU-A", rated_w=6e3)), "power.overload")
        assert finding.what == "would carry 6.2 kW (103%), it is rated 6.0 kW"

    def test_parallel_ups_share_and_the_rest_carries_on(self, room: Layout, findings: Check) -> None:
        layout = node(room, "UPS-A2", type="ups", inputs=("MAIN",), side="A")
        layout = node(layout, "BUS-A", type="board", inputs=("UPS-A", "UPS-A2"), side="A")
        layout = node(layout, "PDU-A", inputs=("BUS-A",))
        layout = node(node(layout, "UPS-A", rated_w=3.2e3), "UPS-A2", rated_w=3.2e3)
        assert findings(layout) == []
        finding = only(findings(node(layout, "UPS-A2", rated_w=3.1e3)), "power.failover")
        assert finding.what == "would carry 3.2 kW (103%) if UPS-A fails, it is rated 3.1 kW"

    def test_the_breaker_limits_when_it_is_smaller(self, room: Layout, findings: Check) -> None:
        # sqrt(3) x 400 V x 4 A = 2.77 kW
        finding = only(findings(node(room, "PDU-A", breaker_a=4)), "power.overload")
        assert finding.what == "would carry 3.2 kW (115%), it is rated 2.8 kW"

    def test_strips_in_the_rack_carry_half_and_all_of_it(self, room: Layout, findings: Check) -> None:
        strips = (
            Fitting(type="strip", u=0, feeds={"A": "PDU-A"}),
            Fitting(type="strip", u=0, feeds={"B": "PDU-B"}),
        )
        assert findings(filled(room, TWO, LEAF, *strips)) == []
        three = Fitting(type="npu4", u=1, count=3)
        found = [f for f in findings(filled(room, three, LEAF, *strips)) if f.rule == "power.failover"]
        assert [f.what for f in found] == [
            "would draw 9.4 kW (118%) on side A if side B fails, its rack PDUs carry 8.0 kW",
            "would draw 9.4 kW (118%) on side B if side A fails, its rack PDUs carry 8.0 kW",
        ]
        six = Fitting(type="npu4", u=1, count=6)
        found = [
            f for f in findings(filled(room, six, LEAF, *strips)) if f.place == "R1" and f.rule == "power.overload"
        ]
        assert found[0].what == "would draw 9.2 kW (115%) on side A, its rack PDUs carry 8.0 kW"

    def test_a_rack_over_its_budget(self, room: Layout, findings: Check) -> None:
        finding = only(findings(filled(room, Fitting(type="npu4", u=1, count=5), LEAF)), "power.rack_budget")
        assert (finding.severity, finding.what) == ("warning", "may draw 15.4 kW, the rack is meant for 12.0 kW")
