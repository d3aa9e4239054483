"""The files of one result while they are written: none appears before all of them are whole."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from twin.errors import OutputError

NO_SPACE_HINT = "free space, choose another folder, or record less (record.every_s, record.racks)"
OTHER_HINT = "choose another folder, or change its permissions"


@contextmanager
def refusals(path: Path) -> Iterator[None]:
    """Turn what the system says against writing a file into an OutputError that names it."""
    try:
        yield
    except OSError as error:
        hint = NO_SPACE_HINT if error.errno in (errno.ENOSPC, errno.EDQUOT) else OTHER_HINT
        reason = os.strerror(error.errno) if error.errno else str(error)
        raise OutputError(f"cannot be written: {reason}", str(path), hint) from error


class Parts:
    """Files written beside their final names, then renamed all together, or removed all together."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._names: list[str] = []
        self._made = [parent for parent in (folder, *folder.parents) if not parent.exists()]
        with refusals(folder):
            folder.mkdir(parents=True, exist_ok=True)
            # What a killed run left behind is of no use to anyone: a table without its end cannot be read.
            for stale in folder.glob(".*.part"):
                stale.unlink()

    def path(self, name: str) -> Path:
        """Where a file will be."""
        return self.folder / name

    def add(self, name: str) -> Path:
        """The place to write a file at until `publish` gives it its name."""
        self._names.append(name)
        return self._part(name)

    def write(self, name: str, text: str) -> None:
        """A whole small file."""
        with refusals(self.path(name)):
            self.add(name).write_bytes(text.encode("utf-8"))

    def publish(self, removed: tuple[str, ...] = ()) -> None:
        """Give every file, closed by now, its name; files of an earlier result named in `removed` go."""
        for name in self._names:
            with refusals(self.path(name)), open(self._part(name), "rb+") as file:
                os.fsync(file.fileno())
        for name in removed:
            with refusals(self.path(name)):
                self.path(name).unlink(missing_ok=True)
        for name in self._names:
            with refusals(self.path(name)):
                os.replace(self._part(name), self.path(name))
        self._names = []

    def discard(self) -> None:
        """Leave the folder as it was found."""
        for name in self._names:
            with suppress(OSError):
                self._part(name).unlink(missing_ok=True)
        self._names = []
        for made in self._made:
            with suppress(OSError):
                made.rmdir()

    def _part(self, name: str) -> Path:
        return self.folder / f".{name}.part"
