"""Claims of the electrical path: single points, sources joined, breakers for hours, cords and phases."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from twin.catalogue.library import Catalogue
from twin.layout import edit
from twin.layout.check import check
from twin.layout.expand import expand
from twin.layout.finding import Finding
from twin.layout.model import Fitting, Layout, PowerNode, RackRow
from twin.layout.rules.load import demands, node_loads, upstream_order, worst_loads

Check = Callable[[Layout], list[Finding]]
TWO = Fitting(type="npu4", u=1, count=2)
LEAF = Fitting(type="switch", u=42, id="LEAF")


def node(room: Layout, name: str, **fields: object) -> Layout:
    """The room with a power node changed, or added when it is new."""
    known = {item.id: item for item in room.power}
    if name in known:
        return edit.replace(room, known[name].model_copy(update=fields))
    return edit.place(room, PowerNode.model_validate({"id": name, **fields}))


def filled(room: Layout, *contents: Fitting, **fields: object) -> Layout:
    return edit.replace(room, room.racks[0].model_copy(update={"contents": contents, **fields}))


def of(found: list[Finding], rule: str) -> list[tuple[str, str, str]]:
    return [(f.severity, f.place, f.what) for f in found if f.rule == rule]


def test_a_board_both_paths_share_is_a_single_point(room: Layout, findings: Check) -> None:
    shared = node(room, "UPS-B", inputs=("MAIN",))
    assert of(findings(shared), "power.single_point") == [
        ("warning", "MAIN", "feeds 1 racks that claim two paths by both of them (R1); 0 shared nodes are allowed")
    ]
    assert of(findings(filled(shared, TWO, LEAF, redundancy="N+1")), "power.single_point") == []


def test_one_ups_behind_two_boards_is_found_through_the_graph(room: Layout, findings: Check) -> None:
    found = of(findings(node(room, "PDU-B", inputs=("UPS-A",))), "power.single_point")
    assert [place for _, place, _ in found] == ["UPS-A", "MAIN"]


def test_a_transformer_beside_a_generator_needs_a_switch(room: Layout, findings: Check) -> None:
    tied = node(node(room, "GEN", type="genset"), "MAIN", inputs=("GRID", "GEN"))
    text = "joins 2 sources (GRID, generators) that may be out of step, 1 is the limit"
    assert of(findings(tied), "power.two_sources") == [("error", "MAIN", text)]
    switched = node(node(room, "GEN", type="genset"), "ATS", type="ats", inputs=("GRID", "GEN"))
    assert of(findings(node(switched, "MAIN", inputs=("ATS",))), "power.two_sources") == []


def test_generators_in_step_and_parallel_ups_may_share_a_board(room: Layout, findings: Check) -> None:
    sets = node(node(room, "GEN-1", type="genset"), "GEN-2", type="genset")
    sets = node(sets, "BUS", type="board", inputs=("GEN-1", "GEN-2"))
    assert of(findings(sets), "power.two_sources") == []


def test_a_breaker_above_four_fifths_is_told_and_below_it_is_not(room: Layout, findings: Check) -> None:
    # 3.2 kW on sqrt(3) x 400 V x 5.5 A = 3.81 kW
    (found,) = of(findings(node(room, "PDU-A", breaker_a=5.5)), "power.continuous")
    assert found == ("warning", "PDU-A", "breaker of 5.5 A would carry 84% (3.2 kW), 80% is the limit for hours")
    assert of(findings(node(room, "PDU-A", breaker_a=6)), "power.continuous") == []


def test_cords_on_one_side_only_leave_the_sides_apart(room: Layout, findings: Check) -> None:
    lone = Fitting(type="npu4", u=9, feeds={"A": "PDU-A"})
    (found,) = of(findings(filled(room, TWO, lone, LEAF, redundancy="N")), "power.cord_imbalance")
    assert found[2] == "draws 6.2 kW on side A and 3.2 kW on side B, 64% apart, 20% is the limit"


def test_racks_on_one_phase_unbalance_what_feeds_them(room: Layout, findings: Check) -> None:
    found = of(findings(filled(room, TWO, LEAF, phase="L2")), "power.phase_imbalance")
    assert (
        "warning",
        "PDU-A",
        "would carry L1 0.0 kW, L2 3.2 kW, L3 0.0 kW: 200% off the mean, 10% is the limit",
    ) in found
    assert of(findings(room), "power.phase_imbalance") == []


def test_a_breaker_without_a_voltage_and_a_rating_that_is_missing(room: Layout, catalogue: Catalogue) -> None:
    bare = catalogue.changed(catalogue["pdu"].model_copy(update={"rated_w": None, "voltage_in_v": None}))
    found = check(node(room, "PDU-A", breaker_a=10), bare)
    assert of(found, "power.no_rating") == [
        ("warning", name, "pdu has 0 ratings, so no overload of it can be seen") for name in ("PDU-A", "PDU-B")
    ]
    assert of(found, "power.no_voltage") == [("error", "PDU-A", "has a breaker of 10 A, but pdu has no voltage_in_v")]


def test_all_losses_at_once_are_those_one_by_one(room: Layout, catalogue: Catalogue) -> None:
    floor = expand(node(node(room, "ATS", type="ats", inputs=("UPS-A", "UPS-B")), "PDU-A", inputs=("ATS",)), catalogue)
    demand, order = demands(floor), upstream_order(floor)
    worst = worst_loads(floor, demand, order)
    for name in floor.power:
        alone = max(node_loads(floor, demand, order, frozenset({lost}))[name] for lost in floor.power)
        assert worst.get(name, (0.0, ""))[0] == pytest.approx(alone, rel=1e-12)


def test_five_thousand_racks_are_checked_in_two_seconds(room: Layout, catalogue: Catalogue) -> None:
    """Fifty rows of a hundred racks, each row on its own pair of boards, two hundred nodes in all."""
    power = [item for item in room.power if not item.id.startswith("PDU")]
    rows = []
    for k in range(50):
        power += [
            PowerNode(id=f"PDU-{side}{k}", type="pdu", inputs=(f"UPS-{side}",), rated_w=1e6) for side in ("A", "B")
        ]
        rows.append(
            RackRow(
                id=f"W{k}", type="rack", count=100, pitch_m=0.6, x_m=1, y_m=1 + 2.4 * k, contents=(TWO,),
                feeds={"A": f"PDU-A{k}", "B": f"PDU-B{k}"}, redundancy="2N",
            )
        )  # fmt: skip
    big = room.model_copy(update={"racks": (), "rows": tuple(rows), "power": tuple(power), "fabrics": ()})
    floor = expand(big, catalogue)
    from twin.layout.rules.power import power_findings

    found = list(power_findings(floor))
    assert any(f.rule == "power.overload" and f.place == "UPS-A" for f in found)
