"""Replicas stand on the chips that were asked for, never twice on one, and a refusal says what is there."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

import twin
from twin.errors import TwinError
from twin.sim.hall import Hall, build_hall
from twin.sim.run import load_documents

Write = Callable[..., Path]


def workload(
    name: str, on: list[str], count: int | str = "all", tensor_parallel: int = 1, **parts: object
) -> dict[str, object]:
    return {
        "id": name,
        "model": "llama-3.1-8b",
        "weights": "fp8",
        "kv": "fp8",
        "generator": {"rate_per_s": 1.0},
        "replicas": {"count": count, "tensor_parallel": tensor_parallel, "on": on},
        **parts,
    }


def built(write: Write, *workloads: dict[str, object], sets: tuple[object, ...] = ()) -> Hall:
    path = write(workloads=list(workloads))
    return build_hall(load_documents(path), path)


def servers_of(hall: Hall, i: int = 0) -> list[str]:
    return [hall.plant.compute.constants[site.i_server].id for site in hall.served[i].sites]


@pytest.mark.parametrize(
    ("on", "servers"),
    [
        (["dgx_h100"], {"B1/u03", "B2/u03"}),
        (["B1"], {"B1/u03"}),
        (["B1/u03"], {"B1/u03"}),
        (["B1/u03", "B2"], {"B1/u03", "B2/u03"}),
    ],
)
def test_servers_are_chosen_by_type_rack_or_name(write_scenario: Write, on: list[str], servers: set[str]) -> None:
    hall = built(write_scenario, workload("w", on))
    assert set(servers_of(hall)) == servers
    assert len(hall.served[0].sites) == 8 * len(servers)


def test_all_fills_every_chip_and_a_count_stops_there(write_scenario: Write) -> None:
    assert len(servers_of(built(write_scenario, workload("w", ["dgx_h100"], "all", 4)))) == 4
    assert servers_of(built(write_scenario, workload("w", ["dgx_h100"], 3, 4))) == ["B1/u03", "B1/u03", "B2/u03"]


def test_a_second_workload_takes_what_the_first_left(write_scenario: Write) -> None:
    hall = built(write_scenario, workload("a", ["dgx_h100"], 3, 4), workload("b", ["dgx_h100"], "all", 2))
    assert servers_of(hall, 1) == ["B2/u03", "B2/u03"]
    used = [0] * len(hall.plant.compute.constants)
    for served in hall.served:
        for site in served.sites:
            used[site.i_server] += site.n_chips
    assert all(n <= c.n_chips for n, c in zip(used, hall.plant.compute.constants, strict=True))


@pytest.mark.parametrize(
    ("asked", "says"),
    [
        (workload("w", ["dgx_h100"], 99), r"99 replicas .* 16 fit"),
        (workload("w", ["dgx_h100"], "all", 16), r"at least 1 replica .* 16 chips each asked for, 0 fit"),
        (workload("w", ["dgx_h10"]), r"stands in 'dgx_h10'; did you mean dgx_h100"),
        (workload("w", ["dgx_h100"], 1, 3), r"32 attention heads do not divide over 3"),
        (workload("w", ["l40s_server"], 1, 1, model="llama-3.1-70b"), r"leave no KV cache in 90% of 48.0 GB"),
    ],
)
def test_what_does_not_fit_is_refused_with_both_numbers(
    write_scenario: Write, asked: dict[str, object], says: str
) -> None:
    with pytest.raises(TwinError, match=r"case\.yaml workloads\[0\].*" + says):
        built(write_scenario, asked)


def test_mistakes_of_several_workloads_are_told_together(write_scenario: Write) -> None:
    with pytest.raises(TwinError) as caught:
        built(write_scenario, workload("a", ["nowhere"]), workload("b", ["dgx_h100"], 99))
    assert "workloads[0]" in str(caught.value)
    assert "workloads[1]" in str(caught.value)


def swapped(write: Write, on: list[str], server: str, rack: str = "B2") -> tuple[Path, tuple[str, ...]]:
    return write(workloads=[workload("w", on)]), (f"layout:racks.{rack}.contents.0.type={server}", "hours=0.01")


def test_a_server_that_cannot_be_simulated_may_stand_idle_and_draws_nothing(write_scenario: Write) -> None:
    path, sets = swapped(write_scenario, ["B1"], "as_8125gs_tnmr2")
    result = twin.run(path, sets=sets)
    assert (result.rack("B2")["power_w"] == 0.0).all()
    assert (result.rack("B1")["power_w"] > 0.0).all()
    (warning,) = [text for text in result.summary["warnings"] if "as_8125gs_tnmr2" in text]
    assert "B2/u03" in warning
    assert "amd_mi300x.idle_w" in warning
    assert result.summary["balance"]["energy_residual_frac"] < 1e-9


@pytest.mark.parametrize("on", [["B2"], ["as_8125gs_tnmr2"], ["B2/u03"]])
def test_a_server_that_cannot_be_simulated_is_refused_work_with_its_missing_fields(
    write_scenario: Write, on: list[str]
) -> None:
    path, sets = swapped(write_scenario, on, "as_8125gs_tnmr2")
    with pytest.raises(TwinError, match=r"B2/u03 \(as_8125gs_tnmr2\) cannot be loaded with work: .*amd_mi300x\.idle_w"):
        twin.run(path, sets=sets)


def test_an_open_choice_passes_over_what_cannot_be_simulated(write_scenario: Write) -> None:
    path, sets = swapped(write_scenario, [], "as_8125gs_tnmr2")
    result = twin.run(path, sets=sets)
    assert (result.rack("B2")["power_w"] == 0.0).all()
    assert result.summary["serving"]["requests_completed"] > 0


def test_a_sheet_completed_by_the_user_can_be_loaded(write_scenario: Write) -> None:
    path, sets = swapped(write_scenario, ["B2"], "as_8125gs_tnmr2")
    law = (
        "{eff_compute_frac: 0.5, eff_memory_frac: 0.7, soft_corner_p: 4, kernel_t0_s: 5e-6, host_overhead_s: 2e-3, "
        "host_per_seq_s: 5e-6, link_latency_s: 5e-6, compute_w_frac: 0.6, memory_w_frac: 0.4}"
    )
    completed = ("sheet:amd_mi300x.idle_w=140", f"sheet:amd_mi300x.serving={law}")
    result = twin.run(path, sets=(*sets, *completed))
    assert (result.rack("B2")["power_w"] > 8 * 140.0).all()
    assert not any("as_8125gs_tnmr2" in text for text in result.summary["warnings"])
