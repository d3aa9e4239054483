"""Why is this rack hot: its inlet by thirds, where its air comes from, and what is left, as a part of the inspector."""

from __future__ import annotations

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from ui import format as fmt
from ui import theme
from ui.heat.messages import Source, Tier, Why
from ui.heat.words import class_words, source_words
from ui.panels.inspector import clear, section
from ui.panels.subject import Fact
from ui.widgets.label import label
from ui.widgets.marks import EDGE_PX, thin_line


class WhyPart(QWidget):
    """Hidden while there is nothing to say."""

    def __init__(self) -> None:
        super().__init__()
        self.why: Why | None = None
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        self.hide()

    def show_why(self, why: Why | None, tier: Tier = "instant") -> None:
        """Explain a rack; None hides everything."""
        self.why = why
        self.setVisible(why is not None)
        clear(self._column)
        if why is None:
            return
        self._column.addWidget(section(self.tr("Air"), self._facts(why)))
        if tier == "instant" and not why.is_trusted:
            words = label(
                self.tr("The instant model is weak on this rack; wait for the settled picture."), "small", "warning"
            )
            words.setWordWrap(True)
            words.setContentsMargins(EDGE_PX, 0, EDGE_PX, 8)
            self._column.addWidget(words)
        self._column.addWidget(_sources(self.tr("Inlet air comes from"), why.sources))

    def _facts(self, why: Why) -> list[Fact]:
        thirds = " / ".join(fmt.number(c, 1) for c in why.thirds_c)
        return [
            Fact(self.tr("Inlet, mean"), fmt.CELSIUS.text(why.inlet_c), "s"),
            Fact(self.tr("Thirds, from below"), f"{thirds} °C", "s"),
            Fact(self.tr("ASHRAE range"), class_words(why.air_class), "s"),
            Fact(self.tr("Exhaust"), fmt.CELSIUS.text(why.exhaust_c), "s"),
            Fact(self.tr("Air through it"), f"{fmt.number(why.air_m3_s, 2)} m³/s", "e"),
            Fact(self.tr("More heat"), f"{fmt.number(why.extra_w / 1e3, 1)} kW", "s"),
            Fact(self.tr("Highest supply"), fmt.CELSIUS.text(why.highest_supply_c), "s"),
        ]


class ShareBar(QWidget):
    """Parts of a whole side by side, each in the colour of its temperature."""

    def __init__(self, sources: tuple[Source, ...]) -> None:
        super().__init__()
        self._sources = sources
        self.setFixedHeight(12)
        parts = (f"{source_words(s)} {fmt.PERCENT.text(s.share_frac)}" for s in sources)
        self.setAccessibleName(", ".join(parts))
        theme.follow(self)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Bars with a gap of a pixel."""
        painter, scale = QPainter(self), theme.current().scales["temperature"]
        x, total = 0.0, sum(s.share_frac for s in self._sources) or 1.0
        for source in self._sources:
            width = self.width() * source.share_frac / total
            box = QRectF(x, 0.0, max(width - 1.0, 1.0), float(self.height()))
            painter.fillRect(box, scale.color(source.air_c))
            painter.setPen(theme.pen("control_border"))
            painter.drawRect(box.adjusted(0, 0, -1, -1))
            x += width


class _Swatch(QWidget):
    """The colour of a temperature."""

    def __init__(self, air_c: float) -> None:
        super().__init__()
        self._air_c = air_c
        self.setFixedSize(10, 10)
        theme.follow(self)

    def paintEvent(self, event: QPaintEvent) -> None:
        """A small square."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme.current().scales["temperature"].color(self._air_c))
        painter.setPen(theme.pen("control_border"))
        painter.drawRect(self.rect().adjusted(0, 0, -1, -1))


def _sources(title: str, sources: tuple[Source, ...]) -> QWidget:
    made = QWidget()
    grid = QGridLayout(made)
    grid.setContentsMargins(EDGE_PX, 0, EDGE_PX, 12)
    grid.setHorizontalSpacing(8)
    grid.setVerticalSpacing(8)
    grid.setColumnStretch(1, 1)
    grid.addWidget(thin_line(), 0, 0, 1, 3)
    grid.addWidget(label(title, "heading"), 1, 0, 1, 3)
    grid.addWidget(ShareBar(sources), 2, 0, 1, 3)
    for row, source in enumerate(sources, start=3):
        name = label(f"{source_words(source)}, {fmt.CELSIUS.text(source.air_c)}", "body", "text_2")
        name.setToolTip(name.text())
        share = fmt.PERCENT if source.share_frac >= 0.01 else fmt.PERCENT_1
        grid.addWidget(_Swatch(source.air_c), row, 0)
        grid.addWidget(name, row, 1)
        grid.addWidget(label(share.text(source.share_frac), "body"), row, 2)
    return made
