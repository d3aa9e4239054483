"""The cases of the validation as lines of text."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from twin.validate.case import Case


def case_lines(cases: Sequence[Case]) -> list[str]:
    """One line per case, those missed with their note, and the count of each state."""
    width = max((len(case.name) for case in cases), default=0)
    lines = [f"{'case':{width}}  {'measured':>12} {'model':>12} unit     {'error':>7} {'bound':>6}  state"]
    lines += [_line(case, width) for case in cases]
    counts = Counter(case.state for case in cases)
    lines.append(", ".join(f"{counts[state]} {state}" for state in ("reached", "missed", "skipped", "listed")))
    return lines


def _line(case: Case, width: int) -> str:
    measured, model = (
        f"{value:12,.4g}" if value is not None else f"{'-':>12}" for value in (case.measured, case.model)
    )
    error = f"{case.error_frac:7.1%}" if case.error_frac is not None else f"{'-':>7}"
    bound = f"{case.bound_frac:6.0%}" if case.bound_frac is not None else f"{'-':>6}"
    return f"{case.name:{width}}  {measured} {model} {case.unit:8} {error} {bound}  {case.state}  {case.note}".rstrip()
