"""The air of a drawing cut for a picture, followed by edits, and asked where boxes fit."""

from __future__ import annotations

import numpy as np
import pytest

from twin.catalogue.library import shipped_catalogue
from twin.layout.expand import expand
from twin.layout.model import Layout
from twin.layout.store import load_layout
from twin.plant.airflow import RoomAir
from twin.plant.airflow_capacity import Need, free_ports, gaps_u, spots
from twin.plant.airflow_error import CONTAINED_K, OPEN_K, SHORT_K, UNEVEN_K, model_error_k
from twin.plant.airflow_sample import SampleHall
from twin.plant.airflow_slices import arrows, potential_velocity_m_s, slices_c

HALL = SampleHall(1, 4, (7.2, 6.0, 3.0)).layout()


@pytest.fixture(scope="module")
def air() -> RoomAir:
    return RoomAir.of(HALL, 0.3)


def test_an_edit_that_leaves_tiles_and_coolers_alone_keeps_the_air_under_the_floor(air: RoomAir) -> None:
    air.flow()
    moved = air.updated(HALL.model_copy(update={"rows": HALL.rows[:1]}))
    assert moved.parts.plenum is air.parts.plenum
    slower = HALL.coolers[0].model_copy(update={"fan_frac": 0.5})
    changed = air.updated(HALL.model_copy(update={"coolers": (slower, *HALL.coolers[1:])}))
    assert changed.parts.plenum is None


def test_cuts_have_no_holes_and_keep_between_the_coldest_and_the_warmest_air(air: RoomAir) -> None:
    result = air.solve()
    cuts = slices_c(result.field_c, air.flow().grid)
    nx, ny, _ = air.flow().grid.shape
    assert cuts.shape == (3, ny, nx)
    is_air = ~air.flow().grid.solid
    assert result.field_c[is_air].min() - 1e-3 <= cuts.min() <= cuts.max() <= result.field_c[is_air].max() + 1e-3


def test_arrows_point_out_of_tiles_in_the_middle_of_the_aisle_towards_the_coolers(air: RoomAir) -> None:
    grid = air.flow().grid
    found = arrows(grid, potential_velocity_m_s(air.flow()), 0.6)
    lower = found[0]
    at_end = (np.abs(lower[:, 1] - 3.0) < 0.5) & ~np.isnan(lower[:, 2])
    left, right = lower[at_end & (lower[:, 0] < 2.4)], lower[at_end & (lower[:, 0] > 4.8)]
    assert (left[:, 2] <= 1e-6).all()
    assert (right[:, 2] >= -1e-6).all()


def test_the_error_stated_is_that_of_cfd_rooms_of_its_kind(repo_dir) -> None:
    def error_k(layout: Layout, **flows_m3_s: float) -> float:
        return model_error_k(RoomAir.of(layout, 0.6, flows_m3_s=flows_m3_s).solve(), False)

    assert error_k(HALL) == OPEN_K
    assert error_k(HALL, W0=1.4, E0=1.4) == SHORT_K
    assert error_k(HALL, W0=0.4, E0=3.4) == UNEVEN_K
    assert error_k(load_layout(repo_dir / "layouts" / "small_room.layout.json")) == CONTAINED_K


# Where boxes fit


def test_free_units_come_in_stretches(air: RoomAir) -> None:
    rack = expand(HALL, shipped_catalogue()).racks["A0-01"]
    assert sum(gaps_u(rack)) == 42 - sum(box.u_height for box in rack.fitted)
    assert all(gap > 0 for gap in gaps_u(rack))


def test_each_limit_ends_the_search_for_room_in_turn(air: RoomAir) -> None:
    floor, result = air.parts.floor, air.solve()

    def limit(**need: float) -> str:
        return spots(
            floor, Need(**{"n_boxes": 99, "u_height": 1, "power_w": 1.0, "weight_kg": 1.0, "n_ports": 0} | need)
        )[0].limit  # type: ignore[arg-type]

    assert limit(u_height=10) == "units"
    assert limit(power_w=4000.0) == "power"
    assert limit(weight_kg=900.0) == "weight"
    hot = spots(floor, Need(99, 1, 400.0, 1.0, 0, inlet_c=float(result.inlet_c.max()) + 0.01), air, result)
    assert {spot.limit for spot in hot if spot.inlet_c is not None} == {"inlet"}


def test_the_inlet_foretold_for_new_boxes_is_that_of_the_solved_room(air: RoomAir) -> None:
    result = air.solve()
    need = Need(1, 4, 2000.0, 20.0, 0, inlet_c=40.0)
    spot = next(s for s in spots(air.parts.floor, need, air, result) if s.rack == "A0-02")
    heat_w = result.heat_w.copy()
    heat_w[result.rack_ids.index("A0-02")] += 2000.0
    then = RoomAir.of(HALL, 0.3).with_heat(heat_w)
    assert spot.n_boxes == 1
    assert spot.inlet_c == pytest.approx(then.inlet_c[then.rack_ids.index("A0-02")], abs=0.01)


def test_ports_left_are_those_of_leaves_less_their_cables(repo_dir) -> None:
    floor = expand(load_layout(repo_dir / "layouts" / "small_room.layout.json"), shipped_catalogue())
    ports = free_ports(floor)
    assert ports
    assert all(0 <= n < 10_000 for n in ports.values())
