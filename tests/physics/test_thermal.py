"""Lumped temperatures: exact for any step, and not a joule lost."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from twin.physics.thermal import RoomLoad, RoomModel, mixed_volume_step, room_step

ROOM = RoomModel(air_j_k=4.0e5, mass_j_k=6.0e6, coupling_w_k=9.0e3)


def stored_j(room: RoomModel, air_k: float, mass_k: float) -> float:
    return room.air_j_k * air_k + room.mass_j_k * mass_k


def runge_kutta(room: RoomModel, start: np.ndarray, load: RoomLoad, dt_s: float, n_steps: int) -> np.ndarray:
    def slope(x: np.ndarray) -> np.ndarray:
        flow = room.coupling_w_k * (x[1] - x[0])
        out = load.sink_w_k * (x[0] - load.sink_c)
        return np.array([(load.air_heat_w - out + flow) / room.air_j_k, (load.mass_heat_w - flow) / room.mass_j_k])

    h = dt_s / n_steps
    for _ in range(n_steps):
        k1 = slope(start)
        k2 = slope(start + h / 2 * k1)
        k3 = slope(start + h / 2 * k2)
        k4 = slope(start + h * k3)
        start = start + h / 6 * (k1 + 2 * k2 + 2 * k3 + k4)
    return start


def test_a_volume_reaches_63_percent_after_one_time_constant() -> None:
    step = mixed_volume_step(20.0, 1000.0, 5000.0, 100.0, 20.0, 50.0)
    assert step.end_c == pytest.approx(20.0 + 10.0 * (1 - np.exp(-1)), rel=1e-12)


def test_a_volume_without_sink_warms_in_a_straight_line() -> None:
    step = mixed_volume_step(20.0, 1000.0, 5000.0, 0.0, 0.0, 50.0)
    assert (step.end_c, step.mean_c, step.removed_j) == (30.0, 25.0, 0.0)


@given(st.floats(1e-6, 1e6), st.floats(0.0, 1e4), st.floats(-1e4, 1e4))
def test_one_long_step_equals_two_short_ones(dt_s: float, sink_w_k: float, heat_w: float) -> None:
    whole = mixed_volume_step(25.0, heat_w, 1e5, sink_w_k, 15.0, 2 * dt_s)
    half = mixed_volume_step(25.0, heat_w, 1e5, sink_w_k, 15.0, dt_s)
    rest = mixed_volume_step(half.end_c, heat_w, 1e5, sink_w_k, 15.0, dt_s)
    assert rest.end_c == pytest.approx(whole.end_c, rel=1e-9, abs=1e-9)
    assert half.removed_j + rest.removed_j == pytest.approx(whole.removed_j, rel=1e-9, abs=1e-3)


def test_a_room_step_agrees_with_small_runge_kutta_steps() -> None:
    load = RoomLoad(80e3, 5e3, 7.0e3, 16.0)
    step = room_step(ROOM, 24.0, 26.0, load, 300.0)
    small = runge_kutta(ROOM, np.array([24.0, 26.0]), load, 300.0, 3000)
    assert [step.air_c, step.mass_c] == pytest.approx(list(small), abs=1e-9)


@given(
    st.floats(1e-3, 1e5),
    st.floats(0.0, 5e4),
    st.floats(0.0, 5e4),
    st.floats(-2e5, 2e5),
    st.floats(0.0, 5e4),
)
def test_stored_heat_is_what_came_in_less_what_went_out(
    dt_s: float, coupling_w_k: float, sink_w_k: float, air_heat_w: float, mass_heat_w: float
) -> None:
    room = RoomModel(4.0e5, 6.0e6, coupling_w_k)
    step = room_step(room, 24.0, 22.0, RoomLoad(air_heat_w, mass_heat_w, sink_w_k, 16.0), dt_s)
    came_j = (air_heat_w + mass_heat_w) * dt_s
    gained_j = stored_j(room, step.air_c - 24.0, step.mass_c - 22.0)
    scale_j = abs(air_heat_w) * dt_s + mass_heat_w * dt_s + abs(step.removed_j) + stored_j(room, 24.0, 22.0)
    assert abs(came_j - step.removed_j - gained_j) < 1e-12 * scale_j


@given(st.floats(1e-3, 1e5), st.floats(0.0, 5e4), st.floats(0.0, 5e4))
def test_two_room_steps_equal_one(dt_s: float, coupling_w_k: float, sink_w_k: float) -> None:
    room, load = RoomModel(4.0e5, 6.0e6, coupling_w_k), RoomLoad(30e3, 2e3, sink_w_k, 16.0)
    whole = room_step(room, 24.0, 22.0, load, 2 * dt_s)
    half = room_step(room, 24.0, 22.0, load, dt_s)
    rest = room_step(room, half.air_c, half.mass_c, load, dt_s)
    assert [rest.air_c, rest.mass_c] == pytest.approx([whole.air_c, whole.mass_c], rel=1e-9)
    assert half.removed_j + rest.removed_j == pytest.approx(whole.removed_j, rel=1e-9, abs=1e-3)


def test_without_cooling_the_air_races_ahead_and_then_drags_the_mass_along() -> None:
    # Khankari, ASHRAE Transactions 117-1, LV-11-C026: the rate falls from that of the air to that of air and mass.
    load = RoomLoad(100e3, 0.0, 0.0, 18.0)
    first = room_step(ROOM, 24.0, 24.0, load, 0.1)
    assert (first.air_c - 24.0) / 0.1 == pytest.approx(100e3 / ROOM.air_j_k, rel=0.01)
    late = room_step(ROOM, 24.0, 24.0, load, 3600.0)
    later = room_step(ROOM, 24.0, 24.0, load, 3601.0)
    assert later.air_c - late.air_c == pytest.approx(100e3 / (ROOM.air_j_k + ROOM.mass_j_k), rel=1e-6)


def test_a_room_settles_where_the_sink_takes_all_heat() -> None:
    step = room_step(ROOM, 24.0, 24.0, RoomLoad(80e3, 10e3, 6e3, 16.0), 1e6)
    assert step.air_c == pytest.approx(16.0 + 90e3 / 6e3, abs=1e-9)
    assert step.mass_c - step.air_c == pytest.approx(10e3 / ROOM.coupling_w_k, abs=1e-9)


def test_many_rooms_step_at_once() -> None:
    sinks = np.array([0.0, 5e3, 9e3])
    step = room_step(ROOM, np.full(3, 24.0), np.full(3, 24.0), RoomLoad(50e3, 0.0, sinks, 16.0), 60.0)
    alone = room_step(ROOM, 24.0, 24.0, RoomLoad(50e3, 0.0, 9e3, 16.0), 60.0)
    assert step.air_c[2] == pytest.approx(alone.air_c, rel=1e-14)
    assert (np.diff(step.air_c) < 0).all()


@given(
    *(st.floats(1.0, 1e8) for _ in range(2)),
    *(st.floats(0.0, 1e6) for _ in range(3)),
    st.floats(1e-3, 1e5),
)
def test_a_room_in_plain_numbers_is_the_room_in_arrays(
    air_j_k: float, mass_j_k: float, coupling_w_k: float, sink_w_k: float, heat_w: float, dt_s: float
) -> None:
    room, load = RoomModel(air_j_k, mass_j_k, coupling_w_k), RoomLoad(heat_w, 0.0, sink_w_k, 18.0)
    plain = room_step(room, 24.0, 26.0, load, dt_s)
    arrays = room_step(RoomModel(*(np.array([x]) for x in room)), np.array([24.0]), np.array([26.0]), load, dt_s)
    for one, other in zip(plain, arrays, strict=True):
        assert one == pytest.approx(float(np.asarray(other).ravel()[0]), rel=1e-9, abs=1e-6)
