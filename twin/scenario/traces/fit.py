"""Take the figures of a generator table from a real trace, so that the shipped table can be made again."""

from __future__ import annotations

import json
from collections.abc import Sequence

import numpy as np

from twin.errors import DocumentError
from twin.scenario.traces.generate import FORMAT, MINUTE_S, VERSION, GeneratorTable, expected_count
from twin.scenario.traces.requests import RequestTable

N_PROMPT_GROUPS = 20
# Every twentieth, so that a group of prompts knows its own ends, and the tails, which decide how much memory is needed.
PROMPT_PROBABILITY = (0.0, 0.01, *(i / N_PROMPT_GROUPS for i in range(1, N_PROMPT_GROUPS)), 0.975, 0.99, 0.999, 1.0)
OUTPUT_PROBABILITY = (0.0, 0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.975, 0.99, 1.0)


def fit_table(trace: RequestTable, source: str, licence: str) -> GeneratorTable:
    """The generator table of `trace`; `source` and `licence` say whose figures they are.

    Only whole minutes count for the rate profile. Errors: DocumentError when there are fewer than two, or when a
    minute or one of the 20 prompt groups has no request.
    """
    n_minutes = int(trace.arrival_s[-1] // MINUTE_S) if len(trace) else 0
    if n_minutes < 2 or len(trace) < N_PROMPT_GROUPS:
        what = f"{len(trace)} requests over {n_minutes} whole minutes are too few for a table"
        raise DocumentError(what, trace.source, f"take a trace of at least 2 minutes and {N_PROMPT_GROUPS} requests")
    per_minute = np.bincount((trace.arrival_s // MINUTE_S).astype(np.int64))[:n_minutes]
    if not per_minute.all():
        raise DocumentError(f"minute {int(np.argmin(per_minute))} has no request", trace.source, "take a busier part")
    minute_rate = tuple(round(float(rate), 3) for rate in per_minute / per_minute.mean())
    by_prompt = np.argsort(trace.prompt_tokens, kind="stable")
    groups = np.array_split(trace.output_tokens[by_prompt], N_PROMPT_GROUPS)
    return GeneratorTable(
        format=FORMAT,
        version=VERSION,
        source=source,
        licence=licence,
        n_requests=len(trace),
        rate_per_s=round(float(len(trace) / trace.arrival_s[-1]), 3),
        gap_cv=round(_gap_cv(trace.arrival_s, minute_rate), 4),
        minute_rate=minute_rate,
        prompt_probability=PROMPT_PROBABILITY,
        prompt_tokens=_quantiles(trace.prompt_tokens, PROMPT_PROBABILITY),
        output_probability=OUTPUT_PROBABILITY,
        output_tokens=tuple(_quantiles(group, OUTPUT_PROBABILITY) for group in groups),
    )


def yaml_text(table: GeneratorTable) -> str:
    """The table as the YAML file it is kept in."""
    lines = ["# Written by twin.scenario.traces.fit from the trace named below."]
    for key in ("format", "version", "source", "licence", "n_requests", "rate_per_s", "gap_cv"):
        # A JSON scalar is a YAML scalar, whatever signs the name of a source holds.
        lines.append(f"{key}: {json.dumps(getattr(table, key), ensure_ascii=False)}")
    for key in ("minute_rate", "prompt_probability", "prompt_tokens", "output_probability"):
        lines.append(f"{key}: {_flow(getattr(table, key))}")
    lines.append("output_tokens:")
    lines.extend(f"  - {_flow(tokens)}" for tokens in table.output_tokens)
    return "\n".join(lines) + "\n"


def _gap_cv(arrival_s: np.ndarray, minute_rate: tuple[float, ...]) -> float:
    """Coefficient of variation of the gaps on the clock that runs with the rate profile."""
    edges_s, expected = expected_count(minute_rate, len(minute_rate) * MINUTE_S)
    gaps = np.diff(np.interp(arrival_s[arrival_s < edges_s[-1]], edges_s, expected))
    return float(gaps.std() / gaps.mean())


def _quantiles(tokens: np.ndarray, probability: Sequence[float]) -> tuple[int, ...]:
    return tuple(int(value) for value in np.rint(np.quantile(tokens, probability)))


def _flow(values: Sequence[float]) -> str:
    return f"[{', '.join(f'{value!r}' for value in values)}]"
