"""Who holds a file: user, host and process, and whether that process still lives."""

from __future__ import annotations

import getpass
import os
import socket
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from twin.files import Tree


@dataclass(frozen=True, slots=True)
class Owner:
    """A process of a user on a host; `started` tells it from a later process with the same number."""

    user: str
    host: str
    pid: int
    started: str = ""
    since_s: float = 0.0  # seconds since 1970

    @staticmethod
    def here() -> Owner:
        """This process, from now."""
        return Owner(_user(), socket.gethostname(), os.getpid(), _started(os.getpid()), time.time())

    @staticmethod
    def from_tree(tree: object) -> Owner:
        """From its JSON; ValueError when it is none."""
        if not isinstance(tree, dict):
            raise ValueError("no owner")
        try:
            pid, since_s = int(tree["pid"]), float(tree["since_s"])
            return Owner(str(tree["user"]), str(tree["host"]), pid, str(tree["started"]), since_s)
        except (KeyError, TypeError) as error:
            raise ValueError(f"no owner: {error}") from error

    def to_tree(self) -> Tree:
        """As JSON."""
        return {name: getattr(self, name) for name in ("user", "host", "pid", "started", "since_s")}

    @property
    def is_this_process(self) -> bool:
        """Whether it is the process that asks."""
        return self.is_here and self.pid == os.getpid() and self.started == _started(self.pid)

    @property
    def is_here(self) -> bool:
        """Whether it is on this host; what lives on another host cannot be seen from here."""
        return self.host == socket.gethostname()

    @property
    def is_gone(self) -> bool:
        """Whether its process is known to have ended."""
        return self.is_here and not (_is_running(self.pid) and self.started in ("", _started(self.pid)))


def _user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # an account without a name, as in a container
        return str(os.getuid()) if hasattr(os, "getuid") else ""


def _started(pid: int) -> str:
    """Start of a process in ticks of the kernel; empty where the system does not tell."""
    try:
        text = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return ""
    # The name in brackets may hold spaces and brackets itself.
    return text.rpartition(")")[2].split()[19]


def _is_running(pid: int) -> bool:
    if pid <= 0:
        return False
    if sys.platform == "win32":
        return _is_running_windows(pid)
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except (PermissionError, OverflowError):
        return True
    # A process that ended and was not waited for still has a number.
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return True


def _is_running_windows(pid: int) -> bool:
    """There, signal 0 would end the process; the kernel is asked instead."""
    import ctypes

    kernel = ctypes.WinDLL("kernel32", use_last_error=True)  # type: ignore[attr-defined]
    handle = kernel.OpenProcess(0x1000, False, pid)  # PROCESS_QUERY_LIMITED_INFORMATION
    if not handle:
        return bool(ctypes.get_last_error() == 5)  # type: ignore[attr-defined] # access denied: it is there
    code = ctypes.c_ulong()
    known = kernel.GetExitCodeProcess(handle, ctypes.byref(code))
    kernel.CloseHandle(handle)
    return not known or code.value == 259  # STILL_ACTIVE
