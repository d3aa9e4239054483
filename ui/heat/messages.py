"""What the window and the process that solves the air say to each other; free of Qt, for the process imports it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from twin.layout.finding import Finding
from twin.layout.model import Layout
from twin.plant.airflow_capacity import Need, Spot

Floats = npt.NDArray[np.floating]
Levels = npt.NDArray[np.uint16]
Tier = Literal["instant", "settled"]


@dataclass(frozen=True, slots=True)
class Scale:
    """How temperatures become rows of a table of colours, and which lines are drawn."""

    low_c: float
    high_c: float
    n_entries: int
    isolines_c: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Draw:
    """Solve a drawing at rest: the fine grid, then the settled flow."""

    number: int
    layout: Layout


@dataclass(frozen=True, slots=True)
class Carry:
    """Solve the drawing last drawn with some things shifted, quickly: they are in the hand."""

    number: int
    units: tuple[str, ...]
    shift_m: tuple[float, float]


@dataclass(frozen=True, slots=True)
class Ask:
    """Say of every picture from now on why this rack is as warm as it is; empty: of none."""

    rack: str


@dataclass(frozen=True, slots=True)
class Search:
    """Where do boxes like these fit?"""

    number: int
    need: Need


@dataclass(frozen=True, slots=True)
class Source:
    """One origin of a rack's air. kind: tile, supply, own, exhaust."""

    name: str
    kind: str
    share_frac: float
    air_c: float


@dataclass(frozen=True, slots=True)
class Why:
    """One rack's air: inlet by thirds from the floor up, sources, what the room has left at the recommended limit."""

    rack: str
    inlet_c: float
    thirds_c: tuple[float, float, float]
    exhaust_c: float
    air_m3_s: float
    air_class: str
    is_trusted: bool
    sources: tuple[Source, ...]
    highest_supply_c: float
    extra_w: float


@dataclass(frozen=True, slots=True)
class Picture:
    """The air of a drawing at three heights, lower first.

    levels: (3, ny, nx) rows of the colour table, y before x, over box_m (x, y, width, depth). lines: per height and
    isoline, polylines (n, 2) in m. arrows: (3, n, 4) place m and speed m/s. inlet_c, is_trusted: (n_racks,).
    error_k: RMS of rack inlets against CFD to expect; solve_s, cpu_s: how long it took, on
    the clock and of a processor with the drawing of it.
    """

    number: int
    tier: Tier
    is_carried: bool
    cell_m: float
    box_m: tuple[float, float, float, float]
    levels: Levels
    lines: tuple[tuple[list[Floats], ...], ...]
    arrows: Floats
    rack_ids: tuple[str, ...]
    inlet_c: Floats
    is_trusted: npt.NDArray[np.bool_]
    max_inlet_c: float | None
    residual: float
    error_k: float
    solve_s: float
    cpu_s: float
    findings: tuple[Finding, ...]
    why: Why | None = None


@dataclass(frozen=True, slots=True)
class Progress:
    """How much of the settling of a drawing is done."""

    number: int
    part: float


@dataclass(frozen=True, slots=True)
class Trouble:
    """A drawing whose air has no answer, and why; n_more: mistakes beside this one."""

    number: int
    what: str
    where: str
    hint: str
    n_more: int = 0


@dataclass(frozen=True, slots=True)
class Spots:
    """Places for what was searched, the best first."""

    number: int
    spots: tuple[Spot, ...]


Reply = Picture | Progress | Trouble | Why | Spots
Request = Draw | Carry | Ask | Search
