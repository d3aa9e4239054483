"""The command palette: every action by name, found by typing."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QAction, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QDialog, QLineEdit, QTreeWidget, QTreeWidgetItem, QVBoxLayout, QWidget

_ACTION_ROLE = Qt.ItemDataRole.UserRole


class CommandPalette(QDialog):
    """Type to find, arrows to choose, Enter to do it."""

    def __init__(self, actions: list[tuple[str, QAction]], parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("All commands"))
        self.resize(520, 420)
        self.field = QLineEdit()
        self.field.setPlaceholderText(self.tr("Search commands"))
        self.field.setAccessibleName(self.tr("Search commands"))
        self.field.textChanged.connect(self._filter)
        self.field.installEventFilter(self)
        self.list = QTreeWidget()
        self.list.setColumnCount(3)
        self.list.setHeaderHidden(True)
        self.list.setRootIsDecorated(False)
        self.list.setAccessibleName(self.tr("Commands"))
        self.list.itemActivated.connect(self._do)
        for menu, action in actions:
            # A key that is written in the text, after a tab, is listened to elsewhere.
            name, _, written = action.text().replace("&", "").partition("\t")
            keys = action.shortcut().toString(QKeySequence.SequenceFormat.NativeText) or written
            item = QTreeWidgetItem([name, menu, keys])
            item.setData(0, _ACTION_ROLE, action)
            item.setIcon(0, action.icon())
            self.list.addTopLevelItem(item)
        self.list.setColumnWidth(0, 300)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 12, 12, 12)
        column.addWidget(self.field)
        column.addWidget(self.list)
        self._filter("")

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Arrows and Enter work while typing."""
        if watched is self.field and isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            if event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Up):
                self._move(1 if event.key() == Qt.Key.Key_Down else -1)
                return True
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self._do(self.list.currentItem())
                return True
        return super().eventFilter(watched, event)

    def _shown(self) -> list[QTreeWidgetItem]:
        items = [self.list.topLevelItem(i) for i in range(self.list.topLevelItemCount())]
        return [item for item in items if item is not None and not item.isHidden()]

    def _move(self, by: int) -> None:
        shown = self._shown()
        if shown:
            now = self.list.currentItem()
            i = shown.index(now) + by if now in shown else 0
            self.list.setCurrentItem(shown[i % len(shown)])

    def _filter(self, text: str) -> None:
        words = text.casefold().split()
        for i in range(self.list.topLevelItemCount()):
            item = self.list.topLevelItem(i)
            if item is not None:
                named = f"{item.text(0)} {item.text(1)}".casefold()
                item.setHidden(not all(word in named for word in words))
        shown = self._shown()
        if shown:
            self.list.setCurrentItem(shown[0])

    def _do(self, item: QTreeWidgetItem | None) -> None:
        if item is not None and not item.isHidden():
            self.accept()
            action: QAction = item.data(0, _ACTION_ROLE)
            action.trigger()
