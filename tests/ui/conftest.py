"""Plans that tests of the window look at and work on."""

from __future__ import annotations

from pathlib import Path

import pytest

from twin.catalogue.library import shipped_catalogue
from twin.layout.model import Layout, RackRow
from twin.layout.room import Room
from twin.layout.store import load_layout
from ui import theme
from ui.canvas.view import PlanView
from ui.document import Document


@pytest.fixture
def view(qapp, qtbot, repo_dir: Path) -> PlanView:
    return shown(qapp, qtbot, load_layout(repo_dir / "layouts" / "small_room.layout.json"))


@pytest.fixture
def hall(qapp, qtbot) -> PlanView:
    """Two rows of eight racks, nothing else."""
    row = {"type": "rack_42u_600", "x_m": 3.0, "count": 8, "pitch_m": 0.6}
    rows = (RackRow(id="A", y_m=3.0, angle_deg=180.0, **row), RackRow(id="B", y_m=6.0, **row))
    return shown(qapp, qtbot, Layout(name="hall", room=Room(outline_m=((0, 0), (12, 0), (12, 9), (0, 9))), rows=rows))


def shown(qapp, qtbot, layout: Layout) -> PlanView:
    theme.apply(qapp, "dark")
    made = PlanView(Document(layout, shipped_catalogue()))
    qtbot.addWidget(made)
    made.resize(1000, 720)
    made.show()
    qtbot.waitExposed(made)
    return made
