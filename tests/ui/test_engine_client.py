"""The engine's process from the window's side: start, talk, frames, death, end."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from tests.ui import fake_engine
from ui.engine import Engine, Message
from ui.feed import Feed


@pytest.fixture
def engine(qtbot: QtBot) -> Iterator[Engine]:
    made = Engine(Feed(), fake_engine.serve)
    yield made
    made.close()


def messages_of(engine: Engine) -> list[Message]:
    got: list[Message] = []
    engine.said.connect(got.append)
    return got


def opened(engine: Engine, qtbot: QtBot, layouts_dir: Path) -> list[Message]:
    """Messages of an engine that has opened a scenario."""
    got = messages_of(engine)
    engine.start()
    engine.tell("open", scenario=str(layouts_dir / "scenarios" / "small_room_chat.yaml"), layout=None, set=[])
    qtbot.waitUntil(lambda: any(message["say"] == "state" for message in got), timeout=20_000)
    return got


def test_messages_arrive_in_the_order_they_were_sent(engine: Engine, qtbot: QtBot, layouts_dir: Path):
    got = opened(engine, qtbot, layouts_dir)
    assert [message["say"] for message in got] == ["opened", "state"]
    assert got[0]["racks"] == fake_engine.RACKS


def test_frames_reach_the_feed_and_nothing_else(engine: Engine, qtbot: QtBot, layouts_dir: Path):
    got = opened(engine, qtbot, layouts_dir)
    engine.tell("step")
    qtbot.waitUntil(lambda: engine.feed.n_pulses == 1, timeout=10_000)
    batch = engine.feed.take()
    assert batch is not None
    assert batch.column("output_tokens_per_s").tolist() == [1001.0]
    assert all(message["say"] in ("opened", "state") for message in got)


def test_frames_of_the_run_before_are_gone_when_another_is_opened(engine: Engine, qtbot: QtBot, layouts_dir: Path):
    got = opened(engine, qtbot, layouts_dir)
    engine.tell("run", speed=None)
    qtbot.waitUntil(lambda: engine.feed.n_pulses > 20, timeout=10_000)
    engine.tell("open", scenario=str(layouts_dir / "scenarios" / "small_room_chat.yaml"), layout=None, set=[])
    qtbot.waitUntil(lambda: sum(message["say"] == "opened" for message in got) == 2, timeout=10_000)
    assert engine.feed.take() is None


def test_its_death_is_told_with_its_status(engine: Engine, qtbot: QtBot, layouts_dir: Path):
    opened(engine, qtbot, layouts_dir)
    with qtbot.waitSignal(engine.died, timeout=10_000) as death:
        engine.tell("fail", element="engine")
    assert death.args == [9]
    assert not engine.is_alive
    assert "fake engine began" in engine.log_text()


def test_it_can_be_started_again_after_its_death(engine: Engine, qtbot: QtBot, layouts_dir: Path):
    opened(engine, qtbot, layouts_dir)
    with qtbot.waitSignal(engine.died, timeout=10_000):
        engine.tell("fail", element="engine")
    first = engine.process_id
    opened(engine, qtbot, layouts_dir)
    assert engine.is_alive
    assert engine.process_id != first


def test_closing_ends_the_process_and_is_no_death(engine: Engine, qtbot: QtBot, layouts_dir: Path):
    opened(engine, qtbot, layouts_dir)
    deaths: list[int] = []
    engine.died.connect(deaths.append)
    process = engine._process
    engine.close()
    qtbot.wait(50)
    assert process is not None
    assert process.exitcode == 0
    assert deaths == []


def test_an_engine_that_does_not_listen_is_ended_by_force(qtbot: QtBot):
    engine = Engine(Feed(), fake_engine.deaf)
    engine.start()
    process = engine._process
    engine.close(wait_s=0.2)
    assert process is not None
    assert not process.is_alive()
    gc.collect()


def test_words_to_a_dead_engine_are_dropped(engine: Engine):
    engine.tell("run", speed=1.0)
    assert not engine.is_alive
