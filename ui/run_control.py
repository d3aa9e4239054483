"""The run as the window knows it: what was asked of the engine, what it answered, and one timer that pulls frames."""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from PySide6.QtCore import QObject, QTimer, Signal

from twin.errors import TwinError
from twin.record.frame import Event, Severity
from ui import served
from ui.engine import Engine, Message, Serve
from ui.feed import Batch, Feed, RackHistory
from ui.widgets.speed import SPEEDS

PULL_MS = 50
Phase = Literal["idle", "opening", "paused", "running", "done", "dead"]


@dataclass(frozen=True, slots=True)
class RunInfo:
    """What is being run; `start_s` is the time of day at the first instant."""

    scenario: str
    racks: tuple[str, ...]
    families: tuple[str, ...]
    duration_s: float
    start_s: float
    pulse_s: float
    seed: int
    models: tuple[str, ...]


class RunControl(QObject):
    """Asks the engine for what the user wants and tells the views what happens; they never see the engine.

    `opened` carries RunInfo, `pulled` a Batch with its times moved to the time of day, `happened` an Event likewise,
    `finished` the summary, `failed` a TwinError when a run was not opened, `refused` one when the run that is open goes
    on but did not do what was asked, `died` the exit status of the engine.
    """

    opened = Signal(object)
    pulled = Signal(object)
    happened = Signal(object)
    finished = Signal(object)
    failed = Signal(object)
    refused = Signal(object)
    died = Signal(int)
    phase_changed = Signal()

    def __init__(self, parent: QObject | None = None, serve: Serve = served.serve) -> None:
        super().__init__(parent)
        self.feed = Feed()
        self.engine = Engine(self.feed, serve)
        self.engine.said.connect(self._on_said)
        self.engine.died.connect(self._on_died)
        self.phase: Phase = "idle"
        self.info: RunInfo | None = None
        self.speed = 60.0
        self.speed_reached = float("nan")
        self.time_s = 0.0
        self.racks = RackHistory(0)
        self._after_open = ""
        self._timer = QTimer(self)
        self._timer.setInterval(PULL_MS)
        self._timer.timeout.connect(self._pull)

    @property
    def is_loaded(self) -> bool:
        """Whether there is a run to go on with."""
        return self.phase in ("paused", "running")

    def open(self, scenario: Path, layout_text: str | None, then: str = "") -> None:
        """Open a scenario with the drawing as it is; `then` is `run` or `step`, done once it is open."""
        self.engine.start()
        self._after_open = then
        self._set_phase("opening")
        self.engine.tell("open", scenario=str(scenario.resolve()), layout=layout_text, set=[])

    def run(self) -> None:
        """Go on at the chosen speed; infinite is as fast as the engine can."""
        self.engine.tell("run", speed=None if math.isinf(self.speed) else self.speed)

    def pause(self) -> None:
        """Stop after the pulse in progress."""
        self.engine.tell("pause")

    def step(self) -> None:
        """Go on for one pulse."""
        self.engine.tell("step")

    def set_speed(self, speed: float) -> None:
        """Change the speed, at once when running."""
        self.speed = speed
        if self.phase == "running":
            self.run()
        self.phase_changed.emit()

    def change_speed(self, by: int) -> None:
        """One speed up or down."""
        i = SPEEDS.index(self.speed) if self.speed in SPEEDS else 0
        self.set_speed(SPEEDS[min(max(i + by, 0), len(SPEEDS) - 1)])

    def fail(self, element: str) -> None:
        """Break something now."""
        self.engine.tell("fail", element=element)

    def repair(self, element: str) -> None:
        """Bring something back now."""
        self.engine.tell("repair", element=element)

    def poke(self, element: str, field: str, value: float) -> None:
        """Change a set point now."""
        self.engine.tell("poke", element=element, field=field, value=value)

    def close(self) -> None:
        """End the engine; nothing more is said."""
        self._timer.stop()
        self.engine.died.disconnect(self._on_died)
        self.engine.close()

    def forget(self) -> None:
        """Leave the run that is open: another file was opened."""
        if self.phase == "running":
            self.pause()
        self._timer.stop()
        self.info = None
        self._set_phase("idle")

    def _set_phase(self, phase: Phase) -> None:
        self.phase = phase
        self.phase_changed.emit()

    def _pull(self) -> None:
        batch = self.feed.take()
        if batch is None or self.info is None:
            return
        self.time_s = float(batch.time_s[-1])
        moved = Batch(batch.time_s + self.info.start_s, batch.hall, batch.racks)
        if moved.racks is not None and moved.racks.shape[1] == len(self.info.racks):
            self.racks.append(float(moved.time_s[-1]), moved.racks)
        self.pulled.emit(moved)

    def _on_said(self, message: Message) -> None:
        match message.get("say"):
            case "opened":
                self._on_opened(message)
            case "state":
                self._on_state(message)
            case "event":
                self._on_event(message)
            case "done":
                self._pull()
                self._set_phase("done")
                self.finished.emit(message.get("summary"))
            case "error":
                self._on_error(message)

    def _on_opened(self, message: Message) -> None:
        if self.phase != "opening":
            return
        self.info = run_info(message)
        self.time_s, self.speed_reached = 0.0, float("nan")
        self.racks = RackHistory(len(self.info.racks))
        self.opened.emit(self.info)
        self._set_phase("paused")
        self._timer.start()
        if self._after_open == "run":
            self.run()
        elif self._after_open == "step":
            self.step()

    def _on_state(self, message: Message) -> None:
        if self.info is None or self.phase in ("idle", "opening", "dead"):
            return
        reached = message.get("speed_reached")
        self.speed_reached = float(reached) if isinstance(reached, (int, float)) else float("nan")
        state = message.get("state")
        if state == "running" or state == "paused" or state == "done":
            if state != "running":
                # What stands still shows all that came before it stood.
                self._pull()
            self._set_phase(state)

    def _on_event(self, message: Message) -> None:
        if self.info is None:
            return
        severity = message.get("severity")
        time_s = _number(message.get("time_s")) + self.info.start_s
        kind, place, what = (str(message.get(key, "")) for key in ("kind", "place", "what"))
        known: Severity = "critical" if severity == "critical" else "warning" if severity == "warning" else "note"
        self.happened.emit(Event(time_s, known, kind, place, what))

    def _on_error(self, message: Message) -> None:
        texts = (str(message.get(key) or "") for key in ("what", "where", "hint"))
        error = TwinError(*texts)
        if self.is_loaded or self.phase == "done":
            self.refused.emit(error)
            return
        if self.phase == "opening":
            self._set_phase("idle")
        self.failed.emit(error)

    def _on_died(self, status: int) -> None:
        self._pull()
        self._timer.stop()
        self._set_phase("dead")
        self.died.emit(status)


def run_info(message: Message) -> RunInfo:
    """What the engine says it has opened."""

    def texts(key: str) -> tuple[str, ...]:
        found = message.get(key)
        return tuple(map(str, found)) if isinstance(found, list) else ()

    start = str(message.get("start", "T00:00")).split("T")[-1].split(":")
    start_s = sum(float(part) * size for part, size in zip(start, (3600.0, 60.0, 1.0), strict=False))
    return RunInfo(
        scenario=str(message.get("scenario", "")),
        racks=texts("racks"),
        families=texts("rack_family"),
        duration_s=_number(message.get("duration_s")),
        start_s=start_s,
        pulse_s=_number(message.get("pulse_s")) or 1.0,
        seed=int(_number(message.get("seed"))),
        models=texts("models"),
    )


def _number(value: object) -> float:
    return float(value) if isinstance(value, (int, float)) else 0.0
