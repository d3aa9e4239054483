"""The sweep document, version 1, and the points it stands for."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import Annotated, Literal

from pydantic import ConfigDict, Discriminator, Field, JsonValue, Tag, model_validator

from twin.catalogue.device import Positive, Sheet
from twin.errors import DocumentError, TwinError, raise_all
from twin.files import Tree, check_format, read_yaml, validated
from twin.scenario.overrides import Override, parse_path

FORMAT = "twin-sweep"
VERSION = 1
MOST_POINTS = 1_000_000
Seed = Annotated[int, Field(ge=0)]


class Axis(Sheet):
    """One thing that is varied, in one place or in several places that move together."""

    model_config = ConfigDict(populate_by_name=True)

    paths: tuple[str, ...] = Field((), description="places moved together; none: the key of the axis is the place")
    values: tuple[JsonValue, ...] | None = Field(None, min_length=1, description="each value goes to every place")
    rows: tuple[tuple[JsonValue, ...], ...] | None = Field(
        None, min_length=1, description="one value per place in each row"
    )
    from_: float | int | None = Field(None, alias="from", description="first of evenly spaced values")
    to: float | int | None = Field(None, description="last of evenly spaced values")
    count: int | None = Field(None, ge=2, le=MOST_POINTS, description="how many evenly spaced values")

    @model_validator(mode="after")
    def _one_way(self) -> Axis:
        span = (self.from_, self.to, self.count)
        ways = [self.values is not None, self.rows is not None, any(part is not None for part in span)]
        if sum(ways) != 1 or (ways[2] and None in span):
            raise ValueError("give either values, or rows, or from, to and count")
        for i, row in enumerate(self.rows or ()):
            if len(row) != len(self.paths):
                raise ValueError(f"row {i} has {len(row)} values for {len(self.paths)} paths")
        return self

    def steps(self, key: str) -> list[tuple[Override, ...]]:
        """What each step of the axis sets; DocumentError names a path that names no place."""
        paths = self.paths or (key,)
        rows = self.rows or tuple((value,) * len(paths) for value in self.values or self._evenly())
        return [tuple(parse_path(path, value) for path, value in zip(paths, row, strict=True)) for row in rows]

    def _evenly(self) -> tuple[float | int, ...]:
        assert self.from_ is not None
        assert self.to is not None
        assert self.count is not None
        first, last, n = self.from_, self.to, self.count - 1
        # Both ends are exact, and counts of things stay whole numbers.
        spaced = (float(first), *((first * (n - i) + last * i) / n for i in range(1, n)), float(last))
        is_whole = isinstance(first, int) and isinstance(last, int) and all(value.is_integer() for value in spaced)
        return tuple(int(value) for value in spaced) if is_whole else spaced


def _shape(value: object) -> str:
    """Which of the ways to write something a value follows, so that only that way's mistakes are told."""
    return "list" if isinstance(value, (list, tuple)) else "count" if isinstance(value, int) else "axis"


Values = Annotated[tuple[JsonValue, ...], Field(min_length=1)]
AxisOrValues = Annotated[Annotated[Values, Tag("list")] | Annotated[Axis, Tag("axis")], Discriminator(_shape)]
Seeds = Annotated[
    Annotated[tuple[Seed, ...], Tag("list")] | Annotated[Annotated[int, Field(ge=1)], Tag("count")],
    Discriminator(_shape),
]


class Sweep(Sheet):
    """A grid of variants of one scenario."""

    format: Literal["twin-sweep"] = "twin-sweep"
    version: Literal[1] = 1
    name: str
    note: str = ""
    scenario: str = Field(description="scenario file, relative to the sweep")
    grid: dict[str, AxisOrValues] = Field(
        default_factory=dict,
        description="path -> values, or label -> axis; a path is that of the scenario, layout:PATH or sheet:ID.FIELD",
    )
    seeds: Seeds = Field((), description="seeds of each variant, or how many from 1; none: the scenario's own")
    hours: Positive | None = Field(None, description="simulated hours; none: the scenario's own")
    record: tuple[str, ...] = Field((), description="summary keys to keep, such as pue or serving.ttft_s; none: all")


@dataclass(frozen=True, slots=True)
class Point:
    """One variant: what it sets, and its seed (None: the scenario's own)."""

    index: int
    overrides: tuple[Override, ...]
    seed: int | None


def sweep_from(tree: Tree, where: str) -> Sweep:
    """A sweep from its mapping."""
    check_format(tree, where, FORMAT, VERSION)
    return validated(Sweep, tree, where)


def read_sweep(path: Path) -> Sweep:
    """A sweep file."""
    return sweep_from(read_yaml(path), str(path))


def plan(sweep: Sweep) -> list[Point]:
    """All points in order: the last axis moves fastest, seeds within it.

    DocumentError: a path that names no place, a place varied twice, more than a million points.
    """
    axes = _axes(sweep)
    seeds = tuple(range(1, sweep.seeds + 1)) if isinstance(sweep.seeds, int) else sweep.seeds or (None,)
    n_points = math.prod((len(axis) for axis in axes), start=len(seeds))
    if n_points > MOST_POINTS:
        raise DocumentError(
            f"{n_points:,} points, at most {MOST_POINTS:,} can be swept", "grid", "take fewer values or several sweeps"
        )
    return [Point(i, overrides, seed) for i, (overrides, seed) in enumerate(_variants(axes, seeds))]


def columns(sweep: Sweep) -> list[str]:
    """Places that the sweep varies, as they are written, in the order of the grid."""
    return [override.name for axis in _axes(sweep) for override in axis[0]]


def _variants(
    axes: list[list[tuple[Override, ...]]], seeds: tuple[int | None, ...]
) -> Iterator[tuple[tuple[Override, ...], int | None]]:
    for steps in product(*axes):
        for seed in seeds:
            yield tuple(override for step in steps for override in step), seed


def _axes(sweep: Sweep) -> list[list[tuple[Override, ...]]]:
    axes: list[list[tuple[Override, ...]]] = []
    problems: list[TwinError] = []
    for key, value in sweep.grid.items():
        axis = value if isinstance(value, Axis) else Axis(values=value)
        try:
            axes.append(axis.steps(key))
        except TwinError as error:
            problems.append(DocumentError(error.what, f"grid {key}", error.hint))
    places = [override.name for axis in axes for override in axis[0]]
    for place in dict.fromkeys(places):
        if places.count(place) > 1:
            problems.append(DocumentError(f"{place} is varied {places.count(place)} times", "grid", "keep one of them"))
    raise_all(problems)
    return axes
