"""Rows of engines with experts dealt or ranks: listed with their error, which the notes explain where it is large."""

from __future__ import annotations

from pathlib import Path

from twin.validate.run import cases
from twin.validate.spread import GROUPS


def test_engine_rows_with_dealt_experts_are_listed_and_near(data_dir: Path) -> None:
    found = {case.name: case for case in cases(data_dir, GROUPS)}
    assert {case.state for case in found.values()} == {"listed"}
    engines = [case for name, case in found.items() if name.startswith("time per output token")]
    assert [case.n_rows for case in engines] == [12, 124, 12]
    assert all(case.error_frac is not None and case.error_frac < 0.11 for case in engines)


def test_rows_that_are_far_off_say_what_is_known_of_it(data_dir: Path) -> None:
    far = [case for case in cases(data_dir, GROUPS) if (case.error_frac or 0.0) > 0.25]
    assert [case.name for case in far] == ["gap between tokens H100, experts dealt, Qwen3-235B FP8"]
    assert "slower than those at BF16" in far[0].note
