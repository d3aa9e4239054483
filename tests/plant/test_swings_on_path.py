"""Swings up the power path against the path itself, solved at every instant of the waves."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from twin.physics import FloatArray
from twin.physics.swings import Wave
from twin.plant.compute import Compute, ServerConstants
from twin.plant.flow import PowerFlow
from twin.plant.power import Feed, Node, PowerPath
from twin.plant.storage import Storage
from twin.plant.swings import PathSwings
from twin.plant.trips import Guard, Trips

SERVER = ServerConstants("s", 0, "box", None, 1, 100.0, 50.0, 100.0, 0.0, 1e-4, 1000.0, 2000.0, (0.0, 0.0, 0.0, 0.0))
LOSS = (0.01, 0.02, 0.03)
TALL = Wave(4.0, 1.0, 1000.0, 9000.0, 0.5)
WIDE = Wave(4.0, 2.0, 2000.0, 7000.0, 0.9)
N_SAMPLES = 2000


def path_of(guards: tuple[Guard, ...] = ()) -> PowerPath:
    """Two servers: one on both PDUs, one on the second; one UPS above both, a utility above it."""
    nodes = [
        Node("A", "pdu", (2,), rated_w=20e3, loss=LOSS, limit_w=20e3),
        Node("B", "pdu", (2,), rated_w=20e3, loss=LOSS, limit_w=20e3),
        Node("UPS", "ups", (3,), rated_w=30e3, loss=LOSS, limit_w=30e3),
        Node("U", "utility", (), limit_w=1e6),
    ]
    return PowerPath(nodes, [Feed((0, 1)), Feed((1,))], Storage([]), Trips(list(guards)))


def swinging(path: PowerPath) -> tuple[Compute, PathSwings]:
    compute = Compute([SERVER, replace(SERVER, id="t")])
    swings = PathSwings(path, compute)
    swings.begin("train", [TALL, WIDE], [0, 1], [0, 1])
    return compute, swings


def sampled(path: PowerPath) -> tuple[FloatArray, FloatArray]:
    """Load and loss of every node at every instant, (n, N_SAMPLES)."""
    times_s = (np.arange(N_SAMPLES) + 0.5) * TALL.period_s / N_SAMPLES
    flows = [path.flow(np.array(watts)) for watts in zip(TALL.at(times_s), WIDE.at(times_s), strict=True)]
    return np.array([flow.load_w for flow in flows]).T, np.array([flow.loss_w for flow in flows]).T


def mean_flow(path: PowerPath, swings: PathSwings) -> PowerFlow:
    """The flow of the means with what swings add to its losses."""
    flow = path.flow(np.array([TALL.mean_w, WIDE.mean_w]))
    assert swings.at(flow) is not None
    return flow


def test_every_element_swings_as_the_path_solved_at_every_instant_does() -> None:
    load_w, _ = sampled(path_of())
    path = path_of()
    _, swings = swinging(path)
    flow = mean_flow(path, swings)
    found = swings.at(flow)
    assert found is not None
    np.testing.assert_allclose(flow.load_w + found.load.top_w, load_w.max(axis=1), rtol=5e-3)
    np.testing.assert_allclose(flow.load_w - found.load.bottom_w, load_w.min(axis=1), rtol=2e-2)
    np.testing.assert_allclose(found.load.mean_square_w2**0.5, load_w.std(axis=1), rtol=5e-3)


def test_the_mean_that_is_carried_has_the_losses_of_the_swing_in_it() -> None:
    load_w, loss_w = sampled(path_of())
    path = path_of()
    plain = path.flow(np.array([TALL.mean_w, WIDE.mean_w]))
    _, swings = swinging(path)
    flow = mean_flow(path, swings)
    # Exact where the load is that of the cords; above it the slopes are those of the mean.
    np.testing.assert_allclose(flow.loss_w[:2], loss_w.mean(axis=1)[:2], rtol=1e-4)
    np.testing.assert_allclose(flow.loss_w, loss_w.mean(axis=1), rtol=2e-3)
    np.testing.assert_allclose(flow.load_w, load_w.mean(axis=1), rtol=2e-5)
    off_w = np.abs(plain.loss_w - loss_w.mean(axis=1))
    assert (np.abs(flow.loss_w - loss_w.mean(axis=1))[:3] < 0.02 * off_w[:3]).all()
    assert flow.grid_w == pytest.approx(TALL.mean_w + WIDE.mean_w + flow.loss_w.sum(), rel=1e-12)


def test_a_path_without_losses_adds_the_waves_as_they_are() -> None:
    path = PowerPath([Node("P", "pdu", (1,)), Node("U", "utility")], [Feed((0,)), Feed((0,))])
    _, swings = swinging(path)
    found = swings.at(path.flow(np.array([TALL.mean_w, WIDE.mean_w])))
    assert found is not None
    assert found.load.top_w == pytest.approx(16000.0 - TALL.mean_w - WIDE.mean_w)
    assert found.input.bottom_w == pytest.approx(TALL.mean_w + WIDE.mean_w - 3000.0)


def test_a_server_without_power_does_not_swing_and_nothing_does_when_the_load_ends() -> None:
    path = path_of()
    compute, swings = swinging(path)
    means = np.array([TALL.mean_w, 0.0])
    compute.switch([1], 0.0, False)
    found = swings.at(path.flow(means))
    assert found is not None
    assert found.load.top_w[1] == pytest.approx(0.5 * (TALL.high_w - TALL.mean_w))
    swings.end("train")
    assert swings.at(path.flow(means)) is None
    assert path.flow(means).loss_w == pytest.approx(path_of().flow(means).loss_w, rel=1e-12)


def test_the_root_of_the_mean_square_heats_and_the_peak_meets_the_magnetic_release() -> None:
    small = Guard(0, TALL.mean_w / 2, "B")
    path = path_of((small,))
    _, swings = swinging(path)
    flow, watts = mean_flow(path, swings), np.array([TALL.mean_w, WIDE.mean_w])
    found = swings.at(flow)
    assert found is not None
    ratio = path.ratio(flow, watts)
    mean = flow.input_w[0] / small.rated_w
    assert ratio[0] ** 2 == pytest.approx(mean**2 + found.input.mean_square_w2[0] / small.rated_w**2)
    assert path.trips.peak(ratio)[0] == pytest.approx(mean + found.input.top_w[0] / small.rated_w)
    assert ratio[0] > 1.13 > mean > 1.0  # the mean alone would never trip it
    assert 0.0 < path.trips.left_s(ratio)[0] < np.inf
    path.trips.at_once[:] = 0.5 * (ratio[0] + path.trips.peak(ratio)[0])
    assert path.trips.left_s(ratio)[0] == 0.0


def test_the_heat_of_a_swing_is_that_of_the_trace_of_its_current() -> None:
    """The bimetal's own equation over two time constants of sampled current, and the closed form with the RMS."""
    wave, tau_s, rated_w = replace(TALL, low_w=0.0), 120.0, 5000.0
    heat, dt_s = 0.0, 0.02
    for k in range(int(2 * tau_s / dt_s)):
        now = float(wave.at(np.array([(k + 0.5) * dt_s]))[0]) / rated_w
        heat += dt_s / tau_s * (now**2 - heat)
    path = PowerPath(
        [Node("P", "pdu", (1,)), Node("U", "utility")], [Feed((0,))], trips=Trips([Guard(0, rated_w, "C")])
    )
    swings = PathSwings(path, Compute([SERVER]))
    swings.begin("train", [wave], [0], [0])
    watts = np.array([wave.mean_w])
    path.advance(path.flow(watts), path.grouped(watts), 2 * tau_s)
    assert path.trips.heat[0] == pytest.approx(heat, rel=0.01)


def stored(energy_j: float, round_trip_frac: float = 1.0) -> PowerPath:
    """One server behind an element with a store, and a board above it."""
    shelf = Node("S", "rectifier", (1,), smoothing_j=energy_j, round_trip_frac=round_trip_frac)
    return PowerPath([shelf, Node("B", "switchboard", (2,)), Node("U", "utility")], [Feed((0,))])


def test_a_store_lets_through_what_its_energy_does_not_cover() -> None:
    square = Wave(4.0, 2.0, 1000.0, 9000.0)  # 4 kW above the mean for two seconds: 8 kJ
    for energy_j, left in ((0.0, 1.0), (2000.0, 0.75), (8000.0, 0.0), (9000.0, 0.0)):
        path = stored(energy_j)
        swings = PathSwings(path, Compute([SERVER]))
        swings.begin("train", [square], [0], [0])
        found = swings.at(path.flow(np.array([square.mean_w])))
        assert found is not None
        assert found.load.top_w[0] == pytest.approx(4000.0)
        assert found.load.top_w[1] == found.input.top_w[0] == pytest.approx(left * 4000.0)


def test_the_loss_of_a_store_is_carried_by_the_mean() -> None:
    square = Wave(4.0, 2.0, 1000.0, 9000.0)
    path = stored(4000.0, 0.8)
    swings = PathSwings(path, Compute([SERVER]))
    swings.begin("train", [square], [0], [0])
    flow = path.flow(np.array([square.mean_w]))
    # 4 kJ given each 4 s, a quarter more taken.
    assert flow.loss_w.tolist() == pytest.approx([250.0, 0.0, 0.0])
    assert flow.grid_w == pytest.approx(square.mean_w + 250.0)
