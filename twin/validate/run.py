"""Runs every group of cases whose files are there and names those it had to skip."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from twin.files import asset_dir
from twin.validate import (
    airflow,
    airflow_instant,
    airflow_weak,
    attacc,
    attacc_law,
    attention,
    class_wide,
    cooling,
    dense,
    host,
    liquid,
    power,
    power_a100,
    published,
    replay,
    shared_prompts,
    splitwise,
    spread,
    throughput,
    tpot,
)
from twin.validate.case import Case, Group

GROUPS: tuple[Group, ...] = (
    *dense.GROUPS,
    *attention.GROUPS,
    *splitwise.GROUPS,
    *power.GROUPS,
    *power_a100.GROUPS,
    *class_wide.GROUPS,
    *tpot.GROUPS,
    *spread.GROUPS,
    *host.GROUPS,
    *replay.GROUPS,
    *shared_prompts.GROUPS,
    *attacc.GROUPS,
    *attacc_law.GROUPS,
    *published.GROUPS,
    *throughput.GROUPS,
    *airflow.GROUPS,
    *liquid.GROUPS,
    *airflow_instant.GROUPS,
    *airflow_weak.GROUPS,
    *cooling.GROUPS,
)


def cases(data: Path | None = None, groups: tuple[Group, ...] = GROUPS) -> Iterator[Case]:
    """Every case, in order; a group whose files are absent gives one skipped case that names them.

    data: the folder that holds the large files. Small cited tables are looked up in assets/validation first.
    """
    for group in groups:
        missing = [name for name in group.files if not _found(name, data)]
        if missing:
            yield Case(group.name, note=f"skipped, not in the data folder: {', '.join(missing)}")
            continue
        yield from group.cases(_root(group, data))


def _root(group: Group, data: Path | None) -> Path:
    shipped = asset_dir() / "validation"
    if data is None or all((shipped / name).is_file() for name in group.files):
        return shipped
    return data


def _found(name: str, data: Path | None) -> bool:
    return (asset_dir() / "validation" / name).is_file() or (data is not None and (data / name).is_file())
