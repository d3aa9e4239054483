"""The main window: menus, tool bar, views, docks and messages, joined to the drawing and to the run."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QCloseEvent, QResizeEvent
from PySide6.QtWidgets import (
    QApplication,
    QMainWindow,
    QStackedWidget,
    QToolBar,
    QVBoxLayout,
    QWidget,
)

from twin.catalogue.library import Catalogue
from twin.errors import TwinError
from twin.layout.store import layout_text
from ui import language, served, theme
from ui.actions import ENTRIES, Actions
from ui.canvas.tools.place import PlaceTool
from ui.canvas.view import PlanView
from ui.compared_plan import ComparedPlan
from ui.diagrams.elevated_plan import ElevatedPlan
from ui.diagrams.install import DIAGRAMS, Diagrams
from ui.docks import BOTTOM, LEFT, NARROW_PX, RIGHT, Docks, Place
from ui.document import Document
from ui.engine import Serve
from ui.guard import Guard
from ui.header import Header
from ui.heat.install import find_room, made_heat
from ui.language_choice import check_language, choose_language
from ui.opening import Opening
from ui.panels.about import about_text, show_text
from ui.panels.commands import CommandPalette
from ui.panels.differences import DifferencesPanel
from ui.panels.findings import FindingsPanel
from ui.panels.inspector import Inspector
from ui.panels.palette import DevicePalette
from ui.panels.start import StartPage
from ui.project import Project, empty_project, templates
from ui.run_control import RunControl
from ui.run_view import RunView
from ui.settings import Settings
from ui.status import Status
from ui.widgets import MessageBar

VIEWS = ("start", "plan", "elevation", *DIAGRAMS, "run")
DRAWN = ("elevation", *DIAGRAMS)
DOCK_ACTIONS = [entry.key for entry in ENTRIES if entry.key.startswith("dock_")]


class MainWindow(QMainWindow):
    """One window with one drawing and one run."""

    def __init__(self, catalogue: Catalogue, settings: Settings, serve: Serve = served.serve) -> None:
        super().__init__()
        self.setObjectName("main")
        self.setWindowTitle("K-Cloud Twin")
        self.settings = settings
        self.document = Document(empty_project().layout, catalogue)
        self.run = RunControl(self, serve)
        self.opening = Opening(self.document, settings, self)
        self.guard = Guard(self.document, self.opening, settings, self)
        self.actions_ = Actions(self, self._handlers())
        self.plan = PlanView(self.document)
        self.run_view = RunView(self.run, self.document, self.actions_)
        self.diagrams = Diagrams(self.plan, self.run_view, lambda: self.show_view("plan"))
        self.start = StartPage(templates(), catalogue)
        self.palette_ = DevicePalette(catalogue)
        self.findings = FindingsPanel(self.document)
        self.differences = DifferencesPanel(self.guard.comparison)
        self.inspector = Inspector(self.plan)
        self.heat = made_heat(self.plan, self.inspector, self.actions_["airflow"])
        self.elevated = ElevatedPlan(self.plan, self.inspector, self.run, self.show_view)
        self.elevation = self.elevated.page
        self.header = Header(self.actions_, self.run_view.tiles)
        self.message = MessageBar()
        self.stack = QStackedWidget()
        self.status = Status(self.statusBar(), self.run, self.run_view)
        self._has_drawing_changed = False
        self._build_bars()
        self._build_centre()
        self.docks = Docks(self, settings)
        self._build_docks()
        self._connect()
        self.resize(1600, 1000)
        self.show_view("start")
        self._show_history()
        self._show_phase()
        self.actions_["mend"].setEnabled(False)
        check_language(self.actions_, language.current())

    # building

    def _handlers(self) -> dict[str, Callable[[], object]]:
        document, run, opening = self.document, self.run, self.opening
        return {
            "new": opening.new,
            "open": opening.ask_and_open,
            "start_page": lambda: self.show_view("start"),
            "save": opening.save,
            "save_as": opening.save_as,
            "compare_saved": self.guard.compare_saved,
            "compare_file": self.guard.compare_file,
            "recover": self.guard.ask_for_work,
            "history": self.guard.show_history,
            "quit": self.close,
            **{"undo": document.undo, "redo": document.redo},
            **{key: partial(self._edit, key) for key in ("duplicate", "rotate", "delete", "select_all")},
            "find_device": self._find_device,
            "mend": lambda: self.findings.mend(),
            **{f"view_{view}": partial(self.show_view, view) for view in VIEWS[1:]},
            "fill_racks": lambda: self.elevated.fill(),
            "zoom_fit": lambda: (self.elevation if self.view == "elevation" else self.diagrams).fit(self.view),
            "airflow": lambda: self.heat.toggle(),
            "capacity": lambda: find_room(self.heat),
            "live_time": lambda: self.run_view.time.go_live(),
            "back_to_hall": lambda: self.run_view.show_hall(),
            "next_dock": lambda: self.docks.focus_next(),
            "reset_docks": lambda: self.docks.reset(),
            **{key: partial(lambda name: self.docks.toggle(name), key.removeprefix("dock_")) for key in DOCK_ACTIONS},
            **{f"theme_{name}": partial(self.set_theme, name) for name in theme.NAMES},
            **{f"language_{code}": partial(choose_language, self, code) for code in language.NAMES},
            "play": self.play_or_pause,
            "step": lambda: self._go("step"),
            "restart": self.restart_run,
            **{key: partial(run.change_speed, by) for key, by in (("faster", 1), ("slower", -1))},
            "fail": lambda: run.fail(self.run_view.selected),
            "repair": lambda: run.repair(self.run_view.selected),
            "engine_log": self.show_log,
            "commands": self.show_commands,
            "about": lambda: show_text(self, self.tr("About K-Cloud Twin"), about_text(self.document.catalogue)),
        }

    def _build_bars(self) -> None:
        self.actions_.listen_to_space(self)
        self.setMenuWidget(self.header)
        self.header.view_chosen.connect(self.show_view)
        self.header.run_chosen.connect(self.play_or_pause)
        self.header.search_chosen.connect(self.show_commands)
        self.time_bar = QToolBar(self.tr("Time"), self)
        self.time_bar.setObjectName("bar_time")
        self.time_bar.setMovable(False)
        self.time_bar.setContextMenuPolicy(Qt.ContextMenuPolicy.PreventContextMenu)
        self.time_bar.setStyleSheet("QToolBar { padding: 0; spacing: 0; }")
        self.time_bar.addWidget(self.run_view.transport)
        self.addToolBar(Qt.ToolBarArea.BottomToolBarArea, self.time_bar)

    def _build_centre(self) -> None:
        for page in (self.start, self.plan, self.elevation, *self.diagrams.pages.values(), self.run_view.centre):
            self.stack.addWidget(page)
        centre = QWidget()
        column = QVBoxLayout(centre)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.message)
        column.addWidget(self.stack, 1)
        self.setCentralWidget(centre)

    def _build_docks(self) -> None:
        self.docks.add("devices", self.tr("Devices"), self.palette_, Place("plan", LEFT, 256, 224, ("elevation",)))
        self.docks.add(
            "inspector", self.tr("Inspector"), self.elevated.inspectors, Place("plan", RIGHT, 304, 256, DRAWN)
        )
        found = self.docks.add("findings", self.tr("Findings"), self.findings, Place("plan", BOTTOM, 200, 0, DRAWN))
        self.findings.counted.connect(found.set_note)
        different = self.docks.add("differences", self.tr("Differences"), self.differences, Place("plan", BOTTOM, 0, 0))
        self.differences.counted.connect(different.set_note)
        ComparedPlan(self.guard, self.plan, self.differences, self.docks, lambda: self.show_view("plan"))
        live = self.docks.add("live_plan", self.tr("Plan"), self.run_view.plan, Place("run", LEFT, 416, 304))
        live.add_control(self.run_view.plan.colour_by)
        self.events_title = self.docks.add(
            "events", self.tr("Events"), self.run_view.events, Place("run", RIGHT, 288, 256)
        )
        self.docks.add("power_path", self.tr("Power path"), self.run_view.power_path, Place("run", LEFT, 416, 0))

    def _connect(self) -> None:
        self.guard.edit_refused.connect(lambda error: self.show_error(self.tr("That was not done."), error))
        self.guard.journal_failed.connect(self._on_journal_failed)
        self.guard.unsaved_found.connect(lambda found: self.start.set_unsaved(len(found)))
        self.document.history_changed.connect(self._show_history)
        self.document.changed.connect(self._on_drawing_changed)
        self.opening.opened.connect(self._on_opened)
        self.palette_.device_chosen.connect(self._take_device)
        self.findings.place_chosen.connect(lambda name: self.plan.set_selection([name]))
        self.findings.place_shown.connect(self._show_on_plan)
        self.findings.can_mend.connect(self.actions_["mend"].setEnabled)
        self.start.new_chosen.connect(self.opening.new)
        self.start.open_chosen.connect(self.opening.ask_and_open)
        self.start.unsaved_chosen.connect(self.guard.look_for_work)
        self.start.commands_chosen.connect(self.show_commands)
        self.start.file_chosen.connect(self.opening.open_file)
        self.start.template_chosen.connect(self.opening.open_template)
        self.run.opened.connect(lambda _info: self._set_drawing_changed(False))
        self.run.failed.connect(lambda error: self.show_error(self.tr("The run was not started."), error))
        self.run.refused.connect(lambda error: self.show_error(self.tr("That was not done."), error))
        self.run.died.connect(self._on_died)
        self.run.phase_changed.connect(self._show_phase)
        self.run_view.picked.connect(lambda _name: self._show_phase())
        self.run_view.events.fail_chosen.connect(self.actions_["fail"].trigger)
        self.run_view.events.repair_chosen.connect(self.actions_["repair"].trigger)
        self.message.action_chosen.connect(self._on_message_action)

    # views

    @property
    def view(self) -> str:
        """The view shown: start, plan or run."""
        return VIEWS[self.stack.currentIndex()]

    def show_view(self, view: str) -> None:
        """Show a view with its docks and bars."""
        self.stack.setCurrentIndex(VIEWS.index(view))
        if view == "start":
            self.start.set_recent(self.settings.recent)
        self.docks.show_view(view)
        self.elevated.begin(view)
        shown = {"start": self.start, "plan": self.plan, "elevation": self.elevation}
        heads = {**shown, "run": self.run_view.charts, **self.diagrams.canvases}
        heads[view].setFocus(Qt.FocusReason.OtherFocusReason)
        self.header.show_for(view)
        self.time_bar.setVisible(view == "run")
        # Qt gives a tool bar the widest padding of the style sheet on all four sides once it is shown.
        inner = self.time_bar.layout()
        if inner is not None:
            inner.setContentsMargins(0, 0, 0, 0)
        self._show_history()

    def set_theme(self, name: str) -> None:
        """Change the theme, now and for the next start."""
        if theme.current().name != name:
            theme.apply(QApplication.instance(), name)  # type: ignore[arg-type]
        self.settings.theme_name = name
        for each in theme.NAMES:
            self.actions_[f"theme_{each}"].setChecked(each == name)

    # the run

    def play_or_pause(self) -> None:
        """Space: pause what runs, go on with what is paused, start what has not begun."""
        if self.run.phase == "running":
            self.run.pause()
        else:
            self._go("run")

    def restart_run(self) -> None:
        """Open the drawing as it is now and run it from the beginning."""
        project = self.opening.project
        if project.scenario_file is None:
            what = self.tr("{name} has no scenario to run").format(name=project.title)
            hint = self.tr("open a scenario file (.yaml) that names this layout")
            self.show_error(self.tr("The run was not started."), TwinError(what, "", hint))
            return
        self.show_view("run")
        self.message.hide()
        self.run.open(project.scenario_file, layout_text(self.document.layout), "run")

    def _go(self, how: str) -> None:
        if self.view != "run" and (self.run.is_loaded or self.opening.project.scenario_file is not None):
            self.show_view("run")
        if self.run.is_loaded:
            self.run.step() if how == "step" else self.run.run()
        elif self.run.phase != "opening":
            self.restart_run()

    def _on_died(self, status: int) -> None:
        headline = self.tr("The engine stopped (exit {status}). Your drawing is safe.").format(status=status)
        actions = {"restart": self.tr("Restart"), "log": self.tr("Show log")}
        self.message.show_message("critical", headline, "", actions)

    def _on_message_action(self, key: str) -> None:
        if key == "restart":
            self.restart_run()
        elif key == "log":
            self.show_log()
        elif key == "save":
            self.message.hide()
            self.opening.save()
        else:
            self.message.hide()

    # what changed

    def _on_opened(self, project: Project) -> None:
        self.message.hide()
        self.run.forget()
        self.run_view.set_scenario(project.scenario)
        self.show_view("plan")
        self.plan.zoom_to_fit()
        self._show_phase()

    def _on_drawing_changed(self) -> None:
        self._set_drawing_changed(self.run.info is not None)

    def _set_drawing_changed(self, is_changed: bool) -> None:
        self._has_drawing_changed = is_changed
        self.status.set_stale(is_changed)

    def _show_history(self) -> None:
        document, actions = self.document, self.actions_
        for key, text, edit_name in (
            ("undo", self.tr("Undo"), document.undo_name),
            ("redo", self.tr("Redo"), document.redo_name),
        ):
            actions[key].setEnabled(bool(edit_name))
            actions.rename(key, f"{text}: {edit_name}" if edit_name else text)
        for key in ("duplicate", "rotate", "delete", "select_all"):
            actions[key].setEnabled(self.view in ("plan", "elevation"))
        for key in DOCK_ACTIONS:
            actions[key].setEnabled(self.docks.is_of(key.removeprefix("dock_"), self.view))
        name = document.path.name if document.path else document.layout.name
        star = "*" if document.is_dirty else ""
        scenario = self.opening.project.scenario
        run_of = (
            self.tr("Scenario: {name}, seed {seed}").format(name=scenario.name, seed=scenario.seed) if scenario else ""
        )
        is_open = self.view != "start"
        self.header.set_title(f"{name}{star}" if is_open else "", run_of if is_open else "")
        self.setWindowTitle(f"{name}{star} – K-Cloud Twin")

    def _show_phase(self) -> None:
        actions, phase = self.actions_, self.run.phase
        is_on = self.run.is_loaded
        for key in ("fail", "repair"):
            actions[key].setEnabled(is_on and bool(self.run_view.selected))
        actions["play"].setText(f"{self.tr('Pause') if phase == 'running' else self.tr('Run')}\tSpace")
        self.status.show_phase()

    def _take_device(self, device_id: str) -> None:
        if not self.elevated.take_device(device_id):
            self.show_view("plan")
            self.plan.set_tool(PlaceTool(self.plan, self.document.catalogue[device_id]))
            self.plan.setFocus(Qt.FocusReason.OtherFocusReason)

    def _find_device(self) -> None:
        self.show_view(self.view if self.view == "elevation" else "plan")
        self.docks["devices"].show()
        self.palette_.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.palette_.search.selectAll()

    def _show_on_plan(self, name: str) -> None:
        self.plan.set_selection([name])
        self.plan.zoom_to([name])

    def _edit(self, key: str) -> None:
        edits = self.elevation.commands if self.view == "elevation" else self.plan.commands
        getattr(edits, {"delete": "remove"}.get(key, key))()

    # messages

    def show_error(self, headline: str, error: TwinError) -> None:
        """Show an error with its place and way out; the work stays as it is."""
        self.message.show_error(headline, error, {"close": self.tr("Close")})

    def _on_journal_failed(self, error: TwinError) -> None:
        headline = self.tr("Unsaved edits are not kept for a crash at the moment.")
        self.message.show_message("warning", headline, str(error), {"save": self.tr("Save"), "close": self.tr("Close")})

    def show_log(self) -> None:
        """Show what the engine wrote."""
        text = self.run.engine.log_text() or self.tr("The engine has written nothing.")
        show_text(self, self.tr("The engine's log"), text)

    def show_commands(self) -> None:
        """Open the command palette."""
        CommandPalette(self.actions_.listed(), self).exec()

    # events of the window

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Names of views only where there is room."""
        super().resizeEvent(event)
        self.header.views.set_texts_shown(self.width() >= NARROW_PX)
        self.docks.follow_width()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Ask about unsaved changes, then end the engine."""
        if not self.opening.may_leave():
            event.ignore()
            return
        self.docks.keep()
        self.settings.set_bytes("geometry", self.saveGeometry())
        self.run.close()
        self.heat.close()
        self.guard.keeping.close()
        event.accept()

    def begin(self, file: Path | None) -> None:
        """Offer what a crash left behind, then open a file named on the command line."""
        if not self.guard.look_for_work() and file is not None:
            self.open_path(file)

    def open_path(self, file: Path) -> bool:
        """Open a file named on the command line."""
        return self.opening.open_file(file)
