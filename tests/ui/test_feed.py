"""Frames between two threads, and the history of the racks."""

from __future__ import annotations

import threading

import numpy as np
import pytest

from twin.record.channels import HALL_NAMES, RACK_NAMES
from twin.record.frame import FrameBlock
from ui.feed import Feed, RackHistory


def block(times_s: list[float], n_racks: int = 2) -> FrameBlock:
    """A block whose hall values are its times, and whose rack values are its last time."""
    hall = np.repeat(np.array(times_s)[:, None], len(HALL_NAMES), axis=1)
    return FrameBlock(np.array(times_s), hall, np.full((len(RACK_NAMES), n_racks), times_s[-1]))


def test_every_hall_row_is_kept_and_only_the_newest_racks():
    feed = Feed()
    feed.put(block([1.0, 2.0]))
    feed.put(block([3.0]))
    batch = feed.take()
    assert batch is not None
    assert batch.time_s.tolist() == [1.0, 2.0, 3.0]
    assert batch.column("pue").tolist() == [1.0, 2.0, 3.0]
    assert batch.racks is not None
    assert (batch.racks == 3.0).all()


def test_nothing_is_given_twice():
    feed = Feed()
    feed.put(block([1.0]))
    assert feed.take() is not None
    assert feed.take() is None


def test_rows_from_another_thread_all_arrive_in_order():
    feed, got, n = Feed(), [], 2000
    writer = threading.Thread(target=lambda: [feed.put(block([float(i)])) for i in range(n)])
    writer.start()
    while len(got) < n:
        batch = feed.take()
        if batch is not None:
            got += batch.time_s.tolist()
    writer.join()
    assert got == [float(i) for i in range(n)]
    assert feed.n_pulses == n


def test_a_new_run_starts_empty():
    feed = Feed()
    feed.put(block([1.0]))
    feed.clear()
    assert feed.take() is None
    assert feed.n_pulses == 0


def test_a_rack_has_its_own_values_in_the_history():
    history = RackHistory(3)
    for i in range(5):
        racks = np.zeros((len(RACK_NAMES), 3), np.float32)
        racks[RACK_NAMES.index("power_w")] = [10 + i, 20 + i, 30 + i]
        history.append(float(i), racks)
    times_s, values = history.of(1)
    assert times_s.tolist() == [0, 1, 2, 3, 4]
    assert values[:, RACK_NAMES.index("power_w")].tolist() == [20, 21, 22, 23, 24]


@pytest.mark.parametrize("n_racks", [1, 10_000])
def test_the_history_stays_in_its_memory_and_keeps_the_whole_run_in_view(n_racks: int):
    history = RackHistory(n_racks)
    racks = np.zeros((len(RACK_NAMES), n_racks), np.float32)
    capacity = len(history._time_s)
    assert history._racks.nbytes <= max(64 * 2**20, 64 * racks.nbytes)
    n = 2 * capacity + 300
    for i in range(n):
        history.append(float(i), racks)
    times_s, _ = history.of(0)
    assert len(history) <= capacity
    assert times_s[0] < 10
    assert times_s[-1] >= n - 8
    assert (np.diff(times_s) > 0).all()
