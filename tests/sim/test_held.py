"""Loads held without requests draw what the sheets say, for as long as they are held, and share no server."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from twin.errors import TwinError
from twin.record.report import summary_lines
from twin.record.result import Result
from twin.sim.run import Run, load_documents, simulate, start_live

WriteScenario = Callable[..., Path]


def run_of(path: Path) -> Run:
    return start_live(load_documents(path), path)


def finished(path: Path) -> Result:
    return simulate(load_documents(path), path)


def test_a_held_load_draws_its_share_between_idle_and_thermal_design_power(write_scenario: WriteScenario) -> None:
    run = run_of(write_scenario(workloads=[], loads=[{"id": "day", "accelerator_frac": 0.25, "host_frac": 0.5}]))
    while not run.is_done:
        run.step()
    for i, c in enumerate(run.hall.plant.compute.constants):
        assert c.chip is not None
        assert c.chip.tdp_w is not None
        chips_w = c.n_chips * (c.idle_chip_w + 0.25 * (c.chip.tdp_w - c.idle_chip_w))
        host_w = 0.5 * (c.host_idle_w + c.host_max_w)
        assert run.hall.plant.compute.input_w[i] == pytest.approx(c.input_w(chips_w, host_w), rel=1e-12)


def test_a_load_that_ends_leaves_idle_servers_and_exact_energy(write_scenario: WriteScenario) -> None:
    load = {"id": "morning", "on": ["dgx_h100"], "from_s": 10.25, "until_s": 70.75}
    idle = finished(
        write_scenario("idle.yaml", workloads=[], loads=[{"id": "none", "accelerator_frac": 0.0, "host_frac": 0.0}])
    )
    held = finished(write_scenario("held.yaml", workloads=[], loads=[load]))
    constants = run_of(write_scenario("look.yaml", workloads=[], loads=[load])).hall.plant.compute.constants
    added_w = sum(
        c.input_w(c.n_chips * c.chip.tdp_w, c.host_max_w) - c.input_w(c.n_chips * c.idle_chip_w, c.host_idle_w)
        for c in constants
        if c.type == "dgx_h100" and c.chip is not None and c.chip.tdp_w is not None
    )
    gained_j = (held.summary["energy_kwh"]["it"] - idle.summary["energy_kwh"]["it"]) * 3.6e6
    assert gained_j == pytest.approx(added_w * 60.5, rel=1e-9)
    assert held.summary["balance"]["energy_residual_frac"] < 1e-9


def test_workloads_and_held_loads_stand_in_one_hall(write_scenario: WriteScenario) -> None:
    chat = {
        "id": "chat",
        "model": "llama-3.1-8b",
        "weights": "fp8",
        "generator": {"rate_per_s": 2.0},
        "replicas": {"on": ["l40s_server"]},
    }
    run = run_of(write_scenario(workloads=[chat], loads=[{"id": "rest"}]))
    held = {run.hall.plant.compute.constants[i].type for i in run.hall.held[0].i_servers}
    assert "l40s_server" not in held
    assert "dgx_h100" in held


@pytest.mark.parametrize(
    ("parts", "text"),
    [
        ({"loads": [{"id": "x", "until_s": 5.0, "from_s": 9.0}]}, "until_s 5 s is not after from_s 9 s"),
        ({"loads": [{"id": "x", "on": ["dgx_h1000"]}]}, "no server is called, tagged or stands in 'dgx_h1000'"),
        ({"loads": [{"id": "x"}, {"id": "y", "from_s": 50.0}]}, "servers hold 'x' at the same time"),
        ({"loads": [{"id": "x", "accelerator_frac": 1.2}]}, "loads[0].accelerator_frac"),
    ],
)
def test_a_load_that_cannot_be_held_is_refused_by_name(
    parts: dict[str, object], text: str, write_scenario: WriteScenario
) -> None:
    with pytest.raises(TwinError) as caught:
        run_of(write_scenario(workloads=[], **parts))
    assert text in str(caught.value)


def test_two_loads_after_each_other_may_share_their_servers(write_scenario: WriteScenario) -> None:
    loads = [{"id": "x", "until_s": 50.0}, {"id": "y", "from_s": 50.0, "accelerator_frac": 0.5}]
    assert len(run_of(write_scenario(workloads=[], loads=loads)).hall.held) == 2


def test_a_server_that_serves_may_not_be_named_for_a_load(write_scenario: WriteScenario) -> None:
    with pytest.raises(TwinError, match=r"chips of .* serve a workload"):
        run_of(write_scenario(loads=[{"id": "x", "on": ["l40s_server"]}]))


def test_the_report_of_a_hall_without_traffic_is_silent_about_requests(write_scenario: WriteScenario) -> None:
    lines = summary_lines(finished(write_scenario(workloads=[], loads=[{"id": "day"}])).summary)
    assert any(line.startswith("IT power") for line in lines)
    assert not [line for line in lines if line.startswith(("requests", "tokens", "time to first token"))]
