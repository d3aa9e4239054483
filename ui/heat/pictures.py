"""From a result of the air model to what the window draws and says of it; free of Qt."""

from __future__ import annotations

import time
from dataclasses import dataclass, field

import numpy as np

from twin.layout.finding import Finding
from twin.physics.air import AIR_CLASSES, RECOMMENDED_HIGH_C, RECOMMENDED_LOW_C
from twin.plant.airflow import AirResult, RoomAir
from twin.plant.airflow_answers import extra_w, highest_supply_c, why_hot
from twin.plant.airflow_error import model_error_k
from twin.plant.airflow_slices import arrows, potential_velocity_m_s, slices_c
from ui.heat.isolines import isolines
from ui.heat.messages import Floats, Levels, Picture, Scale, Source, Why
from ui.heat.smooth import factor_of, refined

ARROW_PITCH_M = 0.6
MOST_ARROWS = 1200
MOST_SOURCES = 5


@dataclass(frozen=True, slots=True)
class Made:
    """The request's number, whether something is in the hand, seconds on the clock, processor time at the start."""

    number: int
    is_carried: bool
    solve_s: float
    began_cpu_s: float = field(default_factory=time.process_time)


def picture_of(air: RoomAir, result: AirResult, scale: Scale, made: Made) -> Picture:
    """The picture of a result of this air, instant or settled."""
    grid = air.flow().grid
    settled = air.settled
    velocity = settled.velocity_m_s[:2] if settled is not None else potential_velocity_m_s(air.flow())
    nx, ny, _ = grid.shape
    size_m = nx * grid.h_m, ny * grid.h_m
    pitch_m = max(ARROW_PITCH_M, (size_m[0] * size_m[1] / MOST_ARROWS) ** 0.5)
    levels, lines = _drawn(slices_c(result.field_c, grid), scale, grid.h_m, grid.origin_m[:2])
    return Picture(
        number=made.number,
        tier="settled" if settled is not None else "instant",
        is_carried=made.is_carried,
        cell_m=grid.h_m,
        box_m=(*grid.origin_m[:2], *size_m),
        levels=levels,
        lines=lines,
        arrows=arrows(grid, (velocity[0], velocity[1]), pitch_m),
        rack_ids=result.rack_ids,
        inlet_c=np.where(result.rack_m3_s > 0.0, result.inlet_c, np.nan),
        is_trusted=result.trust.is_trusted,
        max_inlet_c=result.max_inlet_c,
        residual=result.residual,
        error_k=model_error_k(result, settled is not None),
        solve_s=made.solve_s,
        cpu_s=time.process_time() - made.began_cpu_s,
        findings=(*result.findings, *_hot(result)),
    )


def _drawn(
    cuts: Floats, scale: Scale, cell_m: float, low_m: tuple[float, ...]
) -> tuple[Levels, tuple[tuple[list[Floats], ...], ...]]:
    """Rows of the colour table and isolines of each cut."""
    factor = factor_of(cuts.shape, cell_m)
    step_m = cell_m / factor
    levels, lines = [], []
    for cut in cuts:
        fine = refined(cut, factor)
        part = np.clip((fine - scale.low_c) / (scale.high_c - scale.low_c), 0.0, 1.0)
        levels.append(np.rint(part * (scale.n_entries - 1)).astype(np.uint16))
        skip = max(1, min(2, factor // 2))
        low = np.array(low_m) + step_m / 2
        lines.append(
            tuple(
                [low + line * (skip * step_m) for line in isolines(fine[::skip, ::skip], c)] for c in scale.isolines_c
            )
        )
    return np.stack(levels), tuple(lines)


def _hot(result: AirResult) -> list[Finding]:
    """Racks over the recommended and the allowed limit, where the model may be believed on them."""
    found = []
    limit_c = AIR_CLASSES["A1"].high_c
    for i in np.flatnonzero(result.trust.is_trusted & (result.rack_m3_s > 0.0)):
        inlet_c = float(result.inlet_c[i])
        if inlet_c <= RECOMMENDED_HIGH_C:
            continue
        is_over = inlet_c > limit_c
        over_c = limit_c if is_over else RECOMMENDED_HIGH_C
        name = "the A1 limit" if is_over else "the recommended limit"
        what = f"inlet {inlet_c:.1f} °C, {inlet_c - over_c:.1f} K over {name} of {over_c:g} °C"
        hint = "contain the aisle, add air or cooler supply, or move heat elsewhere"
        found.append(Finding("airflow.hot_inlet", "error" if is_over else "warning", result.rack_ids[i], what, hint))
    return found


def class_of(inlet_c: float) -> str:
    """The narrowest range that holds an inlet: recommended, or the first ASHRAE class; empty beyond all."""
    if RECOMMENDED_LOW_C <= inlet_c <= RECOMMENDED_HIGH_C:
        return "recommended"
    return next((name for name, c in AIR_CLASSES.items() if c.low_c <= inlet_c <= c.high_c), "")


def why_of(air: RoomAir, result: AirResult, rack: str) -> Why | None:
    """One rack's air explained; None when it is no rack of this room, or no air goes through it."""
    if rack not in result.rack_ids:
        return None
    i = result.rack_ids.index(rack)
    if result.rack_m3_s[i] <= 0.0:
        return None
    low, middle, high = (float(c) for c in result.thirds_c[i])
    return Why(
        rack=rack,
        inlet_c=float(result.inlet_c[i]),
        thirds_c=(low, middle, high),
        exhaust_c=float(result.exhaust_c[i]),
        air_m3_s=float(result.rack_m3_s[i]),
        air_class=class_of(float(result.inlet_c[i])),
        is_trusted=bool(result.trust.is_trusted[i]),
        sources=_sources(air, rack),
        highest_supply_c=highest_supply_c(air, result),
        extra_w=float(extra_w(air, result)[i]),
    )


def _sources(air: RoomAir, rack: str) -> tuple[Source, ...]:
    """Sources by share: tiles together, other supplies together, its own exhaust, the largest neighbours, the rest."""
    groups: dict[tuple[str, str], list[tuple[float, float]]] = {}
    for share in why_hot(air, rack):
        if share.kind == "supply":
            kind = "tile" if "/" in share.name or "openings" in share.name or share.name == "floor seams" else "supply"
            key = (kind, "" if kind == "tile" else share.name.removesuffix(" supply"))
        elif share.name in (rack, f"{rack} gaps"):
            key = ("own", "")
        else:
            key = ("exhaust", share.name)
        groups.setdefault(key, []).append((share.share_frac, share.air_c))
    found = []
    for (kind, name), parts in groups.items():
        total = sum(part for part, _ in parts)
        found.append(Source(name, kind, total, sum(part * c for part, c in parts) / total))
    found.sort(key=lambda source: -source.share_frac)
    shown, rest = found[:MOST_SOURCES], found[MOST_SOURCES:]
    total = sum(source.share_frac for source in rest)
    if total > 0.0:
        shown.append(Source("", "others", total, sum(s.share_frac * s.air_c for s in rest) / total))
    return tuple(shown)
