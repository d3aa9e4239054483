"""Loads that swing: the plant carries their mean to the joule, and the summary tells how far they swing."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from twin.errors import TwinError
from twin.physics.electrical import input_w
from twin.record.report import summary_lines
from twin.record.result import Result
from twin.sim.run import Run, load_documents, simulate, start_live
from twin.sim.swings import chips_wave

WriteScenario = Callable[..., Path]
SWING = {"period_s": 6.0, "duty_frac": 0.7, "low_frac": 0.1}


def load(**swing: object) -> dict[str, object]:
    return {"id": "train", "on": ["dgx_h100"], "accelerator_frac": 0.9, "host_frac": 0.5, "swing": {**SWING, **swing}}


def result_of(path: Path) -> Result:
    return simulate(load_documents(path), path)


def figures(write: WriteScenario, **swing: object) -> dict[str, float]:
    path = write(workloads=[], loads=[load(**swing)], hours=6.0 / 3600.0)
    return dict(result_of(path).summary["swings"]["train"])


@pytest.mark.parametrize("pulse_s", [0.7, 1.0, 15.0])
def test_the_energy_is_that_of_the_mean_whatever_the_pulse(pulse_s: float, write_scenario: WriteScenario) -> None:
    steady = {"id": "train", "on": ["dgx_h100"], "accelerator_frac": 0.7 * 0.9 + 0.3 * 0.1, "host_frac": 0.5}
    swinging = result_of(write_scenario("swing.yaml", workloads=[], loads=[load()], pulse_s=pulse_s)).summary
    held = result_of(write_scenario("held.yaml", workloads=[], loads=[steady], pulse_s=1.0)).summary
    assert swinging["energy_kwh"]["it"] == pytest.approx(held["energy_kwh"]["it"], rel=1e-9)
    assert swinging["energy_kwh"]["accelerators"] == pytest.approx(held["energy_kwh"]["accelerators"], rel=1e-9)
    assert swinging["balance"]["energy_residual_frac"] < 1e-9
    assert "swings" not in held


def test_the_mean_of_the_figures_is_what_the_plant_draws(write_scenario: WriteScenario) -> None:
    smoothing = {"floor_frac": 0.3, "ramp_w_s": 800.0, "buffer": {"energy_j": 600.0, "round_trip_frac": 0.9}}
    path = write_scenario(workloads=[], loads=[load(**smoothing)])
    run = start_live(load_documents(path), path)
    run.step()
    rows = run.hall.held[0].i_servers
    drawn_w = float(run.hall.plant.compute.input_w[rows].sum())
    found = result_of(path).summary["swings"]["train"]
    assert found["servers"] == len(rows)
    assert found["mean_w"] == pytest.approx(drawn_w, rel=1e-9)


def test_a_bare_swing_has_the_closed_form_of_a_square_wave(write_scenario: WriteScenario) -> None:
    found = figures(write_scenario)
    depth_w = found["peak_w"] - found["trough_w"]
    order = np.arange(1, 121)
    rms_w = np.sqrt(0.5 * np.sum((2.0 * depth_w / (np.pi * order) * np.sin(np.pi * order * 0.7)) ** 2))
    assert found["rms_0p1_20hz_w"] == pytest.approx(rms_w, rel=1e-9)
    assert found["buffer_needed_j"] == pytest.approx(depth_w * 0.7 * 0.3 * 6.0, rel=1e-9)
    assert found["mean_w"] == pytest.approx(found["trough_w"] + 0.7 * depth_w, rel=1e-9)
    assert found["ramp_w_s_max"] is None
    assert found["smoothing_loss_w"] == pytest.approx(0.0, abs=1e-6)


def test_the_slope_of_the_supplies_is_that_of_the_law_without_fans(write_scenario: WriteScenario) -> None:
    path = write_scenario(workloads=[], loads=[load()])
    run = start_live(load_documents(path), path)
    held = run.hall.held[0]
    server = run.hall.plant.compute.constants[held.i_servers[0]]
    found, wave = figures(write_scenario), chips_wave(held.spec, server)
    depth_w = (found["peak_w"] - found["trough_w"]) / found["servers"]
    _, b, c, d = server.psu_loss
    host_w = server.host_idle_w + 0.5 * (server.host_max_w - server.host_idle_w)
    speed = max(0.3, (wave.mean_w + host_w) / server.full_load_w)
    output_w = wave.mean_w + host_w + server.fan_max_w * speed**3
    x = output_w / server.psu_rated_w
    assert depth_w / wave.depth_w == pytest.approx(1.0 + b + 2.0 * c * x + 3.0 * d * x * x, rel=1e-9)


def test_the_curvature_left_out_of_the_energy_is_as_small_as_is_said(write_scenario: WriteScenario) -> None:
    path = write_scenario(workloads=[], loads=[load(low_frac=0.15)])
    run = start_live(load_documents(path), path)
    held = run.hall.held[0]
    server = run.hall.plant.compute.constants[held.i_servers[0]]
    wave = chips_wave(held.spec, server)
    host_w = server.host_idle_w + 0.5 * (server.host_max_w - server.host_idle_w)
    mean_out_w = server.output_w(wave.mean_w, host_w)
    out_w = mean_out_w + np.array([wave.high_w, wave.low_w, wave.mean_w]) - wave.mean_w
    high_w, low_w, at_mean_w = input_w(out_w, server.psu_rated_w, *server.psu_loss)
    left_out_w = 0.7 * high_w + 0.3 * low_w - at_mean_w
    mean_w = run_mean_w(run, held.i_servers[0])
    assert left_out_w / mean_w == pytest.approx(0.0006, abs=0.0001)


def run_mean_w(run: Run, i_server: int) -> float:
    """Watts the plant draws for a server after its first pulse."""
    run.step()
    return float(run.hall.plant.compute.input_w[i_server])


def test_each_smoothing_lowers_the_swing_and_costs_what_it_burns(write_scenario: WriteScenario) -> None:
    bare, raised = figures(write_scenario), figures(write_scenario, floor_frac=0.5)
    ramped = figures(write_scenario, ramp_w_s=500.0)
    stored = figures(write_scenario, buffer={"energy_j": 1000.0, "round_trip_frac": 0.9})
    free = figures(write_scenario, buffer={"energy_j": 1000.0, "round_trip_frac": 1.0})
    flat = figures(write_scenario, buffer={"energy_j": 1e6, "round_trip_frac": 1.0})
    for smoothed in (raised, ramped, stored, free, flat):
        assert smoothed["rms_0p1_20hz_w"] < bare["rms_0p1_20hz_w"]
    for costly in (raised, ramped, stored):
        assert costly["smoothing_loss_w"] > 0.0
    assert ramped["ramp_w_s_max"] == pytest.approx(500.0 * 8 * ramped["servers"], rel=0.1)  # and the supplies' loss
    assert ramped["ramp_w_s_max"] > 500.0 * 8 * ramped["servers"]
    assert stored["peak_w"] < bare["peak_w"]
    assert free["smoothing_loss_w"] == pytest.approx(0.0, abs=1e-6)
    assert flat["peak_w"] == pytest.approx(flat["trough_w"], rel=1e-12)
    assert flat["buffer_needed_j"] == 0.0


def test_a_run_tells_of_its_swings(write_scenario: WriteScenario) -> None:
    path = write_scenario(workloads=[], loads=[load(floor_frac=0.5)], hours=6.0 / 3600.0)
    text = "\n".join(summary_lines(result_of(path).summary))
    assert "swings train" in text
    assert "at the cords every 6.00 s, in steps, RMS" in text
    assert "of storage needed; smoothing burns" in text


def test_a_load_that_has_not_begun_has_no_swings(write_scenario: WriteScenario) -> None:
    path = write_scenario(workloads=[], loads=[{**load(), "from_s": 60.0}], hours=30.0 / 3600.0)
    assert "swings" not in result_of(path).summary


@pytest.mark.parametrize(
    ("swing", "text"),
    [
        ({"low_frac": 0.95}, "swing.low_frac 0.95 is above accelerator_frac 0.9"),
        ({"floor_frac": 0.95}, "swing.floor_frac 0.95 is above accelerator_frac 0.9"),
        ({"period_s": 0.5}, "loads[0].swing.period_s"),
        ({"duty_frac": 1.0}, "loads[0].swing.duty_frac"),
        ({"buffer": {"energy_j": 5.0}}, "loads[0].swing.buffer.round_trip_frac"),
    ],
)
def test_a_swing_that_cannot_be_is_refused(swing: dict[str, object], text: str, write_scenario: WriteScenario) -> None:
    with pytest.raises(TwinError) as caught:
        result_of(write_scenario(workloads=[], loads=[load(**swing)]))
    assert text in str(caught.value)
