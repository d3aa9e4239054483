"""Sums by bank are the sums over the servers, whatever changed and however often."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from twin.catalogue.library import shipped_catalogue
from twin.layout.expand import expand
from twin.layout.store import load_layout
from twin.plant.compile import compile_plant
from twin.plant.coolers.chiller_plant import Outdoors
from twin.plant.plant import Plant

SPRING = Outdoors(18.0, 12.0)


@pytest.fixture
def plant(layouts_dir: Path) -> Plant:
    layout = load_layout(layouts_dir / "small_room.layout.json")
    return compile_plant(expand(layout, shipped_catalogue()), shipped_catalogue())


def put(plant: Plant, i: np.ndarray, now_s: float, chips_w: np.ndarray | float) -> None:
    chips_w = np.full(len(i), chips_w)
    plant.compute.add_loads(i, now_s, np.array([chips_w, 0.001 * chips_w, 0.0001 * chips_w]))


def test_means_of_a_pulse_are_the_energies_that_passed_in_it(plant: Plant) -> None:
    rng = np.random.default_rng(3)
    n = len(plant.compute.constants)
    now_s = 0.0
    for _ in range(40):
        before = np.stack(plant.compute.totals(now_s))
        for at_s in now_s + np.sort(rng.random(rng.integers(0, 4))):
            put(plant, rng.permutation(n)[: rng.integers(1, 5)], float(at_s), 200.0 * rng.random())
        now_s += 1.0
        settled = plant.settle(now_s, SPRING)
        means = np.stack(plant.compute.totals(now_s)) - before
        assert settled.server_w == pytest.approx(means[0], rel=1e-12)
        assert settled.chips_w == pytest.approx(means[1].sum(), rel=1e-12)
        assert settled.bank_busy.sum() == pytest.approx(means[2].sum(), rel=1e-10, abs=1e-10)
        rack_w = np.bincount(plant.rack_of_server, means[0], len(plant.racks.ids))
        rack_w += np.bincount(plant.network.i_rack, plant.network.power_w(), len(plant.racks.ids))
        assert settled.rack_w == pytest.approx(rack_w, rel=1e-12)


def test_loads_that_come_and_go_leave_no_trace_in_the_sums(plant: Plant) -> None:
    rng = np.random.default_rng(4)
    n = len(plant.compute.constants)
    plant.settle(1.0, SPRING)
    first = plant.banks.sums.copy()
    for second in range(1, 200, 2):
        chips_w = 300.0 * rng.random(n)
        i = np.arange(n)
        put(plant, i, second + rng.random() / 2.0, chips_w)
        plant.settle(second + 1.0, SPRING)
        put(plant, i, second + 1.0, -chips_w)
        plant.settle(second + 2.0, SPRING)
    plant.settle(300.0, SPRING)
    assert (plant.banks.sums == first).all()


def test_what_settled_before_keeps_its_sums(plant: Plant) -> None:
    first = plant.settle(1.0, SPRING)
    rack_w, busy = first.rack_w.copy(), first.bank_busy.copy()
    put(plant, np.array([0, 1]), 1.5, np.array([100.0, 100.0]))
    plant.settle(2.0, SPRING)
    assert (first.rack_w == rack_w).all()
    assert (first.bank_busy == busy).all()
