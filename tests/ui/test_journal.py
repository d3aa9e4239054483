"""The journal: a killed program loses nothing older than two seconds, and what comes back can be undone."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from twin.catalogue.library import shipped_catalogue
from twin.errors import DocumentError, OutputError, TwinError
from twin.layout import edit
from twin.layout.model import Layout
from twin.layout.store import layout_text, load_layout, save_layout
from ui.document import Document
from ui.safety import journal as journal_file
from ui.safety.journal import Journal, Record, Subject, line_of
from ui.safety.keeping import Keeping
from ui.safety.owner import Owner
from ui.safety.recovery import Recovered, found_beside, found_in, read_journal

GONE = Owner("kim", Owner.here().host, 2**22 + 1)
"""A process number above the largest one that Linux gives."""


@pytest.fixture
def small(layouts_dir: Path) -> Layout:
    return load_layout(layouts_dir / "small_room.layout.json")


@pytest.fixture
def file(small: Layout, tmp_path: Path) -> Path:
    save_layout(small, tmp_path / "hall.layout.json")
    return tmp_path / "hall.layout.json"


@pytest.fixture
def keep(qapp, monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    """Documents kept under a folder by a process that is gone when anybody looks."""
    monkeypatch.setattr(journal_file, "fallback_folder", lambda: tmp_path / "fallback")
    monkeypatch.setattr("ui.safety.recovery.fallback_folder", lambda: tmp_path / "fallback")
    monkeypatch.setattr(Owner, "here", staticmethod(lambda: GONE))
    kept: list[Keeping] = []

    def made(document: Document, folder: Path = tmp_path / "state") -> Keeping:
        kept.append(Keeping(document, folder))
        document.replaced.emit()
        return kept[-1]

    yield made
    for keeping in kept:
        keeping.close()


def opened(path: Path) -> Document:
    return Document(load_layout(path), shipped_catalogue(), path)


def moved(document: Document, name: str, dx_m: float, key: object = None) -> None:
    assert document.apply(f"Move {name}", lambda layout: edit.move(layout, {name}, dx_m, 0.0), key)  # type: ignore[arg-type]


def one(folder: Path) -> Recovered:
    (recovered,) = found_in(folder / "state" / "journals")
    return recovered


def test_nothing_lies_on_the_disk_before_the_first_edit(keep, file: Path, tmp_path: Path) -> None:
    assert keep(opened(file)).settle()
    assert not (tmp_path / "state").exists()


def test_edits_come_back_with_their_names_and_can_be_undone(keep, file: Path, tmp_path: Path, small: Layout) -> None:
    document = opened(file)
    keeping = keep(document)
    moved(document, "A1", 0.3)
    moved(document, "A2", 0.1, "nudge")
    moved(document, "A2", 0.1, "nudge")
    moved(document, "A3", 0.3)
    document.undo()
    assert keeping.settle()
    recovered = one(tmp_path)
    assert layout_text(recovered.layout) == layout_text(document.layout)
    assert [name for name, _ in recovered.steps] == ["", "Move A1", "Move A2", "Move A3"]
    assert (recovered.path, recovered.i_step, recovered.i_saved, recovered.n_edits) == (file, 2, 0, 2)
    other = opened(file)
    keep(other).bring_back(recovered)
    assert (other.undo_name, other.redo_name, other.is_dirty) == ("Move A2", "Move A3", True)
    other.go_to(0)
    assert layout_text(other.layout) == layout_text(small)
    assert not other.is_dirty


def test_what_was_brought_back_is_in_a_journal_of_its_own(keep, file: Path, tmp_path: Path) -> None:
    document = opened(file)
    keep(document).settle()
    moved(document, "A1", 0.3)
    moved(document, "A2", 0.3)
    document.undo()
    before = one(tmp_path)
    other = opened(file)
    keep(other, tmp_path / "second").bring_back(before)
    assert not before.file.exists()
    (again,) = found_in(tmp_path / "second" / "journals")
    assert [name for name, _ in again.steps] == ["", "Move A1", "Move A2"]
    assert (again.i_step, again.i_saved, again.path) == (1, 0, file)
    assert layout_text(again.layout) == layout_text(document.layout)


def test_the_saved_file_is_opened_with_the_lost_edits_one_redo_away(keep, file: Path, tmp_path: Path) -> None:
    document = opened(file)
    keeping = keep(document)
    moved(document, "A1", 0.3)
    keeping.settle()
    other = opened(file)
    keep(other).bring_back(one(tmp_path), is_at_saved=True)
    assert not other.is_dirty
    assert other.redo_name == "Move A1"


def test_a_file_changed_since_is_the_first_step_of_what_comes_back(
    keep, file: Path, tmp_path: Path, small: Layout
) -> None:
    document = opened(file)
    keeping = keep(document)
    moved(document, "A1", 0.3)
    keeping.settle()
    theirs = edit.remove(small, {"B5"})
    save_layout(theirs, file)
    other = opened(file)
    keep(other).bring_back(one(tmp_path))
    assert layout_text(other.layout) == layout_text(document.layout)
    assert other.is_dirty
    other.go_to(0)
    assert other.layout == theirs
    assert not other.is_dirty


def test_saved_work_is_not_offered_again(keep, file: Path, tmp_path: Path) -> None:
    document = opened(file)
    keeping = keep(document)
    moved(document, "A1", 0.3)
    assert document.save()
    keeping.settle()
    assert found_in(tmp_path / "state" / "journals") == []
    moved(document, "A1", 0.3)
    keeping.settle()
    moved(document, "A2", 0.3)
    document.undo()
    document.undo()
    document.undo()
    keeping.settle()
    assert keeping.found() == [], "journals without news are gone"


def test_undoing_past_the_last_save_is_unsaved_work(keep, file: Path, tmp_path: Path, small: Layout) -> None:
    document = opened(file)
    keeping = keep(document)
    moved(document, "A1", 0.3)
    document.save()
    document.undo()
    keeping.settle()
    recovered = one(tmp_path)
    assert (recovered.i_step, recovered.i_saved, recovered.n_edits) == (0, 1, 1)
    assert layout_text(recovered.layout) == layout_text(small)


def test_a_drawing_without_a_file_comes_back_too(keep, small: Layout, tmp_path: Path) -> None:
    document = Document(small, shipped_catalogue())
    keeping = keep(document)
    moved(document, "A1", 0.3)
    keeping.settle()
    recovered = one(tmp_path)
    assert recovered.path is None
    assert layout_text(recovered.layout) == layout_text(document.layout)
    assert document.save_as(tmp_path / "named.layout.json")
    moved(document, "A1", 0.3)
    keeping.settle()
    assert one(tmp_path).path == tmp_path / "named.layout.json"


def test_closing_in_order_leaves_nothing(keep, file: Path, tmp_path: Path) -> None:
    document = opened(file)
    keeping = keep(document)
    moved(document, "A1", 0.3)
    keeping.settle()
    assert list((tmp_path / "state" / "journals").iterdir())
    keeping.close()
    assert not list((tmp_path / "state" / "journals").iterdir())
    assert not list(tmp_path.glob(".*.lock"))


def test_a_torn_last_line_costs_that_line_only(keep, file: Path, tmp_path: Path) -> None:
    document = opened(file)
    keeping = keep(document)
    moved(document, "A1", 0.3)
    once = layout_text(document.layout)
    moved(document, "A2", 0.3)
    keeping.settle()
    (path,) = (tmp_path / "state" / "journals").glob("*.journal")
    path.write_bytes(path.read_bytes()[:-20])
    recovered = one(tmp_path)
    assert layout_text(recovered.layout) == once
    assert recovered.n_lost == 1


@pytest.mark.parametrize("at", [0, 40, -1])
def test_a_flipped_bit_is_seen(keep, file: Path, tmp_path: Path, at: int) -> None:
    document = opened(file)
    keeping = keep(document)
    moved(document, "A1", 0.3)
    keeping.settle()
    (path,) = (tmp_path / "state" / "journals").glob("*.journal")
    lines = path.read_bytes().splitlines(keepends=True)
    spoilt = bytearray(lines[-1])
    spoilt[at] ^= 1
    path.write_bytes(b"".join(lines[:-1]) + bytes(spoilt))
    assert read_journal(path).n_edits == 0


def test_the_drawing_saved_by_itself_covers_a_damaged_journal(small: Layout, tmp_path: Path) -> None:
    told: list[TwinError] = []
    journal = Journal(tmp_path, told.append, autosave_s=0.05)
    journal.begin(Subject(small))
    layouts = [small]
    for i in range(4):
        layouts.append(edit.move(layouts[-1], {"A1"}, 0.1, 0.0))
        journal.put(Record("do", layouts[-2], layouts[-1], f"Move {i}", i + 1))
    deadline = time.monotonic() + 5.0
    while journal.tick() and time.monotonic() < deadline:
        time.sleep(0.02)
    (path,) = tmp_path.glob("*.journal")
    (snapshot,) = tmp_path.glob("*.layout.json")
    assert load_layout(snapshot) == layouts[-1], "anything that reads layouts can read it"
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join([*lines[:2], b"0000", *lines[3:]]))
    recovered = read_journal(path)
    assert recovered.layout == layouts[-1]
    assert recovered.n_lost == 2
    journal.close()
    assert not list(tmp_path.iterdir())
    assert told == []


def test_a_journal_grown_too_long_begins_anew_with_the_drawing(
    small: Layout, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(journal_file, "LARGEST_BYTES", 20_000)
    journal = Journal(tmp_path, lambda error: None)
    journal.begin(Subject(small))
    before = small
    for i in range(200):
        after = edit.move(before, {"A1"}, 0.1, 0.0)
        journal.put(Record("do", before, after, f"Move {i}", i + 1))
        before = after
    journal.put(Record("at", before, small, "Undo", 0))
    journal.put(Record("saved", small, small, "", 0, tmp_path / "x.layout.json"))
    assert journal.settle()
    (path,) = tmp_path.glob("*.journal")
    assert path.stat().st_size < 25_000
    recovered = read_journal(path)
    assert recovered.layout == small
    assert (recovered.i_saved, recovered.path) == (recovered.i_step, tmp_path / "x.layout.json")
    journal.close()


def test_a_save_after_many_edits_begins_the_journal_anew(
    keep, file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(journal_file, "MOST_LINES", 5)
    document = opened(file)
    keeping = keep(document)
    for _ in range(8):
        moved(document, "A1", 0.1)
    assert document.save()
    keeping.settle()
    (path,) = (tmp_path / "state" / "journals").glob("*.journal")
    assert len(read_journal(path).steps) == 1
    document.undo()
    moved(document, "A2", 0.1)
    document.undo()
    keeping.settle()
    recovered = one(tmp_path)
    assert layout_text(recovered.layout) == layout_text(document.layout)
    assert recovered.i_saved == 0
    assert layout_text(recovered.steps[0][1]).encode() == file.read_bytes()


def test_a_folder_that_cannot_be_made_puts_the_journal_beside_the_layout(keep, file: Path, tmp_path: Path) -> None:
    (tmp_path / "blocked").write_text("a file where a folder is needed")
    document = opened(file)
    keeping = keep(document, tmp_path / "blocked")
    moved(document, "A1", 0.3)
    assert keeping.settle()
    (recovered,) = found_beside(file)
    assert layout_text(recovered.layout) == layout_text(document.layout)


def test_without_any_folder_a_drawing_without_a_file_goes_to_temporary_files(
    keep, small: Layout, tmp_path: Path
) -> None:
    (tmp_path / "blocked").write_text("a file where a folder is needed")
    document = Document(small, shipped_catalogue())
    keeping = keep(document, tmp_path / "blocked")
    moved(document, "A1", 0.3)
    assert keeping.settle()
    assert len(keeping.found()) == 1
    assert list((tmp_path / "fallback").glob("*.journal"))


def test_a_full_disk_is_told_once_and_the_journal_goes_on_when_there_is_room(
    small: Layout, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    resource = pytest.importorskip("resource")
    monkeypatch.setattr(journal_file, "RETRY_S", 0.05)
    told: list[TwinError] = []
    journal = Journal(tmp_path, told.append)
    journal.begin(Subject(small))
    layouts = [small]
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    try:
        resource.setrlimit(resource.RLIMIT_FSIZE, (len(layout_text(small)) + 800, hard))
        for i in range(10):
            layouts.append(edit.move(layouts[-1], {"A1"}, 0.1, 0.0))
            journal.put(Record("do", layouts[-2], layouts[-1], f"Move {i}", i + 1))
        assert not journal.settle()
        time.sleep(0.06)
        assert journal.tick(), "it tries again and is refused again"
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert len(told) == 1
    assert isinstance(told[0], OutputError)
    assert "save the drawing" in told[0].hint
    time.sleep(0.06)
    journal.tick()
    assert journal.settle()
    (path,) = tmp_path.glob("*.journal")
    assert read_journal(path).layout == layouts[-1]
    journal.close()


def test_a_journal_of_another_program_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "x.journal"
    path.write_bytes(line_of({"format": "twin-journal", "version": 2}))
    with pytest.raises(DocumentError, match="update the program"):
        read_journal(path)
    (tmp_path / "y.journal").write_bytes(b"\x00\xff nonsense\n")
    assert found_in(tmp_path) == []
    assert path.exists()


def test_the_journal_of_a_living_process_is_its_own(small: Layout, tmp_path: Path) -> None:
    journal = Journal(tmp_path, lambda error: None)
    journal.begin(Subject(small))
    journal.put(Record("do", small, edit.move(small, {"A1"}, 0.1, 0.0), "Move A1", 1))
    assert journal.settle()
    assert found_in(tmp_path) == []
    assert read_journal(next(tmp_path.glob("*.journal"))).owner.is_this_process
    journal.close()


PROGRAM = """
import sys, time
from pathlib import Path
from PySide6.QtCore import QCoreApplication
from twin.catalogue.library import shipped_catalogue
from twin.layout import edit
from twin.layout.store import load_layout
from ui.document import Document
from ui.safety.keeping import Keeping
app = QCoreApplication([])
file, state, key = Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3] or None
document = Document(load_layout(file), shipped_catalogue(), file)
keeping = Keeping(document, state)
document.replaced.emit()
n = 0
while True:
    n += 1
    document.apply(f"Move {n}", lambda layout: edit.move(layout, {"A1"}, 0.001, 0.0), key)
    print(n, time.monotonic(), flush=True)
    if n % 7 == 0:
        document.undo(); document.redo()
    app.processEvents()
    time.sleep(0.01)
"""


@pytest.mark.parametrize("key", ["", "nudge"])
def test_kill_9_in_the_middle_of_editing_loses_nothing_older_than_two_seconds(
    file: Path, small: Layout, tmp_path: Path, repo_dir: Path, key: str
) -> None:
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "PYTHONPATH": str(repo_dir)}
    command = [sys.executable, "-c", PROGRAM, str(file), str(tmp_path / "state"), key]
    with subprocess.Popen(command, stdout=subprocess.PIPE, env=environment, text=True, cwd=repo_dir) as program:
        assert program.stdout is not None
        said = [program.stdout.readline().split() for _ in range(400)]
        program.kill()
        killed_s = time.monotonic()
        said += [line.split() for line in program.stdout.read().splitlines()]
    done = [(int(words[0]), float(words[1])) for words in said if len(words) == 2]
    recovered = one(tmp_path)
    n_kept = round((recovered.layout.racks[0].x_m - small.racks[0].x_m) / 0.001)
    old = [n for n, at_s in done if at_s < killed_s - 2.0]
    assert old, "it edited for more than two seconds"
    assert n_kept >= max(old)
    if not key:
        # In fact the journal is written as the edit is made; what can be lost is the line in hand.
        assert n_kept >= len(done) - 3
        assert recovered.n_edits == n_kept
    by_hand = small
    for _ in range(n_kept):
        by_hand = edit.move(by_hand, {"A1"}, 0.001, 0.0)
    assert layout_text(recovered.layout) == layout_text(by_hand)
    assert file.read_bytes() == layout_text(small).encode(), "the saved file is as it was"
