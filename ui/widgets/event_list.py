"""What happened in the run, newest last: shape by severity, headline, place and time."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem

from ui import format as fmt
from ui import icons, theme

ROW_PX = 54
_ITEM_ROLE = Qt.ItemDataRole.UserRole
Index = QModelIndex | QPersistentModelIndex


@dataclass(frozen=True)
class EventItem:
    """One event: simulated time, severity (critical, warning, note, ok), headline, place shown and place id."""

    time_s: float
    severity: str
    headline: str
    place: str = ""
    place_id: str = ""


class EventModel(QAbstractListModel):
    """The events of a run in time order; the oldest go when there are more than `most`."""

    def __init__(self, most: int = 5000) -> None:
        super().__init__()
        self._most = most
        self._items: list[EventItem] = []

    @property
    def items(self) -> tuple[EventItem, ...]:
        """All events kept."""
        return tuple(self._items)

    def add(self, items: Iterable[EventItem]) -> None:
        """Append events."""
        new = list(items)[-self._most :]
        surplus = len(self._items) + len(new) - self._most
        if surplus > 0:
            self.beginRemoveRows(QModelIndex(), 0, surplus - 1)
            del self._items[:surplus]
            self.endRemoveRows()
        if new:
            first = len(self._items)
            self.beginInsertRows(QModelIndex(), first, first + len(new) - 1)
            self._items += new
            self.endInsertRows()

    def clear(self) -> None:
        """Forget all events."""
        self.beginResetModel()
        self._items.clear()
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        """Number of events."""
        return 0 if parent.isValid() else len(self._items)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """The event itself for the delegate, or text for search and screen readers."""
        if not index.isValid():
            return None
        item = self._items[index.row()]
        if role == _ITEM_ROLE:
            return item
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return ", ".join(part for part in (item.headline, item.place, fmt.clock(item.time_s)) if part)
        if role == Qt.ItemDataRole.ToolTipRole:
            return "\n".join(part for part in (item.headline, item.place) if part)
        return None


class _EventDelegate(QStyledItemDelegate):
    """Paints one event in two lines."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(160, ROW_PX)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        item: EventItem = index.data(_ITEM_ROLE)
        rect = QRectF(option.rect)
        look = theme.current()
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(rect, look["selection"])
        elif option.state & QStyle.StateFlag.State_MouseOver:
            painter.fillRect(rect, look["raised"])
        painter.fillRect(QRectF(rect.left() + 12, rect.bottom() - 1, rect.width() - 24, 1), look["line"])
        icons.paint(painter, item.severity, QRectF(rect.left() + 11, rect.top() + 8, 18, 18), item.severity)
        left, right = rect.left() + 36, rect.right() - 12
        self._line(painter, QRectF(left, rect.top() + 8, right - left, 18), item.headline, "name", "text")
        time = fmt.clock(item.time_s)
        painter.setFont(theme.font("small"))
        time_w = QFontMetricsF(theme.font("small")).horizontalAdvance(time)
        self._line(painter, QRectF(right - time_w, rect.top() + 28, time_w + 1, 16), time, "small", "text_3")
        room = right - left - time_w - 8
        self._line(painter, QRectF(left, rect.top() + 28, room, 16), item.place, "small", "text_2")
        painter.restore()

    def _line(self, painter: QPainter, rect: QRectF, text: str, style: theme.TextStyle, role: str) -> None:
        font = theme.font(style)
        painter.setFont(font)
        painter.setPen(theme.pen(role))
        shown = QFontMetricsF(font).elidedText(text, Qt.TextElideMode.ElideRight, rect.width())
        painter.drawText(rect, Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine, shown)


class EventList(QListView):
    """The list; it follows the newest event while it is scrolled to its end. `chosen` carries an EventItem."""

    chosen = Signal(object)

    def __init__(self, model: EventModel) -> None:
        super().__init__()
        self._events = model
        self.setModel(model)
        self.setItemDelegate(_EventDelegate(self))
        self.setUniformItemSizes(True)
        self.setMouseTracking(True)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName(self.tr("Events"))
        self.clicked.connect(self._emit)
        self.activated.connect(self._emit)
        model.rowsAboutToBeInserted.connect(self._note_place)
        model.rowsInserted.connect(self._follow_newest)
        self._was_at_end = True

    def _emit(self, index: QModelIndex) -> None:
        self.chosen.emit(index.data(_ITEM_ROLE))

    def _note_place(self) -> None:
        bar = self.verticalScrollBar()
        self._was_at_end = bar.value() >= bar.maximum() - 2

    def _follow_newest(self) -> None:
        if self._was_at_end:
            self.scrollToBottom()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if not self._events.rowCount():
            painter = QPainter(self.viewport())
            painter.setFont(theme.font("body"))
            painter.setPen(theme.pen("text_3"))
            text = self.tr("Nothing has happened yet.")
            painter.drawText(self.viewport().rect(), Qt.AlignmentFlag.AlignCenter, text)
