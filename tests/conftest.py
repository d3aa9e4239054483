"""Fixtures shared by all tests: where the examples lie, and the folder of real data when there is one."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
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
