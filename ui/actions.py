"""The one table of everything a user can ask for: menus, shortcuts, tool buttons and the command palette read it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication, QObject, Qt
from PySide6.QtGui import QAction, QKeySequence, QShortcut
from PySide6.QtWidgets import QAbstractButton, QApplication, QComboBox, QMenuBar, QWidget

from ui import icons, language, theme

_ = QT_TRANSLATE_NOOP


@dataclass(frozen=True, slots=True)
class Entry:
    """One action: `key` names its handler, `menu` where it stands; `shortcuts` in Qt's portable writing."""

    key: str
    menu: str
    text: str
    shortcuts: tuple[str, ...] = ()
    icon: str = ""
    is_checkable: bool = False
    starts_group: bool = False


FILE, EDIT, VIEW, RUN, HELP = "File", "Edit", "View", "Run", "Help"
MENUS: dict[str, str] = {
    FILE: str(_("actions", "&File")),
    EDIT: str(_("actions", "&Edit")),
    VIEW: str(_("actions", "&View")),
    RUN: str(_("actions", "&Run")),
    HELP: str(_("actions", "&Help")),
}

ENTRIES: tuple[Entry, ...] = (
    Entry("new", FILE, str(_("actions", "New empty hall")), ("Ctrl+N",), "new"),
    Entry("open", FILE, str(_("actions", "Open…")), ("Ctrl+O",), "open"),
    Entry("start_page", FILE, str(_("actions", "Templates and recent files")), ("Alt+Home",), "plan"),
    Entry("save", FILE, str(_("actions", "Save")), ("Ctrl+S",), "save", starts_group=True),
    Entry("save_as", FILE, str(_("actions", "Save as…")), ("Ctrl+Shift+S",)),
    Entry("compare_saved", FILE, str(_("actions", "Compare with the saved file")), (), "compare", starts_group=True),
    Entry("compare_file", FILE, str(_("actions", "Compare with another layout…"))),
    Entry("recover", FILE, str(_("actions", "Recover unsaved work…"))),
    Entry("quit", FILE, str(_("actions", "Quit")), ("Ctrl+Q",), starts_group=True),
    Entry("undo", EDIT, str(_("actions", "Undo")), ("Ctrl+Z",), "undo"),
    Entry("redo", EDIT, str(_("actions", "Redo")), ("Ctrl+Shift+Z", "Ctrl+Y"), "redo"),
    Entry("history", EDIT, str(_("actions", "All edits…")), ("Ctrl+Alt+Z",), "clock"),
    Entry("duplicate", EDIT, str(_("actions", "Duplicate")), ("Ctrl+D",), "copy", starts_group=True),
    Entry("rotate", EDIT, str(_("actions", "Rotate by 90°")), ("Ctrl+R",), "rotate"),
    Entry("delete", EDIT, str(_("actions", "Delete")), ("Del",), "trash"),
    Entry("select_all", EDIT, str(_("actions", "Select all")), ("Ctrl+A",), "select", starts_group=True),
    Entry("fill_racks", EDIT, str(_("actions", "Fill racks…")), ("Ctrl+Shift+L",), "rack"),
    Entry("mend", EDIT, str(_("actions", "Mend the chosen finding")), ("Ctrl+M",), "fix"),
    Entry("capacity", EDIT, str(_("actions", "Find room for boxes…")), ("Ctrl+Shift+B",), "search"),
    Entry("find_device", EDIT, str(_("actions", "Find a device")), ("/",), "search", starts_group=True),
    Entry("view_plan", VIEW, str(_("actions", "Plan view")), ("Ctrl+1",), "plan"),
    Entry("view_elevation", VIEW, str(_("actions", "Elevation view")), ("Ctrl+3",), "elev"),
    Entry("view_run", VIEW, str(_("actions", "Run view")), ("Ctrl+2",), "chart"),
    Entry("view_one_line", VIEW, str(_("actions", "One-line view (power)")), ("Ctrl+4",), "bolt"),
    Entry("view_loops", VIEW, str(_("actions", "Loops view (cooling)")), ("Ctrl+5",), "cdu"),
    Entry("zoom_fit", VIEW, str(_("actions", "Zoom to fit")), ("Ctrl+Shift+F",), "fit", starts_group=True),
    Entry("airflow", VIEW, str(_("actions", "Airflow on the plan")), ("H",), "air", True),
    Entry("live_time", VIEW, str(_("actions", "Follow the run")), ("Ctrl+L",), "clock"),
    Entry("back_to_hall", VIEW, str(_("actions", "Show the whole hall")), ("Ctrl+H",), "back"),
    Entry("next_dock", VIEW, str(_("actions", "Go to the next panel")), ("F6",), starts_group=True),
    Entry("reset_docks", VIEW, str(_("actions", "Put all panels back")), ("Ctrl+0",)),
    Entry("dock_devices", VIEW, str(_("actions", "Devices panel")), ("Ctrl+Shift+D",)),
    Entry("dock_inspector", VIEW, str(_("actions", "Inspector panel")), ("Ctrl+Shift+I",)),
    Entry("dock_findings", VIEW, str(_("actions", "Findings panel")), ("Ctrl+Shift+G",)),
    Entry("dock_differences", VIEW, str(_("actions", "Differences panel"))),
    Entry("dock_live_plan", VIEW, str(_("actions", "Live plan panel"))),
    Entry("dock_events", VIEW, str(_("actions", "Events panel"))),
    Entry("dock_power_path", VIEW, str(_("actions", "Power path panel"))),
    Entry("theme_dark", VIEW, str(_("actions", "Dark theme")), (), "", True, True),
    Entry("theme_light", VIEW, str(_("actions", "Light theme")), (), "", True),
    Entry("theme_high_contrast", VIEW, str(_("actions", "High contrast theme")), (), "", True),
    Entry("language_en", VIEW, language.NAMES["en"], (), "", True, True),
    Entry("language_ko", VIEW, language.NAMES["ko"], (), "", True),
    Entry("play", RUN, str(_("actions", "Run or pause")), (), "play"),
    Entry("step", RUN, str(_("actions", "One step")), (".",), "step"),
    Entry("restart", RUN, str(_("actions", "Run from the beginning")), ("Ctrl+Shift+R",), "back"),
    Entry("faster", RUN, str(_("actions", "Faster")), ("+", "="), "speed", starts_group=True),
    Entry("slower", RUN, str(_("actions", "Slower")), ("-",)),
    Entry("fail", RUN, str(_("actions", "Fail what is selected")), ("Ctrl+Shift+X",), "fail", starts_group=True),
    Entry("repair", RUN, str(_("actions", "Repair what is selected")), ("Ctrl+Shift+E",), "fix"),
    Entry("engine_log", RUN, str(_("actions", "Show the engine's log")), (), "report", starts_group=True),
    Entry("commands", HELP, str(_("actions", "All commands")), ("Ctrl+K",), "command"),
    Entry("about", HELP, str(_("actions", "About K-Cloud Twin")), (), "help"),
)


class Actions(QObject):
    """The QAction of every entry; each calls the handler of its key."""

    def __init__(self, parent: QObject, handlers: Mapping[str, Callable[[], object]]) -> None:
        super().__init__(parent)
        self._by_key: dict[str, QAction] = {}
        for entry in ENTRIES:
            self._by_key[entry.key] = self._made(entry, handlers[entry.key])
        theme.changed().changed.connect(self._tint)
        self._tint()

    def __getitem__(self, key: str) -> QAction:
        return self._by_key[key]

    def rename(self, key: str, text: str) -> None:
        """Give an action a text that says more, with its shortcut in the tool tip."""
        action = self[key]
        keys = action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
        action.setText(text)
        action.setToolTip(f"{text} ({keys})" if keys else text)

    def fill(self, bar: QMenuBar) -> None:
        """Put the menus on a menu bar."""
        menus = {key: bar.addMenu(QCoreApplication.translate("actions", text)) for key, text in MENUS.items()}
        for entry in ENTRIES:
            menu = menus[entry.menu]
            if entry.starts_group:
                menu.addSeparator()
            menu.addAction(self[entry.key])

    def listen_to_space(self, window: QWidget) -> None:
        """Space presses the button or opens the box that has the focus; everywhere else it runs and pauses."""
        shortcut = QShortcut(QKeySequence(Qt.Key.Key_Space), window)
        shortcut.activated.connect(self._on_space)

    def _on_space(self) -> None:
        focus = QApplication.focusWidget()
        if isinstance(focus, QAbstractButton):
            focus.click()
        elif isinstance(focus, QComboBox):
            focus.showPopup()
        else:
            self["play"].trigger()

    def listed(self) -> list[tuple[str, QAction]]:
        """Menu name and action of everything that can be done now, in the order of the menus."""
        titles = {key: QCoreApplication.translate("actions", text).replace("&", "") for key, text in MENUS.items()}
        return [(titles[entry.menu], self[entry.key]) for entry in ENTRIES if self[entry.key].isEnabled()]

    def _made(self, entry: Entry, handler: Callable[[], object]) -> QAction:
        action = QAction(QCoreApplication.translate("actions", entry.text), self)
        action.setObjectName(entry.key)
        action.setShortcuts([QKeySequence(text) for text in entry.shortcuts])
        action.setCheckable(entry.is_checkable)
        keys = action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
        action.setToolTip(f"{action.text()} ({keys})" if keys else action.text())
        action.triggered.connect(lambda _checked=False: handler())
        return action

    def _tint(self, _look: object = None) -> None:
        for entry in ENTRIES:
            if entry.icon:
                self[entry.key].setIcon(icons.icon(entry.icon))
