"""How fast the air of a room follows an edit: CPU milliseconds, compiled code only."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

from twin.plant.airflow import RoomAir
from twin.plant.airflow_sample import PITCH_M, SampleHall, warm

ROOM = SampleHall()
CONTAINED = SampleHall(is_contained=True)
HALL_200 = SampleHall(5, 20, (28.8, 36.0, 3.0))
HALL_1000 = SampleHall(10, 50, (60.0, 84.0, 3.6))
CASES: tuple[tuple[str, SampleHall, float], ...] = (
    ("room_20", ROOM, 0.3),
    ("room_20", ROOM, 0.15),
    ("contained_20", CONTAINED, 0.3),
    ("contained_20", CONTAINED, 0.15),
    ("hall_200", HALL_200, 0.3),
    ("hall_1000", HALL_1000, 0.6),
)
REPEATS = 5


def airflow_cases(rooms: Sequence[str], n_repeats: int = REPEATS) -> list[dict[str, object]]:
    """Per room and cell: move one rack with everything solved again, and another heat in all racks with the field."""
    warm()
    chosen = [case for case in CASES if case[0] in rooms]
    return [_case(f"{name}_{cell_m:g}m", hall, cell_m, n_repeats) for name, hall, cell_m in chosen]


def _case(name: str, hall: SampleHall, cell_m: float, n_repeats: int) -> dict[str, object]:
    air = RoomAir.of(hall.layout(), cell_m)
    result = air.solve()
    last = air.parts.floor.racks[result.rack_ids[hall.racks_per_row - 1]]
    x_m, y_m = last.centre_m[0] - last.device.width_m / 2, last.centre_m[1] - last.device.depth_m / 2
    # There and back again, each from the flow of the other place.
    moved_ms = _best_ms(lambda: air.moved(last.id, x_m + PITCH_M, y_m, last.angle_deg).solve(), n_repeats)
    heat_ms = _best_ms(lambda: air.with_heat(air.heat_w * 1.001), n_repeats)
    inlets_ms = None
    if result.field_c.size * hall.n_racks < 6_000_000:
        inlets_ms = _best_ms(lambda: air.linear().front_c(air.heat_w, air.supply_c), n_repeats)
    return {
        "name": name,
        "cell_m": cell_m,
        "racks": hall.n_racks,
        "cells": int(result.field_c.size),
        "move_rack_cpu_ms": moved_ms,
        "heat_edit_cpu_ms": heat_ms,
        "heat_inlets_cpu_ms": inlets_ms,
        "residual": result.residual,
        "heat_residual_frac": result.heat_residual_frac,
    }


def _best_ms(work: Callable[[], object], n_repeats: int) -> float:
    """Least CPU time of several, ms: other work on the machine only adds to it."""
    times = []
    for _ in range(n_repeats):
        started = time.process_time()
        work()
        times.append(time.process_time() - started)
    return 1e3 * min(times)
