"""Findings about the network, with both numbers; silence when all is well."""

from __future__ import annotations

from collections.abc import Callable

from twin.layout import edit
from twin.layout.finding import Finding
from twin.layout.model import (
    Fabric,
    Fitting,
    Layout,
    Link,
    PlacedRack,
)

Check = Callable[[Layout], list[Finding]]
FED = {"A": "PDU-A", "B": "PDU-B"}
LEAF = Fitting(type="switch", u=42, id="LEAF")


def only(found: list[Finding], rule: str) -> Finding:
    """The one finding of a rule."""
    (finding,) = (finding for finding in found if finding.rule == rule)
    return finding


def rules(found: list[Finding]) -> list[str]:
    return [finding.rule for finding in found]


def filled(room: Layout, *contents: Fitting, **fields: object) -> Layout:
    """The room with these contents in its rack."""
    return edit.replace(room, room.racks[0].model_copy(update={"contents": contents, **fields}))


def rack(name: str, x_m: float, y_m: float, angle_deg: float = 0.0) -> PlacedRack:
    """An empty rack."""
    return PlacedRack(id=name, type="rack", x_m=x_m, y_m=y_m, angle_deg=angle_deg)


class TestNetwork:
    """Servers, leaves and ports."""

    def test_servers_without_a_leaf(self, room: Layout, findings: Check) -> None:
        finding = only(findings(edit.remove(room, {"ETH"})), "network.no_path")
        assert finding.severity == "error"
        assert finding.what == "has 2 servers (R1/u01, R1/u05) with 0 links, 1 is needed"

    def test_a_single_server_alone_is_only_a_warning(self, room: Layout, findings: Check) -> None:
        layout = filled(edit.remove(room, {"ETH"}), Fitting(type="npu4", u=1), LEAF)
        assert only(findings(layout), "network.no_path").severity == "warning"

    def test_more_links_than_ports(self, room: Layout, findings: Check) -> None:
        fabric = room.fabrics[0].model_copy(update={"ports_per_server": 3})
        found = [f for f in findings(edit.replace(room, fabric)) if f.rule == "network.ports"]
        assert {f.place: f.what for f in found} == {
            "R1/u01": "would need 3 ports, it has 2",
            "R1/u05": "would need 3 ports, it has 2",
            "LEAF": "would need 6 ports, it has 4",
        }

    def test_all_ports_in_use_is_fine(self, room: Layout, findings: Check) -> None:
        assert findings(edit.replace(room, room.fabrics[0].model_copy(update={"ports_per_server": 2}))) == []

    def test_two_islands(self, room: Layout, findings: Check) -> None:
        island = rack("R2", 3.0, 2.4).model_copy(
            update={"contents": (Fitting(type="npu4", u=1), Fitting(type="switch", u=42, id="LEAF-2")), "feeds": FED}
        )
        fabric = room.fabrics[0].model_copy(update={"leaves": ("LEAF", "LEAF-2")})
        layout = edit.replace(edit.place(room, island), fabric)
        assert only(findings(layout), "network.split").what == (
            "falls into 2 parts that cannot reach each other (2 with R1/u01, 1 with R2/u01)"
        )
        cable = fabric.model_copy(update={"links": (Link(a="LEAF", b="LEAF-2"),)})
        assert "network.split" not in rules(findings(edit.replace(layout, cable)))

    def test_a_leaf_that_is_not_there(self, room: Layout, findings: Check) -> None:
        fabric = Fabric(id="ETH", kind="single_switch", leaves=("LEAF", "GHOST"))
        finding = only(findings(edit.replace(room, fabric)), "layout.no_such_thing")
        assert finding.what == "leaves names GHOST, there is no such switch"
