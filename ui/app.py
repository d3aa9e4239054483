"""Builds the application around the window: theme, settings, and errors that reach the user instead of ending it."""

from __future__ import annotations

import logging
import sys
from pathlib import Path
from types import TracebackType

import platformdirs
from PySide6.QtCore import QCoreApplication, QTimer
from PySide6.QtWidgets import QApplication

from twin.catalogue.library import shipped_catalogue
from twin.errors import TwinError
from ui import language, theme
from ui.language_choice import say_no_letters
from ui.settings import Settings
from ui.window import MainWindow

FRAME_PX = 40
"""Room for the title bar that a window manager adds."""

_log = logging.getLogger("ui")


def made_application(arguments: list[str]) -> QApplication:
    """The one QApplication, named."""
    running = QApplication.instance()
    app = running if isinstance(running, QApplication) else QApplication(arguments)
    app.setApplicationName("K-Cloud Twin")
    app.setDesktopFileName("kcloud-twin")
    return app


def user_settings() -> Settings:
    """Settings in the user's configuration folder, unsaved work in the folder for state."""
    state_dir = Path(platformdirs.user_state_dir("kcloud-twin"))
    return Settings(Path(platformdirs.user_config_dir("kcloud-twin")) / "window.ini", state_dir)


def made_window(settings: Settings) -> MainWindow:
    """The window in the theme chosen last, not shown yet."""
    app = made_application(sys.argv[:1])
    theme.apply(app, settings.theme_name)
    window = MainWindow(shipped_catalogue(), settings)
    screen = app.primaryScreen().availableSize()
    window.resize(min(1600, screen.width()), min(1000, screen.height() - FRAME_PX))
    window.set_theme(settings.theme_name)
    geometry = settings.bytes_of("geometry")
    if not geometry.isEmpty():
        window.restoreGeometry(geometry)
    return window


def show_mistakes_in(window: MainWindow) -> None:
    """From now on an error nobody caught is shown in the window and logged; the drawing stays as it is."""

    def show(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        if issubclass(kind, KeyboardInterrupt):
            window.close()
            return
        _log.error("not caught", exc_info=(kind, error, trace))
        shown = error if isinstance(error, TwinError) else TwinError(f"{kind.__name__}: {error}", _place(trace))
        headline = QCoreApplication.translate("window", "Something went wrong. Your drawing is safe.")
        window.show_error(headline, shown)

    sys.excepthook = show


def _place(trace: TracebackType | None) -> str:
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    return f"{Path(trace.tb_frame.f_code.co_filename).name}:{trace.tb_lineno}" if trace else ""


def run_window(file: Path | None, wanted_language: str = "") -> int:
    """Show the window, with a file open if one is given, until it is closed; an empty language: as chosen before."""
    app = made_application(sys.argv[:1])
    settings = user_settings()
    code = language.chosen(wanted_language, settings.language)
    is_writable = language.has_letters(code)
    language.install(app, code if is_writable else "en")
    window = made_window(settings)
    show_mistakes_in(window)
    if not is_writable:
        say_no_letters(window, code)
    window.show()
    # After the first paint, so that a large file does not keep an empty screen.
    QTimer.singleShot(0, lambda: window.begin(file))
    # Python sees Ctrl-C only when it gets to run; Qt alone would never let it.
    beat = QTimer()
    beat.start(500)
    beat.timeout.connect(lambda: None)
    return app.exec()
