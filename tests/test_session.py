"""The engine process as a window sees it: requests in, answers and frames out, and no mistake ends it."""

from __future__ import annotations

import json
import multiprocessing
import time
from collections.abc import Callable, Iterator
from multiprocessing.connection import Connection
from pathlib import Path

import numpy as np
import pytest

import twin
from twin import session
from twin.record.channels import HALL_NAMES, RACK_NAMES
from twin.record.frame import FrameBlock

Write = Callable[..., Path]
Message = dict[str, object]
PATIENCE_S = 30.0


class Window:
    """The other end of the two pipes."""

    def __init__(self) -> None:
        context = multiprocessing.get_context("spawn")
        self.control, control_child = context.Pipe(duplex=True)
        self.frames, frames_child = context.Pipe(duplex=False)
        self.process = context.Process(target=session.serve, args=(control_child, frames_child), daemon=True)
        self.process.start()
        control_child.close()
        frames_child.close()
        self.heard: list[Message] = []
        self.blocks: list[FrameBlock] = []

    def say(self, do: str, **facts: object) -> None:
        self.control.send_bytes(json.dumps({"do": do, **facts}).encode())

    def until(self, is_it: Callable[[Message], bool]) -> Message:
        """The next message of a kind; what comes before is kept, and frames are read meanwhile."""
        give_up_s = time.monotonic() + PATIENCE_S
        while time.monotonic() < give_up_s:
            self._read_frames()
            if self.control.poll(0.01):
                message: Message = json.loads(self.control.recv_bytes())
                self.heard.append(message)
                if is_it(message):
                    self._read_frames()
                    return message
        raise AssertionError(f"nothing of that kind came; heard {self.heard[-5:]}")

    def hear(self, word: str) -> Message:
        return self.until(lambda message: message["say"] == word)

    def hear_state(self, state: str) -> Message:
        return self.until(lambda message: message["say"] == "state" and message["state"] == state)

    def _read_frames(self) -> None:
        while self.frames.poll():
            self.blocks.append(FrameBlock.from_bytes(self.frames.recv_bytes()))

    def open(self, path: Path, **facts: object) -> Message:
        self.say("open", scenario=str(path), **facts)
        opened = self.hear("opened")
        self.hear_state("paused")
        self.heard, self.blocks = [], []
        return opened

    @property
    def time_s(self) -> np.ndarray:
        return np.concatenate([block.time_s for block in self.blocks] or [np.zeros(0)])

    @property
    def hall(self) -> np.ndarray:
        return np.concatenate([block.hall for block in self.blocks])

    def close(self) -> None:
        for end in (self.control, self.frames):
            assert isinstance(end, Connection)
            end.close()


@pytest.fixture(scope="module")
def engine() -> Iterator[Window]:
    """One process for all tests: each opens its own run in it, as a window does."""
    window = Window()
    yield window
    window.close()
    window.process.join(PATIENCE_S)
    assert window.process.exitcode == 0


def test_it_says_what_was_opened(engine: Window, write_scenario: Write) -> None:
    opened = engine.open(write_scenario(), set=["seed=9", "pulse_s=2"])
    assert opened["hall_channels"] == list(HALL_NAMES)
    assert opened["racks"] == ["A1", "A2", "A3", "A4", "A5", "B1", "B2", "B3", "B4", "B5"]
    assert opened["rack_family"] == ["npu"] * 5 + ["gpu"] * 4 + [""]
    assert (opened["seed"], opened["pulse_s"], opened["duration_s"]) == (9, 2.0, pytest.approx(120.0))
    assert opened["models"] == ["llama-3.1-8b", "llama-3.1-70b"]


def test_a_step_is_one_pulse(engine: Window, write_scenario: Write) -> None:
    engine.open(write_scenario(), set=["pulse_s=2"])
    for k in (1, 2, 3):
        engine.say("step")
        assert engine.hear_state("paused")["time_s"] == 2.0 * k
    assert engine.time_s.tolist() == [2.0, 4.0, 6.0]


def test_flat_out_it_gives_every_frame_in_order_and_the_figures_of_a_headless_run(
    engine: Window, write_scenario: Write
) -> None:
    path = write_scenario(faults=[{"at_s": 30.5, "element": "B1"}], hours=0.025)
    engine.open(path)
    engine.say("run", speed=None)
    done = engine.hear("done")["summary"]
    headless = twin.run(path)
    np.testing.assert_array_equal(engine.time_s, headless.time_s)
    for i, name in enumerate(HALL_NAMES):
        np.testing.assert_array_equal(engine.hall[:, i], headless[name].astype(np.float32), err_msg=name)
    assert isinstance(done, dict)
    timed = ("wall_s", "cpu_s")
    assert {k: v for k, v in done.items() if k not in timed} == {
        k: v for k, v in headless.summary.items() if k not in timed
    }
    events = [(m["time_s"], m["kind"], m["place"]) for m in engine.heard if m["say"] == "event"]
    assert events == [(e.time_s, e.kind, e.place) for e in headless.events]
    assert engine.blocks[-1].racks.shape == (len(RACK_NAMES), 10)
    engine.say("run", speed=1)
    assert engine.hear_state("done")["time_s"] == pytest.approx(90.0)


def test_speed_is_kept_and_pause_holds_at_once(engine: Window, write_scenario: Write) -> None:
    engine.open(write_scenario(hours=2.0))
    engine.say("run", speed=20.0)
    engine.hear_state("running")
    began_s = time.monotonic()
    time.sleep(1.5)
    engine.say("pause")
    asked_s = time.monotonic()
    paused = engine.hear_state("paused")
    assert time.monotonic() - asked_s < 1.0
    elapsed_s = asked_s - began_s
    reached_s = paused["time_s"]
    assert isinstance(reached_s, float)
    assert 0.6 * 20.0 * elapsed_s < reached_s < 1.4 * 20.0 * elapsed_s + 2.0
    assert engine.time_s.tolist() == list(range(1, int(reached_s) + 1))
    time.sleep(0.3)
    engine.say("step")
    assert engine.hear_state("paused")["time_s"] == reached_s + 1.0
    states = [message for message in engine.heard if message["say"] == "state"]
    assert 3 <= len(states) <= 12


def test_frames_are_sent_at_most_thirty_times_a_second(engine: Window, write_scenario: Write) -> None:
    engine.open(write_scenario(hours=2.0))
    engine.say("run", speed=None)
    began_s = time.monotonic()
    engine.until(lambda _: time.monotonic() - began_s > 1.0)
    engine.say("pause")
    engine.hear_state("paused")
    elapsed_s = time.monotonic() - began_s
    assert len(engine.blocks) <= 31 * elapsed_s + 2
    times_s = engine.time_s
    assert times_s.tolist() == list(range(1, len(times_s) + 1))


def test_faults_repairs_and_set_points_come_back_as_events(engine: Window, write_scenario: Write) -> None:
    engine.open(write_scenario())
    engine.say("step")
    engine.say("fail", element="B1")
    engine.say("poke", element="CRAH-1", field="supply_c", value=20.0)
    engine.say("step")
    engine.say("repair", element="B1")
    engine.until(lambda m: m["say"] == "event" and m["kind"] == "server.repaired")
    told = [(m["time_s"], m["kind"], m["place"]) for m in engine.heard if m["say"] == "event"]
    assert (1.0, "server.failed", "B1") in told
    assert (1.0, "server.off", "B1/u03") in told
    assert (1.0, "control.set", "CRAH-1") in told
    assert told[-1] == (2.0, "server.repaired", "B1")
    engine.until(lambda m: m["say"] == "event" and m["kind"] == "server.on")


@pytest.mark.parametrize(
    ("request_", "what"),
    [
        ({"do": "fail", "element": "CRAH-9"}, "is no cooler"),
        ({"do": "poke", "element": "CRAH-1", "field": "supply_c", "value": 99}, "outside 5 to 40"),
        ({"do": "poke", "element": "CRAH-1", "field": "supply_c"}, "cannot be read"),
        ({"do": "poke", "element": "CRAH-1", "field": "supply_c", "value": "warm"}, "cannot be read"),
        ({"do": "dance"}, "unknown request 'dance'"),
        ({"do": "open", "scenario": "/nowhere.yaml"}, "no such file"),
    ],
)
def test_a_mistake_is_told_and_the_engine_lives(
    engine: Window, write_scenario: Write, request_: Message, what: str
) -> None:
    engine.open(write_scenario())
    engine.say(**request_)  # type: ignore[arg-type]
    error = engine.hear("error")
    assert what in str(error["what"])
    assert error["where"]
    assert error["hint"]
    engine.open(write_scenario())
    engine.say("step")
    assert engine.hear_state("paused")["time_s"] == 1.0


@pytest.mark.parametrize("garbage", [b"{", b"[1, 2]", b"\xff\xfe", b""])
def test_garbage_on_the_pipe_is_no_end(engine: Window, write_scenario: Write, garbage: bytes) -> None:
    engine.control.send_bytes(garbage)
    assert "unknown request" in str(engine.hear("error")["what"])
    assert engine.open(write_scenario())["say"] == "opened"


def test_a_mistake_while_it_runs_pauses_it_and_says_so(engine: Window, write_scenario: Write) -> None:
    engine.open(write_scenario(hours=2.0))
    engine.say("run", speed=10.0)
    engine.hear_state("running")
    engine.say("fail", element="NOTHING-1")
    engine.hear("error")
    at_s = engine.hear_state("paused")["time_s"]
    engine.say("step")
    assert engine.hear_state("paused")["time_s"] == pytest.approx(at_s + 1.0)


def test_nothing_open_is_an_error_not_an_end(engine: Window) -> None:
    engine.say("open", scenario="/nowhere.yaml")
    engine.hear("error")
    for do in ("run", "step", "pause"):
        engine.say(do)
        assert "no scenario is open" in str(engine.hear("error")["what"])


def test_the_unsaved_drawing_is_what_runs(engine: Window, write_scenario: Write, layouts_dir: Path) -> None:
    tree = json.loads((layouts_dir / "small_room.layout.json").read_text())
    tree["racks"] = [rack for rack in tree["racks"] if rack["id"] != "A1"]
    tree["fabrics"][0]["serves"]["LEAF-A"].remove("A1")
    opened = engine.open(write_scenario(), layout=json.dumps(tree))
    assert "A1" not in opened["racks"]
    for broken, what in (
        ('{"format":', "broken JSON"),
        ('{"a": 1, "a": 2}', "given 2 times"),
        ("{}", "format is None"),
    ):
        engine.say("open", scenario=str(write_scenario()), layout=broken)
        error = engine.hear("error")
        assert what in str(error["what"])
        assert "small_room.layout.json" in str(error["where"])


def test_the_end_of_the_pipe_ends_the_process(write_scenario: Write) -> None:
    window = Window()
    window.open(write_scenario(hours=10.0))
    window.say("run", speed=None)
    window.hear_state("running")
    window.close()
    window.process.join(PATIENCE_S)
    assert window.process.exitcode == 0


def test_stop_ends_the_process() -> None:
    window = Window()
    window.say("stop")
    window.process.join(PATIENCE_S)
    assert window.process.exitcode == 0
