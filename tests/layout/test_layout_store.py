"""A layout file survives reading and writing, and says what is wrong with it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import cast

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from twin.errors import DocumentError, OutputError, Problems
from twin.layout.model import Fabric, Fitting, Layout, Link, Loop, PlacedRack, PowerNode, RackRow
from twin.layout.room import Column, Room, Wall
from twin.layout.store import layout_text, load_layout, save_layout

SHIPPED = ("small_room", "npu_hall_2025", "npu_pim_hall_2028", "gpu_hall", "ai_factory_800vdc")

numbers = st.floats(-1e4, 1e4, allow_nan=False) | st.integers(-50, 50).map(float)
names = st.from_regex(r"[A-Za-z0-9][A-Za-z0-9_.\-]{0,8}", fullmatch=True)
types = st.sampled_from(["rack", "npu4", "switch"])
feeds = st.dictionaries(st.sampled_from(["A", "B"]), names)
fittings = st.builds(
    Fitting, type=types, u=st.integers(0, 48), id=st.none() | names, count=st.integers(1, 9), feeds=st.none() | feeds,
    cards=st.dictionaries(types, st.integers(1, 4)), face=st.sampled_from(["front", "rear"]),
)  # fmt: skip
bodies = {
    "id": names, "type": types, "x_m": numbers, "y_m": numbers, "angle_deg": st.floats(0, 359.9), "feeds": feeds,
    "contents": st.lists(fittings, max_size=3).map(tuple), "tags": st.lists(names, max_size=2).map(tuple),
}  # fmt: skip
racks = st.builds(PlacedRack, **bodies)
rows = st.builds(
    RackRow, **bodies, count=st.integers(1, 2000), pitch_m=st.floats(0.1, 3), skip=st.just(()) | st.just((2, 5))
)
loops = st.builds(Loop, id=names, role=st.just("chilled_water"), supply_c=numbers, volume_m3=st.none() | st.just(2.5))
nodes = st.builds(PowerNode, id=names, type=types, inputs=st.lists(names, max_size=2).map(tuple))
links = st.builds(Link, a=names, b=names, count=st.integers(1, 64), bytes_s=st.none() | st.floats(1, 1e12))
fabrics = st.builds(
    Fabric, id=names, kind=st.sampled_from(["leaf_spine", "explicit"]), links=st.lists(links, max_size=3).map(tuple),
    serves=st.dictionaries(names, st.lists(names, max_size=3).map(tuple), max_size=3),
)  # fmt: skip
rooms = st.builds(
    Room,
    outline_m=st.lists(st.tuples(numbers, numbers), min_size=3, max_size=6).map(tuple),
    columns=st.lists(st.builds(Column, id=names, x_m=numbers, y_m=numbers, width_m=st.just(0.4), depth_m=st.just(0.5)))
    .map(lambda found: tuple(found[:2])),
    walls=st.just(()) | st.just((Wall(id="W", points_m=((0, 0), (1.5, 2))),)),
)  # fmt: skip
layouts = st.builds(
    Layout, name=st.text(max_size=12), note=st.text(max_size=12), room=rooms,
    racks=st.lists(racks, max_size=3).map(tuple), rows=st.lists(rows, max_size=2).map(tuple),
    loops=st.lists(loops, max_size=2).map(tuple),
    power=st.lists(nodes, max_size=3).map(tuple), fabrics=st.lists(fabrics, max_size=2).map(tuple),
)  # fmt: skip


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(layouts)
def test_load_after_save_gives_the_same_layout_and_the_same_bytes(tmp_path: Path, layout: Layout) -> None:
    path = tmp_path / "x.layout.json"
    save_layout(layout, path)
    again = load_layout(path)
    assert again == layout
    assert layout_text(again).encode() == path.read_bytes()


@pytest.mark.parametrize("name", SHIPPED)
def test_the_examples_are_exactly_what_the_program_writes(layouts_dir: Path, name: str) -> None:
    path = layouts_dir / f"{name}.layout.json"
    assert layout_text(load_layout(path)).encode() == path.read_bytes()


def test_one_placed_thing_is_one_line(room: Layout) -> None:
    lines = layout_text(room).splitlines()
    (line,) = (line for line in lines if '"id": "CRAH-2"' in line)
    assert json.loads(line.strip().rstrip(",")) == {
        "id": "CRAH-2", "x_m": 1.2, "y_m": 5.2, "type": "crah", "loop": "CHW", "feeds": {"A": "MAIN"},
    }  # fmt: skip


def test_moving_one_rack_changes_one_line(room: Layout) -> None:
    moved = room.model_copy(update={"racks": (room.racks[0].model_copy(update={"x_m": 3.0}),)})
    before, after = layout_text(room).splitlines(), layout_text(moved).splitlines()
    assert sum(a != b for a, b in zip(before, after, strict=True)) == 1


def test_defaults_are_left_out_and_numbers_are_short() -> None:
    layout = Layout(name="한국", room=Room(outline_m=((0, 0), (6.0, 0), (6.1, 0.1))))
    assert layout_text(layout) == (
        '{\n  "format": "twin-layout",\n  "version": 1,\n  "name": "한국",\n'
        '  "room": {\n    "outline_m": [[0, 0], [6, 0], [6.1, 0.1]]\n  }\n}\n'
    )


def test_every_link_of_a_drawn_fabric_has_its_line(room: Layout) -> None:
    links = (Link(a="LEAF", b="S1"), Link(a="LEAF", b="S2", count=2))
    layout = room.model_copy(update={"fabrics": (Fabric(id="X", kind="explicit", links=links),)})
    assert '        {"a": "LEAF", "b": "S1"},\n        {"a": "LEAF", "b": "S2", "count": 2}\n' in layout_text(layout)


def test_five_thousand_racks_are_read_as_they_were_written(room: Layout, tmp_path: Path) -> None:
    many = tuple(room.racks[0].model_copy(update={"id": f"R{i}", "x_m": 0.6 * i}) for i in range(5000))
    path = tmp_path / "big.layout.json"
    save_layout(room.model_copy(update={"racks": many}), path)
    assert len(load_layout(path).racks) == 5000


def spoilt(layout: Layout, folder: Path, **changes: object) -> Path:
    path = folder / "bad.layout.json"
    path.write_text(json.dumps({**json.loads(layout_text(layout)), **changes}))
    return path


def test_a_newer_version_is_refused_with_both_numbers(room: Layout, tmp_path: Path) -> None:
    with pytest.raises(DocumentError, match="version 2 is newer than the 1 this program reads; update the program"):
        load_layout(spoilt(room, tmp_path, version=2))


def test_a_foreign_format_is_refused(room: Layout, tmp_path: Path) -> None:
    with pytest.raises(DocumentError, match="format is 'twin-scenario', 'twin-layout' is needed"):
        load_layout(spoilt(room, tmp_path, format="twin-scenario"))


def test_all_mistakes_of_a_file_are_named_together(room: Layout, tmp_path: Path) -> None:
    path = spoilt(room, tmp_path, colour="red", loops=[{"id": "L", "role": "chilled_water", "supply_c": "warm"}])
    with pytest.raises(Problems) as caught:
        load_layout(path)
    places = [problem.where for problem in caught.value.problems]
    assert places == [f"{path} loops[0].supply_c", f"{path} colour"]


def test_broken_json_names_its_line_and_column(tmp_path: Path) -> None:
    path = tmp_path / "x.layout.json"
    path.write_text('{\n  "format": }')
    with pytest.raises(DocumentError) as caught:
        load_layout(path)
    assert caught.value.where == f"{path}:2:13"


def test_a_size_below_zero_and_nan_are_refused(room: Layout, tmp_path: Path) -> None:
    column = {"id": "C", "x_m": 0, "y_m": 0, "width_m": -1, "depth_m": 1}
    plan = cast(dict[str, object], json.loads(layout_text(room))["room"])
    with pytest.raises(DocumentError, match=r"columns\[0\].width_m.*greater than 0.*-1"):
        load_layout(spoilt(room, tmp_path, room={**plan, "columns": [column]}))
    with pytest.raises(DocumentError, match="NaN is not a number"):
        load_layout(spoilt(room, tmp_path, room={**plan, "height_m": float("nan")}))


def test_a_failed_save_leaves_the_old_file(room: Layout, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("old")
    with pytest.raises(OutputError):
        save_layout(room, tmp_path / "file" / "x.layout.json")
    assert (tmp_path / "file").read_text() == "old"
