"""The engine's side of a live window: one JSON object per control message, frames as blocks of bytes."""

from __future__ import annotations

import json
import sys
import time
import traceback
from collections.abc import Callable
from multiprocessing.connection import Connection
from pathlib import Path
from typing import cast

import numpy as np

from twin.catalogue.compute import Accelerator
from twin.errors import DocumentError, TwinError, each_problem
from twin.files import Tree
from twin.record.channels import HALL_NAMES, RACK_NAMES
from twin.record.frame import Event, Frame, FrameBlock
from twin.record.result import json_text
from twin.scenario.overrides import parse_set
from twin.sim.run import Run, load_documents, start_live
from twin.sim.summary import summary

FRAMES_PER_S = 30.0
STATES_PER_S = 4.0
SLICE_S = 0.02
"""Wall time simulated between two looks at the control pipe, so that pause answers at once."""


class Session:
    """One window's engine: a run or none, and how fast it goes."""

    def __init__(self, control: Connection, frames: Connection) -> None:
        self._control, self._frames = control, frames
        self._run: Run | None = None
        self._path = Path()
        self._speed: float | None = 1.0
        self._is_running = False
        self._pending: list[Frame] = []
        self._sent_s = self._said_s = 0.0
        self._wall_from = self._sim_from = 0.0
        self._opened = (0.0, 0.0)  # wall and CPU seconds when the run was opened
        self._rate: list[tuple[float, float]] = []
        self._verbs: dict[str, Callable[[Tree], None]] = {
            "open": self._open,
            "run": self._go,
            "pause": lambda _: self._pause(),
            "step": lambda _: self._step(),
            "poke": self._poke,
            "fail": lambda m: self._live().fail(str(m["element"])),
            "repair": lambda m: self._live().repair(str(m["element"])),
        }

    def serve(self) -> None:
        """Answer messages and carry the run on, until the window closes its end or says stop."""
        while True:
            try:
                while self._control.poll(self._patience_s()):
                    message = _message(self._control.recv_bytes())
                    if message.get("do") == "stop":
                        return
                    self._answer(message)
                if self._is_running:
                    self._guarded(self._advance)
            except (EOFError, OSError):
                # The window is gone, whichever pipe says so first.
                return

    def _patience_s(self) -> float:
        """How long to wait for a message: until work is due."""
        if not self._is_running or self._run is None:
            return 3600.0
        if self._speed is None:
            return 0.0
        due_s = self._run.now_s + self._run.hall.scenario.pulse_s
        return min(0.25, max(0.0, self._wall_from + (due_s - self._sim_from) / self._speed - time.perf_counter()))

    def _answer(self, message: Tree) -> None:
        verb = self._verbs.get(str(message.get("do")))
        if verb is None:
            self.say("error", what=f"unknown request {message.get('do')!r}", where="session", hint="update the program")
            return
        self._guarded(lambda: verb(message))

    def _guarded(self, work: Callable[[], None]) -> None:
        """Do something; what goes wrong is told, and the engine stays alive and idle."""
        try:
            work()
        except TwinError as error:
            first, *others = each_problem(error)
            more = f" (and {len(others)} more)" if others else ""
            self.say("error", what=first.what + more, where=first.where, hint=first.hint)
            self._stand_still()
        except (KeyError, TypeError, ValueError) as error:
            traceback.print_exc(file=sys.stderr)
            what = f"a request cannot be read: {type(error).__name__} {error}"
            self.say("error", what=what, where="session", hint="report it with the log")
            self._stand_still()
        except (EOFError, OSError):
            raise
        except Exception as error:
            traceback.print_exc(file=sys.stderr)
            self.say("error", what=f"{type(error).__name__}: {error}", where="engine", hint="report it with the log")
            self._stand_still()

    def _stand_still(self) -> None:
        """After a mistake nothing goes on by itself, and the window is told so."""
        if self._is_running:
            self._is_running = False
            self._send()
            self._state("paused")

    def say(self, word: str, /, **facts: object) -> None:
        """One message to the window; numbers that are none become null."""
        self._control.send_bytes(json_text({"say": word, **facts}).encode())

    def _live(self) -> Run:
        if self._run is None:
            raise DocumentError("no scenario is open", "session", "open one first")
        return self._run

    def _open(self, message: Tree) -> None:
        self._is_running, self._run = False, None
        self._path = Path(str(message["scenario"]))
        layout = message.get("layout")
        documents = load_documents(self._path, None if layout is None else str(layout))
        sets = [parse_set(str(text)) for text in cast(list[object], message.get("set") or [])]
        run = start_live(documents.changed(sets), self._path)
        run.on_event = self._event
        self._run, self._pending = run, []
        self._opened = (time.perf_counter(), time.process_time())
        hall = run.hall
        chips = {c.i_rack: c.chip for c in hall.plant.compute.constants if c.chip is not None}
        self.say(
            "opened",
            hall_channels=list(HALL_NAMES),
            rack_channels=list(RACK_NAMES),
            racks=hall.plant.racks.ids,
            rack_family=[_family(chips.get(i)) for i in range(len(hall.plant.racks.ids))],
            duration_s=run.duration_s,
            start=hall.scenario.start,
            pulse_s=hall.scenario.pulse_s,
            scenario=hall.scenario.name,
            seed=hall.scenario.seed,
            models=[served.spec.served for served in hall.served],
            currency=hall.outside.tariff.currency,
        )
        self._state("paused")

    def _event(self, event: Event) -> None:
        self.say(
            "event",
            time_s=event.time_s,
            severity=event.severity,
            kind=event.kind,
            place=event.place,
            what=event.what,
        )

    def _go(self, message: Tree) -> None:
        run = self._live()
        speed = message.get("speed")
        self._speed = None if speed is None else float(cast(float, speed))
        self._is_running = not run.is_done
        self._wall_from, self._sim_from = time.perf_counter(), run.now_s
        self._rate = [(self._wall_from, self._sim_from)]
        self._state("running" if self._is_running else "done")

    def _pause(self) -> None:
        self._live()
        self._is_running = False
        self._send()
        self._state("paused")

    def _step(self) -> None:
        run = self._live()
        self._is_running = False
        if not run.is_done:
            self._pending.append(run.step())
        self._send()
        self._state("done" if run.is_done else "paused")

    def _poke(self, message: Tree) -> None:
        self._live().poke(str(message["element"]), str(message["field"]), float(cast(float, message["value"])))

    def _advance(self) -> None:
        """Pulses that are due, for at most a slice of wall time."""
        run, until = self._live(), time.perf_counter() + SLICE_S
        while not run.is_done and (self._is_due(run) and time.perf_counter() < until):
            self._pending.append(run.step())
        now = time.perf_counter()
        if now - self._sent_s >= 1.0 / FRAMES_PER_S:
            self._send()
        if run.is_done:
            self._is_running = False
            self._send()
            self._state("done")
            wall_s, cpu_s = self._opened
            self.say("done", summary=summary(run, now - wall_s, time.process_time() - cpu_s))
        elif now - self._said_s >= 1.0 / STATES_PER_S:
            self._state("running")

    def _is_due(self, run: Run) -> bool:
        if self._speed is None:
            return True
        due_s = run.now_s + run.hall.scenario.pulse_s
        return time.perf_counter() >= self._wall_from + (due_s - self._sim_from) / self._speed

    def _send(self) -> None:
        """Frames since the last block, the racks of the newest."""
        if self._pending:
            newest = self._pending[-1]
            block = FrameBlock(
                np.array([frame.time_s for frame in self._pending]),
                np.array([frame.hall for frame in self._pending]),
                newest.racks,
            )
            self._frames.send_bytes(block.to_bytes())
            self._pending = []
        self._sent_s = time.perf_counter()

    def _state(self, state: str) -> None:
        run, now = self._run, time.perf_counter()
        time_s = run.now_s if run is not None else 0.0
        self._rate = [*self._rate[-8:], (now, time_s)]
        (wall, sim) = self._rate[0]
        reached = (time_s - sim) / (now - wall) if self._is_running and now > wall + 1e-3 else 0.0
        self.say("state", state=state, time_s=time_s, speed_reached=reached)
        self._said_s = now


def _message(data: bytes) -> Tree:
    """A request; what is no mapping is one that asks for nothing known."""
    try:
        tree = json.loads(data)
    except ValueError:
        tree = None
    return tree if isinstance(tree, dict) else {"do": data[:40].decode("utf-8", "replace")}


def _family(chip: Accelerator | None) -> str:
    return chip.family if chip is not None else ""


def serve(control: Connection, frames: Connection) -> None:
    """Entry of the engine process."""
    Session(control, frames).serve()
