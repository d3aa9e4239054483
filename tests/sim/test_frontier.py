"""Frontier against the closed form of its own power model (ExaDigiT RAPS), and a rack as measured for the Green500."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import numpy as np
import pytest

from twin.catalogue.electrical import PowerElement
from twin.catalogue.library import shipped_catalogue
from twin.physics.electrical import input_w
from twin.record.result import Result
from twin.sim.run import load_documents, simulate

N_RACKS, N_CHASSIS, N_NODES, N_CDU, CDU_W = 74, 8, 16, 25, 8473.47
HERE = Path(__file__).resolve().parents[2] / "layouts" / "scenarios"


def rack_w(cpu_frac: float, gpu_frac: float) -> float:
    """One cabinet at the rectifiers' input: nodes, their stages, switches, rectifiers. Source: RAPS."""
    node_w = 90.0 + cpu_frac * 190.0 + 4 * (88.0 + gpu_frac * 472.0) + 74.26 + 4 * 20.0 + 30.0
    chassis_w = N_NODES * (node_w + 13.0) / 0.98 + 4 * 250.0
    return N_CHASSIS * (chassis_w + 4 * 17.0) / 0.96


@cache
def run_of(name: str) -> Result:
    path = HERE / f"frontier_{name}.yaml"
    return simulate(load_documents(path), path, hours=10.0 / 3600.0)


@pytest.mark.parametrize(
    ("name", "cpu_frac", "gpu_frac", "total_mw"),
    [("idle", 0.0, 0.0, 7.3065), ("hpl", 0.33, 0.79, 22.9545), ("max", 1.0, 1.0, 28.2279)],
)
def test_the_whole_machine_draws_what_its_model_says(
    name: str, cpu_frac: float, gpu_frac: float, total_mw: float
) -> None:
    closed_w = N_RACKS * rack_w(cpu_frac, gpu_frac) + N_CDU * CDU_W
    assert closed_w / 1e6 == pytest.approx(total_mw, rel=1e-4)
    drawn_w = run_of(name).summary["power_w"]["facility_mean"]
    assert drawn_w == pytest.approx(closed_w, rel=1e-4)
    assert run_of(name).summary["balance"]["energy_residual_frac"] < 1e-9


def test_a_rack_under_linpack_draws_what_was_measured_within_one_percent() -> None:
    model_w = (run_of("hpl").summary["power_w"]["facility_mean"] - N_CDU * CDU_W) / N_RACKS
    assert model_w / 1e3 == pytest.approx(307.33, rel=1e-4)
    # Green500 of June 2022: 19.2 PF in one cabinet at 62.8 GF/W.
    assert model_w == pytest.approx(19.2e15 / 62.8e9, rel=0.01)


def test_rectifiers_are_as_efficient_as_published_at_four_loads() -> None:
    device = shipped_catalogue()["frontier_rectifiers"]
    assert isinstance(device, PowerElement)
    assert device.loss is not None
    assert device.rated_w is not None
    load_w = 4.0 * np.array([1000.0, 5000.0, 7500.0, 13670.0])
    drawn_w = input_w(load_w, device.rated_w, *device.loss.terms(device.rated_w))
    np.testing.assert_allclose(100.0 * load_w / drawn_w, [94.40, 95.67, 95.78, 95.88], atol=0.006)


def test_all_heat_leaves_by_water_from_outside_the_drawing() -> None:
    summary = run_of("max").summary
    assert any("HTW comes from outside the drawing" in text for text in summary["warnings"])
    assert summary["thermal"]["inlet_c_max"] == pytest.approx(25.0)
