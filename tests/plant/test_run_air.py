"""The air of a plant from maps of its flow: exact at rest, in balance on the way, the same with and without a store."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from twin.catalogue.library import shipped_catalogue
from twin.errors import ModelRangeError
from twin.layout.expand import expand
from twin.layout.floor import Floor
from twin.layout.store import load_layout
from twin.physics.air import AIR_HEAT_J_M3_K
from twin.physics.air_map import AirMap
from twin.plant import run_air
from twin.plant.air_store import keep, path_of, room_digest, stored
from twin.plant.compile import compile_plant
from twin.plant.coolers.chiller_plant import Outdoors
from twin.plant.plant import Plant, Settled
from twin.plant.run_air import RunAir, grid_of

MILD = Outdoors(20.0, 15.0)


@pytest.fixture(scope="module")
def floor(layouts_dir: Path) -> Floor:
    """The small room without its aisle containment, on cells that take a moment only."""
    layout = load_layout(layouts_dir / "small_room.layout.json")
    return expand(layout.model_copy(update={"containments": ()}), shipped_catalogue())


@pytest.fixture
def plant(floor: Floor, monkeypatch: pytest.MonkeyPatch) -> Iterator[Plant]:
    """Its plant, with the air of its instant flow; the books are balanced at the end."""
    monkeypatch.setattr(run_air, "CELLS_M", (0.6,))
    found = compile_plant(floor, shipped_catalogue(), "instant")
    found.cooling.coolers.fan_frac[:] = 0.5
    yield found
    assert found.energy_residual_frac() < 1e-9


def load_all(plant: Plant, share: float) -> None:
    """Every server at a share of its chips' span between idle and TDP, from the last settling on."""
    log, constants = plant.compute.log, plant.compute.constants
    if not log.n_rows:
        idle_w = [c.idle_chip_w for c in constants]
        log.open_rows(range(len(constants)), [c.n_chips for c in constants], [1.0] * len(constants), idle_w)
    for i, c in enumerate(constants):
        assert c.chip is not None
        chip_w = c.idle_chip_w + ((c.chip.tdp_w or 0.0) - c.idle_chip_w) * share
        log.pending.extend((i, plant.settled_s, chip_w, share, share))


def carried(plant: Plant, for_s: float, step_s: float = 10.0) -> Settled:
    """The last settling after so long."""
    end_s = plant.settled_s + for_s
    while plant.settled_s < end_s - 1e-9:
        found = plant.settle(plant.settled_s + step_s, MILD)
    return found


def air_map(plant: Plant) -> AirMap:
    assert plant.air.map is not None
    return plant.air.map


def test_at_rest_inlets_are_those_of_the_flow_and_returns_carry_all_heat(plant: Plant) -> None:
    plant.air._full_w = 1.0  # any heat is full heat: one map, not between two
    load_all(plant, 1.0)
    settled = carried(plant, 8 * 3600.0, 60.0)
    heat_w = settled.rack_w
    air, flow_m3_s = air_map(plant), plant.cooling.coolers.air_m3_s()
    rise_k = np.bincount(air.group, heat_w * air.rise_k_w, air.front_k.shape[1])
    supply_c = plant.cooling.coolers.supply_c
    expected_c = air.front_s @ supply_c + air.front_k @ rise_k
    assert settled.rack_inlet_c == pytest.approx(expected_c, abs=1e-6)
    assert float(np.ptp(settled.rack_inlet_c)) > 1.0, "an open aisle has warm and cool racks"
    assert plant.cooling.return_over_c is not None
    return_c = plant.cooling.air_c + plant.cooling.return_over_c
    taken_w = AIR_HEAT_J_M3_K * float(flow_m3_s @ (return_c - supply_c))
    assert taken_w == pytest.approx(heat_w.sum() + settled.indoor_loss_w + settled.fan_w, rel=1e-9)


def test_the_mean_of_the_returns_is_the_air_of_the_room_whatever_happens(plant: Plant) -> None:
    for share, up in ((0.2, True), (1.0, True), (1.0, False), (0.4, True)):
        plant.cooling.coolers.is_up[0] = up
        load_all(plant, share)
        carried(plant, 120.0)
        over_k, flow = plant.cooling.return_over_c, plant.cooling.coolers.air_m3_s()
        assert over_k is not None
        assert float(flow @ over_k) == pytest.approx(0.0, abs=1e-9)
        assert over_k[flow == 0.0] == pytest.approx(0.0)


def test_a_step_of_load_warms_no_inlet_below_its_supply_and_none_jumps_ahead_of_the_room(plant: Plant) -> None:
    load_all(plant, 0.1)
    before = carried(plant, 3600.0, 60.0).rack_inlet_c
    load_all(plant, 1.0)
    path = [carried(plant, 1.0, 1.0).rack_inlet_c for _ in range(600)]
    after = carried(plant, 6 * 3600.0, 60.0).rack_inlet_c
    assert np.min(path) >= plant.cooling.coolers.supply_c.min() - 1e-9
    assert (np.max(path, axis=0) <= np.maximum(before, after) + 0.2).all()


def test_without_a_cooler_that_blows_the_room_is_mixed_until_one_does_again(plant: Plant) -> None:
    assert carried(plant, 60.0).air_mode == "instant"
    plant.cooling.coolers.is_up[:] = False
    settled = carried(plant, 60.0)
    assert settled.air_mode == "mixed"
    assert settled.rack_inlet_c == pytest.approx(np.full(len(settled.rack_w), plant.cooling.air_c), abs=2.0)
    plant.cooling.coolers.is_up[1] = True
    assert carried(plant, 60.0).air_mode == "instant"


def test_a_failed_cooler_changes_who_breathes_what(plant: Plant) -> None:
    load_all(plant, 0.8)
    all_up = carried(plant, 4 * 3600.0, 60.0)
    plant.cooling.coolers.is_up[0] = False
    one_down = carried(plant, 4 * 3600.0, 60.0)
    over_supply = [s.rack_inlet_c - s.supply_c for s in (all_up, one_down)]
    assert float(over_supply[1].mean()) > float(over_supply[0].mean()) + 0.5
    assert plant.air.maps is not None
    assert len(plant.air.maps._known) == 3, "fans as drawn, at half, one less"


def test_flows_closer_than_a_step_of_a_fan_share_a_map_and_beyond_so_many_the_nearest_is_taken(
    plant: Plant, monkeypatch: pytest.MonkeyPatch
) -> None:
    maps = plant.air.maps
    assert maps is not None
    carried(plant, 10.0)
    n = len(maps._known)
    plant.cooling.coolers.fan_frac[:] = 0.52
    carried(plant, 10.0)
    assert len(maps._known) == n
    monkeypatch.setattr(run_air, "MOST_FLOWS", n)
    plant.cooling.coolers.fan_frac[:] = 1.0
    assert carried(plant, 10.0).air_mode == "instant"
    assert (len(maps._known), maps.n_nearest) == (n, 1)


def test_a_stored_map_is_the_map_and_a_broken_one_is_computed_again(
    floor: Floor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run_air, "CELLS_M", (0.6,))
    monkeypatch.setenv("TWIN_CACHE", str(tmp_path))

    def inlets() -> tuple[bytes, int]:
        found = compile_plant(floor, shipped_catalogue(), "instant")
        load_all(found, 0.7)
        settled = carried(found, 600.0)
        assert found.air.maps is not None
        return settled.rack_inlet_c.tobytes(), found.air.maps.n_solved

    first, again = inlets(), inlets()
    assert (first[1], again[1]) == (2, 0)
    files = sorted((tmp_path / "air").iterdir())
    assert [f.suffix for f in files] == [".npz", ".npz"]
    files[0].write_bytes(files[0].read_bytes()[:200])
    files[1].write_bytes(b"nothing of the kind")
    broken = inlets()
    assert broken[1] == 2
    monkeypatch.setenv("TWIN_CACHE", str(files[0]))  # a file: nothing can be kept below it
    assert inlets()[0] == broken[0] == again[0] == first[0]


def test_a_map_is_named_by_what_its_air_follows_from(floor: Floor, layouts_dir: Path, tmp_path: Path) -> None:
    layout = load_layout(layouts_dir / "small_room.layout.json")
    assert room_digest(floor) == room_digest(
        expand(layout.model_copy(update={"containments": ()}), shipped_catalogue())
    )
    renamed = layout.model_copy(update={"containments": (), "name": "another"})
    assert room_digest(floor) == room_digest(expand(renamed, shipped_catalogue()))
    assert room_digest(floor) != room_digest(expand(layout, shipped_catalogue()))
    flow = ((1.0, 2.0), 1.0)
    assert path_of("a", flow, "settled", 0.3) != path_of("a", flow, "instant", 0.3)
    assert path_of("a", flow, "settled", 0.3) != path_of("a", ((1.0, 2.0), 0.5), "settled", 0.3)
    assert stored(tmp_path / "none.npz") is None


def test_a_map_with_a_number_that_is_none_is_not_believed(tmp_path: Path) -> None:
    one = np.ones(1)
    eye = one[:, None]
    good = AirMap("settled", 0.3, one, np.zeros(1, np.int64), one, one, eye, eye, eye, eye, eye, eye, 0.1, 0.0)
    keep(tmp_path / "good.npz", good)
    found = stored(tmp_path / "good.npz")
    assert found is not None
    assert (found.tier, found.cell_m, found.drift_k) == ("settled", 0.3, 0.1)
    bad = AirMap("settled", 0.3, one, np.zeros(1, np.int64), one, one, eye * np.nan, eye, eye, eye, eye, eye, 0.1, 0.0)
    keep(tmp_path / "bad.npz", bad)
    assert stored(tmp_path / "bad.npz") is None


def test_large_halls_get_coarse_cells_and_the_largest_the_instant_flow(floor: Floor) -> None:
    assert grid_of(floor, "settled") == ("settled", 0.3)
    room = floor.layout.room
    wide = room.model_copy(update={"outline_m": ((0.0, 0.0), (30.0, 0.0), (30.0, 24.0), (0.0, 24.0)), "height_m": 5.6})
    vast = room.model_copy(update={"outline_m": ((0.0, 0.0), (80.0, 0.0), (80.0, 60.0), (0.0, 60.0))})

    def drawn(part: object) -> Floor:
        return expand(floor.layout.model_copy(update={"room": part}), shipped_catalogue())

    assert grid_of(drawn(wide), "settled") == ("settled", 0.6)
    assert grid_of(drawn(vast), "settled") == ("instant", 0.6)


def test_a_drawing_whose_air_cannot_be_solved_runs_mixed_and_says_why(layouts_dir: Path) -> None:
    layout = load_layout(layouts_dir / "small_room.layout.json")
    coolers = tuple(c.model_copy(update={"angle_deg": 10.0}) for c in layout.coolers)
    turned = expand(layout.model_copy(update={"coolers": coolers}), shipped_catalogue())
    found = compile_plant(turned, shipped_catalogue(), "settled")
    assert carried(found, 10.0).air_mode == "mixed"
    assert found.air.maps is not None
    assert list(found.air.maps.obstacles) == ["settled", "instant"]
    assert "turned by 10°" in found.air.maps.obstacles["instant"]
    assert "2 more" in found.air.maps.obstacles["instant"]


def test_a_flow_that_does_not_settle_gives_way_to_the_instant_one(
    floor: Floor, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def runs_away(*_: object) -> None:
        raise ModelRangeError("the air ran away", "airflow", "")

    monkeypatch.setenv("TWIN_CACHE", str(tmp_path))
    monkeypatch.setattr(run_air, "CELLS_M", (0.6,))
    monkeypatch.setattr("twin.plant.air_solve.settle", runs_away)
    found = compile_plant(floor, shipped_catalogue(), "settled")
    assert carried(found, 10.0).air_mode == "instant"
    assert found.air.maps is not None
    assert list(found.air.maps.obstacles) == ["settled"]


def test_a_mixed_room_has_no_map() -> None:
    assert RunAir().map is None
