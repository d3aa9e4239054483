"""The dialog that offers unsaved work of a program that ended without closing."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QListWidget, QListWidgetItem, QPushButton, QVBoxLayout, QWidget

from twin.catalogue.library import Catalogue
from twin.layout.model import Layout
from ui import format as fmt
from ui import theme
from ui.canvas.difference import Difference, difference_of, drawn
from ui.dialogs.box import Box
from ui.panels.cards import PlanPicture
from ui.panels.differences import DifferenceList, counts_words
from ui.safety.recovery import Recovered
from ui.widgets.label import label

translate = QCoreApplication.translate

RECOVER, SAVED, LATER, DISCARD = "recover", "saved", "later", "discard"


class PlanWithMarks(QWidget):
    """A small plan with the marks of a difference over it."""

    def __init__(self) -> None:
        super().__init__()
        self._picture: PlanPicture | None = None
        self.difference = Difference()
        self.setMinimumSize(300, 240)
        self.setAccessibleName(self.tr("Picture of the recovered drawing"))
        theme.follow(self)

    def show_layout(self, layout: Layout, catalogue: Catalogue, difference: Difference) -> None:
        """Show a drawing and its marks."""
        self._picture, self.difference = PlanPicture(layout, catalogue), difference
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self._picture is not None:
            area = QRectF(self.rect())
            self._picture.paint(painter, area)
            self.difference.paint(painter, self._picture.transform(area))


class RecoverDialog(Box):
    """`found` is unsaved work, newest first; `subject` the one the answer is about."""

    def __init__(self, parent: QWidget | None, found: Sequence[Recovered], catalogue: Catalogue) -> None:
        headline = (
            translate("recover", "Unsaved work found")
            if len(found) == 1
            else translate("recover", "Unsaved work found in several drawings")
        )
        words = translate("recover", "The program ended before this was saved. Every edit since then has been kept.")
        super().__init__(parent, "warning", headline, words)
        self._catalogue = catalogue
        self._found = list(found)
        self._shown: dict[int, tuple[Difference, str]] = {}
        self.is_sized = True
        self.resize(920, 580)
        self.drawings = self._drawings()
        self.plan = PlanWithMarks()
        self.name, self.facts, self.warning = (
            label("", "heading"),
            label("", "body", "text_2"),
            label("", "body", "warning"),
        )
        for text in (self.facts, self.warning):
            text.setWordWrap(True)
        self.edits = QListWidget()
        self.edits.setAccessibleName(self.tr("Edits after the last save, newest first"))
        self.edits.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.list = DifferenceList()
        self.list.chosen.connect(self._on_chosen)
        self.list.hide()
        self._caption = label("", "heading", "text_2")
        self._fill()
        self.differences = QPushButton(self.tr("Show differences"))
        self.differences.setCheckable(True)
        self.differences.toggled.connect(self._show_differences)
        self.add_aside(self.differences)
        self.add_action(LATER, self.tr("Decide later"), is_back=True)
        self._other = self.add_action(SAVED, "")
        self._other.clicked.disconnect()
        self._other.clicked.connect(lambda: self.take(SAVED if self.subject.path else DISCARD))
        self.add_action(RECOVER, self.tr("Recover"), is_default=True)
        self._show(0)

    @property
    def subject(self) -> Recovered:
        """The work the user looks at."""
        return self._found[max(0, self.drawings.currentRow())]

    def _drawings(self) -> QListWidget:
        made = QListWidget()
        made.setAccessibleName(self.tr("Drawings with unsaved work"))
        made.setFixedHeight(min(3, len(self._found)) * 28 + 4)
        for recovered in self._found:
            made.addItem(f"{_name(recovered)}   {fmt.moment(recovered.last_s)}")
        made.setCurrentRow(0)
        made.setVisible(len(self._found) > 1)
        made.currentRowChanged.connect(self._show)
        return made

    def _fill(self) -> None:
        words = QVBoxLayout()
        words.setSpacing(4)
        for each in (self.name, self.facts, self.warning):
            words.addWidget(each)
        words.addSpacing(8)
        words.addWidget(self._caption)
        words.addWidget(self.edits, 1)
        words.addWidget(self.list, 1)
        row = QHBoxLayout()
        row.setSpacing(16)
        row.addWidget(self.plan, 5)
        row.addLayout(words, 6)
        self.body.addWidget(self.drawings)
        self.body.addLayout(row, 1)

    def _show(self, i_found: int) -> None:
        recovered = self._found[max(0, i_found)]
        if i_found not in self._shown:
            self._shown[i_found] = _compared(recovered, self._catalogue)
        difference, warning = self._shown[i_found]
        self.plan.show_layout(recovered.layout, self._catalogue, difference)
        self.name.setText(_name(recovered))
        self.facts.setText(self._facts_of(recovered, difference))
        self.warning.setText(warning)
        self.warning.setVisible(bool(warning))
        self._other.setText(self.tr("Open the saved file") if recovered.path else self.tr("Discard it"))
        self.edits.clear()
        first = recovered.i_saved or 0
        names = [name for name, _ in recovered.steps[first + 1 : recovered.i_step + 1]]
        for name in reversed(names):
            item = QListWidgetItem(name or self.tr("Saved by itself"))
            item.setSizeHint(QSize(0, 24))
            self.edits.addItem(item)
        self.list.show_difference(difference)
        self._show_differences(self.differences.isChecked())

    def _facts_of(self, recovered: Recovered, difference: Difference) -> str:
        n_edits = recovered.n_edits
        after = self.tr("1 edit after the last save") if n_edits == 1 else self.tr("{n} edits after the last save")
        if recovered.path is None:
            after = self.tr("1 edit, never saved") if n_edits == 1 else self.tr("{n} edits, never saved")
        place = str(recovered.path) if recovered.path else self.tr("No file yet")
        last = self.tr("The last one {when}").format(when=fmt.moment(recovered.last_s))
        return "\n".join((place, after.format(n=n_edits), last, counts_words(difference))).strip()

    def _show_differences(self, is_shown: bool) -> None:
        self.list.setVisible(is_shown)
        self.edits.setVisible(not is_shown)
        self.differences.setText(self.tr("Show edits") if is_shown else self.tr("Show differences"))
        words = (
            self.tr("Differences from the saved file") if self.subject.path else self.tr("Differences from the start")
        )
        self._caption.setText(words if is_shown else self.tr("Edits, newest first"))

    def _on_chosen(self, i_mark: int) -> None:
        self.plan.difference.chosen = i_mark
        self.plan.update()


def _compared(recovered: Recovered, catalogue: Catalogue) -> tuple[Difference, str]:
    """The difference from the saved file, or from the first step without one, and what the user should know."""
    saved = recovered.saved()
    warnings = []
    if recovered.path is not None and saved is None:
        warnings.append(translate("recover", "The file is gone or cannot be read."))
    elif saved is not None and (recovered.i_saved is None or recovered.steps[recovered.i_saved][1] != saved):
        warnings.append(translate("recover", "The file was changed by something else after that."))
    if recovered.n_lost:
        words = translate("recover", "{n} lines of the journal are damaged; what they held is lost.")
        warnings.append(words.format(n=recovered.n_lost))
    before = saved if saved is not None else recovered.steps[recovered.i_saved or 0][1]
    return difference_of(drawn(before, catalogue), drawn(recovered.layout, catalogue)), " ".join(warnings)


def _name(recovered: Recovered) -> str:
    return recovered.path.name if recovered.path else recovered.layout.name
