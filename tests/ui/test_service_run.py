"""The window shows a run that serves items and no tokens: tiles, charts and the session's own words."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from twin.catalogue.library import shipped_catalogue
from twin.sim.run import load_documents, start_live
from ui import theme
from ui.charts import SharedTime
from ui.feed import Batch
from ui.run_charts import RunCharts
from ui.run_tiles import RunTiles
from ui.settings import Settings
from ui.window import MainWindow

Write = Callable[..., Path]


@pytest.fixture
def run(write_scenario: Write, layouts_dir: Path):
    service = {
        "id": "classify",
        "service": "resnet50",
        "arrivals": {"rate_per_s": 200.0},
        "replicas": {"count": 2, "on": ["atom_server"]},
        "slo": {"e2e_s": 0.02},
    }
    path = write_scenario(layout=str(layouts_dir / "vision_room.layout.json"), workloads=[service])
    return start_live(load_documents(path), path)


def batch_of(run, n_pulses: int) -> Batch:
    frames = [run.step() for _ in range(n_pulses)]
    hall = np.array([frame.hall for frame in frames], dtype=np.float32)
    return Batch(np.array([frame.time_s for frame in frames]), hall, frames[-1].racks.astype(np.float32))


def test_tiles_speak_of_items_where_no_tokens_are_served(qapp, qtbot, run) -> None:
    tiles = RunTiles()
    qtbot.addWidget(tiles)
    tiles.begin(tuple(run.hall.plant.racks.ids), run.hall.scenario)
    tiles.append(batch_of(run, 12))
    assert "items/s" in tiles.throughput.accessibleName()
    assert tiles.ttft.accessibleName().startswith("Latency p99")
    assert "target 20.0 ms" in tiles.ttft.accessibleName()
    assert tiles.per_token.accessibleName().startswith("Energy per item")
    assert "–" not in tiles.per_token.accessibleName()


def test_tiles_speak_of_tokens_again_with_the_next_run(qapp, qtbot, run, write_scenario: Write) -> None:
    path = write_scenario()
    language = start_live(load_documents(path), path)
    tiles = RunTiles()
    qtbot.addWidget(tiles)
    tiles.begin(tuple(run.hall.plant.racks.ids), run.hall.scenario)
    tiles.begin(tuple(language.hall.plant.racks.ids), language.hall.scenario)
    tiles.append(batch_of(language, 12))
    assert "tokens/s" in tiles.throughput.accessibleName()
    assert tiles.ttft.accessibleName().startswith("TTFT p99")


def test_charts_take_a_run_without_tokens(qapp, qtbot, run) -> None:
    charts = RunCharts(SharedTime())
    qtbot.addWidget(charts)
    charts.begin(0.0, ["npu"], run.hall.scenario)
    charts.append(batch_of(run, 12))
    charts.refresh()
    assert len(charts.throughput.lines) == 1


def test_the_window_plays_the_example_of_services_with_the_real_engine(qapp, qtbot, layouts_dir: Path, tmp_path: Path):
    theme.apply(qapp, "dark")
    window = MainWindow(shipped_catalogue(), Settings(tmp_path / "window.ini"))
    qtbot.addWidget(window)
    window.resize(1600, 1000)
    window.show()
    assert window.open_path(layouts_dir / "scenarios" / "vision_room.yaml")
    window.play_or_pause()
    qtbot.waitUntil(lambda: window.run.time_s > 5, timeout=60_000)
    assert window.run.info is not None
    assert window.run.info.models == ("resnet50", "yolov5m", "stable_diffusion_xl", "llama-3.1-8b")
    window.close()
