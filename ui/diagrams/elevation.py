"""The elevation page: which racks and faces are shown, key numbers, the drawing, and what its signs mean."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from twin.layout.lines import line_of
from ui import format as fmt
from ui import theme
from ui.canvas.labels import text_width
from ui.diagrams.columns import Totals, totals_of
from ui.diagrams.elevation_menu import elevation_menu
from ui.diagrams.elevation_view import ElevationView
from ui.diagrams.faces import paint_air
from ui.diagrams.fill import FillDialog
from ui.document import Document
from ui.widgets import Segmented, label
from ui.widgets.tool import themed_icon

HEAD_PX, FOOT_PX = 40, 24


class Elevation(QWidget):
    """Follows a document; `show_of` chooses what is drawn, `racks_chosen` tells which racks a hand chose."""

    racks_chosen = Signal(list)

    def __init__(self, document: Document) -> None:
        super().__init__()
        self._document = document
        self._subject = ""
        self.view = ElevationView(document)
        self.commands = self.view.commands
        self._title, self._numbers = label("", "object"), label("", "body", "text_2")
        self._state = label("", "body", "warning")
        self.scope = Segmented(self.tr("Racks shown"))
        self.scope.add("row", self.tr("Row"))
        self.scope.add("rack", self.tr("Rack"))
        self.faces = Segmented(self.tr("Faces shown"))
        for key, text in (("front", self.tr("Front")), ("rear", self.tr("Rear")), ("both", self.tr("Both"))):
            self.faces.add(key, text)
        self.faces.set_current("both")
        self.fill_button = QPushButton(self.tr("Fill…"))
        themed_icon(self.fill_button, "rack", size_px=16)
        self.key = _Key()
        self._lay_out()
        self._connect()

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        head = QWidget()
        head.setObjectName("dock_title")
        head.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        head.setFixedHeight(HEAD_PX)
        row = QHBoxLayout(head)
        row.setContentsMargins(16, 0, 12, 0)
        row.setSpacing(12)
        for words in (self._title, self._state, self._numbers):
            row.addWidget(words)
        # What is said follows the room there is; it never asks for more.
        self._numbers.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        row.setStretchFactor(self._numbers, 1)
        for part in (self.scope, self.faces, self.fill_button):
            row.addWidget(part)
        column.addWidget(head)
        column.addWidget(self.view, 1)
        column.addWidget(self.key)
        self.setFocusProxy(self.view)

    def _connect(self) -> None:
        self.view.shown.connect(self._show_numbers)
        self.view.racks_chosen.connect(self.racks_chosen)
        self.view.said.connect(self.key.say)
        self.view.menu_asked.connect(lambda at: elevation_menu(self).popup(at))
        self.scope.chosen.connect(lambda _key: self.show_of(self._subject))
        self.faces.chosen.connect(self.view.set_faces)
        self.fill_button.clicked.connect(self.ask_and_fill)

    def show_of(self, name: str) -> None:
        """Show a rack with those beside it, or a row; a name of nothing keeps what is shown."""
        floor = self._document.floor
        line = line_of(floor, name)
        if not line:
            line = [rack for rack in self.view.racks if rack in floor.racks] or _first_line(self._document)
            name = line[0] if line else ""
        self._subject = name
        is_alone = self.scope.current == "rack" and bool(line)
        racks = [name if name in floor.racks else line[0]] if is_alone else line
        if racks != self.view.racks:
            self.view.show_racks(racks)
        self._show_numbers()

    def follow(self, selection: list[str]) -> None:
        """Show what is selected on the plan."""
        floor = self._document.floor
        racks = [name for name in selection if name in floor.racks or name in floor.row_racks]
        if racks and (self.scope.current == "rack" or not self._holds(racks[0])):
            self.show_of(racks[0])
        self.view.set_chosen(selection)
        fitted = floor.fitted
        if self.view.selection and not any(fitted[box].rack in selection for box in self.view.selection):
            self.view.set_selection([])

    def fit(self, _view: str = "") -> None:
        """As large as fits."""
        self.view.set_zoom(1.0)

    def ask_and_fill(self) -> None:
        """Ask what to fill the racks shown with."""
        if self.view.racks:
            FillDialog(self).exec()

    def chosen_racks(self) -> list[str]:
        """The racks selected here, else all that are shown."""
        return self.view.chosen or list(self.view.racks)

    def _holds(self, name: str) -> bool:
        members = self._document.floor.row_racks.get(name, [name])
        return bool(members) and members[0] in self.view.racks

    def _show_numbers(self) -> None:
        view = self.view
        totals = totals_of(view.columns)
        racks = view.racks
        rows = {column.rack.row for column in view.columns}
        row = rows.pop() if len(rows) == 1 else None
        is_row = row is not None and len(racks) > 1
        if is_row:
            title = self.tr("Row {name}").format(name=row)
        elif len(racks) > 1:
            title = self.tr("{first} to {last}").format(first=racks[0], last=racks[-1])
        else:
            title = self.tr("Rack {name}").format(name=racks[0]) if racks else ""
        self._title.setText(title)
        about = self.tr("{n} equal racks, edited as one") if is_row else self.tr("{n} racks")
        self._state.setText(self._troubles(totals))
        self._state.setVisible(bool(self._state.text()))
        self._state.setProperty("role", "critical" if totals.n_troubles else "warning")
        self._state.style().polish(self._state)
        about_words = about.format(n=len(racks)) if len(racks) > 1 else ""
        self._numbers.setText(self._fitting(self._kpi(totals, about_words)) if racks else "")

    def _fitting(self, variants: list[str]) -> str:
        """The longest words there is room for: a number is never clipped."""
        parts = (self.scope, self.faces, self.fill_button)
        taken_px = sum(part.sizeHint().width() for part in parts) + 28 + 12 * 7
        taken_px += round(text_width(self._title.text(), "object") + text_width(self._state.text(), "body"))
        room_px = self.width() - taken_px
        return next((words for words in variants if text_width(words, "body") <= room_px), "")

    def _kpi(self, totals: Totals, about: str) -> list[str]:
        share = totals.u_taken / totals.u_height if totals.u_height else 0.0
        kw = fmt.number(totals.max_w / 1e3, 1)
        power = f"{kw} / {fmt.number(totals.budget_w / 1e3, 0)} kW" if totals.budget_w else f"{kw} kW"
        used = self.tr("{share} of {u} U used").format(share=fmt.PERCENT.text(share), u=fmt.number(totals.u_height, 0))
        gap = self.tr("largest gap {gap} U in {rack}").format(gap=totals.gap_u, rack=totals.gap_rack or "–")
        parts = [part for part in (about, used, gap, power) if part]
        return [" · ".join(parts), " · ".join([used, gap, power]), " · ".join([used, gap]), used]

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Say less where there is little room."""
        super().resizeEvent(event)
        self._show_numbers()

    def _troubles(self, totals: Totals) -> str:
        parts = []
        if totals.n_troubles:
            parts.append(self.tr("{n} boxes collide").format(n=totals.n_troubles))
        if totals.n_against:
            parts.append(self.tr("{n} blow to the front").format(n=totals.n_against))
        return " · ".join(parts)


def _first_line(document: Document) -> list[str]:
    return line_of(document.floor, next(iter(document.floor.racks), ""))


class _Key(QWidget):
    """What the signs mean; while something is under the hand, what that is."""

    def __init__(self) -> None:
        super().__init__()
        self._words = ""
        self.setFixedHeight(FOOT_PX)
        theme.follow(self)

    def say(self, words: str) -> None:
        """Show words in place of the signs; none shows the signs again."""
        self._words = words
        self.update()

    def sizeHint(self) -> QSize:
        """As wide as there is."""
        return QSize(200, FOOT_PX)

    def paintEvent(self, event: QPaintEvent) -> None:
        """One line."""
        painter, look = QPainter(self), theme.current()
        painter.fillRect(self.rect(), look["panel"])
        painter.fillRect(0, 0, self.width(), 1, look["line"])
        painter.setFont(theme.font("small"))
        if self._words:
            painter.setPen(look["text"])
            room = self.rect().adjusted(16, 1, -16, 0)
            words = painter.fontMetrics().elidedText(self._words, Qt.TextElideMode.ElideRight, room.width())
            painter.drawText(room, Qt.AlignmentFlag.AlignVCenter, words)
            return
        x = 16.0
        for sign, words in self._signs():
            if x + text_width(words, "small") + 24 > self.width():
                break
            self._sign(painter, sign, QPointF(x + 5, FOOT_PX / 2 + 0.5))
            painter.setPen(look["text_2"])
            painter.drawText(QPointF(x + 16, FOOT_PX / 2 + 4.5), words)
            x += text_width(words, "small") + 36

    def _signs(self) -> list[tuple[str, str]]:
        return [
            ("feed_a", self.tr("cord A")),
            ("feed_b", self.tr("cord B")),
            ("off", self.tr("cord not fed")),
            ("in", self.tr("air goes in")),
            ("out", self.tr("air comes out")),
            ("ghost", self.tr("mounted at the other face")),
            ("open", self.tr("open unit; all others are blanked")),
        ]

    def _sign(self, painter: QPainter, sign: str, centre: QPointF) -> None:
        look = theme.current()
        square = QRectF(centre.x() - 4, centre.y() - 4, 8, 8)
        if sign in ("feed_a", "feed_b"):
            painter.fillRect(square.adjusted(1, 1, -1, -1), look[sign])
        elif sign in ("in", "out"):
            paint_air(painter, centre, 4.5, sign)
        elif sign == "open":
            painter.fillRect(QRectF(square.left(), square.top(), 2, 8), look["line_strong"])
            painter.fillRect(QRectF(square.left(), square.bottom(), 8, 1), look["line_strong"])
        else:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(theme.pen("off", 1, (3, 3) if sign == "ghost" else ()))
            painter.drawRect(square.adjusted(0.5, 0.5, -0.5, -0.5))
            painter.setPen(look["text_2"])
