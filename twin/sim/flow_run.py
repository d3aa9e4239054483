"""A scenario of `grain: flow`: every hour of a year at once, recorded as any run is."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import cast

import numpy as np

from twin.errors import DocumentError, named, raise_all
from twin.files import Tree
from twin.physics import FloatArray
from twin.physics.warm import WARM_C
from twin.physics.wet_coil import saturated_ratio
from twin.plant.coolers.plant_hours import AirHours
from twin.plant.year import ItHours, YearHours, settle_hours
from twin.record.frame import Event
from twin.record.recorder import Recorder
from twin.record.result import Result
from twin.scenario.overrides import Documents
from twin.sim.bill import Bill
from twin.sim.clock import Clock
from twin.sim.flow_controls import controls_of, hour_controls
from twin.sim.flow_frames import hour_frames
from twin.sim.flow_it import FlowPool, HourLoads, flow_pool, hour_of_day, it_hours
from twin.sim.flow_meters import inlet_hours, put_on_meters, warnings_of
from twin.sim.flow_summary import annual_figures
from twin.sim.hall import Hall, Standing, stand

HOUR_S = 3600.0
MOST_HOURS = 10 * 8784
MOST_PASSES = 8
GRID_K = 0.5
"""Steps of inlet that fans and leakage follow."""
Progress = Callable[[float, float], None]


@dataclass(slots=True)
class Hours:
    """When each hour begins and ends on the run's clock, and the air outside in its middle; each (n,)."""

    from_s: FloatArray
    until_s: FloatArray
    dry_c: FloatArray
    wet_c: FloatArray
    dew_c: FloatArray

    @property
    def lasted_s(self) -> FloatArray:
        """Length of each; the last may be short."""
        return self.until_s - self.from_s


class NoSwings:
    """Swings within hours are not followed up the power path."""

    def figures(self, bill: Bill) -> Tree:
        """Nothing."""
        return {}


@dataclass(slots=True)
class FlowRun:
    """What a summary is made from, as a `Run` has it."""

    hall: Hall
    bill: Bill
    pools: list[FlowPool]
    warnings: dict[str, str] = field(default_factory=dict)
    events: list[Event] = field(default_factory=list)
    scaling: list[object] = field(default_factory=list)
    now_s: float = 0.0
    it_peak_w: float = 0.0
    facility_peak_w: float = 0.0
    inlet_max_c: float = float("nan")
    inlet_sum: float = 0.0
    swing_watch: NoSwings = field(default_factory=NoSwings)
    air_watch: None = None
    coolant: None = None  # loops are steady in every hour


def simulate_flow(
    documents: Documents, scenario_path: Path, folder: Path | None = None, progress: Progress | None = None
) -> Result:
    """Run a scenario of flow grain; the result is a folder as of any other run, with a row of telemetry an hour."""
    from twin.sim.run import documents_of
    from twin.sim.summary import run_facts, summary

    started = time.perf_counter(), time.process_time()
    standing = stand(documents, scenario_path)
    with named(str(scenario_path)):
        _check(standing)
        hours = _hours(standing)
        run, it, year = _lived(standing, hours, str(scenario_path))
    record = standing.scenario.record
    recorder = Recorder(folder, record.every_s, standing.plant.racks.ids, record.racks)
    try:
        for frame in hour_frames(standing.plant, it, year, hours, run.bill, run.pools):
            recorder.frame(frame)
        _take_bill(run)
        facts = summary(cast("object", run), time.perf_counter() - started[0], time.process_time() - started[1])  # type: ignore[arg-type]
        facts["annual"] = annual_figures(run.hall.plant, year, hours, run.pools)
        if progress is not None:
            progress(run.now_s, run.now_s)
        result = recorder.finish(
            facts,
            run_facts(run.hall, scenario_path, True),
            None,
            documents_of(run.hall),
            run.hall.plant.metered().table(run.now_s),
        )
    except BaseException:
        recorder.abandon()
        raise
    return result


def _check(standing: Standing) -> None:
    """Refuse what happens within hours: this grain has no instants."""
    scenario = standing.scenario
    told = [("faults", scenario.faults), ("policies", scenario.policies)]
    hint = "take it out, or take grain: request"
    raise_all(
        [
            DocumentError(f"{len(some)} given, and grain: flow has no instants", name, hint)
            for name, some in told
            if some
        ]
    )
    if scenario.hours > MOST_HOURS:
        raise DocumentError(
            f"{scenario.hours:g} hours are more than the {MOST_HOURS:,} that are computed at once", "hours", "run years"
        )


def _hours(standing: Standing) -> Hours:
    """The hours of the run: the air of each is that of its middle, between two rows of the weather."""
    end_s = standing.outside.duration_s
    from_s = np.arange(0.0, end_s, HOUR_S)
    until_s = np.minimum(from_s + HOUR_S, end_s)
    air = standing.outside.weather.at(standing.outside.utc(0.5 * (from_s + until_s)), 0.0)
    return Hours(from_s, until_s, air.dry_bulb_c, air.wet_bulb_c, air.dew_point_c)


def _lived(standing: Standing, hours: Hours, where: str) -> tuple[FlowRun, ItHours, YearHours]:
    """Settle all hours and put their sums on the plant's meters."""
    scenario, plant = standing.scenario, standing.plant
    local_hour = hour_of_day(datetime.fromisoformat(scenario.start), hours.from_s)
    pools = [
        flow_pool(standing, policies, pools, local_hour, f"{where} workloads[{i}]")
        for i, (policies, pools) in enumerate(standing.placed)
    ]
    loads = HourLoads(standing.held, pools, hours.from_s, hours.until_s)
    it, year = _settled(standing, loads, hours, where)
    now_s = float(hours.until_s[-1])
    put_on_meters(plant, it, year, hours.lasted_s)
    hall = Hall(
        scenario, standing.layout, standing.catalogue, standing.floor, plant, Clock(now_s), standing.outside, [],
        standing.held,
    )  # fmt: skip
    run = FlowRun(hall, Bill(standing.outside, scenario.tariff), pools, now_s=now_s)
    inlet_c = inlet_hours(plant, it, year)
    run.it_peak_w, run.facility_peak_w = float(year.it_w.max()), float(year.grid_w.max())
    if len(inlet_c):
        run.inlet_max_c = float(inlet_c.max())
        run.inlet_sum = float(inlet_c.mean(axis=0) @ hours.lasted_s)
    run.warnings = warnings_of(plant, year, pools, hours.lasted_s)
    return run, it, year


def _settled(standing: Standing, loads: HourLoads, hours: Hours, where: str) -> tuple[ItHours, YearHours]:
    """All hours with their servers at the inlets that come of it: fans and leakage warm the air they breathe."""
    plant, air = standing.plant, (hours.dry_c, hours.wet_c, hours.dew_c)
    controls = controls_of(standing.scenario.controls, where)
    outdoors = AirHours(hours.dry_c, hours.wet_c, np.asarray(saturated_ratio(hours.dew_c)))
    over_k = np.zeros(len(hours.from_s))
    for _ in range(MOST_PASSES):
        it = it_hours(plant, loads, over_k)
        year = settle_hours(plant, it, outdoors, hour_controls(controls, plant, it, air))
        inlet_c = inlet_hours(plant, it, year)
        if not len(inlet_c):
            break
        # On a grid, so that a year has few states; halfway points stay, or two hours could trade places for ever.
        wanted_k = np.maximum(inlet_c.mean(axis=0) - WARM_C, 0.0)
        stepped_k = np.where(np.abs(wanted_k - over_k) > 0.6 * GRID_K, GRID_K * np.rint(wanted_k / GRID_K), over_k)
        if (stepped_k == over_k).all():
            break
        over_k = stepped_k
    return it, year


def _take_bill(run: FlowRun) -> None:
    meters = run.hall.plant.meters
    meters.carbon_kg, meters.cost = run.bill.carbon_kg, run.bill.energy_cost
