"""Every mistake of the electrical path `twin check` promises to find, one drawing each: rule, place, numbers."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from twin.layout import edit
from twin.layout.finding import Finding
from twin.layout.model import Fitting, Layout, PowerNode

Check = Callable[[Layout], list[Finding]]
TWO = Fitting(type="npu4", u=1, count=2)
LEAF = Fitting(type="switch", u=42, id="LEAF")


def node(room: Layout, name: str, **fields: object) -> Layout:
    known = {item.id: item for item in room.power}
    if name in known:
        return edit.replace(room, known[name].model_copy(update=fields))
    return edit.place(room, PowerNode.model_validate({"id": name, **fields}))


def rack(room: Layout, *contents: Fitting, **fields: object) -> Layout:
    return edit.replace(room, room.racks[0].model_copy(update={"contents": contents or (TWO, LEAF), **fields}))


LONE = Fitting(type="npu4", u=9, feeds={"A": "PDU-A"})
PROMISED: list[tuple[str, str, str, Callable[[Layout], Layout]]] = [
    ("overload when all is well", "power.overload", "UPS-A", lambda r: node(r, "UPS-A", rated_w=3000.0)),
    ("overload when any one is lost", "power.failover", "UPS-A", lambda r: node(r, "UPS-A", rated_w=5000.0)),
    ("overload of a breaker", "power.overload", "PDU-A", lambda r: node(r, "PDU-A", breaker_a=4.0)),
    ("overload of a breaker when one is lost", "power.failover", "PDU-A", lambda r: node(r, "PDU-A", breaker_a=6.0)),
    ("cord imbalance", "power.cord_imbalance", "R1", lambda r: rack(r, TWO, LONE, LEAF, redundancy="N")),
    ("phase imbalance", "power.phase_imbalance", "PDU-A", lambda r: rack(r, phase="L1")),
    ("breaker above 80 % for hours", "power.continuous", "PDU-A", lambda r: node(r, "PDU-A", breaker_a=5.5)),
    ("single point above a rack that claims 2N", "power.single_point", "MAIN",
     lambda r: node(r, "UPS-B", inputs=("MAIN",))),
    ("one cord on a rack that claims 2N", "power.redundancy", "R1", lambda r: rack(r, feeds={"A": "PDU-A"})),
    ("loop of feeds", "power.cycle", "MAIN", lambda r: node(r, "MAIN", inputs=("GRID", "PDU-A"))),
    ("cord to nothing", "power.feed_to_nothing", "R1", lambda r: rack(r, feeds={"A": "PDU-A", "B": "PDU-9"})),
    ("input from nothing", "power.feed_to_nothing", "PDU-A", lambda r: node(r, "PDU-A", inputs=("UPS-9",))),
    ("two sources without a switch", "power.two_sources", "MAIN",
     lambda r: node(node(r, "GEN", type="genset"), "MAIN", inputs=("GRID", "GEN"))),
    ("two inputs of what has one", "power.two_inputs", "PDU-A", lambda r: node(r, "PDU-A", inputs=("UPS-A", "UPS-B"))),
    ("no input at all", "power.no_source", "PDU-A", lambda r: node(r, "PDU-A", inputs=())),
]  # fmt: skip


@pytest.mark.parametrize(("rule", "place", "change"), [row[1:] for row in PROMISED], ids=[row[0] for row in PROMISED])
def test_the_mistake_is_found_at_its_place_with_its_numbers(
    rule: str, place: str, change: Callable[[Layout], Layout], room: Layout, findings: Check
) -> None:
    assert [finding for finding in findings(room) if finding.rule == rule] == []
    found = [finding for finding in findings(change(room)) if finding.rule == rule]
    assert place in [finding.place for finding in found]
    for finding in found:
        assert finding.hint
        assert any(sign.isdigit() for sign in finding.what), finding.what
