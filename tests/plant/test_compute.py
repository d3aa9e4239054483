"""Energy of servers: exact between changes of load, whoever looks whenever, as a plain walk through them gives it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from twin.catalogue.library import shipped_catalogue
from twin.layout.expand import expand
from twin.layout.store import load_layout
from twin.plant.compute import Compute, ServerConstants, compile_compute

Change = tuple[int, float, float, float, float]
ROWS = [(0, 2), (1, 4), (0, 6), (2, 8), (1, 4)]  # server, chips


@pytest.fixture(scope="module")
def servers(layouts_dir: Path) -> list[ServerConstants]:
    """Three servers, the last of them one that cannot be simulated."""
    catalogue = shipped_catalogue()
    constants = compile_compute(expand(load_layout(layouts_dir / "small_room.layout.json"), catalogue), catalogue)
    some = [replace(constants.constants[0], n_chips=8) for _ in range(3)]
    return [*some[:2], replace(some[2], obstacle="its sheet lacks everything")]


def started(constants: list[ServerConstants]) -> Compute:
    compute = Compute(constants)
    i_server, n_chips = zip(*ROWS, strict=True)
    idle_w = [constants[i].idle_chip_w for i in i_server]
    assert compute.log.open_rows(i_server, n_chips, [n / 8 for n in n_chips], idle_w) == 0
    return compute


def walked(
    constants: list[ServerConstants], changes: list[Change], switches: dict[int, bool], end_s: float
) -> np.ndarray:
    """Energy at the cords, of the chips, and busy chip-seconds, (3, n_servers), change by change."""
    rows = [[constants[i].idle_chip_w, 0.0, 0.0] for i, _ in ROWS]
    totals, now_s, is_on = np.zeros((3, len(constants))), 0.0, True
    for k, (row, at_s, *load) in enumerate([*changes, (0, end_s, 0.0, 0.0, 0.0)]):
        for i, c in enumerate(constants):
            mine = [(n, load_) for (server, n), load_ in zip(ROWS, rows, strict=True) if server == i]
            spare_w = (8 - sum(n for n, _ in mine)) * c.idle_chip_w
            chips_w = spare_w + sum(n * load_[0] for n, load_ in mine)
            host = min(1.0, sum(n / 8 * load_[2] for n, load_ in mine))
            if is_on or i:
                cords_w = c.input_w(chips_w, c.host_idle_w + (c.host_max_w - c.host_idle_w) * host)
                busy = sum(n * load_[1] for n, load_ in mine)
                totals[:, i] += np.array([cords_w, chips_w, busy]) * (at_s - now_s)
        now_s, rows[row] = at_s, list(load)
        is_on = switches.get(k, is_on)
    return totals


@st.composite
def stories(draw: st.DrawFn) -> tuple[list[Change], dict[int, bool], set[int]]:
    """Changes in order of time, after which of them server 0 is switched, and after which somebody looks."""
    n = draw(st.integers(0, 25))
    at_s, changes = 0.0, []
    for _ in range(n):
        at_s += draw(st.sampled_from([0.0, 1e-3, 0.37, 12.0]))
        watts, busy, host = draw(st.floats(0.0, 700.0)), draw(st.floats(0.0, 1.0)), draw(st.floats(0.0, 1.4))
        changes.append((draw(st.integers(0, len(ROWS) - 1)), at_s, watts, busy, host))
    some = st.sets(st.integers(0, max(0, n - 1))) if n else st.just(set())
    switched = sorted(draw(some))
    return changes, {k: bool(i % 2) for i, k in enumerate(switched)}, draw(some)


def run(
    constants: list[ServerConstants], changes: list[Change], switches: dict[int, bool], looks: set[int], end_s: float
) -> np.ndarray:
    compute = started(constants)
    for k, change in enumerate(changes):
        compute.log.pending.extend(change)
        if k in looks:
            compute.totals(change[1])
        if k in switches:
            compute.switch([0], change[1], switches[k])
    return np.stack(compute.totals(end_s))


@settings(max_examples=300, deadline=None)
@given(stories())
def test_energy_is_that_of_a_walk_through_every_change(
    servers: list[ServerConstants], story: tuple[list[Change], dict[int, bool], set[int]]
) -> None:
    changes, switches, looks = story
    end_s = (changes[-1][1] if changes else 0.0) + 1.7
    totals = run(servers, changes, switches, looks, end_s)
    np.testing.assert_allclose(totals, walked(servers, changes, switches, end_s), rtol=1e-10, atol=1e-8)


@settings(max_examples=100, deadline=None)
@given(stories())
def test_who_looks_when_does_not_change_a_bit(
    servers: list[ServerConstants], story: tuple[list[Change], dict[int, bool], set[int]]
) -> None:
    changes, switches, looks = story
    end_s = (changes[-1][1] if changes else 0.0) + 1.7
    often = run(servers, changes, switches, looks, end_s)
    assert often.tobytes() == run(servers, changes, switches, set(), end_s).tobytes()
