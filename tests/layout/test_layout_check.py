"""Whatever is drawn, a check answers with findings."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from twin.catalogue.library import Catalogue
from twin.layout.check import check
from twin.layout.finding import SEVERITIES
from twin.layout.model import (
    Fabric,
    Fitting,
    Layout,
    Link,
    Loop,
    Place,
    PlacedCooler,
    PlacedRack,
    PlantItem,
    PowerNode,
    RackRow,
)
from twin.layout.room import Room, Wall
from twin.layout.store import layout_text

names = st.sampled_from(["a", "b", "c", "d", "A01"])
types = st.sampled_from(
    ["rack", "npu4", "wet4", "switch", "strip", "ats", "ups", "pdu", "grid", "crah", "cdu", "door", "water_chiller",
     "tower", "pump", "ghost"]
)  # fmt: skip
places_m = st.floats(-5, 5)
feeds = st.dictionaries(st.sampled_from(["A", "B"]), names)
fittings = st.builds(
    Fitting, type=types, u=st.integers(0, 48), id=st.none() | names, count=st.integers(1, 3), feeds=st.none() | feeds
)
body = {
    "id": names, "type": types, "x_m": places_m, "y_m": places_m, "angle_deg": st.sampled_from([0.0, 90.0, 33.0]),
    "feeds": feeds, "contents": st.lists(fittings, max_size=3).map(tuple), "loop": st.none() | names,
    "rear_door": st.none() | types, "redundancy": st.sampled_from(["N", "2N"]),
}  # fmt: skip
roles = st.sampled_from(["chilled_water", "condenser_water", "technology_coolant"])
links = st.builds(Link, a=names, b=names, count=st.integers(1, 3))


def few(things: st.SearchStrategy[object]) -> st.SearchStrategy[tuple[object, ...]]:
    return st.lists(things, max_size=3).map(tuple)


drawings = st.builds(
    Layout,
    name=st.just("any"),
    room=st.builds(
        Room, outline_m=st.lists(st.tuples(places_m, places_m), min_size=3, max_size=5).map(tuple),
        walls=few(st.builds(Wall, id=names, points_m=st.tuples(st.tuples(places_m, places_m), st.just((0.0, 0.0))))),
    ),
    racks=few(st.builds(PlacedRack, **body)),
    rows=few(st.builds(RackRow, **body, count=st.integers(1, 4), pitch_m=st.just(0.6))),
    coolers=few(
        st.builds(
            PlacedCooler, id=names, type=types, x_m=places_m, y_m=places_m, feeds=feeds, loop=st.none() | names,
            serves=st.none() | names,
        )
    ),
    loops=few(st.builds(Loop, id=names, role=roles, supply_c=places_m)),
    plant=few(
        st.builds(
            PlantItem, id=names, type=types, loop=names, rejects_to=st.none() | names, feeds=feeds,
            place=st.none() | st.builds(Place, x_m=places_m, y_m=places_m),
        )
    ),
    power=few(
        st.builds(PowerNode, id=names, type=types, inputs=few(names), side=st.none() | st.sampled_from(["A", "B"]))
    ),
    fabrics=few(
        st.builds(
            Fabric, id=names, kind=st.sampled_from(["leaf_spine", "rail", "explicit"]), leaves=few(names),
            spines=few(names), uplinks_per_leaf=st.integers(0, 3), links=few(links),
            serves=st.dictionaries(names, few(names), max_size=2),
        )
    ),
)  # fmt: skip


@settings(max_examples=50, deadline=None)
@given(drawings)
def test_any_drawing_is_answered_with_findings_in_order_and_twice_the_same(
    catalogue: Catalogue, drawing: Layout
) -> None:
    before = layout_text(drawing)
    found = check(drawing, catalogue)
    assert found == check(drawing, catalogue)
    assert [f.severity for f in found] == sorted((f.severity for f in found), key=SEVERITIES.index)
    assert all(f.what and f.hint and "\n" not in f.line() for f in found)
    assert layout_text(drawing) == before
