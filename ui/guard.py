"""Stands between the user and lost work: recovery, locks, refused files, comparisons, and files that are dropped."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QEvent, QMimeData, QObject, QTimer, Signal
from PySide6.QtGui import QDragMoveEvent, QDropEvent
from PySide6.QtWidgets import QFileDialog, QWidget

from twin.errors import OutputError, TwinError
from ui import format as fmt
from ui.comparing import Comparison
from ui.dialogs.box import Box
from ui.dialogs.history import HistoryDialog
from ui.dialogs.recover import DISCARD, RECOVER, SAVED, RecoverDialog
from ui.dialogs.refusal import Refusal
from ui.document import Document
from ui.opening import Opening
from ui.project import Project
from ui.safety.journal import Record
from ui.safety.keeping import Keeping
from ui.safety.lock import holder_of
from ui.safety.owner import Owner
from ui.safety.recovery import Recovered, found_beside
from ui.settings import Settings


class Guard(QObject):
    """`unsaved_found` carries the unsaved work that waits for a decision, `journal_failed` an OutputError,
    `comparison_begun` follows the start of a comparison, `edit_refused` a TwinError of an edit."""

    unsaved_found = Signal(list)
    journal_failed = Signal(object)
    comparison_begun = Signal()
    edit_refused = Signal(object)

    def __init__(self, document: Document, opening: Opening, settings: Settings, window: QWidget) -> None:
        super().__init__(window)
        self._document, self._opening, self._window = document, opening, window
        self._is_kept = settings.state_dir is not None
        self.keeping = Keeping(document, settings.state_dir, lambda: opening.project.scenario_file)
        self.comparison = Comparison(document)
        self.waiting: list[Recovered] = []
        self.keeping.failed.connect(self.journal_failed)
        document.refused.connect(self._on_refused)
        document.recorded.connect(self._on_recorded)
        opening.refused.connect(self._on_not_opened)
        opening.allowed = self._allowed
        opening.may_overwrite = self._may_overwrite
        opening.may_replace = self._may_replace
        window.setAcceptDrops(True)
        window.installEventFilter(self)

    # recovery

    def look_for_work(self) -> bool:
        """Offer unsaved work of programs that crashed; whether some of it is now open."""
        return self._offer(self.keeping.found())

    def ask_for_work(self) -> None:
        """The same when the user asks for it, who is told when there is none."""
        if not self.keeping.found():
            words = self.tr("Unsaved drawings of programs that ended without closing are offered here.")
            box = Box(self._window, "note", self.tr("There is no unsaved work"), words)
            box.add_action("", self.tr("Close"), is_default=True, is_back=True)
            box.show_over()
            return
        self.look_for_work()

    def _offer(self, found: list[Recovered]) -> bool:
        self._wait_for(found)
        if not found:
            return False
        dialog = RecoverDialog(self._window, found, self._document.catalogue)
        answer, recovered = dialog.ask(), dialog.subject
        if answer == DISCARD:
            if not self._ask_to_discard(recovered):
                return False
            recovered.forget()
        elif answer in (RECOVER, SAVED) and self._opening.may_leave():
            holder = holder_of(recovered.path) if recovered.path else None
            if holder is not None and self._ask_about(holder, recovered.path or Path()) != "open":
                return False
            self._opening.take_recovered(recovered, lambda: self.keeping.bring_back(recovered, answer == SAVED))
        else:
            return False
        self._wait_for([each for each in found if each is not recovered])
        return answer != DISCARD

    def _ask_to_discard(self, recovered: Recovered) -> bool:
        headline = self.tr("Discard the unsaved {name}?").format(name=recovered.layout.name)
        box = Box(
            self._window, "warning", headline, self.tr("It has no file; what is discarded cannot be brought back.")
        )
        box.add_action("", self.tr("Keep it"), is_default=True, is_back=True)
        box.add_action("discard", self.tr("Discard it"))
        return box.ask() == "discard"

    def _wait_for(self, found: list[Recovered]) -> None:
        self.waiting = found
        self.unsaved_found.emit(found)

    # opening

    def _allowed(self, project: Project) -> Project | None:
        """The project, a copy of it, or nothing, as the user decides when someone else has it open."""
        file = project.layout_file
        if file is None or not self._is_kept:
            return project
        holder = holder_of(file)
        answer = self._ask_about(holder, file) if holder is not None else "open"
        if answer == "copy":
            return Project(project.layout, None, project.scenario, project.scenario_file)
        if answer != "open":
            return None
        beside = found_beside(file)
        return None if beside and self._offer(beside) else project

    def _ask_about(self, holder: Owner, file: Path) -> str:
        words = self.tr(
            "{user} has had it open on {host} since {when} (process {pid}). What both save, the last one keeps."
        )
        detail = words.format(user=holder.user, host=holder.host, when=fmt.moment(holder.since_s), pid=holder.pid)
        if not holder.is_here:
            detail += "\n" + self.tr("Whether that program still runs cannot be seen from here.")
        box = Box(self._window, "warning", self.tr("{name} is open elsewhere").format(name=file.name), detail)
        box.add_action("", self.tr("Leave it"), is_back=True)
        box.add_action("open", self.tr("Open anyway"))
        box.add_action("copy", self.tr("Open a copy"), is_default=True)
        return box.ask()

    def _on_not_opened(self, error: TwinError) -> None:
        words = self.tr("Your drawing is as it was.")
        box = Refusal(self._window, self.tr("The file was not opened"), error, words)
        box.add_action("other", self.tr("Open another…"))
        box.add_action("", self.tr("Close"), is_default=True, is_back=True)
        box.chosen.connect(lambda key: self._opening.ask_and_open() if key == "other" else None)
        box.show_over()

    # saving

    def _on_refused(self, error: TwinError) -> None:
        if not isinstance(error, OutputError):
            self.edit_refused.emit(error)
            return
        words = self.tr("Your drawing is kept here, and unsaved. The file is as it was.")
        box = Refusal(self._window, self.tr("The drawing was not saved"), error, words)
        box.add_action("", self.tr("Keep drawing"), is_back=True)
        box.add_action("again", self.tr("Try again"))
        box.add_action("as", self.tr("Save as…"), is_default=True)
        does = {"again": self._document.save, "as": self._opening.save_as}
        box.chosen.connect(lambda key: does[key]() if key in does else None)
        box.show_over()

    def _may_replace(self, file: Path) -> bool:
        """Whether another file may be replaced, which someone else may have open."""
        holder = holder_of(file) if self._is_kept else None
        if holder is None:
            return True
        words = self.tr("{user} has had it open on {host} since {when} (process {pid}) and would save over yours.")
        detail = words.format(user=holder.user, host=holder.host, when=fmt.moment(holder.since_s), pid=holder.pid)
        box = Box(self._window, "warning", self.tr("{name} is open elsewhere").format(name=file.name), detail)
        box.add_action("save", self.tr("Save over it"))
        box.add_action("", self.tr("Keep drawing"), is_default=True, is_back=True)
        return box.ask() == "save"

    def _on_recorded(self, record: Record) -> None:
        # The saved file is now another one; what is compared with it stays so.
        if record.how == "saved" and record.path is not None and record.path == self.comparison.file:
            self.comparison.start(record.after, record.path.name, record.path)

    def _may_overwrite(self) -> bool:
        document = self._document
        if document.path is None or not document.is_dirty or not document.is_overtaken:
            return True
        headline = self.tr("{name} was changed by something else").format(name=document.path.name)
        box = Box(self._window, "warning", headline, self.tr("Saving would take its changes away."))
        box.add_action("", self.tr("Keep drawing"), is_back=True)
        box.add_action("overwrite", self.tr("Save over it"))
        box.add_action("as", self.tr("Save as…"))
        box.add_action("differences", self.tr("Show differences"), is_default=True)
        answer = box.ask()
        if answer == "differences":
            self.compare_saved()
        elif answer == "as":
            self._opening.save_as()
        return answer == "overwrite"

    # comparing

    def compare_saved(self) -> None:
        """Compare the drawing with what its file holds; without a file, with how it was when it was opened."""
        document = self._document
        if document.path is not None:
            self._compare_with(document.path)
        else:
            self.comparison.start(document.first, self.tr("the drawing as it was opened"))
            self.comparison_begun.emit()

    def compare_file(self) -> None:
        """Let the user choose a layout to compare with."""
        start = self._document.path.parent if self._document.path else Path.home()
        kinds = self.tr("Layouts (*.json)")
        name, _ = QFileDialog.getOpenFileName(self._window, self.tr("Compare with"), str(start), kinds)
        if name:
            self._compare_with(Path(name))

    def _compare_with(self, file: Path) -> None:
        try:
            self.comparison.start_with_file(file)
        except TwinError as error:
            self._on_not_opened(error)
        else:
            self.comparison_begun.emit()

    def show_history(self) -> None:
        """Show all edits by name."""
        HistoryDialog(self._window, self._document).show_over()

    # dropped files

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """One file dropped anywhere on the window is opened; other things are not taken."""
        if isinstance(event, QDropEvent) and event.type() in (
            QEvent.Type.DragEnter,
            QEvent.Type.DragMove,
            QEvent.Type.Drop,
        ):
            return self._dropped(event)
        return False

    def _dropped(self, event: QDropEvent | QDragMoveEvent) -> bool:
        file = file_of(event.mimeData())
        if file is None:
            event.ignore()
            return True
        event.acceptProposedAction()
        if event.type() == QEvent.Type.Drop:
            # After the drag has ended: a dialog would keep the program it came from waiting.
            QTimer.singleShot(0, lambda: self._opening.open_file(file))
        return True


def file_of(mime: QMimeData) -> Path | None:
    """The one file a drag carries; None when it carries several or something else."""
    urls = mime.urls() if mime.hasUrls() else []
    return Path(urls[0].toLocalFile()) if len(urls) == 1 and urls[0].isLocalFile() else None
