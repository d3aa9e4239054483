"""The language of the window: which one is asked for, and the translators that put it in."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QLibraryInfo, QLocale, QTranslator
from PySide6.QtGui import QFontDatabase

from twin.files import asset_dir

NAMES = {"en": "English", "ko": "한국어"}
"""Every language of the window by its code, each under the name its readers look for."""

_installed: list[QTranslator] = []
_current = ["en"]


def current() -> str:
    """The language the window was built in."""
    return _current[0]


def chosen(option: str, setting: str) -> str:
    """The language to use: the start option, else the one chosen before, else that of the desktop, else English."""
    for code in (option, setting, QLocale.system().name().partition("_")[0]):
        if code in NAMES:
            return code
    return "en"


def has_letters(code: str) -> bool:
    """Whether a font here can write the language; without one every Korean letter is an empty box."""
    return code != "ko" or bool(QFontDatabase.families(QFontDatabase.WritingSystem.Korean))


def install(app: QCoreApplication, code: str) -> None:
    """From now on texts are made in this language; what is built already keeps its own. Qt's dialogs follow."""
    while _installed:
        app.removeTranslator(_installed.pop())
    _current[0] = code
    if code == "en":
        return
    folders = (QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath), str(asset_dir() / "i18n"))
    for name, folder in zip((f"qtbase_{code}", f"twin_{code}"), folders, strict=True):
        translator = QTranslator(app)
        if translator.load(name, folder):
            app.installTranslator(translator)
            _installed.append(translator)
