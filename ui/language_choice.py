"""Choosing the language of the next start in the View menu, and what the window says about it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from ui import language
from ui.actions import Actions

if TYPE_CHECKING:
    from ui.window import MainWindow


def _tr(text: str) -> str:
    return QCoreApplication.translate("language", text)


def choose_language(window: MainWindow, code: str) -> None:
    """Keep the language for the next start; what is on the screen stays in its own."""
    window.settings.language = code
    check_language(window.actions_, code)
    if code == language.current():
        window.message.hide()
        return
    headline = _tr("{language} from the next start on").format(language=language.NAMES[code])
    window.message.show_message("note", headline, "", {"close": _tr("Close")})


def check_language(actions: Actions, code: str) -> None:
    """Check one language in the menu."""
    for each in language.NAMES:
        actions[f"language_{each}"].setChecked(each == code)


def say_no_letters(window: MainWindow, code: str) -> None:
    """Say that no font here can write the language asked for."""
    headline = _tr("No font here can write {language}").format(language=language.NAMES[code])
    hint = _tr("Install one, such as fonts-nanum or fonts-noto-cjk, and start again.")
    window.message.show_message("warning", headline, hint, {"close": _tr("Close")})
