"""The table of findings: what is wrong, where, by which rule, and the way out."""

from __future__ import annotations

from PySide6.QtCore import (
    QAbstractTableModel,
    QCoreApplication,
    QModelIndex,
    QPersistentModelIndex,
    QSortFilterProxyModel,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QFont, QPixmap
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStackedLayout,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from twin.layout.finding import SEVERITIES, Finding
from twin.layout.floor import Floor
from ui import icons, theme, words
from ui.canvas.joining import Fix, fix_of
from ui.canvas.overlay import SEVERITY_ROLES
from ui.document import Document
from ui.sayings import said
from ui.widgets.label import label

AnyIndex = QModelIndex | QPersistentModelIndex
SEVERITY, WHAT, PLACE, RULE, HINT = range(5)
SORT_ROLE = Qt.ItemDataRole.UserRole + 1
ROW_PX = 28


class FindingsModel(QAbstractTableModel):
    """One finding a row."""

    def __init__(self) -> None:
        super().__init__()
        self.findings: list[Finding] = []
        self._floor: Floor | None = None
        self._fixes: dict[int, Fix | None] = {}

    def set_findings(self, findings: list[Finding], floor: Floor) -> None:
        """Show these, found on that floor."""
        self.beginResetModel()
        self.findings, self._floor = list(findings), floor
        self._fixes.clear()
        self.endResetModel()

    def fix(self, i_row: int) -> Fix | None:
        """What can be done at once about a finding; worked out when it is first seen, for there may be hundreds."""
        if self._floor is None:
            return None
        if i_row not in self._fixes:
            self._fixes[i_row] = fix_of(self.findings[i_row], self._floor)
        return self._fixes[i_row]

    def rowCount(self, parent: AnyIndex = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        """Number of findings."""
        return 0 if parent.isValid() else len(self.findings)

    def columnCount(self, parent: AnyIndex = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        """Severity, finding, place, rule, way out."""
        return 5

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> str | None:
        """Titles of the columns."""
        if orientation != Qt.Orientation.Horizontal or role != Qt.ItemDataRole.DisplayRole:
            return None
        return ("", self.tr("Finding"), self.tr("Place"), self.tr("Rule"), self.tr("Way out"))[section]

    def data(
        self, index: AnyIndex, role: int = Qt.ItemDataRole.DisplayRole
    ) -> str | int | QPixmap | QColor | QFont | None:
        """Text, status icon, colour and font of a cell."""
        finding, column = self.findings[index.row()], index.column()
        fix = self.fix(index.row()) if column == HINT else None
        what, hint = said(finding.what), said(finding.hint)
        texts = ("", what, finding.place, words.rule(finding.rule), fix.text if fix else hint)
        if role == Qt.ItemDataRole.DisplayRole:
            return texts[column]
        if role == Qt.ItemDataRole.ToolTipRole:
            return finding.rule if column == RULE else f"{what}; {hint}"
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return severity_words(finding) if column == SEVERITY else texts[column]
        if role == SORT_ROLE:
            return SEVERITIES.index(finding.severity) if column == SEVERITY else texts[column]
        if role == Qt.ItemDataRole.DecorationRole and column == SEVERITY:
            return icons.pixmap(SEVERITY_ROLES[finding.severity], SEVERITY_ROLES[finding.severity], 16)
        if role == Qt.ItemDataRole.DecorationRole and fix:
            return icons.pixmap("fix", "accent", 16)
        if role == Qt.ItemDataRole.ForegroundRole and column in (RULE, HINT):
            return theme.current()["accent" if fix else "text_2"]
        if role == Qt.ItemDataRole.FontRole:
            return theme.font("name" if column == PLACE else "body")
        return None


def severity_words(finding: Finding) -> str:
    """The severity in words, for those who do not see the icon."""
    translate = QCoreApplication.translate
    severities = {
        "error": translate("findings", "critical"),
        "warning": translate("findings", "warning"),
        "note": translate("findings", "note"),
    }
    return severities[finding.severity]


class _Middle(QStyledItemDelegate):
    """Puts the icon of a cell in its middle."""

    def initStyleOption(self, option: QStyleOptionViewItem, index: AnyIndex) -> None:
        super().initStyleOption(option, index)
        option.decorationAlignment = Qt.AlignmentFlag.AlignCenter
        option.decorationSize = option.rect.size()


class FindingsPanel(QWidget):
    """Follows a document's findings.

    `place_chosen` carries the id of the thing a chosen finding is about, `place_shown` the same when the plan should go
    there; `counted` the summary for the dock's title, such as "1 critical, 3 warnings"; `can_mend` whether the chosen
    finding has a way out that can be done at once, by a click on it, by Enter there, or by `mend`.
    """

    place_chosen = Signal(str)
    place_shown = Signal(str)
    counted = Signal(str)
    can_mend = Signal(bool)

    def __init__(self, document: Document) -> None:
        super().__init__()
        self._document = document
        self.model = FindingsModel()
        self._sorted = QSortFilterProxyModel(self)
        self._sorted.setSortRole(SORT_ROLE)
        self._sorted.setSourceModel(self.model)
        self.table = QTableView()
        self._empty = label(self.tr("No findings. The drawing passes every check."), "body", "text_2")
        self._empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._set_up_table()
        self._pages = QStackedLayout(self)
        self._pages.setContentsMargins(0, 0, 0, 0)
        self._pages.addWidget(self.table)
        self._pages.addWidget(self._empty)
        document.checked.connect(self.show_findings)
        theme.changed().changed.connect(self.table.viewport().update)
        self.show_findings(document.findings)

    def show_findings(self, findings: list[Finding]) -> None:
        """Show these."""
        self.model.set_findings(findings, self._document.floor)
        self.can_mend.emit(False)
        self._pages.setCurrentWidget(self.table if findings else self._empty)
        self.counted.emit(self.summary())

    def summary(self) -> str:
        """How many of each severity."""
        count = {severity: sum(f.severity == severity for f in self.model.findings) for severity in SEVERITIES}
        texts = []
        if count["error"]:
            texts.append(self.tr("{n} critical").format(n=count["error"]))
        if count["warning"]:
            one, many = self.tr("1 warning"), self.tr("{n} warnings")
            texts.append(one if count["warning"] == 1 else many.format(n=count["warning"]))
        if count["note"]:
            texts.append(self.tr("1 note") if count["note"] == 1 else self.tr("{n} notes").format(n=count["note"]))
        return ", ".join(texts)

    def mend(self) -> bool:
        """Do the way out of the chosen finding."""
        index = self.table.currentIndex()
        fix = self.model.fix(self._sorted.mapToSource(index).row()) if index.isValid() else None
        return fix is not None and self._document.apply(fix.text, fix.edit)

    def _set_up_table(self) -> None:
        table = self.table
        table.setModel(self._sorted)
        table.setItemDelegateForColumn(SEVERITY, _Middle(table))
        table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        table.setShowGrid(False)
        table.setWordWrap(False)
        table.setTabKeyNavigation(False)
        table.setAccessibleName(self.tr("Findings"))
        table.verticalHeader().hide()
        table.verticalHeader().setDefaultSectionSize(ROW_PX)
        header = table.horizontalHeader()
        header.setHighlightSections(False)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setSectionResizeMode(SEVERITY, QHeaderView.ResizeMode.Fixed)
        header.setSectionResizeMode(WHAT, QHeaderView.ResizeMode.Stretch)
        header.setSectionResizeMode(HINT, QHeaderView.ResizeMode.Stretch)
        for column, width in ((SEVERITY, 40), (PLACE, 104), (RULE, 144)):
            header.resizeSection(column, width)
        table.setSortingEnabled(True)
        table.sortByColumn(SEVERITY, Qt.SortOrder.AscendingOrder)
        table.selectionModel().currentRowChanged.connect(self._chosen)
        table.activated.connect(self._activated)
        table.clicked.connect(self._clicked)

    def _chosen(self, current: QModelIndex, _previous: QModelIndex) -> None:
        if current.isValid():
            i_row = self._sorted.mapToSource(current).row()
            self.can_mend.emit(self.model.fix(i_row) is not None)
            self.place_chosen.emit(self.model.findings[i_row].place)

    def _clicked(self, index: QModelIndex) -> None:
        if index.column() == HINT:
            self.mend()

    def _activated(self, index: QModelIndex) -> None:
        i_row = self._sorted.mapToSource(index).row()
        if index.column() == HINT and self.model.fix(i_row):
            self.mend()
        else:
            self.place_shown.emit(self.model.findings[i_row].place)
