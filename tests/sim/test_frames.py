"""Frames of the hall: channels in order, families apart, an instant that is split in two parts is their mean."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from twin.record.channels import HALL_NAMES, RACK_NAMES
from twin.sim.run import Run, load_documents, start_live

Write = Callable[..., Path]


def live(path: Path) -> Run:
    return start_live(load_documents(path), path)


def at(hall: np.ndarray, name: str) -> float:
    return float(hall[HALL_NAMES.index(name)])


def test_utilisation_is_nan_for_a_family_that_serves_nothing(write_scenario: Write) -> None:
    run = live(write_scenario())
    frames = [run.step() for _ in range(30)]
    assert all(np.isnan(at(f.hall, "utilisation_npu_frac")) for f in frames)
    assert all(np.isnan(at(f.hall, "utilisation_npu_pim_frac")) for f in frames)
    busy = [at(f.hall, "utilisation_gpu_frac") for f in frames]
    assert 0.0 < max(busy) <= 1.0
    assert all(frame.racks.shape == (len(RACK_NAMES), 10) for frame in frames)


def test_a_rack_is_as_busy_as_its_chips_and_the_hall_as_all_of_them(write_scenario: Write) -> None:
    run = live(write_scenario())
    racks = run.hall.plant.racks.ids
    chips = np.zeros(len(racks))
    for served in run.hall.served:
        for site in served.sites:
            chips[run.hall.plant.compute.constants[site.i_server].i_rack] += site.n_chips
    for _ in range(20):
        frame = run.step()
        used = frame.racks[RACK_NAMES.index("utilisation_frac")]
        assert (used >= 0.0).all()
        assert (used <= 1.0 + 1e-12).all()
        whole = (used * chips).sum() / chips.sum()
        assert whole == pytest.approx(at(frame.hall, "utilisation_gpu_frac"), rel=1e-9, abs=1e-12)


def test_a_split_pulse_is_the_mean_of_its_parts(write_scenario: Write) -> None:
    """All power goes at 10.25 s of a pulse of 1 s: a quarter of the load before, three quarters of nothing."""
    faults = [{"at_s": 10.25, "element": name} for name in ("PDU-A", "PDU-B")]
    path = write_scenario(faults=faults)
    dark, calm = live(path), live(write_scenario("calm.yaml", pulse_s=0.25))
    split = [dark.step() for _ in range(11)][-1]
    quarter = [calm.step() for _ in range(41)][-1]
    assert split.time_s == 11.0
    assert quarter.time_s == 10.25
    assert at(split.hall, "it_w") == pytest.approx(0.25 * at(quarter.hall, "it_w"), rel=1e-9)
    assert at(split.hall, "facility_w") > 0.0


def test_pue_is_facility_over_it_and_the_parts_add_up(write_scenario: Write) -> None:
    run = live(write_scenario())
    for _ in range(10):
        hall = run.step().hall
        parts = at(hall, "it_w") + at(hall, "loss_w") + at(hall, "cooling_w")
        assert at(hall, "facility_w") == pytest.approx(parts, rel=1e-12)
        assert at(hall, "pue") == pytest.approx(at(hall, "facility_w") / at(hall, "it_w"), rel=1e-12)
        assert at(hall, "outdoor_c") == pytest.approx(30.0)


def test_the_last_pulse_may_be_short_and_nothing_follows_it(write_scenario: Write) -> None:
    run = live(write_scenario(pulse_s=0.7, hours=2.0 / 3600.0))
    times_s = []
    while not run.is_done:
        times_s.append(run.step().time_s)
    assert times_s == pytest.approx([0.7, 1.4, 2.0])
