"""Settled air of a drawn room: the same questions, answered from its mean flow."""

from __future__ import annotations

import numpy as np
import pytest

from twin.plant.airflow import RoomAir
from twin.plant.airflow_sample import SampleHall
from twin.plant.airflow_settled import settled_air


@pytest.fixture(scope="module")
def rooms() -> tuple[RoomAir, RoomAir]:
    air = RoomAir.of(SampleHall().layout(), 0.3)
    air.solve()
    return air, settled_air(air)


def test_settled_air_names_the_hottest_rack(rooms: tuple[RoomAir, RoomAir]) -> None:
    instant, settled = (air.solve() for air in rooms)
    assert instant.max_inlet_c is None
    assert settled.max_inlet_c is not None
    assert settled.trust.is_trusted.all()


def test_inlets_of_the_map_are_those_of_the_march(rooms: tuple[RoomAir, RoomAir]) -> None:
    settled = rooms[1]
    assert settled.settled is not None
    marched = settled.settled.front_c
    linear = settled.linear().front_c(settled.heat_w, settled.supply_c)
    moves = settled.parts.racks.flow_m3_s > 0.0
    known = np.array([marched.get(name, np.nan) for name in settled.parts.racks.ids])
    np.testing.assert_allclose(linear[moves], known[moves], atol=0.25)


def test_heat_given_is_heat_taken(rooms: tuple[RoomAir, RoomAir]) -> None:
    settled = rooms[1]
    found = settled.linear().map
    column_c = settled.linear().column_c(settled.supply_c)
    exhaust_c = found.exhaust_c(settled.heat_w, column_c)
    back_c, flow = found.return_c(exhaust_c, column_c), np.array([c.flow_m3_s for c in settled.parts.coolers])
    taken_w = 1.2 * 1006.0 * float(flow @ (back_c - settled.supply_c))
    assert taken_w == pytest.approx(float(settled.heat_w.sum()), rel=1e-9)


def test_more_heat_is_warmer_on_the_same_flow(rooms: tuple[RoomAir, RoomAir]) -> None:
    settled = rooms[1]
    before = settled.solve()
    after = settled.with_heat(settled.heat_w * 1.2)
    settled.with_heat(before.heat_w)
    assert after.inlet_c.mean() > before.inlet_c.mean()
    assert (after.exhaust_c > before.exhaust_c).all()


def test_an_edit_goes_back_to_the_instant_tier(rooms: tuple[RoomAir, RoomAir]) -> None:
    settled = rooms[1]
    rack = settled.parts.floor.racks[settled.parts.racks.ids[0]]
    edge = rack.centre_m[0] - rack.device.width_m / 2, rack.centre_m[1] - rack.device.depth_m / 2
    moved = settled.moved(rack.id, *edge, rack.angle_deg)
    assert moved.settled is None


def test_progress_reaches_the_end() -> None:
    told: list[float] = []
    settled_air(RoomAir.of(SampleHall().layout(), 0.6), progress=told.append)
    assert told == sorted(told)
    assert 0.0 < told[0] < told[-1] <= 1.0
