"""Fixtures shared by all tests: the examples, the folder of real data if there is one, a small scenario to bend."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import settings

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
# The same examples every time and no wall-clock deadline: a check must not go red by luck or by a busy machine.
# `HYPOTHESIS_PROFILE=default` searches anew.
settings.register_profile("steady", derandomize=True, deadline=None)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "steady"))
# Maps of air are solved once for the whole suite, by whichever worker needs one first.
os.environ.setdefault("TWIN_CACHE", tempfile.mkdtemp(prefix="twin-cache-"))
ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def repo_dir() -> Path:
    """The root of the checkout."""
    return ROOT


@pytest.fixture(scope="session")
def layouts_dir() -> Path:
    """The shipped examples."""
    return ROOT / "layouts"


@pytest.fixture(scope="session")
def data_dir() -> Path:
    """The folder of real traces and telemetry named by TWIN_DATA; tests that need it skip by name without it."""
    folder = os.environ.get("TWIN_DATA", "")
    if not folder or not Path(folder).is_dir():
        pytest.skip("needs the real data folder: set TWIN_DATA")
    return Path(folder)


@pytest.fixture
def write_scenario(tmp_path: Path, layouts_dir: Path) -> Callable[..., Path]:
    """Writes a scenario of two minutes in the small room; keywords replace its parts. JSON is YAML as well."""

    def write(name: str = "case.yaml", **parts: object) -> Path:
        workloads = [
            {
                "id": "chat",
                "model": "llama-3.1-8b",
                "weights": "fp8",
                "kv": "fp8",
                "generator": {"rate_per_s": 2.0},
                "replicas": {"count": "all", "tensor_parallel": 1, "on": ["l40s_server"]},
                "slo": {"ttft_s": 2.0, "tpot_s": 0.1},
            },
            {
                "id": "large",
                "model": "llama-3.1-70b",
                "weights": "fp8",
                "kv": "fp8",
                "generator": {"rate_per_s": 2.0},
                "replicas": {"count": "all", "tensor_parallel": 4, "on": ["dgx_h100"]},
                "router": "least_kv",
            },
        ]
        tree = {
            "format": "twin-scenario",
            "version": 1,
            "name": "Two minutes",
            "layout": str(layouts_dir / "small_room.layout.json"),
            "workloads": workloads,
            "hours": 120.0 / 3600.0,
            "seed": 3,
            "weather": {"kind": "fixed", "dry_bulb_c": 30.0, "humidity_frac": 0.5},
            "tariff": {"currency": "KRW", "per_kwh": 180.0},
            "carbon": {"g_per_kwh": 400.0},
            # Two minutes are too short to boot in; what asks for it says so.
            "restart": {"boot_s": 0, "chiller_s": 0},
            # Solving a flow takes seconds; tests about the air of a room ask for it.
            "air": "mixed",
        }
        path = tmp_path / name
        path.write_text(json.dumps({**tree, **parts}, indent=1))
        return path

    return write
