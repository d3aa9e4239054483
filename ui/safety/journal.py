"""The journal: every edit since a drawing was opened, written as soon as it is made."""

from __future__ import annotations

import itertools
import json
import os
import queue
import tempfile
import threading
import time
import zlib
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import IO, Literal

from twin.errors import OutputError, TwinError
from twin.files import Tree, whole_file
from twin.layout.model import Layout
from twin.layout.patch import patch_of
from twin.layout.store import layout_text
from ui.safety.owner import Owner

FORMAT, VERSION, ENDING = "twin-journal", 1, ".journal"
TICK_S = 0.25
SYNC_S = 1.0
"""Least time between two waits for the disk."""
RETRY_S = 5.0
AUTOSAVE_S = 60.0
LARGEST_BYTES = 64 << 20
"""A longer journal begins anew with the drawing as it is; earlier steps can then not be undone after a crash."""

MOST_LINES = 2000
"""So does one of more lines when the drawing is saved, for bringing work back takes time for each."""

How = Literal["do", "join", "at", "saved"]
_numbers = itertools.count(1)


@dataclass(frozen=True, slots=True)
class Record:
    """One thing that happened to a drawing.

    do: an edit made a new step; join: it changed the step on top; at: undo or redo went to step `i_step`; saved: step
    `i_step` was written to `path`.
    """

    how: How
    before: Layout
    after: Layout
    name: str = ""
    i_step: int = 0
    path: Path | None = None


@dataclass(frozen=True, slots=True)
class Subject:
    """What a journal is about: the drawing as it was opened, its file and the file of its scenario."""

    base: Layout
    path: Path | None = None
    scenario: Path | None = None


def line_of(tree: Tree) -> bytes:
    """One line of a journal, with a checksum that tells a whole line from a torn one."""
    text = json.dumps(tree, ensure_ascii=False, allow_nan=False).encode()
    return f"{zlib.crc32(text):08x} ".encode() + text + b"\n"


class Disk:
    """A thread that waits for the disk, so that the window need not; it makes no objects while it waits."""

    def __init__(self) -> None:
        self._files: queue.SimpleQueue[int] = queue.SimpleQueue()
        self._refusals: queue.SimpleQueue[OSError] = queue.SimpleQueue()
        self._thread: threading.Thread | None = None

    def sync(self, file: int) -> None:
        """Have a file written to the disk soon; raises the OSError of an earlier file that could not be."""
        if self._thread is None:
            self._thread = threading.Thread(target=self._wait, name="disk", daemon=True)
            self._thread.start()
        # A number of its own, which stays good when the file is closed meanwhile.
        self._files.put(os.dup(file))
        if not self._refusals.empty():
            raise self._refusals.get()

    def close(self) -> None:
        """End the thread when it has done what was asked."""
        if self._thread is not None:
            self._files.put(-1)
            self._thread.join(5.0)
            self._thread = None

    def _wait(self) -> None:
        while (file := self._files.get()) >= 0:
            try:
                os.fsync(file)
            except OSError as error:
                self._refusals.put(error)
            os.close(file)


class Journal:
    """Writes one drawing's records into a file of its own; nothing lies on the disk before the first record.

    Lives in the window's thread: Python may collect Qt objects in whatever thread makes objects, and Qt ends the
    program for that. Only the waiting for the disk is a thread's. `told` hears an OutputError when the disk refuses,
    once until it works again. Someone calls `tick` every `TICK_S` while it returns true.
    """

    def __init__(self, folder: Path, told: Callable[[TwinError], None], autosave_s: float = AUTOSAVE_S) -> None:
        self._folder, self._told, self._autosave_s = folder, told, autosave_s
        self._subject: Subject | None = None
        self._last: Record | None = None
        self._waiting: Record | None = None
        self._file: IO[bytes] | None = None
        self.path: Path | None = None
        self._snapshot: Path | None = None
        self._n_lines = self._n_snapshot = 0
        self._synced_s = self._failed_s = self._snapshot_s = self._put_s = 0.0
        self._is_unsynced = self._is_flat = self._is_told = False
        self._disk = Disk()

    def begin(self, subject: Subject) -> None:
        """Forget the journal before, with its file, and follow another drawing."""
        self._forget()
        self._subject, self._last, self._is_flat = subject, None, False

    def put(self, record: Record) -> None:
        """Write a record; of edits that join each other in quick succession only the last of each tick."""
        now = time.monotonic()
        if record.how == "join":
            first = self._waiting or record
            self._waiting = replace(record, before=first.before)
            self._last = self._waiting
            if now < self._put_s + TICK_S:
                return
        else:
            self._write_waiting()
            self._waiting = record
        self._put_s = now
        self._write_waiting()

    def tick(self) -> bool:
        """Do what is due; whether there will be more to do."""
        self._write_waiting()
        self._guarded(self._on_time)
        return self._is_unsynced or self._failed_s > 0 or self._n_snapshot < self._n_lines

    def settle(self) -> bool:
        """Put all that happened on the disk; whether that was possible."""
        self._write_waiting()
        self._guarded(self._sync_and_wait)
        return not self._failed_s

    def close(self) -> None:
        """End; the file goes, for whoever ends in order has saved or left the work on purpose."""
        self._forget()
        self._subject = None
        self._disk.close()

    def _write_waiting(self) -> None:
        if self._waiting is not None:
            record, self._waiting = self._waiting, None
            self._guarded(partial(self._take, record))

    def _on_time(self) -> None:
        now = time.monotonic()
        if self._failed_s and self._last and now >= self._failed_s + RETRY_S:
            self._begin_anew(self._last)
        if self._is_unsynced and now >= self._synced_s + SYNC_S:
            self._sync()
        if self._n_snapshot < self._n_lines and now >= self._snapshot_s + self._autosave_s:
            self._save_by_itself()

    def _guarded(self, work: Callable[[], None]) -> None:
        """Do it; a disk that refuses is told once, and tried again later with the whole drawing."""
        try:
            work()
        except (OSError, OutputError) as error:
            self._close_file()
            self._failed_s, self._is_unsynced = time.monotonic(), False
            self._n_snapshot = self._n_lines
            if not self._is_told:
                self._is_told = True
                what = error.what if isinstance(error, OutputError) else f"cannot be written: {error.strerror}"
                self._told(OutputError(what, str(self.path or self._folder), "save the drawing, or free space there"))

    def _take(self, record: Record) -> None:
        if self._subject is None:
            return
        self._last = record
        if record.how == "saved":
            is_untouched = self._file is None and not self._failed_s
            base = record.after if is_untouched else self._subject.base
            self._subject = Subject(base, record.path, self._subject.scenario)
            if is_untouched:
                return
            if self._n_lines > MOST_LINES and not self._failed_s:
                self._begin_anew(record)
                return
        if not self._failed_s:
            self._write(record)

    def _write(self, record: Record) -> None:
        assert self._subject is not None
        if self._file is None:
            self._open(self._subject)
        elif self._file.tell() > LARGEST_BYTES:
            self._begin_anew(record)
            return
        self._put_line(self._tree_of(record))
        if time.monotonic() >= self._synced_s + SYNC_S:
            self._sync()

    def _tree_of(self, record: Record) -> Tree:
        tree: Tree = {"op": record.how, "time_s": round(time.time(), 3)}
        if record.how == "saved":
            return {**tree, "step": -1 if self._is_flat else record.i_step, "path": str(record.path)}
        if record.how == "at" and not self._is_flat:
            return {**tree, "step": record.i_step}
        how = "do" if record.how == "at" else record.how
        return {**tree, "op": how, "name": record.name, "patch": patch_of(record.before, record.after)}

    def _put_line(self, tree: Tree) -> None:
        assert self._file is not None
        rest = memoryview(line_of(tree))
        while rest:
            # A disk that becomes full takes a part and refuses the rest.
            rest = rest[self._file.write(rest) :]
        self._n_lines += 1
        self._is_unsynced = True

    def _open(self, subject: Subject) -> None:
        handle, self.path = _made(self._folder, subject.path)
        # Without a buffer: what is written outlives the process even if it is killed the next moment.
        self._file = os.fdopen(handle, "wb", buffering=0)
        self._n_lines = self._n_snapshot = 0
        self._synced_s, self._snapshot_s = 0.0, time.monotonic()
        path, scenario = (str(file) if file else None for file in (subject.path, subject.scenario))
        head: Tree = {"format": FORMAT, "version": VERSION, "owner": Owner.here().to_tree()}
        self._put_line({**head, "path": path, "scenario": scenario, "base": layout_text(subject.base)})

    def _begin_anew(self, record: Record) -> None:
        """Another file that starts with the drawing as it is; the one before goes when that is on the disk."""
        assert self._subject is not None
        self._close_file()
        old, subject = (self.path, self._snapshot), self._subject
        self._subject = Subject(record.before, record.path or subject.path, subject.scenario)
        self._failed_s, self._is_flat, self._snapshot = 0.0, True, None
        try:
            self._open(self._subject)
            self._put_line(self._tree_of(record))
            self._sync_and_wait()
        except (OSError, OutputError):
            self._close_file()
            _unlink(self.path if self.path != old[0] else None)
            self.path, self._snapshot = old
            raise
        self._is_told = False
        _unlink(*old)

    def _sync(self) -> None:
        """Have the disk take what is written, without waiting for it."""
        if self._file is not None and self._is_unsynced:
            self._disk.sync(self._file.fileno())
            self._is_unsynced, self._synced_s = False, time.monotonic()

    def _sync_and_wait(self) -> None:
        if self._file is not None:
            os.fsync(self._file.fileno())
            self._is_unsynced, self._synced_s = False, time.monotonic()

    def _save_by_itself(self) -> None:
        """The whole drawing beside the journal, readable by anything that reads layouts."""
        if self._last is None or self.path is None:
            return
        file = self.path.with_name(f"{self.path.name.removesuffix(ENDING)}.{self._n_lines}.layout.json")
        with whole_file(file) as text:
            text.write(layout_text(self._last.after))
        old, self._snapshot = self._snapshot, file
        self._n_snapshot, self._snapshot_s = self._n_lines, time.monotonic()
        _unlink(old)

    def _forget(self) -> None:
        self._waiting = None
        self._close_file()
        _unlink(self.path, self._snapshot)
        self.path = self._snapshot = None
        self._n_lines = self._n_snapshot = 0
        self._failed_s, self._is_unsynced, self._is_told = 0.0, False, False

    def _close_file(self) -> None:
        if self._file is not None:
            file, self._file = self._file, None
            file.close()


def fallback_folder() -> Path:
    """Where journals of drawings without a file go when the user's own folder cannot be written."""
    user = os.getuid() if hasattr(os, "getuid") else 0
    return Path(tempfile.gettempdir()) / f"kcloud-twin-{user}"


def _made(folder: Path, layout_file: Path | None) -> tuple[int, Path]:
    """A new file that only the user may read: in the folder, else beside the layout, else with temporary files."""
    name = f"{time.strftime('%Y%m%d-%H%M%S')}-{os.getpid()}-{next(_numbers)}{ENDING}"
    places = [folder / name]
    places += [layout_file.with_name(f".{layout_file.name}.{name}")] if layout_file else []
    places += [fallback_folder() / name]
    refused: OSError | None = None
    for place in places:
        try:
            if place.parent != (layout_file.parent if layout_file else None):
                place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            return os.open(place, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), place
        except OSError as error:
            refused = refused or error
    raise refused or OSError("no place")


def _unlink(*files: Path | None) -> None:
    for file in files:
        if file is not None:
            try:
                file.unlink(missing_ok=True)
            except OSError:
                continue
