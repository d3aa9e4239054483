"""The bench of the building steps a whole hall, keeps its energy, and says so in figures that end in their unit."""

from __future__ import annotations

import pytest

from twin.bench import cases
from twin.errors import DocumentError
from twin.sim.bench_plant import frontier_cases, hall_cases


def test_a_hall_is_stepped_with_held_and_with_changing_loads() -> None:
    held, changing = hall_cases(n_racks=2, hours=0.01)
    for one in (held, changing):
        assert one["n_servers"] == 256
        assert one["simulated_s"] == 36.0
        assert isinstance(one["energy_residual_frac"], float)
        assert one["energy_residual_frac"] < 1e-9
        assert isinstance(one["simulated_s_per_cpu_s"], float)
        assert one["simulated_s_per_cpu_s"] > 0.0
    assert held["changed_per_s"] == 0
    assert changing["changed_per_s"] == 3


def test_the_shipped_machine_of_9472_nodes_is_a_case() -> None:
    (one,) = frontier_cases(hours=0.05)
    assert (one["n_racks"], one["n_servers"], one["simulated_s"]) == (74, 9472, 180.0)
    assert isinstance(one["energy_residual_frac"], float)
    assert one["energy_residual_frac"] < 1e-9


def test_a_case_of_the_other_bench_is_refused_by_name() -> None:
    with pytest.raises(DocumentError, match="plant has no case 'mooncake'"):
        cases("plant", case="mooncake")
