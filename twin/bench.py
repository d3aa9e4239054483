"""The program's own speed, by name: cases whose figures end in their unit."""

from __future__ import annotations

import resource
import time
from pathlib import Path

from twin.errors import DocumentError

PLANT_CASES = ("layouts", "frontier", "hall", "day", "large")
"""Groups of plant cases: the shipped layouts idle; the shipped 9,472 nodes for a day; a drawn-up hall of 9,472 servers
for half an hour, and for a day; one of 384,000 servers for an hour. The first three run when none is named."""
SERVING_CASES = ("trace", "mooncake", "flat", "million", "service")
"""Groups of serving cases; the first two run when none is named, the others take up to a minute each."""

COOLING_CASES = ("frontier_liquid", "year")
"""Groups of cooling cases, all of which run when none is named."""
AIRFLOW_CASES = ("room_20", "contained_20", "hall_200", "hall_1000", "settled")
"""Rooms of so many racks whose air follows an edit, all run when none is named; `settled` only when it is named."""


def cases(
    name: str, trace: Path | None = None, data: Path | None = None, case: str | None = None
) -> list[dict[str, object]]:
    """Measured cases of `serving`, `plant`, `cooling` or `airflow`; of one group of them where `case` names it.

    data: folder of the traces that are not shipped.
    """
    known = {"plant": PLANT_CASES, "cooling": COOLING_CASES, "airflow": AIRFLOW_CASES}.get(name, SERVING_CASES)
    if case is not None and case not in known:
        raise DocumentError(f"{name} has no case {case!r}", "--case", f"its cases: {', '.join(known)}")
    if name == "airflow":
        from twin.plant.bench_airflow import airflow_cases

        if case == "settled":
            from twin.plant.bench_settled import settled_cases

            return settled_cases()
        return airflow_cases(AIRFLOW_CASES if case is None else (case,))
    if name == "plant":
        return [one for group in (PLANT_CASES[:3] if case is None else (case,)) for one in plant_cases(group)]
    if name == "cooling":
        return [one for group in (COOLING_CASES if case is None else (case,)) for one in cooling_cases(group)]
    from twin.sim.bench_hall import million_case
    from twin.sim.bench_service import service_cases
    from twin.sim.bench_serving import flat_cases, mooncake_cases, trace_cases

    found: list[dict[str, object]] = []
    for group in SERVING_CASES[:2] if case is None else (case,):
        if group == "trace":
            found += trace_cases(trace)
        elif group == "mooncake":
            found += mooncake_cases(data)
        elif group == "flat":
            found += flat_cases()
        elif group == "service":
            found += service_cases()
        else:
            found.append(million_case())
    return found


def cooling_cases(group: str) -> list[dict[str, object]]:
    """Cases of one group of cooling."""
    from twin.sim.bench_cooling import frontier_liquid_cases
    from twin.sim.bench_year import year_cases

    return {"frontier_liquid": frontier_liquid_cases, "year": year_cases}[group]()


def plant_cases(group: str) -> list[dict[str, object]]:
    """Cases of one group of the plant."""
    from twin.sim.bench_plant import frontier_cases, hall_cases

    if group == "frontier":
        return frontier_cases()
    if group == "hall":
        return hall_cases(hours=0.5)
    if group == "day":
        return hall_cases(hours=24.0)
    if group == "large":
        return hall_cases(n_racks=3000, hours=1.0, changing_hours=0.05)
    return idle_cases()


def idle_cases() -> list[dict[str, object]]:
    """Pulses of the shipped layouts, idle and without a run around them: servers, power path, room and loops."""
    from twin.catalogue.library import shipped_catalogue
    from twin.files import asset_dir
    from twin.layout.expand import expand
    from twin.layout.store import load_layout
    from twin.plant.compile import compile_plant
    from twin.plant.coolers.chiller_plant import Outdoors

    found: list[dict[str, object]] = []
    for path in sorted((asset_dir().parent / "layouts").glob("*.layout.json")):
        plant = compile_plant(expand(load_layout(path), shipped_catalogue()), shipped_catalogue())
        n_pulses = 2000
        started_s = time.process_time()
        for k in range(1, n_pulses + 1):
            plant.settle(float(k), Outdoors(25.0, 20.0))
        cpu_s = time.process_time() - started_s
        found.append(
            {
                "name": path.name.removesuffix(".layout.json"),
                "n_racks": len(plant.racks.ids),
                "n_servers": len(plant.compute.constants),
                "simulated_s_per_cpu_s": n_pulses / cpu_s,
                "peak_rss_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024.0,
            }
        )
    return found
