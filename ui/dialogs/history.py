"""All edits of the drawing by name; choosing one goes there at once."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QSize, Qt
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QWidget

from ui import theme
from ui.dialogs.box import Box
from ui.document import Document

translate = QCoreApplication.translate


class HistoryDialog(Box):
    """Newest last; what was undone is grey until it is redone."""

    def __init__(self, parent: QWidget | None, document: Document) -> None:
        words = translate("history", "Choose how far to go back; nothing is lost until the next edit.")
        super().__init__(parent, "note", translate("history", "All edits"), words)
        self._document = document
        self.list = QListWidget()
        self.list.setMinimumHeight(280)
        self.list.currentRowChanged.connect(document.go_to)
        self.body.addWidget(self.list)
        self.add_action("close", self.tr("Close"), is_default=True, is_back=True)
        document.history_changed.connect(self._show)
        theme.changed().changed.connect(self._show)
        self._show()
        self.list.setFocus(Qt.FocusReason.OtherFocusReason)

    def _show(self, _look: object = None) -> None:
        names, i_now = self._document.history
        self.list.blockSignals(True)
        self.list.clear()
        for i, name in enumerate(names):
            item = QListWidgetItem(name or self.tr("As it was opened"))
            item.setSizeHint(QSize(0, 26))
            item.setForeground(theme.current()["text" if i <= i_now else "text_3"])
            item.setFont(theme.font("name" if i == i_now else "body"))
            self.list.addItem(item)
        self.list.setCurrentRow(i_now)
        self.list.blockSignals(False)
