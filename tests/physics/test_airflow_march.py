"""Marching air: published cavities, exact flows, conservation, and rooms whose settled state is known."""

from __future__ import annotations

import numpy as np
import pytest

from twin.errors import ModelRangeError
from twin.physics.airflow.exchange import mean_flow_m3_s, settled_streams
from twin.physics.airflow.grid import RoomGrid
from twin.physics.airflow.lattice import Lattice
from twin.physics.airflow.loads import RackLoads
from twin.physics.airflow.march import AirModel, MarchDiverged, RoomMarch
from twin.physics.airflow.ports import PortTable
from twin.physics.airflow.settled import Patience, Settled, settle

SHORT = Patience(spin_up=1.0, window=0.5, least=2, most=2, drift_k=np.inf)


def rack_room(h_m: float = 0.3, rack_m3_s: float = 0.3, supply_m3_s: float = 0.3) -> RoomGrid:
    """3.6 x 3 x 2.4 m with one rack in the middle, a tile before it and a return in the ceiling behind it."""
    grid = RoomGrid.box((round(3.6 / h_m), round(3.0 / h_m), round(2.4 / h_m)), h_m)

    def block(x0: float, x1: float, y0: float, y1: float, z0: float, z1: float) -> tuple[slice, slice, slice]:
        return (
            slice(round(x0 / h_m), round(x1 / h_m)),
            slice(round(y0 / h_m), round(y1 / h_m)),
            slice(round(z0 / h_m), round(z1 / h_m)),
        )

    grid.solid[block(1.2, 2.4, 1.2, 1.8, 0.0, 1.8)] = True
    grid.close_solid()
    ports = (
        ("front", "rack_front", block(1.2 - h_m, 1.2, 1.2, 1.8, 0.0, 1.8), (0, 1), rack_m3_s),
        ("rear", "rack_rear", block(2.4, 2.4 + h_m, 1.2, 1.8, 0.0, 1.8), (0, -1), rack_m3_s),
        ("tile", "tile", block(0.6, 1.2, 1.2, 1.8, 0.0, h_m), (2, -1), supply_m3_s),
        ("return", "return", block(2.4, 3.0, 1.2, 1.8, 2.4 - h_m, 2.4), (2, 1), supply_m3_s),
    )
    for name, kind, where, face, flow_m3_s in ports:
        port = grid.add_port(name, kind, grid.flat(where), face, flow_m3_s)  # type: ignore[arg-type]
        if kind.startswith("rack"):
            grid.ports[-1] = type(port)(
                name, port.kind, port.cells, *face, port.area_m2, port.share, flow_m3_s, owner="R1"
            )
    return grid.checked()


@pytest.fixture(scope="module")
def settled() -> Settled:
    grid = rack_room()
    return settle(grid, RackLoads.of(grid.ports, 18.0, {"R1": 4000.0}))


def cavity(n: int, rayleigh: float) -> tuple[float, float]:
    """Mean Nusselt number of a square cavity with hot and cold side walls at Pr 0.71, and its largest upward speed.

    Walls of a given temperature are ports that bring and take no air; their heat is put in as a source per step.
    """
    h, prandtl = 1.0 / n, 0.71
    grid = RoomGrid.box((n, 1, n), h)
    nu = prandtl  # lengths in the width, times in width squared over diffusivity: alpha is 1
    model = AirModel(
        smagorinsky=0.0,
        prandtl_turbulent=prandtl,
        least_viscosity_m2_s=nu,
        wall_drag=0.0,
        expansion_per_k=1.0,
        gravity_m_s2=rayleigh * prandtl,
        courant=0.5,
        divergence_m_s=1e-3,
    )
    march = RoomMarch(grid, model)
    cells = march.lattice.cells
    dt = 0.2 * h * h / max(nu, 1.0)
    nusselt = 0.0
    for _ in range(round(0.25 / dt)):
        warm = cells(march.warmth)
        hot, cold = 2.0 * (0.5 - warm[0]) / h, 2.0 * (warm[-1] + 0.5) / h  # gradient over half a cell
        step_s = min(dt, march.step_s())
        march.step(np.zeros(0, np.float32), step_s)
        drag_walls(march, nu, step_s)
        warm = cells(march.warmth)
        warm[0] += np.float32(step_s / h) * hot
        warm[-1] -= np.float32(step_s / h) * cold
        nusselt = float(0.5 * (hot + cold).mean())
    return nusselt, float(np.abs(march.lattice.faces(march.velocity[2], 2)).max())


def drag_walls(march: RoomMarch, nu: float, step_s: float) -> None:
    """No slip at the four walls of a cavity: viscous drag over half a cell, implicitly."""
    h = march.grid.h_m
    factor = np.float32(1.0 / (1.0 + 2.0 * nu * step_s / h**2))
    w, u = march.lattice.faces(march.velocity[2], 2), march.lattice.faces(march.velocity[0], 0)
    w[0] *= factor
    w[-1] *= factor
    u[:, :, 0] *= factor
    u[:, :, -1] *= factor


@pytest.mark.parametrize(
    ("rayleigh", "nusselt", "speed"), [(1e4, 2.243, 19.617), (1e5, 4.519, 68.59)], ids=["Ra 1e4", "Ra 1e5"]
)
def test_a_cavity_heated_from_the_side_turns_as_de_vahl_davis_computed(
    rayleigh: float, nusselt: float, speed: float
) -> None:
    # Source: G. de Vahl Davis, Int. J. Numer. Methods Fluids 3, 1983: mean Nusselt number and largest vertical speed
    # (in diffusivity over width) on the horizontal middle.
    found_nusselt, found_speed = cavity(40, rayleigh)
    assert found_nusselt == pytest.approx(nusselt, rel=0.03)
    assert found_speed == pytest.approx(speed, rel=0.04)


def test_a_uniform_stream_in_a_duct_stays_uniform() -> None:
    grid = RoomGrid.box((20, 3, 3), 0.1)
    flow_m3_s = 0.09
    grid.add_port("in", "supply", grid.flat((slice(0, 1), slice(None), slice(None))), (0, -1), flow_m3_s)
    grid.add_port("out", "return", grid.flat((slice(-1, None), slice(None), slice(None))), (0, 1), flow_m3_s)
    march = RoomMarch(grid.checked(), AirModel(wall_drag=0.0, divergence_m_s=1e-6))
    march.start_from_potential()
    for _ in range(50):
        march.step(np.array([1.0, np.nan], np.float32), march.step_s())
    speed = march.lattice.faces(march.velocity[0], 0)
    np.testing.assert_allclose(speed, 1.0, atol=1e-3)
    np.testing.assert_allclose(march.warmth[march.lattice.air > 0], 1.0, atol=1e-3)


def test_a_front_of_warm_air_travels_with_the_air_and_keeps_its_heat() -> None:
    n, h = 100, 0.1
    grid = RoomGrid.box((n, 1, 1), h)
    grid.add_port("in", "supply", np.array([0]), (0, -1), h**2)
    grid.add_port("out", "return", np.array([n - 1]), (0, 1), h**2)
    march = RoomMarch(grid.checked(), AirModel(smagorinsky=0.0, least_viscosity_m2_s=0.0, wall_drag=0.0))
    march.start_from_potential()
    while march.time_s < 5.0:
        march.step(np.array([1.0, np.nan], np.float32), min(march.step_s(), 5.0 - march.time_s + 1e-6))
    warm = march.lattice.cells(march.warmth)[:, 0, 0]
    assert warm.sum() * h == pytest.approx(5.0, abs=2e-3)  # all that was brought, none made or lost
    assert warm.min() >= -1e-6  # limited: no temperature outside those brought
    assert warm.max() <= 1.0 + 1e-5
    edge = (np.flatnonzero(warm < 0.5)[0]) * h
    assert edge == pytest.approx(5.0, abs=0.15)
    assert np.count_nonzero((warm > 0.1) & (warm < 0.9)) <= 8  # first-order upwind would smear it over 30


def test_momentum_of_a_closed_room_only_changes_at_walls() -> None:
    grid = RoomGrid.box((16, 16, 16), 0.2)
    model = AirModel(wall_drag=0.0, gravity_m_s2=0.0, divergence_m_s=1e-6)
    march = RoomMarch(grid, model)
    vortex = [march.lattice.zeros() for _ in range(3)]
    x = (np.arange(17) * 0.2)[:, None, None]
    z = ((np.arange(16) + 0.5) * 0.2)[None, None, :]
    k = np.pi / 3.2
    march.lattice.faces(vortex[0], 0)[...] = np.sin(k * x) * np.cos(k * z)
    x, z = ((np.arange(16) + 0.5) * 0.2)[:, None, None], (np.arange(17) * 0.2)[None, None, :]
    march.lattice.faces(vortex[2], 2)[...] = -np.cos(k * x) * np.sin(k * z)
    march.start_from(tuple(vortex))
    energy = [sum(float((q.astype(float) ** 2).sum()) for q in march.velocity)]
    for _ in range(40):
        march.step(np.zeros(0, np.float32), march.step_s())
        energy.append(sum(float((q.astype(float) ** 2).sum()) for q in march.velocity))
        assert abs(float(march.velocity[0].sum(dtype=float))) < 1e-3 * np.sqrt(energy[0])
    assert np.all(np.diff(energy) < 1e-6)  # eddies take energy, nothing gives it
    assert energy[-1] > 0.6 * energy[0]


def test_heat_that_racks_give_is_what_returns_take(settled: Settled) -> None:
    index = {p.name: i for i, p in enumerate(settled.grid.ports)}
    taken_w = 1.2 * 1006.0 * 0.3 * (settled.port_c[index["return"]] - 18.0)
    assert taken_w == pytest.approx(4000.0, rel=0.05)  # what is stored in the air is not settled to the last watt
    assert settled.port_c[index["rear"]] - settled.port_c[index["front"]] == pytest.approx(
        4000.0 / (1.2 * 1006.0 * 0.3), abs=1e-2
    )


def test_the_mean_flow_is_free_of_divergence_to_1e_12(settled: Settled) -> None:
    lattice = settled.march.lattice
    source = np.bincount(lattice.port_cell, lattice.port_inward_m3_s, lattice.size)
    for flow, s in zip(mean_flow_m3_s(settled), lattice.strides, strict=True):
        source[:-s] -= flow[s:] - flow[:-s]
    assert np.abs(lattice.cells(source)[~settled.grid.solid]).max() < 1e-11


def test_parts_of_the_air_sum_to_one_and_carry_all_of_each_inflow(settled: Settled) -> None:
    streams, table = settled_streams(settled), PortTable(settled.grid.ports)
    flow, is_out = table.port_m3_s, ~table.is_inflow
    np.testing.assert_allclose(streams.part.sum(axis=1), 1.0, atol=1e-12)
    np.testing.assert_allclose(flow[is_out] @ streams.part[is_out], flow[table.inflows], rtol=1e-12)
    assert streams.part.min() >= 0.0
    assert streams.repair_frac < 0.03


def test_the_linear_map_gives_the_inlets_of_the_march(settled: Settled) -> None:
    streams, ports = settled_streams(settled), settled.grid.ports
    inflows = [p.kind for p in ports if p.is_inflow]
    back = streams.part[[p.kind for p in ports].index("rack_front"), inflows.index("rack_rear")]
    rise_k = 4000.0 / (1.2 * 1006.0 * 0.3)
    assert 18.0 + back / (1.0 - back) * rise_k == pytest.approx(settled.front_c["R1"], abs=0.15)


def test_the_field_of_the_streams_is_the_mean_field(settled: Settled) -> None:
    streams, table = settled_streams(settled), PortTable(settled.grid.ports)
    field = streams.carried(settled.port_c[table.inflows])[: settled.grid.n_cells].reshape(settled.grid.shape)
    air = ~settled.grid.solid
    assert np.sqrt(np.mean((field - settled.air_c)[air] ** 2)) < 0.3


def test_without_heat_everything_is_as_cold_as_the_supply() -> None:
    grid = rack_room()
    cold = settle(grid, RackLoads.of(grid.ports, 18.0, {}), patience=SHORT)
    np.testing.assert_allclose(cold.air_c[~grid.solid], 18.0, atol=1e-3)


def test_hot_air_lies_above_cold_air(settled: Settled) -> None:
    levels = [settled.air_c[:, :, k][~settled.grid.solid[:, :, k]].mean() for k in range(settled.grid.shape[2])]
    assert levels[-1] > levels[0] + 3.0


def test_a_start_from_a_settled_flow_goes_on_from_it(settled: Settled) -> None:
    grid = rack_room(0.15)
    loads = RackLoads.of(grid.ports, 18.0, {"R1": 4000.0})
    fine = settle(grid, loads, start=settled, patience=Patience(0.2, 0.2, 1, 1, np.inf))
    assert fine.front_c["R1"] == pytest.approx(settled.front_c["R1"], abs=0.6)


def test_the_same_room_twice_gives_the_same_numbers() -> None:
    grid = rack_room()
    quick = Patience(0.1, 0.1, 1, 1, np.inf)
    loads = RackLoads.of(grid.ports, 18.0, {"R1": 4000.0})
    first, second = (settle(grid, loads, patience=quick) for _ in range(2))
    np.testing.assert_array_equal(first.air_c, second.air_c)


def test_a_march_that_runs_away_says_so() -> None:
    march = RoomMarch(rack_room())
    march.velocity[0][march.lattice.is_open[0] > 0] = np.nan
    with pytest.raises(MarchDiverged, match="airflow"):
        march.step_s()


def test_a_room_without_flow_is_refused() -> None:
    grid = rack_room(supply_m3_s=0.0, rack_m3_s=0.0)
    with pytest.raises(ModelRangeError, match="no air flows"):
        settle(grid, RackLoads.of(grid.ports, 18.0, {}))


def test_heat_without_air_is_refused() -> None:
    with pytest.raises(ModelRangeError, match="R1: heat of 4000 W"):
        RackLoads.of(rack_room(rack_m3_s=0.0).ports, 18.0, {"R1": 4000.0})


def test_edges_of_walls_carry_no_eddy_stress() -> None:
    grid = RoomGrid.box((4, 4, 4), 0.3)
    grid.gx[2] = 0.0  # a thin wall across the room
    lattice = Lattice(grid)
    free = lattice.faces(lattice.free_edges[0], 0)[2, 1:-1, 1:-1]
    assert not free.any()
    assert lattice.faces(lattice.free_edges[0], 0)[1, 1:-1, 1:-1].all()
