"""What keeping the work costs in a hall of 5,000 racks: `python tests/benchmarks/bench_safety.py`, CPU, least of three.

Most they have been allowed: an edit's line in the journal 5 ms, the first one and a copy of the whole drawing 250 ms,
a comparison after an edit 50 ms, marks of 5,000 moved racks 60 ms a frame, 1,000 lost edits brought back 5 s.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from PySide6.QtWidgets import QApplication

from twin.catalogue.library import shipped_catalogue
from twin.layout import edit
from twin.layout.model import Fitting, Layout, PlacedRack
from twin.layout.room import Room
from twin.layout.store import layout_text
from ui import theme
from ui.canvas.difference import Difference, difference_of, drawn
from ui.canvas.view import PlanView
from ui.document import Document
from ui.safety.journal import Journal, Record, Subject
from ui.safety.recovery import read_journal

N_RACKS, N_EDITS = 5_000, 1_000


def hall() -> Layout:
    """Single racks in lines of a hundred."""
    box = (Fitting(type="nxt_rngd", u=4),)
    racks = tuple(
        PlacedRack(id=f"R{i}", type="rack_42u_600", x_m=1 + 0.6 * (i % 100), y_m=1 + 2.4 * (i // 100), contents=box)
        for i in range(N_RACKS)
    )
    return Layout(name="hall", room=Room(outline_m=((0, 0), (70, 0), (70, 130), (0, 130))), racks=racks)


def least_ms(work: Callable[[], object]) -> float:
    """The least CPU time of three."""
    seen = []
    for _ in range(3):
        start_s = time.process_time()
        work()
        seen.append(time.process_time() - start_s)
    return round(min(seen) * 1e3, 1)


def journal_figures(layout: Layout, folder: Path) -> dict[str, float]:
    """Writing edits and bringing them back."""
    journal = Journal(folder, lambda error: sys.exit(str(error)))
    layouts = [layout]
    for i in range(N_EDITS):
        layouts.append(edit.move(layouts[-1], {f"R{i}"}, 0.1, 0.0))

    def put(first: int, last: int) -> None:
        for i in range(first, last):
            journal.put(Record("do", layouts[i], layouts[i + 1], f"Move R{i}", i + 1))

    def first() -> None:
        journal.begin(Subject(layout))
        put(0, 1)

    first_ms = least_ms(first)
    start_s = time.process_time()
    put(1, N_EDITS)
    each_ms = (time.process_time() - start_s) * 1e3 / (N_EDITS - 1)
    journal.settle()
    assert journal.path is not None
    path = journal.path
    start_s = time.process_time()
    assert read_journal(path).layout == layouts[-1]
    read_s = time.process_time() - start_s
    journal.close()
    return {"journal_first_ms": first_ms, "journal_edit_ms": round(each_ms, 2), "bring_back_s": round(read_s, 2)}


def comparison_figures(layout: Layout) -> dict[str, float]:
    """Comparing, and painting the marks over a plan that shows all racks."""
    catalogue = shipped_catalogue()
    all_moved = edit.move(layout, {rack.id for rack in layout.racks}, 0.2, 0.1)
    before, one, every = (drawn(each, catalogue) for each in (layout, edit.move(layout, {"R7"}, 1, 0), all_moved))
    view = PlanView(Document(all_moved, catalogue))
    view.resize(1600, 900)
    view.show()
    view.zoom_to_fit()
    shown = Difference()
    view.layers.append(lambda painter, to_device: shown.paint(painter, to_device))
    view.grab()
    bare_ms = least_ms(view.grab)
    shown = difference_of(before, every)
    view.grab()
    return {
        "compare_one_ms": least_ms(lambda: difference_of(before, one)),
        "compare_all_ms": least_ms(lambda: difference_of(before, every)),
        "marks_ms": round(least_ms(view.grab) - bare_ms, 1),
    }


def main() -> int:
    """Print the figures as JSON."""
    app = QApplication([])
    theme.apply(app, "dark")
    layout = hall()
    with tempfile.TemporaryDirectory() as folder:
        figures = {"copy_ms": least_ms(lambda: layout_text(layout)), **journal_figures(layout, Path(folder))}
    figures |= comparison_figures(layout)
    sys.stdout.write(json.dumps(figures, indent=1) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
