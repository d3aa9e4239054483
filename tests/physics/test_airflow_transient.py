"""Loss of cooling: heat that stays in the room warms its air by just that much, and mass behind racks buys time."""

from __future__ import annotations

import numpy as np
import pytest

from twin.errors import ModelRangeError
from twin.physics.air import AIR_HEAT_J_M3_K
from twin.physics.airflow.grid import RoomGrid
from twin.physics.airflow.loads import RackLoads
from twin.physics.airflow.settled import Patience, Settled, settle
from twin.physics.airflow.transient import rack_lag_s, transient, with_flows
from twin.validate.airflow_cases import cfd_room

HEAT_W = 6000.0
QUICK = Patience(spin_up=0.5, window=0.2, least=1, most=1, drift_k=np.inf)


@pytest.fixture(scope="module")
def settled() -> Settled:
    room = cfd_room("open_sd100", 0.3)
    return settle(room.grid, room.loads, patience=QUICK)


def loads(grid: RoomGrid) -> RackLoads:
    return RackLoads.of(grid.ports, 18.0, {p.owner: HEAT_W for p in grid.ports if p.kind == "rack_front"})


def test_with_all_fans_of_coolers_off_the_air_takes_all_the_heat(settled: Settled) -> None:
    still = {p.name: 0.0 for p in settled.grid.ports if p.kind in ("tile", "return")}
    grid = with_flows(settled.grid, still)
    found = transient(settled, grid, loads(grid), 20.0, every_s=5.0)
    air_m3 = np.count_nonzero(~grid.solid) * grid.h_m**3
    expected_k = 20 * HEAT_W * 20.0 / (AIR_HEAT_J_M3_K * air_m3)
    assert found.air_c[-1] - found.air_c[0] == pytest.approx(expected_k, rel=0.01)
    np.testing.assert_allclose(found.time_s, [0.0, 5.0, 10.0, 15.0, 20.0])


def test_with_coils_off_and_fans_on_the_air_takes_all_the_heat(settled: Settled) -> None:
    grid = settled.grid
    found = transient(settled, grid, loads(grid).uncooled(grid.ports), 20.0)
    air_m3 = np.count_nonzero(~grid.solid) * grid.h_m**3
    expected_k = 20 * HEAT_W * 20.0 / (AIR_HEAT_J_M3_K * air_m3)
    assert found.air_c[-1] - found.air_c[0] == pytest.approx(expected_k, rel=0.01)


def test_mass_behind_racks_buys_time(settled: Settled) -> None:
    grid = settled.grid
    hot = loads(grid).uncooled(grid.ports)
    bare = transient(settled, grid, hot, 40.0)
    heavy = transient(
        settled, grid, hot, 40.0, lag_s=rack_lag_s(grid, {f"{r}{i:02d}": 2e5 for r in "AB" for i in range(10)})
    )
    assert heavy.air_c[-1] < bare.air_c[-1] - 1.0
    first, later = (float(np.median(list(found.seconds_to(30.0).values()))) for found in (bare, heavy))
    assert 0.0 < first < 40.0 < later


def test_half_the_coolers_leave_the_far_racks_warmer(settled: Settled) -> None:
    flow = {p.name: 0.6 * p.flow_m3_s for p in settled.grid.ports if p.kind == "tile"}
    total = sum(flow.values())
    returns = [p.name for p in settled.grid.ports if p.kind == "return"]
    grid = with_flows(settled.grid, flow | {returns[0]: total, returns[1]: 0.0})
    found = transient(settled, grid, loads(grid), 30.0)
    before, after = found.port_c[0], found.port_c[-1]
    fronts = [i for i, p in enumerate(grid.ports) if p.kind == "rack_front"]
    assert after[fronts].mean() > before[fronts].mean() + 1.0
    assert np.isfinite(found.port_c).all()


def test_an_inlet_that_never_reaches_the_limit_says_never(settled: Settled) -> None:
    grid = settled.grid
    found = transient(settled, grid, loads(grid), 2.0)
    assert set(found.seconds_to(60.0).values()) == {float("inf")}
    assert set(found.seconds_to(10.0).values()) == {0.0}


def test_flows_that_do_not_balance_are_refused(settled: Settled) -> None:
    with pytest.raises(ModelRangeError, match="do not balance"):
        with_flows(settled.grid, {"ta00 tile": 0.0})
    with pytest.raises(ModelRangeError, match="no port 'nowhere'"):
        with_flows(settled.grid, {"nowhere": 0.0})


def test_another_room_is_refused(settled: Settled) -> None:
    with pytest.raises(ModelRangeError, match="settled anew"):
        transient(settled, cfd_room("open_sd100", 0.15).grid, lambda c: c, 1.0)
