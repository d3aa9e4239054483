"""What the air carries along: mixtures, recirculation, plenum flows and figures of merit."""

from __future__ import annotations

import doctest
import importlib

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from twin.errors import ModelRangeError
from twin.physics.airflow.dense import applied, inverse, product, spectral_radius
from twin.physics.airflow.fixed_point import settled
from twin.physics.airflow.grid import RoomGrid
from twin.physics.airflow.metrics import class_violations, hot_aisle_capture
from twin.physics.airflow.plenum import plenum_flow
from twin.physics.airflow.poisson import PoissonSolver
from twin.physics.airflow.recirculation import RackAir, Recirculation
from twin.physics.airflow.shape import Cut, Opening, RoomShape, Sheet
from twin.physics.airflow.streams import streams

MODULES = ("dense", "metrics", "plenum")


@pytest.mark.parametrize("name", MODULES)
def test_examples_in_the_air_formulas_hold(name: str) -> None:
    found = doctest.testmod(importlib.import_module(f"twin.physics.airflow.{name}"))
    assert found.failed == 0
    assert found.attempted > 0


def crossing(solid: np.ndarray, flows: tuple[float, float]) -> RoomGrid:
    """A box with two supplies in its floor, one return on top, and some solid cells between."""
    grid = RoomGrid.box((8, 6, 5), 0.5)
    grid.solid[:, :, 2] = solid
    grid.solid[3:5, 2:4, 2] = False
    grid.close_solid()
    grid.add_port("a", "supply", grid.flat((slice(0, 2), slice(0, 2), slice(0, 1))), (2, -1), flows[0])
    grid.add_port("b", "supply", grid.flat((slice(6, 8), slice(4, 6), slice(0, 1))), (2, -1), flows[1])
    grid.add_port("out", "return", grid.flat((slice(2, 6), slice(2, 4), slice(4, 5))), (2, 1), sum(flows))
    return grid.checked()


@settings(max_examples=25, deadline=None)
@given(
    st.lists(st.booleans(), min_size=48, max_size=48),
    st.floats(0.01, 3.0),
    st.floats(0.01, 3.0),
)
def test_parts_of_the_air_sum_to_one_and_are_never_negative(solid: list[bool], a: float, b: float) -> None:
    grid = crossing(np.array(solid).reshape(8, 6), (a, b))
    solver = PoissonSolver(grid)
    table = grid.table()
    found = streams(solver, solver.solve(grid.source_m3_s(), tolerance_frac=1e-13), table)
    parts = found.fractions(np.arange(2), table, 2)
    assert parts.sum(axis=1) == pytest.approx(1.0, abs=1e-12)
    assert parts.min() >= 0.0
    assert parts[2] == pytest.approx([a / (a + b), b / (a + b)], abs=1e-9), "what comes in goes out"


def test_a_temperature_never_leaves_the_range_of_the_inflows_even_when_the_flow_is_coarse() -> None:
    grid = crossing(np.random.default_rng(3).random((8, 6)) < 0.5, (1.0, 0.3))
    solver = PoissonSolver(grid, np.float32)
    found = streams(solver, solver.solve(grid.source_m3_s(), tolerance_frac=1e-2), grid.table())
    values = found.carried(np.array([18.0, 40.0]))[found.order]
    assert 18.0 - 1e-4 <= values.min() <= values.max() <= 40.0 + 1e-4


def racks(n: int, flow_m3_s: float = 0.5, gap: float = 0.0, door: float = 1.0) -> RackAir:
    names = tuple(f"R{i}" for i in range(n))
    return RackAir(names, np.full(n, flow_m3_s), np.full(n, gap), np.full(n, door), np.full(n, 18.0))


def recirculation(rack_air: RackAir, share: float) -> Recirculation:
    """Two racks, each with a share of the other's exhaust before its front."""
    cross = np.array([[0.0, share], [share, 0.0]])
    return Recirculation(
        rack_air,
        np.arange(2),
        cross,
        np.full((2, 1), 1.0 - share),
        np.full((1, 2), (1 - share) / 2),
        np.array([[share]]),
    )


def test_two_racks_that_breathe_each_other_have_the_closed_form() -> None:
    """T = T_sup + share / (1 - share) Q / w for equal racks."""
    found = recirculation(racks(2), 0.25)
    heat, supply = np.array([6000.0, 6000.0]), np.array([18.0])
    front = found.front_c(found.exhaust_c(heat, supply), supply)
    assert front == pytest.approx(18.0 + 0.25 / 0.75 * 6000.0 / (1207.2 * 0.5))
    assert front == pytest.approx(18.0 + found.matrix_k_w() @ heat)
    assert found.spectral_radius == pytest.approx(0.25)
    assert found.supply_gain().sum(axis=1) == pytest.approx(1.0)


def test_a_closed_loop_without_supply_is_refused_by_name() -> None:
    with pytest.raises(ModelRangeError, match="R0, R1: air goes round between 2 racks"):
        recirculation(racks(2), 1.0)


def test_gaps_let_a_rack_breathe_its_own_exhaust_and_keep_the_heat() -> None:
    """Equipment moves V; a tenth of it comes back: the room sees 0.9 V and the whole heat."""
    found = racks(1, 0.45, gap=0.1)
    heat = np.array([6000.0])
    exhaust = found.exhaust_c(np.array([18.0]), heat)
    inlet = found.inlet_c(np.array([18.0]), heat)
    assert inlet == pytest.approx(0.9 * 18.0 + 0.1 * exhaust)
    assert exhaust - inlet == pytest.approx(6000.0 / (1207.2 * 0.5))


def test_a_rear_door_takes_its_part_of_the_rise_above_its_water() -> None:
    found = racks(1, 0.5, door=0.2)
    heat = np.array([6000.0])
    front = np.array([22.0])
    hot = 22.0 + 6000.0 / (1207.2 * 0.5)
    assert found.exhaust_c(front, heat) == pytest.approx(18.0 + 0.2 * (hot - 18.0))
    assert found.door_w(front, heat) == pytest.approx(1207.2 * 0.5 * 0.8 * (hot - 18.0))


def test_small_dense_loops_agree_with_the_library() -> None:
    rng = np.random.default_rng(1)
    a, b = rng.random((7, 7)) / 9, rng.random((7, 5))
    assert product(a, b) == pytest.approx(a @ b)
    assert applied(a, b[:, 0]) == pytest.approx(a @ b[:, 0])
    assert inverse(np.eye(7) - a) == pytest.approx(np.linalg.inv(np.eye(7) - a))
    assert spectral_radius(a) == pytest.approx(float(np.abs(np.linalg.eigvals(a)).max()), rel=1e-6)
    assert np.isinf(inverse(np.ones((2, 2)))).all()


def test_passes_settle_where_the_linear_map_says() -> None:
    rng = np.random.default_rng(2)
    a, c = rng.random((30, 30)) / 33, rng.random(30)
    found = settled(lambda x: a @ x + c, np.zeros(30), 1e-12, 60)
    assert found == pytest.approx(np.linalg.solve(np.eye(30) - a, c), abs=1e-10)


def test_passes_that_never_settle_are_refused() -> None:
    with pytest.raises(ModelRangeError, match="do not settle in 8 passes"):
        settled(lambda x: x + 1.0, np.zeros(3), 1e-6, 8)


def room(**changes: object) -> RoomShape:
    """A room of 6 x 3 x 3 m with air in at its low x wall and out at its high one."""
    found = RoomShape((0.0, 0.0, 0.0), (6.0, 3.0, 3.0))
    found.openings = [
        Opening("c supply", "supply", "c", 0, 1, 0.0, (0.0, 3.0, 0.0, 3.0), 1.0),
        Opening("c return", "return", "c", 0, -1, 6.0, (0.0, 3.0, 0.0, 3.0), 1.0),
    ]
    for name, value in changes.items():
        setattr(found, name, value)
    return found


def test_a_body_off_the_grid_covers_the_part_of_each_face_it_takes() -> None:
    grid = room(bodies=[(1.0, 2.1, 0.0, 0.4, 0.0, 3.0)]).grid(0.5)
    assert grid.solid[2:4, 0].all(), "more than half of these cells is body"
    assert not grid.solid[:, 1:].any()
    assert grid.origin_m[0] == 0.0


def test_the_grid_is_phased_to_most_faces() -> None:
    bodies = [(0.2 + i, 0.7 + i, 0.0, 0.5, 0.0, 2.0) for i in range(5)]
    grid = room(bodies=bodies).grid(0.5)
    assert grid.origin_m[0] == pytest.approx(-0.3)
    outside = grid.shape[1] * grid.shape[2]  # the strip of 0.3 m before the room; that of 0.2 m after it stays air
    assert grid.solid.sum() == 5 * 4 + outside, "five bodies of one column each"


def test_a_wall_across_the_room_leaves_no_way() -> None:
    for ends in ((3.1, -0.1, 3.1, 3.1), (1.3, -0.1, 4.7, 3.1)):
        with pytest.raises(ModelRangeError, match="a closed part of the room takes in"):
            room(cuts=[Cut(*ends, 3.0)]).grid(0.25).checked()


def test_a_wall_with_a_gap_above_it_lets_all_through_there() -> None:
    grid = room(cuts=[Cut(3.0, -0.1, 3.0, 3.1, 2.0)]).grid(0.5).checked()
    assert (grid.gx[6, :, :4] == 0.0).all()
    assert (grid.gx[6, :, 4:] == 1.0).all()


def test_a_contained_aisle_leaks_the_same_on_any_grid() -> None:
    """All air must pass a sheet of 5 % openness: its drop is the length of its seams over the openness."""
    drops = []
    for cell_m in (0.5, 0.25):
        grid = room(sheets=[Sheet(0, 3.0, (0.0, 3.0, 0.0, 3.0), 0.05)]).grid(cell_m).checked()
        phi = PoissonSolver(grid, seam_m=grid.reach_m).solve(grid.source_m3_s(), tolerance_frac=1e-12).phi
        middle = grid.shape[0] // 2
        drops.append(float((phi[middle - 1] - phi[middle]).mean()) - cell_m / 9.0)
        assert drops[-1] == pytest.approx(grid.reach_m * (1 / 0.05 - 1) / 9.0, rel=1e-9)
    assert drops[0] == pytest.approx(drops[1])


def test_a_hole_opens_a_ceiling() -> None:
    sheets = [Sheet(2, 2.0, (0.0, 6.0, 0.0, 3.0), 0.02), Sheet(2, 2.0, (2.0, 3.0, 1.0, 2.0), 1.0, True)]
    grid = room(sheets=sheets).grid(0.5)
    assert grid.gz[4, 2, 4] == 1.0
    assert grid.gz[0, 0, 4] == pytest.approx(0.02)


def test_a_supply_that_faces_a_wall_is_refused_by_name() -> None:
    shape = room(bodies=[(0.0, 2.0, 0.0, 3.0, 0.0, 3.0)])
    with pytest.raises(ModelRangeError, match="c supply: the supply faces a body or a wall"):
        shape.grid(0.5)


def test_a_profile_puts_the_flow_where_the_devices_are() -> None:
    shape = room()
    shape.openings[0] = shape.openings[0]._replace(profile=((1.0, 2.0, 0.75), (2.0, 3.0, 0.25)))
    port = shape.grid(0.5).ports[0]
    level = np.bincount(port.cells % 6, port.share, 6)
    assert level == pytest.approx([0.0, 0.0, 0.375, 0.375, 0.125, 0.125])


def test_too_many_cells_are_refused() -> None:
    with pytest.raises(ModelRangeError, match="54,000,000 cells"):
        room().grid(0.01)


def test_air_under_a_floor_without_tiles_is_refused() -> None:
    grid = RoomGrid.box((4, 4, 1), 0.5)
    grid.add_port("c", "supply", grid.flat((slice(0, 1), slice(0, 1), slice(None))), (2, 1), 1.0)
    with pytest.raises(ModelRangeError, match="no tile lets it out"):
        plenum_flow(grid, 0.6, 0.05)


def test_tiles_near_each_unit_give_its_air() -> None:
    from twin.validate.airflow_instant import plenum_grid

    found = plenum_flow(plenum_grid(0.25), 0.6, 0.05)
    assert found.fractions.sum(axis=1) == pytest.approx(1.0)
    assert found.fractions[0, 0] > 0.99
    assert found.tile_m3_s.sum() == pytest.approx(0.95 * 9.5)
    by_unit = found.tile_m3_s @ found.fractions[:-1] + 0.05 * 9.5 * found.fractions[-1]
    assert by_unit == pytest.approx([4.75, 4.75], rel=1e-6), "whose air it is adds up to what each unit blows"


def test_racks_beyond_each_class_are_counted() -> None:
    counts = class_violations(np.array([17.0, 20.0, 28.0, 33.0, 46.0]))
    assert counts == {"recommended": 4, "A1": 2, "A2": 1, "A3": 1, "A4": 1}


def test_exhaust_that_a_return_takes_first_is_captured() -> None:
    caught = hot_aisle_capture(np.array([[0.5, 0.25], [0.0, 0.5]]), np.array([2.0, 1.0]), np.array([1.0, 2.0]))
    assert caught == pytest.approx([1.0, 0.5])


def test_the_spectral_radius_of_nothing_is_nothing() -> None:
    assert spectral_radius(np.zeros((3, 3))) == pytest.approx(0.0, abs=1e-9)
    assert spectral_radius(np.zeros((0, 0))) == 0.0


def test_a_port_with_a_flow_that_is_no_flow_is_refused() -> None:
    shape = room()
    shape.openings = [o._replace(flow_m3_s=-1.0) for o in shape.openings]
    with pytest.raises(ModelRangeError, match="flow of -1 m3/s"):
        shape.grid(0.5).checked()
