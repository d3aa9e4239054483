"""Small windows with text: the engine's log, and what this program is."""

from __future__ import annotations

from importlib import metadata

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QPlainTextEdit, QVBoxLayout, QWidget

from twin.catalogue.library import Catalogue


def about_text(catalogue: Catalogue) -> str:
    """Name, version, licence and what is in the catalogue."""
    try:
        version = metadata.version("kcloud-twin")
    except metadata.PackageNotFoundError:
        version = "–"
    lines = (
        QCoreApplication.translate("about", "K-Cloud Twin {version}").format(version=version),
        QCoreApplication.translate("about", "A digital twin of AI data centres. Apache-2.0."),
        QCoreApplication.translate("about", "{count} devices in the catalogue.").format(count=len(catalogue)),
    )
    return "\n".join(lines)


def show_text(parent: QWidget, title: str, text: str) -> None:
    """Show text that can be copied, until it is closed."""
    dialog = QDialog(parent)
    dialog.setWindowTitle(title)
    dialog.resize(720, 420)
    field = QPlainTextEdit(text)
    field.setReadOnly(True)
    field.setAccessibleName(title)
    buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
    buttons.rejected.connect(dialog.reject)
    column = QVBoxLayout(dialog)
    column.addWidget(field)
    column.addWidget(buttons)
    dialog.exec()
