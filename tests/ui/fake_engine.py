"""Engines for the window's tests: they speak the session's protocol, without a simulation, and can die on request."""

from __future__ import annotations

import json
import os
import time
from multiprocessing.connection import Connection
from pathlib import Path

import numpy as np

from twin.record.channels import HALL_NAMES, RACK_NAMES
from twin.record.frame import FrameBlock

RACKS = ["A1", "A2", "B1"]
FAMILIES = ["npu", "npu", "gpu"]
DURATION_S = 600.0
REFUSED_C = 39.0


def hall_row(time_s: float) -> np.ndarray:
    """Hall values that tell the time, so that a test can see whether a row is in its place."""
    row = np.zeros(len(HALL_NAMES))
    for name, value in {
        "output_tokens_per_s": 1000.0 + time_s,
        "it_w": 60e3,
        "accelerators_w": 40e3,
        "network_w": 2e3,
        "cooling_w": 15e3,
        "loss_w": 5e3,
        "facility_w": 80e3,
        "pue": 80 / 60,
        "inlet_mean_c": 22.0,
        "inlet_max_c": 28.0,
        "utilisation_npu_frac": 0.5,
        "utilisation_gpu_frac": 0.4,
        "utilisation_npu_pim_frac": np.nan,
        "ttft_p99_s": 0.5,
        "tpot_p50_s": 0.02,
    }.items():
        row[HALL_NAMES.index(name)] = value
    return row


def rack_block(time_s: float) -> np.ndarray:
    """Rack values: power tells rack and time."""
    block = np.zeros((len(RACK_NAMES), len(RACKS)))
    block[RACK_NAMES.index("power_w")] = [1000.0 * (i + 1) + time_s for i in range(len(RACKS))]
    block[RACK_NAMES.index("inlet_c")] = [22.0, 24.0, 28.0]
    block[RACK_NAMES.index("utilisation_frac")] = 0.5
    return block


def frames_for(start_s: float, n: int) -> bytes:
    """A block of n pulses of 1 s after a time."""
    times_s = start_s + 1.0 + np.arange(n)
    hall = np.array([hall_row(float(time_s)) for time_s in times_s])
    return FrameBlock(times_s, hall, rack_block(float(times_s[-1]))).to_bytes()


class FakeEngine:
    """Answers like the session; `fail` on the element `engine` kills the process with status 9."""

    def __init__(self, control: Connection, frames: Connection) -> None:
        self._control, self._frames = control, frames
        self._time_s = 0.0
        self._is_running = False

    def say(self, what_kind: str, /, **fields: object) -> None:
        self._control.send_bytes(json.dumps({"say": what_kind, **fields}).encode())

    def serve(self) -> None:
        while True:
            if self._control.poll(0.01 if self._is_running else 60.0):
                try:
                    message = json.loads(self._control.recv_bytes())
                except EOFError:
                    return
                if message["do"] == "stop":
                    return
                self._answer(message)
            elif self._is_running:
                self._advance(5)

    def _answer(self, message: dict) -> None:
        do = message["do"]
        if do == "open":
            self._open(message)
        elif do == "run":
            self._is_running = True
            self._state("running")
        elif do == "pause":
            self._is_running = False
            self._state("paused")
        elif do == "step":
            self._is_running = False
            self._advance(1)
            self._state("paused")
        elif do == "poke":
            self._poke(message)
        elif do == "fail":
            if message["element"] == "engine":
                os._exit(9)
            what = "failed"
            self.say(
                "event",
                time_s=self._time_s,
                severity="critical",
                kind="cooler.failed",
                place=message["element"],
                what=what,
            )

    def _poke(self, message: dict) -> None:
        element, field, value = message["element"], message["field"], message["value"]
        if value == REFUSED_C:
            self.say("error", what=f"{field} {value:g} is too high", where=element, hint="choose less")
            return
        what = f"{field} 0.5 → {value:g}"
        self.say("event", time_s=self._time_s, severity="note", kind="control.set", place=element, what=what)

    def _open(self, message: dict) -> None:
        self._time_s, self._is_running = 0.0, False
        if not Path(message["scenario"]).is_file():
            self.say("error", what="no such file", where=message["scenario"], hint="choose another")
            return
        self.say(
            "opened",
            racks=RACKS,
            rack_family=FAMILIES,
            duration_s=DURATION_S,
            start="2026-07-15T14:00",
            pulse_s=1.0,
            scenario="Fake",
            seed=1,
            models=["m"],
        )
        self._state("paused")

    def _advance(self, n: int) -> None:
        n = min(n, int(DURATION_S - self._time_s))
        self._frames.send_bytes(frames_for(self._time_s, n))
        self._time_s += n
        if self._time_s >= DURATION_S:
            self._is_running = False
            self._state("done")
            self.say("done", summary={"simulated_s": DURATION_S})

    def _state(self, state: str) -> None:
        self.say("state", state=state, time_s=self._time_s, speed_reached=50.0)


def serve(control: Connection, frames: Connection, log_file: Path) -> None:
    """Entry of a well-behaved engine."""
    log_file.write_text("fake engine began\n", encoding="utf-8")
    FakeEngine(control, frames).serve()


def deaf(control: Connection, frames: Connection, log_file: Path) -> None:
    """Entry of an engine that never listens."""
    time.sleep(600)
