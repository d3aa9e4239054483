"""The dialog for a file that cannot be read or written: every mistake with its place and way out; the work is kept."""

from __future__ import annotations

from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

from twin.errors import TwinError, each_problem
from ui.dialogs.box import Box
from ui.widgets.label import label

MOST_SHOWN = 50
WIDTH_PX, TALLEST_PX = 560, 300


class Refusal(Box):
    """Says what was not done and why; `words` say what became of the work."""

    def __init__(self, parent: QWidget | None, headline: str, error: TwinError, words: str) -> None:
        super().__init__(parent, "critical", headline, words)
        problems = each_problem(error)
        self.setMinimumWidth(WIDTH_PX)
        self.setAccessibleDescription("\n".join((words, *(str(problem) for problem in problems[:MOST_SHOWN]))))
        ground = QWidget()
        column = QVBoxLayout(ground)
        column.setContentsMargins(0, 0, 8, 0)
        column.setSpacing(8)
        # All mistakes of a file mostly lie in the same one: its name once, then only the places in it.
        file = _common_file([problem.where for problem in problems])
        if file:
            self.body.addWidget(_selectable(file, "small", "text_3"))
        for problem in problems[:MOST_SHOWN]:
            column.addWidget(_mistake(problem, file))
        if len(problems) > MOST_SHOWN:
            column.addWidget(label(self.tr("and {n} more").format(n=len(problems) - MOST_SHOWN), "body", "text_2"))
        column.addStretch(1)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setWidget(ground)
        area.setAccessibleName(self.tr("Mistakes"))
        area.setFixedHeight(min(TALLEST_PX, column.totalHeightForWidth(WIDTH_PX - 56)))
        self.body.addWidget(area)


def _common_file(places: list[str]) -> str:
    """The file all places begin with; empty when they do not share one."""
    files = {place.split(" ")[0] if "/" in place or "\\" in place else "" for place in places}
    return files.pop() if len(files) == 1 else ""


def _selectable(text: str, style: str, role: str) -> QWidget:
    made = label(text, style, role)  # type: ignore[arg-type]
    made.setWordWrap(True)
    made.setTextInteractionFlags(made.textInteractionFlags().TextSelectableByMouse)
    return made


def _mistake(problem: TwinError, file: str) -> QWidget:
    card = QFrame()
    card.setObjectName("card")
    column = QVBoxLayout(card)
    column.setContentsMargins(12, 8, 12, 8)
    column.setSpacing(2)
    place = problem.where.removeprefix(file).strip()
    what = problem.what[:1].upper() + problem.what[1:]
    column.addWidget(_selectable(f"{place}: {problem.what}" if place else what, "name", "text"))
    if problem.hint:
        hint = problem.hint[:1].upper() + problem.hint[1:]
        column.addWidget(_selectable(hint, "body", "text_2"))
    return card
