"""How long the air of a room takes to settle: CPU seconds, compiled code only."""

from __future__ import annotations

from twin.physics.airflow.settled import Settled
from twin.plant.airflow import RoomAir
from twin.plant.airflow_sample import SampleHall
from twin.plant.airflow_settled import settled_air

CASES: tuple[tuple[str, SampleHall, float], ...] = (
    ("settled_20", SampleHall(), 0.3),
    ("settled_20", SampleHall(), 0.15),
    ("settled_contained_20", SampleHall(is_contained=True), 0.3),
)


def settled_cases() -> list[dict[str, object]]:
    """Per room and cell: settled from nothing at 0.3 m, and at 0.15 m from the room settled at 0.3 m, both counted."""
    settled_air(RoomAir.of(SampleHall(1, 2, (6.0, 6.0, 3.0)).layout(), 0.6))  # compiled, not counted
    found, coarse = [], None
    for name, hall, cell_m in CASES:
        air = settled_air(RoomAir.of(hall.layout(), cell_m), coarse if cell_m < 0.3 else None)
        assert air.settled is not None
        found.append(_case(f"{name}_{cell_m:g}m", hall, air.settled, coarse if cell_m < 0.3 else None))
        coarse = air.settled
    return found


def _case(name: str, hall: SampleHall, settled: Settled, coarse: Settled | None) -> dict[str, object]:
    return {
        "name": name,
        "cell_m": settled.grid.h_m,
        "racks": hall.n_racks,
        "cells": settled.grid.n_cells,
        "settle_cpu_s": settled.cpu_s + (coarse.cpu_s if coarse is not None else 0.0),
        "simulated_s": settled.simulated_s,
        "steps": settled.march.n_steps,
        "drift_k": settled.drift_k,
    }
