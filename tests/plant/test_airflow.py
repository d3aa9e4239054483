"""The air of drawn rooms: flows balance, edits agree with cold starts, answers hold, bad rooms are refused by name."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from twin import cli
from twin.catalogue.library import shipped_catalogue
from twin.errors import DocumentError, ModelRangeError, TwinError
from twin.files import asset_dir
from twin.layout.model import Layout, PlacedCooler, RackRow
from twin.layout.room import Column, Containment, Room, TileField, Wall
from twin.layout.store import load_layout
from twin.physics.air import AIR_HEAT_J_M3_K
from twin.plant.airflow import AirResult, RoomAir
from twin.plant.airflow_answers import extra_w, highest_supply_c, metrics, ranked_places, why_hot
from twin.plant.airflow_sample import SampleHall

HALL = SampleHall(1, 5, (7.2, 7.2, 3.0))
LAYOUTS = sorted((asset_dir().parent / "layouts").glob("*.layout.json"))


def drawn(**changes: object) -> Layout:
    """A small open room of ten racks of 6 kW, changed."""
    return HALL.layout().model_copy(update=changes)


def room(**changes: object) -> Room:
    return HALL.layout().room.model_copy(update=changes)


@pytest.fixture(scope="module")
def air() -> RoomAir:
    return RoomAir.of(drawn(), is_exact=True)


@pytest.fixture(scope="module")
def result(air: RoomAir) -> AirResult:
    return air.solve()


def test_the_heat_of_the_racks_leaves_through_the_returns(result: AirResult) -> None:
    assert abs(result.heat_residual_frac) < 1e-12
    taken_w = AIR_HEAT_J_M3_K * result.cooler_m3_s @ (result.return_c - result.supply_c)
    assert taken_w == pytest.approx(10 * 6000.0, rel=1e-11)


def test_the_return_index_is_demand_over_supply(air: RoomAir, result: AirResult) -> None:
    found = metrics(air, result)
    assert found.supply_over_demand == pytest.approx(1.05)
    assert found.rti_percent == pytest.approx(95.238, abs=5e-4)
    assert found.shi + found.rhi == pytest.approx(1.0)


def test_the_inlet_lies_between_its_thirds(result: AirResult) -> None:
    assert (result.thirds_c.min(axis=1) <= result.inlet_c + 1e-9).all()
    assert (result.inlet_c <= result.thirds_c.max(axis=1) + 1e-9).all()
    assert (result.inlet_c >= 18.0 - 1e-9).all()


def test_a_symmetric_room_has_symmetric_inlets(result: AirResult) -> None:
    assert result.inlet_c[:5] == pytest.approx(result.inlet_c[5:], abs=1e-6)


def test_editing_precision_agrees_with_the_exact_solution(result: AirResult) -> None:
    live = RoomAir.of(drawn()).solve()
    assert live.inlet_c == pytest.approx(result.inlet_c, abs=5e-3)
    assert live.residual < 2e-4
    assert live.field_c.dtype == np.float32
    assert abs(live.heat_residual_frac) < 1e-3


def test_passes_and_the_linear_map_agree(air: RoomAir, result: AirResult) -> None:
    front_c = air.flow().settled(air.heat_w, air.supply_c)
    assert front_c == pytest.approx(air.linear().front_c(air.heat_w, air.supply_c), abs=1e-9)


def test_a_moved_rack_is_solved_as_if_drawn_there() -> None:
    """B0-05 stands alone 0.6 m further on, once dragged and once drawn."""
    before = RoomAir.of(drawn(), is_exact=True)
    before.solve()
    rack = before.parts.floor.racks["B0-05"]
    x_m, y_m = rack.centre_m[0] - rack.device.width_m / 2, rack.centre_m[1] - rack.device.depth_m / 2
    dragged = before.moved("B0-05", x_m + 0.6, y_m).solve()
    rows = [r if r.id != "B0" else RackRow(**{**r.model_dump(), "count": 6, "skip": (5,)}) for r in HALL.layout().rows]
    placed = RoomAir.of(drawn(rows=tuple(rows)), is_exact=True).solve()
    assert dragged.inlet_c == pytest.approx(placed.inlet_c, abs=1e-9)


def test_another_heat_is_linear(air: RoomAir) -> None:
    base = RoomAir.of(drawn(), is_exact=True)
    first = base.solve()
    d = base.matrix()
    step = np.zeros(10)
    step[2] = 1500.0
    second = base.with_heat(first.heat_w + step)
    assert second.inlet_c - first.inlet_c == pytest.approx(d @ step, abs=1e-9)
    assert base.with_heat({"A0-03": 6000.0}).inlet_c == pytest.approx(first.inlet_c, abs=1e-12)


def test_a_warmer_supply_warms_every_inlet_as_much(result: AirResult) -> None:
    warmer = RoomAir.of(drawn(), is_exact=True)
    assert warmer.with_supply(21.0).inlet_c - result.inlet_c == pytest.approx(3.0, abs=1e-9)


def test_the_highest_supply_puts_the_hottest_inlet_at_the_limit(air: RoomAir, result: AirResult) -> None:
    highest = highest_supply_c(air, result, 27.0)
    there = RoomAir.of(drawn(), is_exact=True).with_supply(highest)
    assert there.inlet_c.max() == pytest.approx(27.0, abs=1e-9)


def test_extra_heat_puts_one_inlet_at_the_limit(air: RoomAir, result: AirResult) -> None:
    limit_c = float(result.inlet_c.max()) + 0.05
    more_w = extra_w(air, result, limit_c)
    i = int(np.argmin(more_w))
    assert 0.0 < more_w[i] < np.inf
    heat = result.heat_w.copy()
    heat[i] += more_w[i]
    there = RoomAir.of(drawn(), is_exact=True).with_heat(heat)
    assert there.inlet_c.max() == pytest.approx(limit_c, abs=1e-9)


def test_the_reasons_of_a_hot_rack_add_up_to_its_inlet(air: RoomAir, result: AirResult) -> None:
    shares = why_hot(air, "A0-01")
    assert sum(s.share_frac for s in shares) == pytest.approx(1.0, abs=1e-2)
    inlet = sum(s.share_frac * s.air_c for s in shares) / sum(s.share_frac for s in shares)
    assert inlet == pytest.approx(result.inlet_c[0], abs=0.02)
    assert shares[0].kind == "exhaust"
    assert {s.name.split("/")[0] for s in shares if s.kind == "supply"} <= {"T0", "floor seams"}


def test_places_for_a_new_rack_are_ranked_by_what_they_leave() -> None:
    rows = [RackRow(**{**r.model_dump(), "count": 7, "skip": (2, 7)}) for r in HALL.layout().rows]
    found = ranked_places(RoomAir.of(drawn(rows=tuple(rows))), 6000.0)
    assert {spot.name for spot in found} == {f"{row} place {n}" for row in ("A0", "B0") for n in (2, 7)}
    assert [spot.margin_k for spot in found] == sorted((spot.margin_k for spot in found), reverse=True)


@pytest.mark.parametrize("angle", [0.0, 90.0, 180.0, 270.0])
def test_a_room_turned_by_a_quarter_has_the_same_inlets(angle: float, result: AirResult) -> None:
    """Square room, all things turned about its middle; raised floor with even tiles so that only racks have a front."""
    turned = _turned(HALL.layout(), angle)
    assert RoomAir.of(turned, is_exact=True).solve().inlet_c == pytest.approx(result.inlet_c, abs=2e-3)


def _turned(layout: Layout, angle: float) -> Layout:
    from twin.layout.geometry import turned

    middle, catalogue = (3.6, 3.6), shipped_catalogue()

    def place(item: RackRow | PlacedCooler, width: float, depth: float) -> dict[str, float]:
        x, y = turned((item.x_m + width / 2, item.y_m + depth / 2), middle, angle)
        return {"x_m": x - width / 2, "y_m": y - depth / 2, "angle_deg": (item.angle_deg + angle) % 360}

    rows = tuple(r.model_copy(update=place(r, (r.count - 1) * r.pitch_m + 0.6, 1.2)) for r in layout.rows)
    units = tuple(c.model_copy(update=place(c, 2.2, 0.9)) for c in layout.coolers)
    tile = catalogue.get(layout.tiles[0].type)
    assert tile is not None
    t = layout.tiles[0]
    (x, y), flat = turned((t.x_m + t.columns * 0.3, t.y_m + t.rows * 0.3), middle, angle), angle % 180 == 0
    columns, n = (t.columns, t.rows) if flat else (t.rows, t.columns)
    field = t.model_copy(update={"x_m": x - columns * 0.3, "y_m": y - n * 0.3, "columns": columns, "rows": n})
    return layout.model_copy(update={"rows": rows, "coolers": units, "tiles": (field,)})


def test_open_aisles_name_no_hottest_rack_and_mark_row_ends_and_upper_thirds() -> None:
    wide = RoomAir.of(SampleHall(1, 6, (9.0, 7.2, 3.0)).layout()).solve()
    assert wide.max_inlet_c is None
    assert wide.trust.is_trusted.tolist() == [False, False, True, True, False, False] * 2
    assert not wide.trust.is_third_trusted[:, 2].any()
    assert wide.trust.is_third_trusted[2, :2].all()
    assert [f.rule for f in wide.findings] == ["airflow.open_aisle"]


AISLE = Containment(id="CA", kind="cold_aisle", x_m=2.1, y_m=3.0, width_m=3.0, depth_m=1.2, leakage_frac=0.02)


def test_a_contained_aisle_is_cold_and_its_hottest_rack_is_named() -> None:
    closed = RoomAir.of(drawn(containments=(AISLE,)), is_exact=True).solve()
    assert closed.max_inlet_c == pytest.approx(18.0, abs=0.1)
    assert closed.trust.is_contained.all()
    assert abs(closed.heat_residual_frac) < 1e-12


def test_a_containment_drawn_a_little_off_still_closes_against_the_racks() -> None:
    off = AISLE.model_copy(update={"y_m": 3.1, "depth_m": 1.0})
    closed = RoomAir.of(drawn(containments=(off,)), is_exact=True).solve()
    assert closed.max_inlet_c == pytest.approx(18.0, abs=0.1)


def test_short_supply_and_a_failed_unit_are_marked() -> None:
    air = RoomAir.of(drawn(), flows_m3_s={"W0": 0.0})
    failed = air.solve()
    assert {f.rule for f in failed.findings} == {"airflow.short_supply", "airflow.uneven_coolers"}
    assert not failed.trust.is_trusted.any()
    assert failed.max_inlet_c is None
    assert metrics(air, failed).supply_over_demand == pytest.approx(0.525)


def test_a_supply_warmer_than_its_return_is_a_finding() -> None:
    air = RoomAir.of(drawn(), flows_m3_s={"W0": 0.5, "E0": 4.3})
    found = air.with_supply(np.where(np.array(air.solve().cooler_ids) == "W0", 60.0, 18.0))
    assert "airflow.warm_supply" in {f.rule for f in found.findings}
    assert np.isfinite(found.field_c).all()
    assert abs(found.heat_residual_frac) < 1e-3


def test_a_rack_dragged_onto_tiles_covers_them() -> None:
    more = TileField(id="T9", type="tile_600_25", x_m=5.4, y_m=0.6, rows=2)
    air = RoomAir.of(drawn(tiles=(*HALL.layout().tiles, more)))
    assert air.solve().findings[0].rule == "airflow.open_aisle"
    found = air.moved("B0-05", 5.4, 0.6).solve()
    assert "2 tiles lie under bodies and give no air: T9/1-1, T9/2-1" in {f.what for f in found.findings}
    assert abs(found.heat_residual_frac) < 1e-3


def test_a_rack_at_an_odd_angle_is_refused_by_name() -> None:
    rows = tuple(r.model_copy(update={"angle_deg": 30.0}) if r.id == "A0" else r for r in HALL.layout().rows)
    with pytest.raises(TwinError, match="A0-01: turned by 30°, the air model knows 0, 90, 180 and 270"):
        RoomAir.of(drawn(rows=rows))


def test_a_room_without_a_running_cooler_is_refused() -> None:
    with pytest.raises(ModelRangeError, match=r"no air cooler moves air, and racks move 4\.53 m3/s"):
        RoomAir.of(drawn(), flows_m3_s={"W0": 0.0, "E0": 0.0})


def test_a_part_of_the_room_walled_off_with_racks_is_fed_by_nothing_and_refused() -> None:
    wall = Wall(id="W", points_m=((1.9, 2.9), (5.3, 2.9), (5.3, 4.3), (1.9, 4.3), (1.9, 2.9)))
    with pytest.raises(ModelRangeError, match="a closed part of the room takes in"):
        RoomAir.of(drawn(room=room(walls=(wall,)))).solve()


def test_a_rack_with_its_front_at_a_wall_is_refused_by_name() -> None:
    air = RoomAir.of(drawn())
    with pytest.raises(TwinError, match="A0-01 front: the front faces a body or a wall"):
        air.moved("A0-01", 0.9, 6.0, 180.0).solve()


def test_a_cooler_that_faces_a_wall_is_refused_by_name() -> None:
    """Without a raised floor a unit blows from its front, here into the wall beside it."""
    layout = drawn(room=room(raised_floor_m=0.0))
    units = tuple(c.model_copy(update={"angle_deg": 270.0}) if c.id == "W0" else c for c in layout.coolers)
    with pytest.raises(ModelRangeError, match="W0 supply: the supply faces a body or a wall"):
        RoomAir.of(layout.model_copy(update={"coolers": units})).solve()


def test_a_raised_floor_without_tiles_is_refused() -> None:
    with pytest.raises(ModelRangeError, match="no tile lets it out"):
        RoomAir.of(drawn(tiles=())).solve()


def test_unknown_racks_and_coolers_are_refused() -> None:
    air = RoomAir.of(drawn())
    with pytest.raises(DocumentError, match="no rack 'X'"):
        air.moved("X", 0.0, 0.0)
    with pytest.raises(DocumentError, match="no rack 'X'"):
        air.with_heat({"X": 1.0})
    with pytest.raises(DocumentError, match="no rack 'X'"):
        why_hot(air, "X")
    with pytest.raises(DocumentError, match="no cooler 'X'"):
        RoomAir.of(drawn(), flows_m3_s={"X": 0.0})
    with pytest.raises(ModelRangeError, match="cells of 5 m"):
        RoomAir.of(drawn(), 5.0)


def test_columns_and_odd_cells_keep_every_balance() -> None:
    """0.25 m divides none of 0.6 m racks, 1.991 m tops and a column off the grid."""
    column = Column(id="C", x_m=1.13, y_m=5.71, width_m=0.4, depth_m=0.4)
    found = RoomAir.of(drawn(room=room(columns=(column,))), 0.25, is_exact=True).solve()
    assert abs(found.heat_residual_frac) < 1e-12
    assert np.isfinite(found.thirds_c).all()


def test_an_outline_with_a_corner_cut_out_is_closed_there() -> None:
    outline = ((0, 0), (7.2, 0), (7.2, 6.0), (6.0, 6.0), (6.0, 7.2), (0, 7.2))
    air = RoomAir.of(drawn(room=room(outline_m=outline)), is_exact=True)
    assert air.flow().grid.solid[20:, 20:].all()
    assert abs(air.solve().heat_residual_frac) < 1e-12


def test_gaps_without_blanking_warm_the_inlets() -> None:
    rows = tuple(r.model_copy(update={"blanking_frac": 0.0}) for r in HALL.layout().rows)
    air = RoomAir.of(drawn(rows=rows), is_exact=True)
    found = air.solve()
    assert (found.inlet_c > RoomAir.of(drawn(), is_exact=True).solve().inlet_c + 1.0).all()
    assert abs(found.heat_residual_frac) < 1e-12
    assert sum(s.share_frac for s in why_hot(air, "A0-02")) == pytest.approx(1.0, abs=1e-2)


def test_rear_doors_take_heat_before_it_reaches_the_room(result: AirResult) -> None:
    rows = tuple(r.model_copy(update={"rear_door": "rear_door_50kw", "loop": "CHW"}) for r in HALL.layout().rows)
    air = RoomAir.of(drawn(rows=rows), is_exact=True)
    found = air.solve()
    assert (found.exhaust_c < result.exhaust_c - 5.0).all()
    assert abs(found.heat_residual_frac) < 1e-12
    assert (air.linear().map.supply_gain().sum(axis=1) <= 1.0 + 1e-12).all()


@pytest.mark.parametrize("path", LAYOUTS, ids=lambda path: path.name.removesuffix(".layout.json"))
def test_every_shipped_layout_is_solved_or_says_why_not(path: Path) -> None:
    layout = load_layout(path)
    if not any(cooler.type not in ("frontier_cdu", "cdu_1300kw") for cooler in layout.coolers):
        with pytest.raises(ModelRangeError, match="no air cooler moves air"):
            RoomAir.of(layout, 0.6)
        return
    found = RoomAir.of(layout, 0.6).solve()
    assert np.isfinite(found.field_c).all()
    assert np.isfinite(found.inlet_c).all()
    assert abs(found.heat_residual_frac) < 2e-3
    is_doubted = "airflow.short_circuit" in {f.rule for f in found.findings}
    assert is_doubted == (found.inlet_c.max() > 45.0)
    assert found.max_inlet_c is None or found.max_inlet_c < 30.0


def test_many_racks_share_columns_and_keep_the_heat() -> None:
    air = RoomAir.of(SampleHall(5, 30, (24.0, 30.0, 3.0)).layout(), 0.6)
    linear = air.linear()
    assert linear.map.front_of_exhaust.shape[0] == 300
    assert linear.map.front_of_exhaust.shape[1] + linear.map.front_of_supply.shape[1] <= 300
    by_map = linear.front_c(air.heat_w, air.supply_c)
    by_passes = air.flow().settled(air.heat_w, air.supply_c)
    assert by_map == pytest.approx(by_passes, abs=0.05), "racks of one column have nearly the same exhaust here"


def test_the_verb_prints_racks_and_figures(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from twin.layout.store import save_layout

    path = tmp_path / "hall.layout.json"
    save_layout(drawn(), path)
    assert cli.main(["airflow", str(path), "--why", "A0-01", "--place", "6"]) == 0
    text = capsys.readouterr().out
    assert "RTI 95.24 %" in text
    assert "air that A0-01 breathes" in text
    assert "hottest inlet: not named" in text
    assert cli.main(["airflow", str(path), "--cell", "0.6", "--json", "--failed", "W0", "--why", "A0-01"]) == 0
    tree = json.loads(capsys.readouterr().out)
    assert tree["max_inlet_c"] is None
    assert len(tree["racks"]) == 10
    assert tree["why"][0]["share_frac"] > 0
    assert cli.main(["airflow", str(path), "--failed", "nobody"]) == 1
    assert "no cooler 'nobody'" in capsys.readouterr().err


def test_a_roofed_hot_aisle_nothing_draws_from_is_taken_as_open_and_said() -> None:
    """Rows back to back over y 4.2 to 5.4 would be needed for a real one; a box behind one row shows the rule."""
    hot = Containment(id="HA", kind="hot_aisle", x_m=2.1, y_m=0.6, width_m=3.0, depth_m=1.2)
    found = RoomAir.of(drawn(containments=(hot,))).solve()
    assert "airflow.no_outlet" in {f.rule for f in found.findings}
    assert not found.trust.is_contained.any()
    above = RoomAir.of(drawn(containments=(hot,), room=room(ceiling_plenum_m=0.6))).solve()
    assert "airflow.no_outlet" not in {f.rule for f in above.findings}
    assert above.trust.is_contained.tolist() == [True] * 5 + [False] * 5


def test_the_settled_march_takes_the_same_room() -> None:
    """The grid and ports of a drawing are what the march wants; its inlets are near, and its heat nearly closes."""
    from twin.physics.airflow.settled import Patience, settle

    air = RoomAir.of(drawn(containments=(AISLE,)), 0.6)
    found = settle(air.flow().grid, air.loads(), patience=Patience(spin_up=0.5, window=0.25, most=3))
    assert set(found.front_c) == set(air.parts.racks.ids)
    assert np.array(list(found.front_c.values())) == pytest.approx(air.solve().inlet_c, abs=1.0)


def test_a_room_without_racks_has_supply_air_everywhere() -> None:
    air = RoomAir.of(drawn(rows=()))
    found = air.solve()
    assert found.field_c == pytest.approx(18.0, abs=1e-4)
    assert found.return_c == pytest.approx(18.0, abs=1e-4)
    assert metrics(air, found).shi == 0.0
    assert found.max_inlet_c is None


def test_in_row_units_draw_behind_the_row_and_blow_before_it() -> None:
    """One row of five racks with a unit at each end, no raised floor: all of it at 0 and at 180 degrees."""
    row = RackRow(**{**HALL.layout().rows[1].model_dump(), "y_m": 3.0})
    units = tuple(
        PlacedCooler(id=f"I{i}", type="inrow_30kw", x_m=x_m, y_m=3.0, loop="CHW", supply_c=20.0, fan_frac=0.9)
        for i, x_m in enumerate((1.8, 5.1))
    )
    layout = drawn(rows=(row,), tiles=(), coolers=units, room=room(raised_floor_m=0.0))
    air = RoomAir.of(layout, is_exact=True)
    found = air.solve()
    ports = {port.name: port for port in air.flow().grid.ports}
    assert (ports["I0 supply"].axis, ports["I0 supply"].side) == (1, 1), "air before it lies on its low side"
    assert (ports["I0 return"].axis, ports["I0 return"].side) == (1, -1)
    assert abs(found.heat_residual_frac) < 1e-12
    assert found.inlet_c[0] == pytest.approx(found.inlet_c[4], abs=1e-6)
    turned = [r.model_copy(update={"angle_deg": 180.0}) for r in (row,)]
    turned_units = tuple(u.model_copy(update={"angle_deg": 180.0}) for u in units)
    other = RoomAir.of(
        layout.model_copy(update={"rows": tuple(turned), "coolers": turned_units}), is_exact=True
    ).solve()
    assert other.inlet_c.shape == found.inlet_c.shape
    assert abs(other.heat_residual_frac) < 1e-12


def test_a_fan_wall_draws_from_the_ceiling_plenum_the_hot_aisle_opens_into() -> None:
    air = RoomAir.of(load_layout(asset_dir().parent / "layouts" / "npu_hall_2025.layout.json"), 0.6)
    found = air.solve()
    returns = [port for port in air.flow().grid.ports if port.kind == "return"]
    nz = air.flow().grid.shape[2]
    assert {int(k) for port in returns for k in port.cells % nz} == {7}, "the first layer above a ceiling at 4.2 m"
    assert found.trust.is_contained.all()
    assert found.max_inlet_c is not None
    assert metrics(air, found).shi < 0.05


def test_linear_answers_of_a_large_hall_name_ranges_of_racks() -> None:
    air = RoomAir.of(SampleHall(5, 30, (24.0, 30.0, 3.0)).layout(), 0.6)
    shares = why_hot(air, "A2-01")
    assert any(" to " in s.name for s in shares if s.kind == "exhaust")
    assert any("openings" in s.name for s in shares if s.kind == "supply")


@pytest.mark.parametrize("plenum_m", [0.0, 0.9])
@pytest.mark.parametrize("kind", ["curtain", "chimney", "hot_aisle", "cold_aisle"])
@pytest.mark.parametrize("has_doors", [True, False])
def test_every_kind_of_containment_keeps_the_heat(kind: str, has_doors: bool, plenum_m: float) -> None:
    y_m = 3.0 if kind in ("cold_aisle", "curtain") else 0.6
    aisle = Containment(
        id="X", kind=kind, x_m=2.1, y_m=y_m, width_m=3.0, depth_m=1.2, has_doors=has_doors, has_roof=has_doors
    )  # type: ignore[arg-type]
    layout = drawn(containments=(aisle,), room=room(ceiling_plenum_m=plenum_m))
    found = RoomAir.of(layout, is_exact=True).solve()
    assert abs(found.heat_residual_frac) < 1e-12
    assert np.isfinite(found.field_c).all()
    assert found.inlet_c.min() >= 18.0 - 1e-9


def test_a_closed_ceiling_passes_its_air_over_hot_aisles_only() -> None:
    hot = Containment(id="HA", kind="hot_aisle", x_m=2.1, y_m=0.6, width_m=3.0, depth_m=1.2)
    open_grid = RoomAir.of(drawn(room=room(ceiling_plenum_m=0.6))).flow().grid
    ducted = RoomAir.of(drawn(containments=(hot,), room=room(ceiling_plenum_m=0.6))).flow().grid
    assert open_grid.gz[2, 2, 10] == pytest.approx(0.25), "grilles all over"
    assert ducted.gz[2, 2, 10] == pytest.approx(0.02), "seams"
    assert ducted.gz[10, 4, 10] == 1.0, "the hole over the aisle"


def test_an_updated_drawing_starts_from_the_last_flow(result: AirResult) -> None:
    air = RoomAir.of(drawn(), is_exact=True)
    air.solve()
    units = tuple(c.model_copy(update={"supply_c": 20.0}) for c in HALL.layout().coolers)
    again = air.updated(drawn(coolers=units))
    assert again.solve().inlet_c == pytest.approx(result.inlet_c + 2.0, abs=1e-9)
    assert again.flow().potential.n_iterations < air.flow().potential.n_iterations


def test_coolers_at_an_odd_angle_or_of_a_wrong_role_are_refused_together() -> None:
    units = list(HALL.layout().coolers)
    units[0] = units[0].model_copy(update={"angle_deg": 45.0})
    units[1] = units[1].model_copy(update={"type": "rear_door_50kw"})
    with pytest.raises(TwinError) as caught:
        RoomAir.of(drawn(coolers=tuple(units)))
    assert "W0: turned by 45°" in str(caught.value)
    assert "E0: a rear door stands on the floor" in str(caught.value)


def test_a_cooler_without_a_set_point_blows_a_little_warmer_than_its_water() -> None:
    units = tuple(c.model_copy(update={"supply_c": None}) for c in HALL.layout().coolers)
    assert RoomAir.of(drawn(coolers=units)).supply_c.tolist() == [18.0, 18.0]


def test_places_that_cannot_be_solved_are_left_out_of_the_ranking() -> None:
    air = RoomAir.of(drawn())
    places = [("free", "B0-01", (0.9, 5.4, 0.0)), ("at the wall", "B0-01", (0.9, 6.0, 180.0))]
    assert [spot.name for spot in ranked_places(air, 6000.0, places)] == ["free"]
