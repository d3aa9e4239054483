"""Requests drawn from a small table of a real trace: its joint lengths, its rate by the minute, its burstiness."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal

import numpy as np
from pydantic import BaseModel, ConfigDict, Field, model_validator

from twin.errors import DocumentError
from twin.files import asset_dir, check_format, read_yaml, validated
from twin.scenario.traces.requests import RequestTable

FORMAT = "request-generator"
VERSION = 1
MINUTE_S = 60.0
HOUR_S = 3600.0

Tokens = Annotated[int, Field(ge=1, lt=2**31)]
Probability = Annotated[float, Field(ge=0, le=1)]


class GeneratorTable(BaseModel):
    """What is kept of a trace: enough to draw requests like its own, too little to be the trace."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    format: Literal["request-generator"] = Field(description="Kind of this document.")
    version: Literal[1] = Field(description="Version of this document's format.")
    source: str = Field(description="The trace the figures come from, with its commit.")
    licence: str = Field(description="Licence of that trace.")
    n_requests: int = Field(ge=2, description="Requests in that trace.")
    rate_per_s: float = Field(gt=0, description="Mean arrival rate of that trace.")
    gap_cv: float = Field(
        gt=0, description="Coefficient of variation of the gaps between arrivals, once the rate profile is taken out."
    )
    minute_rate: tuple[Annotated[float, Field(gt=0)], ...] = Field(
        min_length=1, description="Arrival rate of each minute relative to the mean."
    )
    prompt_probability: tuple[Probability, ...] = Field(min_length=2, description="Levels of prompt_tokens, 0 to 1.")
    prompt_tokens: tuple[Tokens, ...] = Field(description="Prompt length at each level.")
    output_probability: tuple[Probability, ...] = Field(min_length=2, description="Levels of output_tokens, 0 to 1.")
    output_tokens: tuple[tuple[Tokens, ...], ...] = Field(
        min_length=1,
        description="Output length at each level: one row per group of requests, groups of equal size by prompt.",
    )

    @model_validator(mode="after")
    def _is_a_quantile_table(self) -> GeneratorTable:
        _check_quantiles("prompt", self.prompt_probability, self.prompt_tokens)
        for i_group, tokens in enumerate(self.output_tokens):
            _check_quantiles(f"output row {i_group}", self.output_probability, tokens)
        return self


@dataclass(frozen=True, slots=True)
class Day:
    """How the rate follows the hours of a day.

    hourly_factor: 24 numbers of which only the ratios count. start_s: seconds since local midnight at 0 s.
    """

    hourly_factor: tuple[float, ...]
    start_s: float = 0.0

    def factor(self, time_s: np.ndarray) -> np.ndarray:
        """Rate at these times relative to the mean of a day."""
        by_hour = np.asarray(self.hourly_factor, dtype=np.float64) / np.mean(self.hourly_factor)
        return by_hour[((self.start_s + time_s) // HOUR_S % 24).astype(np.int64)]


def generate_requests(
    table: str, rate_per_s: float, duration_s: float, rng: np.random.Generator, day: Day | None = None
) -> RequestTable:
    """Requests like those of the trace behind `table`, at `rate_per_s` on average over `duration_s`.

    Arrivals are a gamma renewal process run on a clock that follows the trace's rate by the minute; the profile starts
    at its first minute, repeats when `duration_s` is longer, and is scaled so that the mean over `duration_s` is
    `rate_per_s`. With a `day` that is the mean of a whole day, and each minute has the rate of its hour on top. Lengths
    are drawn jointly: the prompt from its quantiles, the output from the quantiles of requests with such prompts.
    Lengths do not depend on the rate: request i has the same ones at any rate, for the same `rng`.
    Errors: DocumentError when there is no such table, or rate or duration is not above 0.
    """
    for name, value, unit in (("rate", rate_per_s, "requests/s"), ("duration", duration_s, "s")):
        if not (0 < value < np.inf):
            raise DocumentError(f"{name} {value:g} {unit} is not above 0", table, "give a positive number")
    figures = load_table(table)
    arrival_seed, length_seed = rng.integers(0, 2**63, size=2)
    clock = _expected(figures, rate_per_s, duration_s, day)
    arrival_s = _arrivals_s(figures.gap_cv, *clock, np.random.default_rng(arrival_seed))
    prompt_tokens, output_tokens = _lengths(figures, len(arrival_s), np.random.default_rng(length_seed))
    return RequestTable(arrival_s, prompt_tokens, output_tokens, table, len(arrival_s), {})


def load_table(name: str) -> GeneratorTable:
    """The generator table called `name` in assets/traces."""
    folder = asset_dir() / "traces"
    known = sorted(path.stem for path in folder.glob("*.yaml"))
    if name not in known:
        raise DocumentError(f"no request generator is called {name!r}", str(folder), f"there is {', '.join(known)}")
    path = folder / f"{name}.yaml"
    tree = read_yaml(path)
    check_format(tree, path, FORMAT, VERSION)
    return validated(GeneratorTable, tree, str(path))


def _expected(
    figures: GeneratorTable, rate_per_s: float, duration_s: float, day: Day | None
) -> tuple[np.ndarray, np.ndarray]:
    """Edges of the minutes and the requests expected up to each."""
    edges_s, expected = expected_count(figures.minute_rate, duration_s)
    expected *= rate_per_s * duration_s / expected[-1]
    if day is not None:
        middles_s = 0.5 * (edges_s[1:] + edges_s[:-1])
        expected = np.concatenate([[0.0], np.cumsum(np.diff(expected) * day.factor(middles_s))])
    return edges_s, expected


def _arrivals_s(gap_cv: float, edges_s: np.ndarray, expected: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Arrival times in [0, duration_s): unit-mean gamma gaps on the expected-count clock, mapped back to seconds."""
    shape = gap_cv**-2
    n_block = int(expected[-1] + 6 * np.sqrt(expected[-1])) + 16
    counts = np.cumsum(rng.gamma(shape, 1 / shape, n_block))
    while counts[-1] < expected[-1]:
        more = np.cumsum(rng.gamma(shape, 1 / shape, n_block))
        counts = np.concatenate([counts, counts[-1] + more])
    counts = counts[counts < expected[-1]]
    return np.interp(counts, expected, edges_s)


def expected_count(minute_rate: tuple[float, ...], duration_s: float) -> tuple[np.ndarray, np.ndarray]:
    """Edges of the minutes up to `duration_s`, and the integral of the repeated profile up to each edge."""
    n_minutes = int(np.ceil(duration_s / MINUTE_S))
    edges_s = np.minimum(np.arange(n_minutes + 1) * MINUTE_S, duration_s)
    rates = np.resize(np.asarray(minute_rate, dtype=np.float64), n_minutes)
    return edges_s, np.concatenate([[0.0], np.cumsum(rates * np.diff(edges_s))])


def _lengths(figures: GeneratorTable, n: int, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Prompt and output tokens, each (n,) int64."""
    # One row of two draws per request, so that the first requests stay the same when more are asked for.
    draws = rng.random((n, 2))
    prompt = np.interp(draws[:, 0], figures.prompt_probability, figures.prompt_tokens)
    group = (draws[:, 0] * len(figures.output_tokens)).astype(np.int64)
    output = np.empty(n)
    for i_group, tokens in enumerate(figures.output_tokens):
        is_in = group == i_group
        output[is_in] = np.interp(draws[is_in, 1], figures.output_probability, tokens)
    return np.rint(prompt).astype(np.int64), np.rint(output).astype(np.int64)


def _check_quantiles(what: str, probability: tuple[float, ...], tokens: tuple[int, ...]) -> None:
    if len(probability) != len(tokens):
        raise ValueError(f"{what}: {len(tokens)} lengths for {len(probability)} levels")
    if probability[0] != 0 or probability[-1] != 1 or any(np.diff(probability) <= 0):
        raise ValueError(f"{what}: levels do not rise from 0 to 1")
    if any(np.diff(tokens) < 0):
        raise ValueError(f"{what}: lengths fall as their level rises")
