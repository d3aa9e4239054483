"""New, open, save: what the file actions do, with the questions and refusals that go with them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QFileDialog, QMessageBox, QWidget

from twin.errors import TwinError
from twin.scenario.model import read_scenario
from ui.document import Document
from ui.project import LAYOUT_ENDING, Project, empty_project, examples_folder, open_project
from ui.safety.recovery import Recovered
from ui.settings import Settings


class Opening(QObject):
    """Keeps the open project; `opened` carries a Project, `refused` a TwinError (what was open then stays)."""

    opened = Signal(object)
    refused = Signal(object)

    def __init__(self, document: Document, settings: Settings, window: QWidget) -> None:
        super().__init__(window)
        self._document, self._settings, self._window = document, settings, window
        self.project = Project(document.layout)
        # Asked before a project is opened (may answer with another one), before its file is written again, and before
        # another file is replaced.
        self.allowed: Callable[[Project], Project | None] = lambda project: project
        self.may_overwrite: Callable[[], bool] = lambda: True
        self.may_replace: Callable[[Path], bool] = lambda file: True

    def open_file(self, file: Path) -> bool:
        """Open a layout or scenario; when it is one, after asking about unsaved changes."""
        try:
            project = open_project(file)
        except TwinError as error:
            self.refused.emit(error)
            return False
        allowed = self.allowed(project) if self.may_leave() else None
        if allowed is None:
            return False
        self._settings.add_recent(file)
        self.take(allowed)
        return True

    def open_template(self, project: Project) -> None:
        """Open an example as a copy that has no file of its own yet."""
        if self.may_leave():
            self.take(Project(project.layout, None, project.scenario, project.scenario_file))

    def new(self) -> None:
        """Begin an empty hall."""
        if self.may_leave():
            self.take(empty_project())

    def ask_and_open(self) -> None:
        """Let the user choose a file."""
        kinds = self.tr("Layouts and scenarios (*.json *.yaml *.yml)")
        start = self._document.path.parent if self._document.path else examples_folder()
        name, _ = QFileDialog.getOpenFileName(self._window, self.tr("Open"), str(start), kinds)
        if name:
            self.open_file(Path(name))

    def save(self) -> bool:
        """Save to the drawing's file, or ask for one."""
        if self._document.path is None:
            return self.save_as()
        return self.may_overwrite() and self._document.save()

    def save_as(self) -> bool:
        """Ask for a file and save to it."""
        suggested = self._document.path or Path.home() / f"hall{LAYOUT_ENDING}"
        kinds = self.tr("Layouts (*.layout.json)")
        name, _ = QFileDialog.getSaveFileName(self._window, self.tr("Save as"), str(suggested), kinds)
        if not name:
            return False
        file = Path(name)
        if not file.name.endswith(".json"):
            file = file.with_name(file.name + LAYOUT_ENDING)
        if self.may_replace(file) and self._document.save_as(file):
            self._settings.add_recent(file)
            return True
        return False

    def may_leave(self) -> bool:
        """Whether the drawing may be left: nothing unsaved, or the user said what to do with it."""
        if not self._document.is_dirty:
            return True
        box = QMessageBox(self._window)
        box.setIcon(QMessageBox.Icon.NoIcon)
        box.setText(self.tr("{name} has unsaved changes.").format(name=self._document.layout.name))
        box.setInformativeText(self.tr("Save them, or leave them behind."))
        save = box.addButton(self.tr("Save"), QMessageBox.ButtonRole.AcceptRole)
        discard = box.addButton(self.tr("Discard changes"), QMessageBox.ButtonRole.DestructiveRole)
        box.addButton(self.tr("Keep drawing"), QMessageBox.ButtonRole.RejectRole)
        box.setDefaultButton(save)
        box.exec()
        if box.clickedButton() is save:
            return self.save()
        return box.clickedButton() is discard

    def take(self, project: Project) -> None:
        """Make a project the open one."""
        self.project = project
        self._document.replace(project.layout, project.layout_file)
        self.opened.emit(project)

    def take_recovered(self, recovered: Recovered, bring_back: Callable[[], None]) -> None:
        """Make recovered work the open project; `bring_back` puts it into the document."""
        scenario_file = recovered.scenario
        try:
            scenario = read_scenario(scenario_file) if scenario_file else None
        except TwinError:
            scenario = scenario_file = None
        self.project = Project(recovered.layout, recovered.path, scenario, scenario_file)
        bring_back()
        self.opened.emit(self.project)
