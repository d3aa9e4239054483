"""One simulation being lived: a hall, its clock, what is poked into it, and what is recorded of it."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import FrameType

import numpy as np

from twin.errors import DocumentError, named
from twin.files import Tree, check_format, parse_json, read_json, read_yaml
from twin.plant.plant import Settled
from twin.plant.stretch import settle_stretch
from twin.record.frame import Event, Frame, Severity
from twin.record.recorder import Recorder
from twin.record.result import Result
from twin.scenario.model import FORMAT, VERSION
from twin.scenario.overrides import Documents
from twin.sim.air_watch import AirWatch
from twin.sim.arrivals import Workload
from twin.sim.bill import Bill
from twin.sim.clocks import Clocks
from twin.sim.controls import Controls
from twin.sim.coolant import CoolantEvents
from twin.sim.faults import Faults
from twin.sim.frames import FrameMaker
from twin.sim.hall import Hall, build_hall
from twin.sim.kv_figures import KvWatch
from twin.sim.links import link_findings
from twin.sim.quiet import quiet_ends_s, stops_in_pulse_s
from twin.sim.scaling import Scaling
from twin.sim.senses import Senses
from twin.sim.sites import ReplicaSite
from twin.sim.summary import run_facts, summary
from twin.sim.swing_path import SwingWatch

Progress = Callable[[float, float], None]


def load_documents(scenario_path: Path, layout_text: str | None = None) -> Documents:
    """The trees of a scenario and its layout; the layout's text may come from an unsaved drawing."""
    scenario = read_yaml(scenario_path)
    check_format(scenario, scenario_path, FORMAT, VERSION)
    name, folder = scenario.get("layout"), scenario_path.parent
    if not isinstance(name, str):
        raise DocumentError("names no layout", str(scenario_path), "write `layout: FILE`")
    path = Path(os.path.normpath(folder / name))
    layout = read_json(path) if layout_text is None else parse_json(layout_text, path)
    return Documents(scenario, layout, folder=folder)


@dataclass(slots=True)
class Run:
    """A hall under way; `step` carries it one pulse on."""

    hall: Hall
    recorder: Recorder
    on_event: Callable[[Event], None] | None = None
    n_pulses: int = 0
    warnings: dict[str, str] = field(default_factory=dict)
    events: list[Event] = field(default_factory=list)
    it_peak_w: float = 0.0
    facility_peak_w: float = 0.0
    inlet_max_c: float = -273.15
    inlet_sum: float = 0.0
    _frames: FrameMaker = field(init=False)
    _clocks: Clocks = field(init=False)
    _senses: Senses = field(init=False)
    _kv: KvWatch = field(init=False)
    _faults: Faults = field(init=False)
    _controls: Controls = field(init=False)
    swing_watch: SwingWatch = field(init=False)
    air_watch: AirWatch = field(init=False)
    scaling: list[Scaling] = field(default_factory=list)
    _started: tuple[float, float] = field(init=False)
    _over: set[str] = field(default_factory=set)
    _watched: Settled | None = None  # the settling that was looked at last, and when
    _looked_s: float = 0.0
    _inlet_c: float = 0.0  # mean over the racks in it

    def __post_init__(self) -> None:
        self._started = (time.perf_counter(), time.process_time())
        self._frames = FrameMaker(self.hall)
        self._clocks = Clocks(self.hall, self.note)
        self._senses = Senses(self.hall)
        self._kv = KvWatch(self.hall.served)
        self._faults = Faults(self.hall, self.settle, self.note, self._clocks)
        self._controls = Controls(self.hall, self._faults.poked)
        self.swing_watch = SwingWatch(self.hall, self._crossed)
        self.air_watch = AirWatch(self.hall.plant, self._seen, self.warn)
        self._begin_scaling()
        for finding in self._frames.limits():
            self.warn(*finding)
        sites = [(one.spec.id, site) for one in self.hall.served for site in one.sites]
        laws = [(name, site.law, site.config) for name, site in sites if isinstance(site, ReplicaSite)]
        for key, text in link_findings(laws):
            self.warn(key, text)
            self.note("warning", "network.links", key.split()[1], text)

    def _begin_scaling(self) -> None:
        hour = self.hall.outside.start_hour
        for one, window in zip(self.hall.served, self._frames.windows, strict=True):
            if one.scaling is not None and isinstance(one.workload, Workload):
                self.scaling.append(Scaling(one.spec.id, one.workload, one.scaling, hour, self.note))
                self.scaling[-1].latency = window

    @property
    def duration_s(self) -> float:
        """Simulated time asked for."""
        return self.hall.scenario.hours * 3600.0

    @property
    def now_s(self) -> float:
        """Simulated time reached."""
        return float(self.hall.env.now)

    @property
    def bill(self) -> Bill:
        """Cost and carbon of the energy so far."""
        return self._frames.bill

    @property
    def is_done(self) -> bool:
        """Whether the end is reached."""
        return self.now_s >= self.duration_s

    def note(self, severity: Severity, kind: str, place: str, what: str) -> None:
        """Something happened: record it and tell who listens."""
        self._tell(Event(self.now_s, severity, kind, place, what))

    def _tell(self, event: Event) -> None:
        self.recorder.event(event)
        if self.on_event is not None:
            self.on_event(event)

    @property
    def coolant(self) -> CoolantEvents:
        """What became of its coolant loops."""
        return self._faults.coolant

    def warn(self, key: str, text: str) -> None:
        """Something about the whole result a reader must know, said once."""
        self.warnings.setdefault(key, text)

    def settle(self) -> None:
        """Bring the plant to this instant before something changes in it."""
        plant = self.hall.plant
        if self.now_s > plant.settled_s:
            settled = self._carry()
            self._clocks.follow_heat(settled.rack_inlet_c)
            self._controls.look(self.now_s, settled)
            self._senses.take(settled)
            for workload, text in self._kv.saturated(self.now_s):
                self.warn(f"network.kv {workload}", f"{workload}: {text}")
                self._crossed(f"kv {workload}", "network.kv_saturated", workload, text, "warning")
            self._faults.power.take(settled)
            self._faults.coolant.follow()

    def _carry(self) -> Settled:
        """Carry the plant to this instant and count what passed; nobody decides anything by it."""
        plant = self.hall.plant
        settled = plant.settle(self.now_s, self.hall.outside.air(plant.settled_s))
        self._frames.take(settled)
        self._watch(settled, self.now_s)
        self._faults.coolant.count(settled)
        return settled

    def step(self) -> Frame:
        """Carry everything one pulse on; the last one may be short."""
        stops_s = stops_in_pulse_s(self.hall, self.n_pulses)
        self.n_pulses += 1
        until_s = min(self.n_pulses * self.hall.scenario.pulse_s, self.duration_s)
        for at_s in stops_s:
            self.hall.env.run(until=at_s)
            if self.now_s > self.hall.plant.settled_s:
                self._carry()
        self.hall.env.run(until=until_s)
        self.settle()
        frame = self._frames.frame(until_s)
        self.recorder.frame(frame)
        return frame

    def stride(self, until_s: float = np.inf) -> None:
        """Carry everything on by a pulse, or by as many as nothing happens in: the same bytes in less time.

        Not beyond the first pulse that ends at until_s or later, nor so far that Ctrl-C would have to wait.
        """
        ends_s = quiet_ends_s(self.hall, self.n_pulses, min(until_s, self.duration_s))
        # Who shaves peaks or watches hot chips looks at every pulse, and so do controls.
        is_watched = self._faults.power.shaving.above_w is not None or not self._faults.coolant.is_calm
        if len(ends_s) < 2 or is_watched or self._controls.is_active:
            self.step()
            return
        plant = self.hall.plant
        parts = settle_stretch(plant, ends_s, self.hall.outside.air)
        ends_s = ends_s[: len(parts)]
        self.n_pulses += len(parts)
        self.hall.env.run(until=ends_s[-1])
        for settled, end_s in zip(parts, ends_s, strict=True):
            self._watch(settled, end_s)
            self._faults.coolant.count(settled)
        self._faults.power.take(parts[-1])
        self._faults.coolant.follow()
        self.recorder.frames(self._frames.frames(parts, ends_s))

    def _watch(self, settled: Settled, at_s: float) -> None:
        """Peaks, and limits that were crossed; nothing new where a settling is the last one over again."""
        if settled is not self._watched:
            self._watched, self._looked_s = settled, at_s
            self._look(settled)
        self.inlet_sum += self._inlet_c * settled.dt_s
        self.air_watch.count(settled)

    def _look(self, settled: Settled) -> None:
        self.it_peak_w = max(self.it_peak_w, settled.it_w)
        self.facility_peak_w = max(self.facility_peak_w, settled.used_w)
        self.air_watch.look(settled)
        inlet_c = settled.rack_inlet_c
        hottest = float(np.maximum.reduce(inlet_c, initial=-273.15))
        self.inlet_max_c = max(self.inlet_max_c, hottest)
        self._inlet_c = float(np.add.reduce(inlet_c)) / len(inlet_c) if len(inlet_c) else 0.0
        if settled.is_extrapolated:
            self.warn("chiller.range", "a chiller ran outside the range its curves were fitted in: Carnot-scaled there")
        power, load_w = self.hall.plant.power, settled.flow.load_w
        self.swing_watch.take(settled.flow)
        for i in (load_w > power.limit_w).nonzero()[0]:
            what = f"carries {load_w[i] / 1e3:.1f} kW, rated {power.limit_w[i] / 1e3:.1f} kW"
            self._crossed(f"load {power.ids[i]}", "power.overload", power.ids[i], what, "critical")
        if hottest > 27.0:
            rack = self.hall.plant.racks.ids[int(inlet_c.argmax())]
            if hottest > 32.0:
                what = f"inlet {hottest:.1f} °C, A1 limit 32.0 °C"
                self._crossed("a1", "thermal.allowable", rack, what, "critical")
            else:
                what = f"inlet {hottest:.1f} °C, recommended 27.0 °C"
                self._crossed("rec", "thermal.recommended", rack, what, "warning")

    def _seen(self, severity: Severity, kind: str, place: str, what: str) -> None:
        """An event at the time that is looked at."""
        self._tell(Event(self._looked_s, severity, kind, place, what))

    def _crossed(self, key: str, kind: str, place: str, what: str, severity: Severity) -> None:
        """An event at the first crossing of each limit only, at the time that is looked at."""
        if key not in self._over:
            self._over.add(key)
            self._tell(Event(self._looked_s, severity, kind, place, what))

    def fail(self, element: str) -> None:
        """Something breaks now."""
        self._faults.act(element, is_up=False)

    def repair(self, element: str) -> None:
        """Something is repaired now."""
        self._faults.act(element, is_up=True)

    def poke(self, element: str, field_name: str, value: float) -> None:
        """Change a set point now."""
        self._faults.poke(element, field_name, value)

    def finish(self, scenario_path: Path, *, is_complete: bool = True, corners: Sequence[Future[Tree]] = ()) -> Result:
        """Close the recording; an early end is marked so. corners: summaries of the runs that span the band."""
        wall_s = time.perf_counter() - self._started[0]
        cpu_s = time.process_time() - self._started[1]
        facts = summary(self, wall_s, cpu_s, [corner.result() for corner in corners])
        hall = self.hall
        is_kept = hall.scenario.record.requests and hall.served
        requests = self._frames.request_columns() if is_kept else None
        run = run_facts(hall, scenario_path, is_complete)
        power = hall.plant.metered().table(self.now_s or float("nan"))
        return self.recorder.finish(facts, run, requests, documents_of(hall), power)


def documents_of(hall: Hall) -> dict[str, str]:
    """The two inputs as they were run, by file name."""
    from twin.layout.store import layout_text

    scenario = hall.scenario.model_dump_json(indent=1, exclude_defaults=True)
    return {"scenario.json": scenario + "\n", "layout.json": layout_text(hall.layout)}


class Unrecorded(Recorder):
    """Keeps nothing: a window holds what it shows, and a live run may go on for months."""

    def __init__(self) -> None:
        super().__init__(None, None, (), with_racks=False)

    def frame(self, frame: Frame) -> None:
        """Let it go."""

    def event(self, event: Event) -> None:
        """Let it go."""


def start_live(documents: Documents, scenario_path: Path) -> Run:
    """A run at time zero that a window watches and nobody records."""
    if is_flow(documents):
        what = "grain: flow computes all hours at once, so there is nothing to watch"
        raise DocumentError(what, str(scenario_path), "use `twin run`, or set grain: request")
    hall = build_hall(documents, scenario_path)
    with named(str(scenario_path)):
        return Run(hall, Unrecorded())


def start_run(documents: Documents, scenario_path: Path, folder: Path | None = None) -> Run:
    """A run at time zero; nothing is written before the hall stands."""
    hall = build_hall(documents, scenario_path)
    record = hall.scenario.record
    recorder = Recorder(folder, record.every_s, hall.plant.racks.ids, record.racks)
    with _dropped_on_error(recorder), named(str(scenario_path)):
        return Run(hall, recorder)


@contextmanager
def _dropped_on_error(recorder: Recorder) -> Iterator[None]:
    """Whatever ends a run early without a result leaves nothing half-written behind."""
    try:
        yield
    except BaseException:
        recorder.abandon()
        raise


@contextmanager
def _interrupts() -> Iterator[list[int]]:
    """Collects the first Ctrl-C, so that a run ends between two pulses and not inside one; the second one acts at once.

    Outside the main thread signals cannot be caught, and none arrives.
    """
    caught: list[int] = []

    def note(signum: int, _: FrameType | None) -> None:
        caught.append(signum)
        signal.signal(signal.SIGINT, former)

    if threading.current_thread() is not threading.main_thread():
        yield caught
        return
    former = signal.getsignal(signal.SIGINT) or signal.SIG_DFL
    signal.signal(signal.SIGINT, note)
    try:
        yield caught
    finally:
        signal.signal(signal.SIGINT, former)


def simulate(
    documents: Documents,
    scenario_path: Path,
    folder: Path | None = None,
    hours: float | None = None,
    seed: int | None = None,
    progress: Progress | None = None,
) -> Result:
    """Run a scenario to its end, or to Ctrl-C, which leaves a partial result marked so."""
    if is_flow(documents):
        from twin.sim.flow_run import simulate_flow

        return simulate_flow(as_asked(documents, hours, seed), scenario_path, folder, progress)
    run = start_run(as_asked(documents, hours, seed), scenario_path, folder)
    return lived(run, scenario_path, progress)


def is_flow(documents: Documents) -> bool:
    """Whether the scenario is computed by the hour, all at once."""
    return documents.scenario.get("grain") == "flow"


def as_asked(documents: Documents, hours: float | None, seed: int | None) -> Documents:
    """The documents with another length or seed, where one is given."""
    asked = {name: value for name, value in (("hours", hours), ("seed", seed)) if value is not None}
    return replace(documents, scenario={**documents.scenario, **asked})


def lived(
    run: Run, scenario_path: Path, progress: Progress | None = None, corners: Sequence[Future[Tree]] = ()
) -> Result:
    """A run carried to its end; corners: see `Run.finish`."""
    with _dropped_on_error(run.recorder), _interrupts() as interrupts:
        while not run.is_done and not interrupts:
            run.stride()
            if progress is not None:
                progress(run.now_s, run.duration_s)
        return run.finish(scenario_path, is_complete=run.is_done, corners=corners if run.is_done else ())
