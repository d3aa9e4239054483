"""The strip under the plan: which height is shown, which model it is, how far it may be believed, what goes on."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from ui import theme
from ui.heat.messages import Picture
from ui.heat.words import hottest_words, tier_words
from ui.widgets import Segmented, label

STRIP_PX = 36
HEIGHTS = ("lower", "middle", "upper")


class HeatStrip(QWidget):
    """`height_chosen` carries 0, 1 or 2 from the floor up."""

    height_chosen = Signal(int)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAccessibleName(self.tr("Airflow"))
        self.heights = Segmented(self.tr("Height of the cut through the air"))
        texts = (self.tr("Lower"), self.tr("Middle"), self.tr("Upper third"))
        for key, text, height_m in zip(HEIGHTS, texts, ("0.35", "1.05", "1.75"), strict=True):
            button = self.heights.add(key, text)
            button.setToolTip(self.tr("{height} m above the floor").format(height=height_m))
        self.heights.chosen.connect(lambda key: self.height_chosen.emit(HEIGHTS.index(key)))
        self.state, self.going_on = _Line(), label("", "small", "text")
        self.hint = label("", "small", "text_2")
        self.bar = _Bar()
        self._picture: Picture | None = None
        self._build()
        theme.follow(self)

    def _build(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(8, 4, 12, 4)
        row.setSpacing(12)
        row.addWidget(label(self.tr("Airflow"), "heading"))
        row.addWidget(self.heights)
        row.addWidget(self.state, 1)
        row.addWidget(self.hint)
        row.addWidget(self.going_on)
        row.addWidget(self.bar)
        self.bar.hide()

    def set_height(self, height: int) -> None:
        """Show another height as chosen."""
        self.heights.set_current(HEIGHTS[height])

    def show_picture(self, picture: Picture) -> None:
        """Say what is drawn."""
        self._picture = picture
        self._say(f"{tier_words(picture)} · {hottest_words(picture)}", "text_2")
        n_weak = int((~picture.is_trusted).sum())
        text = self.tr("hatched: weak on {n} racks").format(n=n_weak) if n_weak else ""
        self.hint.setText(text)
        self.hint.setVisible(bool(text))
        self.hint.setToolTip("\n".join(finding.what for finding in picture.findings))

    def show_trouble(self, text: str) -> None:
        """Say why there is no picture of the drawing as it is."""
        self._say(text, "warning")
        self.hint.hide()
        self.show_progress("")

    def show_words(self, text: str) -> None:
        """Say what goes on while there is no picture yet."""
        self._say(text, "text_2")

    def show_progress(self, text: str, part: float = 0.0) -> None:
        """Say what is being worked on; empty text: nothing."""
        self.going_on.setText(text)
        self.bar.set_part(part)
        self.bar.setVisible(bool(text))

    def _say(self, text: str, role: str) -> None:
        self.state.say(text, role)

    def paintEvent(self, event: QPaintEvent) -> None:
        """A panel with a line above."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme.current()["panel"])
        painter.fillRect(0, 0, self.width(), 1, theme.current()["line"])


class _Line(QWidget):
    """A line of words, clipped with … where it has no room; the tool tip has them all."""

    def __init__(self) -> None:
        super().__init__()
        self.text, self.role = "", "text_2"
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Expanding)
        theme.follow(self)

    def say(self, text: str, role: str) -> None:
        """Say something else."""
        if (text, role) != (self.text, self.role):
            self.text, self.role = text, role
            self.setToolTip(text)
            self.setAccessibleName(text)
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """In the middle of the strip."""
        painter = QPainter(self)
        painter.setFont(theme.font("small"))
        painter.setPen(theme.current()[self.role])
        words = painter.fontMetrics().elidedText(self.text, Qt.TextElideMode.ElideRight, self.width())
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, words)


class _Bar(QWidget):
    """How much is done."""

    def __init__(self) -> None:
        super().__init__()
        self._part = 0.0
        self.setFixedSize(72, 4)
        theme.follow(self)

    def set_part(self, part: float) -> None:
        """Show another part, 0 to 1."""
        self._part = part
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Two rounded bars."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.current()["line"])
        painter.drawRoundedRect(QRectF(self.rect()), 2, 2)
        painter.setBrush(theme.current()["accent_fill"])
        painter.drawRoundedRect(QRectF(0, 0, self.width() * min(self._part, 1.0), self.height()), 2, 2)
