"""The start page: a new hall, files opened last, and the shipped examples as pictures to begin from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QEnterEvent,
    QFontMetricsF,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPolygonF,
    QResizeEvent,
)
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QPushButton, QScrollArea, QVBoxLayout, QWidget

from twin.catalogue.device import Device
from twin.layout.expand import expand_known
from ui import format as fmt
from ui import icons, theme
from ui.canvas.plan import Body, Plan, plan_of
from ui.project import Project
from ui.widgets import label
from ui.widgets.tool import themed_icon

SIDE_PX = 320
CARD_W_PX, CARD_H_PX = 300, 352
_FACTS_PX = 108


class PlanPicture:
    """A small drawing of a hall: walls, racks by chip family, coolers."""

    def __init__(self, project: Project, catalogue: Mapping[str, Device]) -> None:
        floor = expand_known(project.layout, catalogue)[0]  # type: ignore[arg-type]
        self.plan: Plan = plan_of(floor, catalogue)
        self.room = project.layout.room
        self.n_racks = len(floor.racks)
        self.max_w = sum(rack.max_w for rack in floor.racks.values())
        self.area_m2 = _area_m2(self.room.outline_m)

    def paint(self, painter: QPainter, rect: QRectF) -> None:
        """Draw into a rectangle."""
        look = theme.current()
        painter.fillRect(rect, look["canvas"])
        corners = [QPointF(x, y) for x, y in self.room.outline_m]
        box = QPolygonF(corners).boundingRect()
        scale = min((rect.width() - 40) / box.width(), (rect.height() - 24) / box.height())
        painter.save()
        painter.translate(rect.center())
        painter.scale(scale, scale)
        painter.translate(-box.center())
        wall = QPen(look["wall"], 4.0)
        wall.setCosmetic(True)
        painter.setPen(wall)
        painter.setBrush(look["floor"])
        painter.drawPolygon(QPolygonF(corners))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        for body in self.plan.bodies:
            _paint_body(painter, body)
        painter.restore()


def _paint_body(painter: QPainter, body: Body) -> None:
    look = theme.current()
    series = {"npu": "npu", "npu_pim": "npu_pim", "gpu": "gpu"}.get(body.family, "")
    fill = theme.mixed(look["rack"], look[series], 0.4) if series else look["rack"]
    line = "supply" if body.kind in ("crah", "cdu") else series or "rack_line"
    painter.setPen(theme.pen(line))
    painter.setBrush(fill)
    painter.drawPolygon(QPolygonF([QPointF(x, y) for x, y in body.outline_m]))


def _area_m2(outline_m: Sequence[tuple[float, float]]) -> float:
    turned = [*outline_m[1:], outline_m[0]]
    return abs(sum(x0 * y1 - x1 * y0 for (x0, y0), (x1, y1) in zip(outline_m, turned, strict=True))) / 2


class Card(QWidget):
    """One example: picture, name, what it is, area and power; a click opens it."""

    chosen = Signal()

    def __init__(self, project: Project, catalogue: Mapping[str, Device]) -> None:
        super().__init__()
        self.project = project
        self._picture = PlanPicture(project, catalogue)
        self._is_hovered = False
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setMinimumSize(CARD_W_PX, CARD_H_PX)
        self.setAccessibleName(self.tr("Open {name}").format(name=project.layout.name))
        self.setAccessibleDescription(project.layout.note)
        theme.follow(self)

    def sizeHint(self) -> QSize:
        """The smallest size."""
        return QSize(CARD_W_PX, CARD_H_PX)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        look = theme.current()
        is_marked = self._is_hovered or self.hasFocus()
        painter.setPen(theme.pen("accent", 2) if is_marked else theme.pen("line"))
        painter.setBrush(look["panel"])
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 6, 6)
        self._picture.paint(painter, QRectF(8, 8, self.width() - 16, self.height() - _FACTS_PX - 8))
        top = self.height() - _FACTS_PX + 4
        layout = self.project.layout
        self._text(painter, top, layout.name, "object", "text")
        painter.setFont(theme.font("small"))
        painter.setPen(theme.pen("text_2"))
        wrap = int(Qt.AlignmentFlag.AlignTop | Qt.TextFlag.TextWordWrap)
        painter.drawText(QRectF(16, top + 26, self.width() - 32, 32), wrap, self._note())
        facts = (f"{fmt.number(self._picture.area_m2, 0)} m²", self._racks(), fmt.WATT.text(self._picture.max_w))
        self._text(painter, top + 68, "     ".join(facts), "name", "text")

    def _note(self) -> str:
        """As much of the note as two lines hold."""
        metrics = QFontMetricsF(theme.font("small"))
        return metrics.elidedText(self.project.layout.note, Qt.TextElideMode.ElideRight, 1.8 * (self.width() - 32))

    def _racks(self) -> str:
        return self.tr("{count} racks").format(count=fmt.number(self._picture.n_racks, 0))

    def _text(self, painter: QPainter, top: float, text: str, style: theme.TextStyle, role: str) -> None:
        painter.setFont(theme.font(style))
        painter.setPen(theme.pen(role))
        width = self.width() - 32
        shown = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, width)
        painter.drawText(QRectF(16, top, width, 22), int(Qt.AlignmentFlag.AlignVCenter), shown)

    def enterEvent(self, event: QEnterEvent) -> None:
        """Mark it."""
        self._is_hovered = True
        self.update()

    def leaveEvent(self, event: QEvent) -> None:
        """Unmark it."""
        self._is_hovered = False
        self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A click opens it."""
        if event.button() == Qt.MouseButton.LeftButton and self.rect().contains(event.position().toPoint()):
            self.chosen.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """So do Enter and Space."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.chosen.emit()
        else:
            super().keyPressEvent(event)


class _Cards(QWidget):
    """Lays the cards out in as many columns as fit."""

    def __init__(self, cards: Sequence[Card]) -> None:
        super().__init__()
        self._cards = cards
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(8)
        self._n_columns = 0

    def resizeEvent(self, event: QResizeEvent) -> None:
        n_columns = max(1, min(3, self.width() // (CARD_W_PX + 8)))
        if n_columns == self._n_columns:
            return
        self._n_columns = n_columns
        for i, card in enumerate(self._cards):
            self._grid.addWidget(card, i // n_columns, i % n_columns)
        for i in range(3):
            self._grid.setColumnStretch(i, 1 if i < n_columns else 0)


class _Page(QWidget):
    """The ground the cards lie on."""

    def __init__(self) -> None:
        super().__init__()
        theme.follow(self)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme.current()["window"])
        painter.fillRect(0, 0, 1, self.height(), theme.current()["line"])


class StartPage(QWidget):
    """`new_chosen`, `open_chosen` and `commands_chosen` ask for an action; `file_chosen` carries a path, and
    `template_chosen` the Project of an example, to be opened as a copy."""

    new_chosen = Signal()
    open_chosen = Signal()
    commands_chosen = Signal()
    file_chosen = Signal(object)
    template_chosen = Signal(object)

    def __init__(self, examples: Sequence[Project], catalogue: Mapping[str, Device]) -> None:
        super().__init__()
        self.cards = [Card(project, catalogue) for project in examples]
        for card in self.cards:
            card.chosen.connect(lambda project=card.project: self.template_chosen.emit(project))
        self._recent = QVBoxLayout()
        self._recent.setSpacing(2)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self._side())
        row.addWidget(self._middle(), 1)

    def set_recent(self, files: Sequence[Path]) -> None:
        """Show the files opened last."""
        while (item := self._recent.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.deleteLater()
        if not files:
            self._recent.addWidget(label(self.tr("Nothing opened yet."), "small", "text_3"))
        for file in files:
            button = QPushButton(file.name.removesuffix(".json").removesuffix(".layout"))
            button.setObjectName("link")
            button.setToolTip(str(file))
            button.clicked.connect(lambda _checked=False, file=file: self.file_chosen.emit(file))
            self._recent.addWidget(button, 0, Qt.AlignmentFlag.AlignLeft)

    def _side(self) -> QWidget:
        side = QFrame()
        side.setFixedWidth(SIDE_PX)
        column = QVBoxLayout(side)
        column.setContentsMargins(24, 32, 24, 24)
        column.setSpacing(8)
        column.addLayout(_heading())
        column.addSpacing(12)
        new = QPushButton(self.tr("New empty hall"))
        new.setObjectName("primary")
        themed_icon(new, "plus", "on_accent", 16)
        new.clicked.connect(self.new_chosen)
        open_ = QPushButton(self.tr("Open…"))
        themed_icon(open_, "open", size_px=16)
        open_.clicked.connect(self.open_chosen)
        column.addWidget(new)
        column.addWidget(open_)
        column.addSpacing(16)
        column.addWidget(label(self.tr("Recent"), "heading", "text_2"))
        column.addLayout(self._recent)
        column.addStretch(1)
        commands = QPushButton(self.tr("All commands    Ctrl+K"))
        commands.setObjectName("link")
        commands.clicked.connect(self.commands_chosen)
        column.addWidget(commands, 0, Qt.AlignmentFlag.AlignLeft)
        return side

    def _middle(self) -> QWidget:
        page = _Page()
        column = QVBoxLayout(page)
        column.setContentsMargins(32, 28, 32, 24)
        column.setSpacing(4)
        column.addWidget(label(self.tr("Start from a template"), "display"))
        words = self.tr("Each opens as a copy and runs as it is. Change anything, undo anything.")
        column.addWidget(label(words, "body", "text_2"))
        column.addSpacing(16)
        column.addWidget(_Cards(self.cards))
        column.addStretch(1)
        column.addSpacing(24)
        column.addWidget(_line())
        column.addSpacing(16)
        column.addLayout(self._steps())
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setWidget(page)
        area.setAccessibleName(self.tr("Templates"))
        return area

    def _steps(self) -> QHBoxLayout:
        steps = (
            (
                "select",
                self.tr("1 Draw"),
                self.tr("Drag a rack from Devices onto the floor and move it where it fits."),
            ),
            ("thermo", self.tr("2 Look"), self.tr("Findings follow your hand: space, power, cooling and network.")),
            ("play", self.tr("3 Run"), self.tr("Press Space. Watch tokens, watts and degrees move together.")),
        )
        row = QHBoxLayout()
        row.setSpacing(16)
        for icon_name, title, words in steps:
            row.addWidget(_Step(icon_name, title, words), 1)
        return row


class _Step(QWidget):
    """An icon with two lines."""

    def __init__(self, icon_name: str, title: str, words: str) -> None:
        super().__init__()
        self._icon_name = icon_name
        column = QVBoxLayout(self)
        column.setContentsMargins(56, 0, 0, 0)
        column.setSpacing(2)
        text = label(words, "small", "text_2")
        text.setWordWrap(True)
        column.addWidget(label(title, "heading"))
        column.addWidget(text)
        self.setMinimumHeight(40)
        theme.follow(self)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(theme.pen("line"))
        painter.setBrush(theme.current()["window"])
        painter.drawRoundedRect(QRectF(0.5, 0.5, 39, 39), 6, 6)
        icons.paint(painter, self._icon_name, QRectF(10, 10, 20, 20), "accent")


class _Emblem(QWidget):
    """Three racks in a frame."""

    def __init__(self) -> None:
        super().__init__()
        self.setFixedSize(42, 42)
        theme.follow(self)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(theme.pen("accent", 2))
        painter.drawRoundedRect(QRectF(1, 1, 40, 40), 4, 4)
        for i, role in enumerate(("text", "text_2", "text_3")):
            painter.fillRect(QRectF(9 + 9 * i, 9, 6, 24), theme.current()[role])


def _heading() -> QHBoxLayout:
    row = QHBoxLayout()
    row.setSpacing(16)
    row.addWidget(_Emblem())
    texts = QVBoxLayout()
    texts.setSpacing(0)
    texts.addWidget(label("K-Cloud Twin", "display"))
    texts.addWidget(label(QCoreApplication.translate("StartPage", "AI data centre, drawn and run"), "body", "text_2"))
    row.addLayout(texts, 1)
    return row


def _line() -> QFrame:
    line = QFrame()
    line.setObjectName("line")
    return line
