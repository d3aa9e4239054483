"""The lock says who has a layout open, and holds nothing once its process has ended."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from ui.safety.lock import Lock, holder_of, lock_file
from ui.safety.owner import Owner


@pytest.fixture
def layout_file(tmp_path: Path) -> Path:
    path = tmp_path / "hall.layout.json"
    path.write_text("{}")
    return path


@pytest.fixture
def other():
    """A process that lives as long as the test."""
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as process:
        yield Owner("kim", Owner.here().host, process.pid, "", 1.0)
        assert process.stdin is not None
        process.stdin.close()


def test_our_own_lock_does_not_hold_us(layout_file: Path) -> None:
    lock = Lock()
    assert lock.take(layout_file)
    assert json.loads(lock_file(layout_file).read_text())["pid"] == os.getpid()
    assert holder_of(layout_file) is None
    lock.release()
    assert not lock_file(layout_file).exists()


def test_a_living_process_holds_it_and_is_named(layout_file: Path, other: Owner) -> None:
    Lock(other).take(layout_file)
    holder = holder_of(layout_file)
    assert holder == other
    assert not holder.is_gone


def test_an_ended_process_holds_nothing(layout_file: Path) -> None:
    with subprocess.Popen([sys.executable, "-c", ""]) as process:
        process.wait()
    Lock(Owner("kim", Owner.here().host, process.pid)).take(layout_file)
    assert holder_of(layout_file) is None


def test_a_later_process_with_the_same_number_is_another(layout_file: Path, other: Owner) -> None:
    if not Path("/proc/self/stat").exists():
        pytest.skip("the system does not tell when a process started")
    Lock(Owner("kim", other.host, other.pid, started="1")).take(layout_file)
    assert holder_of(layout_file) is None


def test_a_process_on_another_host_holds_it_for_it_cannot_be_seen(layout_file: Path) -> None:
    Lock(Owner("lee", "elsewhere", 2**22 + 1)).take(layout_file)
    holder = holder_of(layout_file)
    assert holder is not None
    assert (holder.user, holder.host) == ("lee", "elsewhere")


@pytest.mark.parametrize("text", ["", "nonsense", "[]", '{"pid": "x"}', '{"pid": 0}', '"\\u0000"'])
def test_a_lock_that_cannot_be_read_holds_nothing(layout_file: Path, text: str) -> None:
    lock_file(layout_file).write_text(text)
    assert holder_of(layout_file) is None


def test_a_lock_taken_over_is_not_removed_by_who_had_it(layout_file: Path, other: Owner) -> None:
    ours = Lock()
    ours.take(layout_file)
    Lock(other).take(layout_file)
    ours.release()
    assert holder_of(layout_file) == other


def test_a_folder_that_cannot_be_written_has_no_lock(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    assert not Lock().take(tmp_path / "file" / "hall.layout.json")


def test_a_link_and_its_file_share_a_lock(layout_file: Path, tmp_path: Path, other: Owner) -> None:
    link = tmp_path / "sub" / "link.layout.json"
    link.parent.mkdir()
    link.symlink_to(layout_file)
    Lock(other).take(link)
    assert holder_of(layout_file) == other
