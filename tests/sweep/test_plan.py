"""The sweep document: what a grid stands for, and what it refuses."""

from __future__ import annotations

import math
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from twin.errors import DocumentError, TwinError
from twin.files import Tree
from twin.sweep.plan import Axis, Sweep, columns, plan, read_sweep, sweep_from

BASE: Tree = {"format": "twin-sweep", "version": 1, "name": "test", "scenario": "s.yaml"}


def sweep_of(**more: object) -> Sweep:
    return sweep_from({**BASE, **more}, "sweep.yaml")


def settings_of(sweep: Sweep) -> list[tuple[object, ...]]:
    return [(*(override.value for override in point.overrides), point.seed) for point in plan(sweep)]


def test_a_grid_is_every_combination_with_the_last_axis_fastest_and_seeds_within() -> None:
    sweep = sweep_of(grid={"pulse_s": [1, 2], "layout:coolers.CRAH-1.supply_c": [18.0, 20.0]}, seeds=[7, 8])
    assert settings_of(sweep) == [
        (1, 18.0, 7),
        (1, 18.0, 8),
        (1, 20.0, 7),
        (1, 20.0, 8),
        (2, 18.0, 7),
        (2, 18.0, 8),
        (2, 20.0, 7),
        (2, 20.0, 8),
    ]
    assert [point.index for point in plan(sweep)] == list(range(8))
    assert columns(sweep) == ["pulse_s", "layout:coolers.CRAH-1.supply_c"]


def test_a_number_of_seeds_counts_from_one_and_none_is_the_scenarios_own() -> None:
    assert settings_of(sweep_of(seeds=3)) == [(1,), (2,), (3,)]
    assert settings_of(sweep_of()) == [(None,)]


def test_places_that_move_together_take_one_value_or_one_row() -> None:
    together = sweep_of(grid={"supply": {"paths": ["layout:a.x", "layout:b.x"], "values": [18, 20]}})
    assert settings_of(together) == [(18, 18, None), (20, 20, None)]
    rows = sweep_of(grid={"supply": {"paths": ["layout:a.x", "sheet:d.f"], "rows": [[18, 1], [20, 2]]}})
    assert settings_of(rows) == [(18, 1, None), (20, 2, None)]
    assert columns(rows) == ["layout:a.x", "sheet:d.f"]


def test_even_spacing_ends_exactly_and_keeps_whole_numbers_whole() -> None:
    spaced = settings_of(sweep_of(grid={"hours": {"from": 0.1, "to": 0.7, "count": 4}}))
    assert [value for value, _ in spaced] == pytest.approx([0.1, 0.3, 0.5, 0.7])
    whole = settings_of(sweep_of(grid={"n": {"from": 2, "to": 8, "count": 4}}))
    assert [value for value, _ in whole] == [2, 4, 6, 8]
    assert all(isinstance(value, int) for value, _ in whole)


@given(st.floats(-1e6, 1e6), st.floats(-1e6, 1e6), st.integers(2, 50))
def test_even_spacing_holds_both_ends_for_any_span(first: float, last: float, count: int) -> None:
    values = [step[0].value for step in Axis(from_=first, to=last, count=count).steps("x")]
    assert len(values) == count
    assert values[0] == first
    assert values[-1] == last


@given(st.lists(st.integers(1, 4), max_size=5), st.integers(1, 3))
def test_there_are_as_many_points_as_combinations_and_no_two_are_alike(sizes: list[int], n_seeds: int) -> None:
    grid = {f"place{i}": list(range(size)) for i, size in enumerate(sizes)}
    found = settings_of(sweep_of(grid=grid, seeds=n_seeds))
    assert len(found) == len(set(found)) == math.prod(sizes) * n_seeds


@pytest.mark.parametrize(
    ("more", "message"),
    [
        ({"grid": {"a": {"from": 1, "to": 2}}}, r"grid\.a\.axis: .*either values, or rows, or from, to and count"),
        ({"grid": {"a": {"from": 1, "to": 2, "count": 1}}}, r"count: .*greater than or equal to 2 \(given: 1\)"),
        ({"grid": {"a": {"paths": ["b", "c"], "rows": [[1]]}}}, "row 0 has 1 values for 2 paths"),
        ({"grid": {"a": []}}, r"grid\.a\.list"),
        ({"grid": {"a": {"valeus": [1]}}}, r"valeus: unknown key"),
        ({"seeds": 0}, r"seeds\.count: .*\(given: 0\)"),
        ({"seeds": [-1]}, r"greater than or equal to 0 \(given: -1\)"),
        ({"hours": -1}, r"hours: .*\(given: -1\)"),
        ({"version": 2}, "version 2 is newer than the 1 this program reads"),
        ({"format": "twin-scenario"}, "format is 'twin-scenario', 'twin-sweep' is needed"),
    ],
)
def test_a_mistake_is_named_with_its_place(more: Tree, message: str) -> None:
    with pytest.raises(DocumentError, match=message):
        sweep_of(**more)


@pytest.mark.parametrize(
    ("grid", "message"),
    [
        ({"lay:x": [1]}, "grid lay:x: 'lay:x' names no place"),
        ({"hours": [1], "h": {"paths": ["hours"], "values": [2]}}, "hours is varied 2 times"),
        ({name: list(range(200)) for name in "abc"}, "8,000,000 points, at most 1,000,000"),
    ],
)
def test_a_grid_that_cannot_be_run_is_refused(grid: Tree, message: str) -> None:
    with pytest.raises(TwinError, match=message):
        plan(sweep_of(grid=grid))


def test_the_shipped_sweep_moves_all_air_handlers_together(layouts_dir: Path) -> None:
    sweep = read_sweep(layouts_dir / "sweeps" / "small_sweep.yaml")
    points = plan(sweep)
    assert 8 <= len(points) <= 16
    for point in points:
        supplies = {o.value for o in point.overrides if o.path[0] == "coolers"}
        assert len(supplies) == 1
    assert (layouts_dir / "sweeps" / sweep.scenario).resolve().is_file()
