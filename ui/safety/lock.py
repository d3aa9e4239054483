"""The lock on an open layout: a small file beside it that names who has it open."""

from __future__ import annotations

import json
import os
from pathlib import Path

from ui.safety.owner import Owner


def lock_file(path: Path) -> Path:
    """Where the lock of a layout lies: beside it, so that other hosts of a shared folder see it."""
    real = Path(os.path.realpath(path))
    return real.with_name(f".{real.name}.lock")


def holder_of(path: Path) -> Owner | None:
    """Who else has a layout open; nobody when there is no lock, when it is ours, or when its process has ended."""
    try:
        owner = Owner.from_tree(json.loads(lock_file(path).read_text(encoding="utf-8")))
    except (OSError, ValueError):  # a lock that cannot be read says nothing, so it holds nothing
        return None
    return None if owner.is_this_process or owner.is_gone else owner


class Lock:
    """At most one locked layout."""

    def __init__(self, owner: Owner | None = None) -> None:
        self._owner = owner
        self.path: Path | None = None

    def take(self, path: Path) -> bool:
        """Lock this layout instead of the one before, whoever had it; False where no file can be written."""
        self.release()
        owner = self._owner or Owner.here()
        file = lock_file(path)
        part = file.with_name(f"{file.name}.{os.getpid()}.part")
        try:
            part.write_text(json.dumps(owner.to_tree()), encoding="utf-8")
            os.replace(part, file)
        except OSError:
            part.unlink(missing_ok=True) if part.parent.is_dir() and os.access(part.parent, os.W_OK) else None
            return False
        self.path = path
        return True

    def release(self) -> None:
        """Unlock, unless someone took the lock over."""
        if self.path is None:
            return
        file, self.path = lock_file(self.path), None
        try:
            owner = Owner.from_tree(json.loads(file.read_text(encoding="utf-8")))
            if owner.pid == (self._owner or Owner.here()).pid and owner.is_here:
                file.unlink()
        except (OSError, ValueError):
            return
