"""The devices one can put on the plan: grouped, searchable, two lines each, dragged or pressed."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import (
    QCoreApplication,
    QMimeData,
    QModelIndex,
    QPersistentModelIndex,
    QPointF,
    QRect,
    QRectF,
    QSize,
    QSortFilterProxyModel,
    Qt,
    Signal,
)
from PySide6.QtGui import QAction, QFontMetricsF, QPainter, QPalette, QStandardItem, QStandardItemModel
from PySide6.QtWidgets import (
    QAbstractItemView,
    QLineEdit,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTreeView,
    QVBoxLayout,
    QWidget,
)

from twin.catalogue.compute import Rack, Server
from twin.catalogue.cooling import AirCooler, Cdu
from twin.catalogue.device import Device
from twin.catalogue.library import Catalogue
from twin.catalogue.network import Switch
from ui import icons, theme
from ui.canvas.mime import device_mime
from ui.canvas.placing import is_placeable
from ui.canvas.symbols import paint_kind_mark
from ui.panels.facts import device_facts, family_of, lacks

DEVICE_ROLE = Qt.ItemDataRole.UserRole + 1
FACTS_ROLE = Qt.ItemDataRole.UserRole + 2
ICON_ROLE = Qt.ItemDataRole.UserRole + 3
FAMILY_ROLE = Qt.ItemDataRole.UserRole + 4
ROW_PX, GROUP_PX = 44, 32

AnyIndex = QModelIndex | QPersistentModelIndex


def _groups() -> list[tuple[str, Callable[[Device], bool]]]:
    translate = QCoreApplication.translate
    return [
        (translate("palette", "Racks"), lambda device: isinstance(device, Rack)),
        (translate("palette", "Compute"), lambda device: isinstance(device, Server)),
        (translate("palette", "Cooling"), lambda device: isinstance(device, (AirCooler, Cdu))),
        (translate("palette", "Network"), lambda device: isinstance(device, Switch)),
    ]


class _DeviceModel(QStandardItemModel):
    """Groups with their devices; a drag carries the id."""

    def __init__(self, catalogue: Catalogue) -> None:
        super().__init__()
        devices = sorted(filter(is_placeable, catalogue.values()), key=lambda device: device.name.lower())
        for title, belongs in _groups():
            members = [device for device in devices if belongs(device)]
            if members:
                group = QStandardItem(title)
                group.setFlags(Qt.ItemFlag.ItemIsEnabled)
                group.appendRows([_entry(device, catalogue) for device in members])
                self.appendRow(group)

    def supportedDragActions(self) -> Qt.DropAction:
        """Copies only: with Shift held, a move would take the entry out of the list."""
        return Qt.DropAction.CopyAction

    def mimeTypes(self) -> list[str]:
        """Our own type only."""
        return list(device_mime("").formats())

    def mimeData(self, indexes: list[QModelIndex]) -> QMimeData:  # type: ignore[override]
        """The id of the dragged device."""
        return device_mime(str(indexes[0].data(DEVICE_ROLE) or "") if indexes else "")


def _entry(device: Device, catalogue: Catalogue) -> QStandardItem:
    item = QStandardItem(device.name)
    item.setFlags(Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsDragEnabled)
    facts = device_facts(device, catalogue)
    item.setData(device.id, DEVICE_ROLE)
    item.setData(facts, FACTS_ROLE)
    item.setData(icon_name(device), ICON_ROLE)
    item.setData(family_of(device, catalogue), FAMILY_ROLE)
    item.setData(f"{device.name}, {facts}", Qt.ItemDataRole.AccessibleTextRole)
    item.setToolTip("\n".join(_tip(device, facts, catalogue)))
    return item


def _tip(device: Device, facts: str, catalogue: Catalogue) -> list[str]:
    lines = [device.name, facts, f"{device.maker} · {device.id}"]
    missing = lacks(device, catalogue)
    if missing:
        text = QCoreApplication.translate(
            "palette", "Its sheet lacks {fields}: it can be placed, a run cannot load it with work."
        )
        lines.append(text.format(fields=", ".join(missing)))
    if device.note:
        lines.append(device.note)
    return lines


def icon_name(device: Device) -> str:
    """The icon of a device."""
    if isinstance(device, Rack):
        return "rack"
    if isinstance(device, Server):
        return "server"
    if isinstance(device, Switch):
        return "fabric"
    return "cdu" if isinstance(device, Cdu) else "crah"


class _Entries(QStyledItemDelegate):
    """Draws group headings and two-line entries."""

    def sizeHint(self, option: QStyleOptionViewItem, index: AnyIndex) -> QSize:
        """Entries are 44 px high, headings 32."""
        return QSize(160, ROW_PX if index.data(DEVICE_ROLE) else GROUP_PX)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: AnyIndex) -> None:
        """One row over the whole width."""
        look = theme.current()
        row: QRect = option.rect
        state: QStyle.StateFlag = option.state
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
        if index.data(DEVICE_ROLE):
            box = QRectF(8, row.top() + 1, row.right() - 15, row.height() - 2)
            if state & (QStyle.StateFlag.State_Selected | QStyle.StateFlag.State_MouseOver):
                is_chosen = state & QStyle.StateFlag.State_Selected
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(look["selection" if is_chosen else "raised"])
                painter.drawRoundedRect(box, 4, 4)
            if state & QStyle.StateFlag.State_HasFocus:
                painter.setPen(theme.pen("accent", 1.0))
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)
            self._paint_entry(painter, row, index)
        else:
            is_open = bool(state & QStyle.StateFlag.State_Open)
            icons.paint(painter, "down" if is_open else "right", QRectF(12, row.top() + 8, 16, 16), "text_2")
            words = QRectF(32, row.top(), row.right() - 80, row.height())
            self._text(painter, words, str(index.data()), "name", "text")
            count = QRectF(row.right() - 60, row.top(), 44, row.height())
            shown = str(index.model().rowCount(index))
            self._text(painter, count, shown, "small", "text_3", Qt.AlignmentFlag.AlignRight)
        painter.restore()

    def _paint_entry(self, painter: QPainter, row: QRect, index: AnyIndex) -> None:
        look = theme.current()
        tile = QRectF(16.5, row.top() + 8.5, 27, 27)
        painter.setPen(theme.pen("line"))
        painter.setBrush(look["input"])
        painter.drawRoundedRect(tile, 4, 4)
        icons.paint(painter, str(index.data(ICON_ROLE)), tile.adjusted(4, 4, -4, -4), "text_2")
        family = index.data(FAMILY_ROLE)
        if family and family != "network":
            painter.setPen(Qt.PenStyle.NoPen)
            paint_kind_mark(painter, family, QPointF(tile.right() + 1, tile.top() + 1), look[family])
        left, width = 54.0, row.right() - 54.0 - 12
        self._text(painter, QRectF(left, row.top() + 5, width, 17), str(index.data()), "name", "text")
        facts = whole_facts(str(index.data(FACTS_ROLE)), width)
        self._text(painter, QRectF(left, row.top() + 22, width, 16), facts, "small", "text_2")

    def _text(
        self, painter: QPainter, box: QRectF, words: str, style: theme.TextStyle, role: str,
        side: Qt.AlignmentFlag = Qt.AlignmentFlag.AlignLeft,
    ) -> None:  # fmt: skip
        painter.setFont(theme.font(style))
        painter.setPen(theme.current()[role])
        fitting = painter.fontMetrics().elidedText(words, Qt.TextElideMode.ElideRight, int(box.width()))
        painter.drawText(box, side | Qt.AlignmentFlag.AlignVCenter, fitting)


class _Found(QSortFilterProxyModel):
    """Entries whose name, facts or id hold every word that is searched for."""

    words: tuple[str, ...] | list[str] = ()

    def filterAcceptsRow(self, row: int, parent: AnyIndex) -> bool:
        """A group stays when one of its entries does."""
        index = self.sourceModel().index(row, 0, parent)
        if not index.data(DEVICE_ROLE):
            return False
        text = f"{index.data()} {index.data(FACTS_ROLE)} {index.data(DEVICE_ROLE)}".lower()
        return all(word in text for word in self.words)

    def set_words(self, text: str) -> None:
        """Search for these words."""
        self.words = text.lower().split()
        self.invalidate()


class DevicePalette(QWidget):
    """Search field over the list; `device_chosen` carries the id of an entry that was pressed."""

    device_chosen = Signal(str)

    def __init__(self, catalogue: Catalogue) -> None:
        super().__init__()
        self._model = _DeviceModel(catalogue)
        self._found = _Found(self)
        self._found.setRecursiveFilteringEnabled(True)
        self._found.setSourceModel(self._model)
        self.search = QLineEdit()
        self.tree = QTreeView()
        n_devices = sum(self._model.item(i).rowCount() for i in range(self._model.rowCount()))
        self.search.setPlaceholderText(self.tr("Search {n} devices").format(n=n_devices))
        self.search.setAccessibleName(self.tr("Search devices"))
        self.search.setClearButtonEnabled(True)
        self._search_icon = QAction(self.search)
        self.search.addAction(self._search_icon, QLineEdit.ActionPosition.LeadingPosition)
        self.search.textChanged.connect(self._filter)
        self.search.returnPressed.connect(self._choose_first)
        self._set_up_tree()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 12, 0, 0)
        column.setSpacing(8)
        edge = QVBoxLayout()
        edge.setContentsMargins(16, 0, 16, 0)
        edge.addWidget(self.search)
        column.addLayout(edge)
        column.addWidget(self.tree, 1)
        theme.changed().changed.connect(self._restyle)
        self._restyle()

    def _set_up_tree(self) -> None:
        tree = self.tree
        tree.setModel(self._found)
        tree.setHeaderHidden(True)
        tree.setIndentation(0)
        tree.setRootIsDecorated(False)
        tree.setItemDelegate(_Entries(tree))
        tree.setMouseTracking(True)
        tree.setDragEnabled(True)
        tree.setDragDropMode(QAbstractItemView.DragDropMode.DragOnly)
        tree.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        tree.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        tree.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        tree.setExpandsOnDoubleClick(False)
        tree.setAccessibleName(self.tr("Devices"))
        tree.setAccessibleDescription(self.tr("Drag an entry onto the plan, or press Enter and click where it goes."))
        tree.expandAll()
        tree.clicked.connect(self._clicked)
        tree.activated.connect(self._choose)

    def _filter(self, text: str) -> None:
        self._found.set_words(text)
        self.tree.expandAll()

    def _clicked(self, index: QModelIndex) -> None:
        if index.data(DEVICE_ROLE):
            self._choose(index)
        else:
            self.tree.setExpanded(index, not self.tree.isExpanded(index))

    def _choose(self, index: QModelIndex) -> None:
        device_id = index.data(DEVICE_ROLE)
        if device_id:
            self.device_chosen.emit(str(device_id))

    def _choose_first(self) -> None:
        """Enter in the search field goes to the first hit."""
        first = self._found.index(0, 0, self._found.index(0, 0))
        if first.isValid():
            self.tree.setCurrentIndex(first)
            self.tree.setFocus()

    def _restyle(self, _look: object = None) -> None:
        self._search_icon.setIcon(icons.icon("search", size_px=16))
        palette = self.tree.palette()
        palette.setColor(QPalette.ColorRole.Base, theme.current()["panel"])
        self.tree.setPalette(palette)
        self.tree.viewport().update()


def whole_facts(facts: str, room_px: float) -> str:
    """As many facts of a line as have room, the first ones; a number is left out rather than cut."""
    metrics, parts = QFontMetricsF(theme.font("small")), facts.split(" · ")
    while len(parts) > 1 and metrics.horizontalAdvance(" · ".join(parts)) > room_px:
        parts.pop()
    return " · ".join(parts)
