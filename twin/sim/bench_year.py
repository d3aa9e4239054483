"""How fast a year is computed by the hour: the shipped halls, from files to a result folder."""

from __future__ import annotations

import tempfile
from pathlib import Path
from time import process_time
from typing import cast

from twin.files import Tree, asset_dir
from twin.sim.bench_serving import peak_rss_mb
from twin.sim.run import load_documents, simulate

SCENARIOS = ("npu_hall_year", "gpu_hall_year")


def year_cases() -> list[dict[str, object]]:
    """A year of each shipped scenario of flow grain."""
    folder = asset_dir().parent / "layouts" / "scenarios"
    return [_case(folder / f"{name}.yaml") for name in SCENARIOS]


def _case(path: Path) -> dict[str, object]:
    with tempfile.TemporaryDirectory() as folder:
        begun_s = process_time()
        result = simulate(load_documents(path), path, Path(folder) / "year")
        cpu_s = process_time() - begun_s
    summary = result.summary
    annual, balance = cast(Tree, summary["annual"]), cast(Tree, summary["balance"])
    return {
        "name": path.stem,
        "n_racks": annual["n_racks"],
        "simulated_h": annual["hours"],
        "cpu_s": cpu_s,
        "pue": summary["pue"],
        "wue_l_per_kwh": summary["wue_l_per_kwh"],
        "free_cooling_h": annual["free_cooling_h"],
        "energy_residual_frac": balance["energy_residual_frac"],
        "pue_band": annual["pue_band"],
        "peak_rss_mb": peak_rss_mb(),
    }
