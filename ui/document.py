"""The open drawing: one frozen layout, its undo history, its file, and what is expanded and checked from it."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal

from twin.catalogue.library import Catalogue
from twin.errors import TwinError
from twin.files import sha256_of
from twin.layout.check import check
from twin.layout.expand import expand_known
from twin.layout.finding import Finding
from twin.layout.floor import Floor
from twin.layout.model import Layout
from twin.layout.store import load_layout, save_layout
from ui.canvas.plan import Plan, plan_of
from ui.safety.journal import How, Record

Edit = Callable[[Layout], Layout]

HISTORY_STEPS = 1000
CHECK_DELAY_MS = 150


@dataclass(frozen=True, slots=True)
class _Step:
    """One layout of the history, with the name of the edit that made it."""

    name: str
    layout: Layout
    merge_key: Hashable | None = None


class Document(QObject):
    """Holds the layout being drawn; every change goes through `apply`, so that it can be undone.

    `changed` carries the old and the new layout, `refused` the TwinError of an edit or file that was turned down (the
    drawing is then as it was), `history_changed` follows undo, redo, saving and the file name, `checked` the findings,
    `recorded` each Record for the journal, `replaced` the start of another drawing.
    """

    changed = Signal(object, object)
    refused = Signal(object)
    history_changed = Signal()
    checked = Signal(object)
    recorded = Signal(object)
    replaced = Signal()

    def __init__(self, layout: Layout, catalogue: Catalogue, path: Path | None = None) -> None:
        super().__init__()
        self.catalogue = catalogue
        self.findings: list[Finding] = []
        self._checked: list[Finding] = []
        self._added: dict[str, list[Finding]] = {}
        self._path = path
        self._steps = [_Step("", layout)]
        self._i_step = 0
        self._n_forgotten = 0  # steps that fell off the beginning of the history
        self._saved: Layout | None = layout
        self._is_open_step = False
        self._sha256 = _sha256(path)
        self._floor = expand_known(layout, catalogue)[0]
        self._plan: Plan | None = None
        self._check_timer = QTimer(self)
        self._check_timer.setSingleShot(True)
        self._check_timer.setInterval(CHECK_DELAY_MS)
        self._check_timer.timeout.connect(self.check_now)
        self._check_timer.start()

    @property
    def layout(self) -> Layout:
        """The drawing as it is now."""
        return self._steps[self._i_step].layout

    @property
    def floor(self) -> Floor:
        """The drawing expanded: every rack of every row with its sheet and outline; unknown devices are left out."""
        return self._floor

    @property
    def plan(self) -> Plan:
        """What stands on the floor as arrays; made when first asked for and shared by all views."""
        if self._plan is None:
            self._plan = plan_of(self._floor, self.catalogue)
        return self._plan

    @property
    def path(self) -> Path | None:
        """The file it was opened from or saved to; none for a new drawing."""
        return self._path

    @property
    def is_dirty(self) -> bool:
        """Whether it differs from its file; undoing back to what was saved makes it clean again."""
        return self.layout is not self._saved

    @property
    def is_overtaken(self) -> bool:
        """Whether something else wrote to its file since it was opened or saved."""
        now = _sha256(self._path)
        return bool(now) and now != self._sha256

    @property
    def undo_name(self) -> str:
        """Name of the edit that undo would take back; empty when there is none."""
        return self._steps[self._i_step].name if self._i_step else ""

    @property
    def redo_name(self) -> str:
        """Name of the edit that redo would bring back; empty when there is none."""
        return self._steps[self._i_step + 1].name if self._i_step + 1 < len(self._steps) else ""

    def apply(self, name: str, edit: Edit, merge_key: Hashable | None = None) -> bool:
        """Replace the layout by `edit(layout)`; False when the edit changed nothing or was refused.

        An edit with the same `merge_key` as the one before it joins that one's undo step, until `end_merge`.
        """
        old = self.layout
        try:
            new = edit(old)
        except TwinError as error:
            self.refused.emit(error)
            return False
        if new is old or new == old:
            return False
        del self._steps[self._i_step + 1 :]
        top = self._steps[self._i_step]
        joins = self._is_open_step and merge_key is not None and merge_key == top.merge_key and old is not self._saved
        if joins:
            self._steps[self._i_step] = _Step(name, new, merge_key)
        else:
            self._steps.append(_Step(name, new, merge_key))
            n_over = max(0, len(self._steps) - HISTORY_STEPS)
            del self._steps[:n_over]
            self._n_forgotten += n_over
            self._i_step = len(self._steps) - 1
        self._is_open_step = merge_key is not None
        self._record("join" if joins else "do", old, name)
        self._announce(old)
        return True

    def end_merge(self) -> None:
        """The next edit starts an undo step of its own, whatever its merge key."""
        self._is_open_step = False

    def undo(self) -> None:
        """Take the last edit back."""
        self._go_to(self._i_step - 1)

    def redo(self) -> None:
        """Bring back the edit that was last undone."""
        self._go_to(self._i_step + 1)

    def go_to(self, i_step: int) -> None:
        """Undo or redo to a step of the history at once; 0 is the oldest that is kept."""
        self._go_to(i_step)

    @property
    def first(self) -> Layout:
        """The oldest step that is kept."""
        return self._steps[0].layout

    @property
    def history(self) -> tuple[list[str], int]:
        """Names of all steps, the first one empty, and the index of the present one."""
        return [step.name for step in self._steps], self._i_step

    def open(self, path: Path | str) -> bool:
        """Replace the drawing by the one in a file; False, with nothing changed, when the file is refused."""
        try:
            layout = load_layout(path)
        except TwinError as error:
            self.refused.emit(error)
            return False
        self.replace(layout, Path(path))
        return True

    def replace(self, layout: Layout, path: Path | None = None) -> None:
        """Start over with another drawing; its history is empty."""
        self.restore([("", layout)], 0, 0, path)

    def restore(
        self, steps: Sequence[tuple[str, Layout]], i_step: int, i_saved: int | None, path: Path | None = None
    ) -> None:
        """Start over with a drawing and its history; `i_saved` is the step that its file holds, if any does."""
        old = self.layout
        self._steps, self._i_step, self._n_forgotten = [_Step(name, layout) for name, layout in steps], i_step, 0
        self._saved = None if i_saved is None else steps[i_saved][1]
        self._path, self._is_open_step, self._sha256 = path, False, _sha256(path)
        self._added.clear()
        self.replaced.emit()
        self._announce(old)

    def save(self) -> bool:
        """Write the drawing to its file, unless it holds it; False when there is none or it cannot be written."""
        if self._path is not None and not self.is_dirty and self._path.is_file():
            return True
        return self._path is not None and self.save_as(self._path)

    def save_as(self, path: Path | str) -> bool:
        """Write the drawing to a file and make that its file; on failure the old file is untouched."""
        try:
            save_layout(self.layout, path)
        except TwinError as error:
            self.refused.emit(error)
            return False
        self._path, self._saved, self._sha256 = Path(path), self.layout, _sha256(Path(path))
        self._record("saved", self.layout, path=self._path)
        self.history_changed.emit()
        return True

    def check_now(self) -> None:
        """Check the drawing at once; it also happens by itself shortly after the last change."""
        self._check_timer.stop()
        self._checked = check(self.layout, self.catalogue)
        self._tell_findings()

    def add_findings(self, of: str, findings: list[Finding]) -> None:
        """Findings that a model works out beside the check; they take the place of those it gave before."""
        if findings != self._added.get(of, []):
            self._added[of] = findings
            self._tell_findings()

    def _tell_findings(self) -> None:
        self.findings = [*self._checked, *(finding for some in self._added.values() for finding in some)]
        self.checked.emit(self.findings)

    def _go_to(self, i_step: int) -> None:
        if 0 <= i_step < len(self._steps):
            old = self.layout
            name = self._steps[max(i_step, self._i_step)].name
            self._i_step, self._is_open_step = i_step, False
            self._record("at", old, name)
            self._announce(old)

    def _record(self, how: How, before: Layout, name: str = "", path: Path | None = None) -> None:
        self.recorded.emit(Record(how, before, self.layout, name, self._n_forgotten + self._i_step, path))

    def _announce(self, old: Layout) -> None:
        self._floor, self._plan = expand_known(self.layout, self.catalogue)[0], None
        self._check_timer.start()
        self.changed.emit(old, self.layout)
        self.history_changed.emit()


def _sha256(path: Path | None) -> str:
    """Of the bytes of a file; empty when there is none that can be read."""
    try:
        return sha256_of(path) if path is not None else ""
    except OSError:
        return ""
