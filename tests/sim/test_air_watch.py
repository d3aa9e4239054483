"""What a run says of its air: the settled flow on coarse cells, limits that open aisles cross, the line it prints."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

import twin
from twin.plant import run_air
from twin.record.report import summary_lines

Write = Callable[..., Path]
SETS = ("layout:containments=[]",)
HELD = {"workloads": [], "loads": [{"id": "all"}], "pulse_s": 10.0}


@pytest.fixture(autouse=True)
def _coarse(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Cells on which a flow settles in a moment, kept where no other test finds them."""
    monkeypatch.setattr(run_air, "CELLS_M", (0.6,))
    monkeypatch.setenv("TWIN_CACHE", str(tmp_path / "cache"))


def test_a_run_has_the_same_bytes_whether_its_flows_are_solved_or_found(write_scenario: Write, tmp_path: Path) -> None:
    path = write_scenario(**HELD, air="settled", hours=0.5)
    for name in ("cold", "warm"):
        result = twin.run(path, sets=SETS, output=tmp_path / name)
    for table in ("telemetry.parquet", "racks.parquet", "events.parquet"):
        assert (tmp_path / "cold" / table).read_bytes() == (tmp_path / "warm" / table).read_bytes()
    air = result.summary["air"]
    assert (air["model"], air["cell_m"], air["mixed_h"]) == ("settled", 0.6, 0.0)
    assert air["error_k_rms"] is None
    assert any("not held against CFD" in warning for warning in result.summary["warnings"])
    assert air["hottest_rack"] in {f"{row}{i}" for row in "AB" for i in range(1, 6)}
    assert abs(result.summary["balance"]["energy_residual_frac"]) < 1e-9
    (line,) = (line for line in summary_lines(result.summary) if line.startswith("air "))
    assert "settled flow on cells of 0.6 m, not held against CFD; hottest" in line


def test_hours_over_limits_are_counted_and_a_room_without_fans_says_that_it_is_mixed(write_scenario: Write) -> None:
    faults = [{"at_s": 600.0, "element": f"CRAH-{i}"} for i in (1, 2, 3)]
    result = twin.run(write_scenario(**HELD, air="instant", hours=0.5, faults=faults), sets=SETS)
    air = result.summary["air"]
    assert air["mixed_h"] == pytest.approx(20.0 / 60.0, abs=0.01)
    over, each = air["hours_over"], air["rack_hours_over"]
    assert 0.0 < over["allowable"] <= over["recommended"] < 0.5
    assert over["recommended"] <= each["recommended"] <= 10 * over["recommended"]
    assert [event.place for event in result.events if event.kind == "air.mixed"] == ["room"]
    assert result.summary["thermal"]["inlet_c_max"] > 32.0
