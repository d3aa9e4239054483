"""No work is lost: bad files, full disks, other people's windows and crashes end in one clear question."""

from __future__ import annotations

import errno
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QByteArray, QEvent, QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QAccessible, QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QDialog, QListWidget, QPushButton, QTreeWidget
from pytestqt.qtbot import QtBot

from tests.ui import fake_engine
from twin.catalogue.library import shipped_catalogue
from twin.layout import edit
from twin.layout.store import layout_text, load_layout
from ui import theme
from ui.canvas.difference import ROLES
from ui.canvas.mime import DEVICE_MIME
from ui.dialogs.box import Box
from ui.dialogs.history import HistoryDialog
from ui.dialogs.recover import RecoverDialog
from ui.dialogs.refusal import Refusal
from ui.document import Document
from ui.project import templates
from ui.safety.keeping import Keeping
from ui.safety.lock import Lock, holder_of
from ui.safety.owner import Owner
from ui.settings import Settings
from ui.window import MainWindow

GONE = Owner("kim", Owner.here().host, 2**22 + 1)


@pytest.fixture
def windows(qtbot: QtBot, qapp: QApplication, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable]:
    """Makes windows whose unsaved work is kept in one folder."""
    theme.apply(qapp, "dark")
    for module in ("ui.safety.journal", "ui.safety.recovery"):
        monkeypatch.setattr(f"{module}.fallback_folder", lambda: tmp_path / "fallback")
    # Pictures of all examples take longer than most of these tests.
    monkeypatch.setattr("ui.window.templates", lambda: [])
    made: list[MainWindow] = []

    def make() -> MainWindow:
        window = MainWindow(shipped_catalogue(), Settings(None, tmp_path / "state"), fake_engine.serve)
        window.resize(1600, 1000)
        window.show()
        made.append(window)
        return window

    yield make
    for window in made:
        for dialog in window.findChildren(QDialog):
            dialog.close()
        window.document.replace(window.document.layout)
        window.close()
        window.deleteLater()
    # Menus of charts have no parent and stay; the tests that follow would restyle them all.
    for left in qapp.topLevelWidgets():
        left.deleteLater()
    qapp.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)


@pytest.fixture
def window(windows: Callable[[], MainWindow]) -> MainWindow:
    return windows()


@pytest.fixture
def mine(layouts_dir: Path, tmp_path: Path) -> Path:
    return Path(shutil.copy(layouts_dir / "small_room.layout.json", tmp_path / "mine.layout.json"))


@pytest.fixture
def answer(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], list[Box]]:
    """Answers every question with one key; returns the questions."""

    def with_key(key: str) -> list[Box]:
        asked: list[Box] = []

        def ask(box: Box) -> str:
            asked.append(box)
            box.key = key
            return key

        monkeypatch.setattr(Box, "ask", ask)
        return asked

    return with_key


def change(window: MainWindow, name: str = "A1") -> None:
    assert window.document.apply(f"Move {name}", lambda layout: edit.move(layout, {name}, 0.1, 0.0))


def refusals(window: MainWindow) -> list[Refusal]:
    return [dialog for dialog in window.findChildren(Refusal) if dialog.isVisible()]


def press(dialog: QDialog, text: str) -> None:
    next(button for button in dialog.findChildren(QPushButton) if button.text() == text).click()


# bad files

BASE = '{"format": "twin-layout", "version": 1, "name": "x", "room": {"outline_m": [[0, 0], [9, 0], [9, 9]]}'
BAD = {
    "broken": (BASE.encode(), "expecting"),
    "newer": (BASE.replace('"version": 1', '"version": 7').encode() + b"}", "version 7 is newer than the 1"),
    "foreign": (b'{"format": "somebody-else", "version": 1}', "'somebody-else', 'twin-layout' is needed"),
    "a picture": (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", "not utf-8"),
    "empty": (b"", "expecting value"),
    "a list": (b"[1, 2]", "holds list"),
    "nested": (b"[" * 100_000, "nested too deeply"),
    "a long number": (BASE.encode() + b', "site": {"elevation_m": ' + b"1" * 5000 + b"}}", "5000 digits"),
    "half a letter": (BASE.replace('"x"', '"\\ud83d"').encode() + b"}", "half a letter"),
    "too wide": (BASE.replace("9, 0", "1e300, 0").encode() + b"}", "reaches 1e+300 m"),
    "too many": (
        BASE.encode()
        + b', "rows": ['
        + b",".join(
            b'{"id": "R%d", "type": "rack_42u_600", "x_m": 0, "y_m": 0, "count": 2000, "pitch_m": 1}' % i
            for i in range(60)
        )
        + b"]}",
        "holds 120000 racks",
    ),
}


def test_a_bad_file_is_refused_in_one_dialog_and_the_work_is_kept(window: MainWindow, tmp_path: Path) -> None:
    window.opening.new()
    before = window.document.layout
    file = tmp_path / "bad.layout.json"
    for kind, (data, words) in BAD.items():
        file.write_bytes(data)
        assert not window.open_path(file), kind
        (dialog,) = refusals(window)
        said = dialog.accessibleDescription()
        assert words in said.lower() or words in said, kind
        assert "bad.layout.json" in said, kind
        assert "Your drawing is as it was." in said, kind
        assert window.document.layout is before, kind
        press(dialog, "Close")
        assert refusals(window) == [], kind


def test_a_huge_file_is_refused_before_it_is_read(window: MainWindow, tmp_path: Path) -> None:
    file = tmp_path / "huge.layout.json"
    with file.open("wb") as sparse:
        sparse.truncate(8 << 30)
    start = time.perf_counter()
    assert not window.open_path(file)
    assert time.perf_counter() - start < 2.0
    assert "8,192 MiB" in refusals(window)[0].accessibleDescription()


def test_a_pipe_is_not_waited_for(window: MainWindow, tmp_path: Path) -> None:
    if not hasattr(os, "mkfifo"):
        pytest.skip("no pipes with names here")
    os.mkfifo(tmp_path / "pipe.layout.json")
    assert not window.open_path(tmp_path / "pipe.layout.json")
    assert "not a file" in refusals(window)[0].accessibleDescription()


def test_a_file_that_is_not_there_and_a_folder_are_refused(window: MainWindow, tmp_path: Path) -> None:
    (tmp_path / "folder.layout.json").mkdir()
    assert not window.open_path(tmp_path / "folder.layout.json")
    assert not window.open_path(tmp_path / "nothing.layout.json")
    assert len(refusals(window)) == 2


def test_a_bad_file_does_not_ask_to_save_first(window: MainWindow, mine: Path, tmp_path: Path, monkeypatch) -> None:
    window.open_path(mine)
    change(window)
    (tmp_path / "bad.layout.json").write_text("{")
    with monkeypatch.context() as patch:
        patch.setattr(window.opening, "may_leave", lambda: pytest.fail("asked"))
        assert not window.open_path(tmp_path / "bad.layout.json")
    assert window.document.is_dirty


def test_many_mistakes_are_listed_with_their_places(window: MainWindow, tmp_path: Path) -> None:
    racks = ",".join('{"id": "R", "type": "t", "y_m": 0}' for _ in range(80))
    (tmp_path / "bad.layout.json").write_text(BASE + f', "racks": [{racks}]}}')
    window.open_path(tmp_path / "bad.layout.json")
    (dialog,) = refusals(window)
    assert "racks[49].x_m" in dialog.accessibleDescription()
    assert "racks[50].x_m" not in dialog.accessibleDescription()


# nonsense on the canvas


def dropped(widget, mime: QMimeData) -> bool:
    """Whether a drop on a widget is taken, as Qt would do it: enter first, the drop only when that was accepted."""
    at = QPoint(200, 200)
    buttons, keys = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    enter = QDragEnterEvent(at, Qt.DropAction.CopyAction, mime, buttons, keys)
    QApplication.sendEvent(widget, enter)
    drop = QDropEvent(QPointF(at), Qt.DropAction.CopyAction, mime, buttons, keys)
    QApplication.sendEvent(widget, drop)
    return enter.isAccepted() or drop.isAccepted()


def mime_of(**parts: object) -> QMimeData:
    mime = QMimeData()
    if "text" in parts:
        mime.setText(str(parts["text"]))
    if "device" in parts:
        mime.setData(DEVICE_MIME, QByteArray(parts["device"]))  # type: ignore[arg-type]
    if "urls" in parts:
        mime.setUrls(parts["urls"])  # type: ignore[arg-type]
    return mime


NONSENSE = {
    "text": {"text": "rack_42u_600"},
    "an unknown device": {"device": b"no_such_device"},
    "broken letters": {"device": b"\xff\xfe\x00"},
    "nothing": {"device": b""},
    "a chip, which stands nowhere": {"device": b"rngd"},
    "two files": {"urls": [QUrl.fromLocalFile("/a.layout.json"), QUrl.fromLocalFile("/b.layout.json")]},
    "an address": {"urls": [QUrl("https://example.org/hall.layout.json")]},
    "no file at all": {"urls": []},
}


def test_nonsense_dropped_on_the_plan_or_the_window_changes_nothing(window: MainWindow, mine: Path) -> None:
    window.open_path(mine)
    before = window.document.layout
    for kind, parts in NONSENSE.items():
        mime = mime_of(**parts)
        assert not dropped(window.plan.viewport(), mime), kind
        assert not dropped(window, mime), kind
        QApplication.processEvents()
        assert window.document.layout is before, kind
        assert refusals(window) == [], kind


def test_a_layout_dropped_on_the_window_is_opened(window: MainWindow, mine: Path, qtbot: QtBot) -> None:
    assert dropped(window, mime_of(urls=[QUrl.fromLocalFile(str(mine))]))
    qtbot.waitUntil(lambda: window.document.path == mine, timeout=2000)


def test_another_file_dropped_on_the_window_is_refused_by_name(
    window: MainWindow, tmp_path: Path, qtbot: QtBot
) -> None:
    (tmp_path / "holiday.jpg").write_bytes(b"\xff\xd8\xff")
    window.opening.new()
    assert dropped(window, mime_of(urls=[QUrl.fromLocalFile(str(tmp_path / "holiday.jpg"))]))
    qtbot.waitUntil(lambda: bool(refusals(window)), timeout=2000)
    assert "holiday.jpg is neither a layout nor a scenario" in refusals(window)[0].accessibleDescription()


# disks that refuse


def refuse(code: int) -> Callable[..., object]:
    def refused(*_args: object, **_more: object) -> object:
        raise OSError(code, os.strerror(code))

    return refused


@pytest.mark.parametrize(
    ("function", "code"),
    [("tempfile.mkstemp", errno.EACCES), ("tempfile.mkstemp", errno.EROFS), ("os.fsync", errno.ENOSPC)],
)
def test_a_disk_that_refuses_a_save_is_told_once_and_the_work_stays(
    window: MainWindow, mine: Path, monkeypatch: pytest.MonkeyPatch, function: str, code: int
) -> None:
    window.open_path(mine)
    before = mine.read_bytes()
    change(window)
    with monkeypatch.context() as patch:
        patch.setattr(f"twin.files.{function}", refuse(code))
        assert not window.opening.save()
    (dialog,) = refusals(window)
    assert os.strerror(code) in dialog.accessibleDescription()
    assert window.document.is_dirty
    assert mine.read_bytes() == before
    assert [file.name for file in mine.parent.glob(".*.part")] == []
    press(dialog, "Try again")
    assert not window.document.is_dirty
    assert mine.read_bytes() == layout_text(window.document.layout).encode()


def test_a_disk_that_becomes_full_in_the_middle_leaves_the_old_file(window: MainWindow, mine: Path) -> None:
    resource = pytest.importorskip("resource")
    window.open_path(mine)
    before = mine.read_bytes()
    change(window)
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    try:
        resource.setrlimit(resource.RLIMIT_FSIZE, (len(before) // 2, hard))
        assert not window.document.save()
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert mine.read_bytes() == before
    assert len(refusals(window)) == 1
    assert window.document.is_dirty
    assert window.document.save()


def test_a_file_in_a_folder_that_cannot_be_written_opens_without_a_lock(
    window: MainWindow, mine: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ui.safety.lock.os.replace", refuse(errno.EROFS))
    assert window.open_path(mine)
    change(window)
    assert window.guard.keeping.settle()
    assert refusals(window) == []
    assert not list(mine.parent.glob(".*.lock*"))


def test_a_read_only_file_is_not_written_over(window: MainWindow, mine: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    window.open_path(mine)
    change(window)
    monkeypatch.setattr("twin.files.os.access", lambda path, _mode: Path(path) != mine)
    assert not window.opening.save()
    assert "the file is read-only" in refusals(window)[0].accessibleDescription()


def test_saving_keeps_permissions_and_links(window: MainWindow, mine: Path, tmp_path: Path) -> None:
    mine.chmod(0o640)
    (tmp_path / "links").mkdir()
    link = tmp_path / "links" / "link.layout.json"
    link.symlink_to(mine)
    window.document.open(link)
    change(window)
    assert window.document.save()
    assert link.is_symlink()
    assert mine.stat().st_mode & 0o777 == 0o640
    assert load_layout(mine) == window.document.layout


def test_saving_what_was_not_changed_does_not_touch_the_file(window: MainWindow, mine: Path) -> None:
    odd = mine.read_text().replace("\n", "\r\n")
    mine.write_bytes(odd.encode())
    window.open_path(mine)
    change(window)
    window.document.undo()
    assert window.opening.save()
    assert mine.read_bytes() == odd.encode()


def test_a_journal_that_cannot_be_written_is_a_warning_not_a_stop(window: MainWindow, mine: Path, monkeypatch) -> None:
    window.open_path(mine)
    monkeypatch.setattr("ui.safety.journal.os.open", refuse(errno.ENOSPC))
    change(window)
    change(window)
    assert window.document.undo_name == "Move A1"
    assert window.message.isVisible()
    assert "not kept for a crash" in window.message.accessibleName()
    assert os.strerror(errno.ENOSPC) in window.message.accessibleName()


# other people


@pytest.fixture
def other(mine: Path) -> Iterator[Owner]:
    """Someone else, alive, who has the file open."""
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as process:
        owner = Owner("kim", Owner.here().host, process.pid, "", time.time())
        Lock(owner).take(mine)
        yield owner
        assert process.stdin is not None
        process.stdin.close()


@pytest.mark.parametrize(
    ("key", "is_open", "has_file"), [("", False, False), ("copy", True, False), ("open", True, True)]
)
def test_a_file_open_elsewhere_names_who_has_it_and_asks(
    window: MainWindow, mine: Path, other: Owner, answer, key: str, is_open: bool, has_file: bool
) -> None:
    asked = answer(key)
    assert window.open_path(mine) is is_open
    assert len(asked) == 1
    assert "kim" in asked[0].accessibleDescription()
    assert str(other.pid) in asked[0].accessibleDescription()
    assert (window.document.path == mine) is has_file
    assert (holder_of(mine) == other) is not has_file


def test_saving_over_a_file_that_is_open_elsewhere_asks(
    window: MainWindow, mine: Path, other: Owner, answer, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = mine.read_bytes()
    window.opening.new()
    monkeypatch.setattr("ui.opening.QFileDialog.getSaveFileName", lambda *_args: (str(mine), ""))
    asked = answer("")
    assert not window.opening.save_as()
    assert "kim" in asked[0].accessibleDescription()
    assert mine.read_bytes() == before
    answer("save")
    assert window.opening.save_as()
    assert load_layout(mine) == window.document.layout


def test_the_lock_follows_the_open_file_and_goes_with_it(window: MainWindow, mine: Path, tmp_path: Path) -> None:
    window.open_path(mine)
    assert (tmp_path / ".mine.layout.json.lock").exists()
    window.document.save_as(tmp_path / "other.layout.json")
    assert [file.name for file in tmp_path.glob(".*.lock")] == [".other.layout.json.lock"]
    window.opening.new()
    assert not list(tmp_path.glob(".*.lock"))


def test_a_file_changed_by_something_else_is_not_overwritten_unasked(window: MainWindow, mine: Path, answer) -> None:
    window.open_path(mine)
    change(window)
    theirs = mine.read_text().replace("Small mixed room", "Theirs")
    mine.write_text(theirs)
    asked = answer("differences")
    assert not window.opening.save()
    assert len(asked) == 1
    assert mine.read_text() == theirs
    assert window.guard.comparison.is_on
    answer("overwrite")
    assert window.opening.save()
    assert "Theirs" not in mine.read_text()


# crashes


@pytest.fixture
def crashed(windows, mine: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> MainWindow:
    """The next window after a program that was killed with two unsaved edits."""
    with monkeypatch.context() as patch:
        patch.setattr(Owner, "here", staticmethod(lambda: GONE))
        document = Document(load_layout(mine), shipped_catalogue(), mine)
        keeping = Keeping(document, tmp_path / "state")
        document.replaced.emit()
        for name in ("A1", "A2"):
            document.apply(f"Move {name}", lambda layout, name=name: edit.move(layout, {name}, 0.1, 0.0))
        assert keeping.settle()
    return windows()


def test_unsaved_work_is_offered_at_the_next_start_and_recovered(crashed: MainWindow, mine: Path, answer) -> None:
    asked = answer("recover")
    crashed.begin(None)
    assert len(asked) == 1
    document = crashed.document
    assert (document.path, document.undo_name, document.is_dirty) == (mine, "Move A2", True)
    assert crashed.view == "plan"
    document.undo()
    document.undo()
    assert not document.is_dirty
    assert crashed.guard.keeping.found() == []
    assert not crashed.start.unsaved.isVisibleTo(crashed.start)


def test_the_saved_file_can_be_opened_with_the_edits_one_redo_away(crashed: MainWindow, mine: Path, answer) -> None:
    answer("saved")
    crashed.begin(None)
    assert not crashed.document.is_dirty
    assert crashed.document.redo_name == "Move A1"
    assert layout_text(crashed.document.layout).encode() == mine.read_bytes()


def test_work_without_a_file_is_discarded_only_when_said_twice(
    crashed: MainWindow, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (recovered,) = crashed.guard.keeping.found()
    recovered.path = None
    monkeypatch.setattr(crashed.guard.keeping, "found", lambda: [recovered] if recovered.file.exists() else [])
    keys = ["discard", "", "discard", "discard"]
    monkeypatch.setattr(Box, "ask", lambda box: keys.pop(0))
    crashed.begin(None)
    assert recovered.file.exists()
    assert crashed.start.unsaved.isVisible()
    crashed.guard.look_for_work()
    assert not recovered.file.exists()
    assert not crashed.start.unsaved.isVisible()
    assert keys == []


def test_deciding_later_keeps_the_work_and_says_so_on_the_start_page(crashed: MainWindow, answer) -> None:
    asked = answer("later")
    crashed.begin(None)
    assert crashed.start.unsaved.isVisible()
    assert "not saved before the program ended" in crashed.start.unsaved.accessibleName()
    press(crashed.start, "Look at it")
    assert len(asked) == 2
    assert len(crashed.guard.keeping.found()) == 1


def test_the_dialog_shows_edits_then_differences(crashed: MainWindow, qtbot: QtBot) -> None:
    dialog = RecoverDialog(crashed, crashed.guard.keeping.found(), crashed.document.catalogue)
    qtbot.addWidget(dialog)
    dialog.show()
    assert [dialog.edits.item(i).text() for i in range(dialog.edits.count())] == ["Move A2", "Move A1"]
    press(dialog, "Show differences")
    assert not dialog.edits.isVisible()
    assert [dialog.list.topLevelItem(i).text(0) for i in range(2)] == ["Rack A1", "Rack A2"]
    dialog.list.setCurrentItem(dialog.list.topLevelItem(1))
    assert dialog.plan.difference.chosen == 1
    for widget in dialog.findChildren(QListWidget) + dialog.findChildren(QTreeWidget):
        assert QAccessible.queryAccessibleInterface(widget).text(QAccessible.Text.Name)


def test_closing_a_window_with_its_changes_discarded_leaves_nothing_to_recover(
    windows, mine: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = windows()
    window.open_path(mine)
    change(window)
    assert list((tmp_path / "state" / "journals").glob("*.journal"))
    monkeypatch.setattr(window.opening, "may_leave", lambda: True)
    window.close()
    assert not list((tmp_path / "state" / "journals").iterdir())


# differences on the plan


def test_differences_from_the_saved_file_are_listed_marked_and_shown(
    window: MainWindow, mine: Path, qtbot: QtBot
) -> None:
    window.open_path(mine)
    change(window, "A1")
    window.document.apply("Remove B5", lambda layout: edit.remove(layout, {"B5"}))
    window.actions_["compare_saved"].trigger()
    assert window.docks["differences"].isVisible()
    rows = window.differences.list
    assert [rows.topLevelItem(i).text(0) for i in range(rows.topLevelItemCount())] == ["Rack A1", "Rack B5"]
    marks = window.guard.comparison.difference.marks
    assert [(bool(mark.before), bool(mark.after)) for mark in marks] == [(True, True), (True, False)]
    plain = window.plan.grab().toImage()
    rows.setCurrentItem(rows.topLevelItem(0))
    assert window.plan.selection == ["A1"]
    assert window.plan.grab().toImage() != plain
    for role in ROLES.values():
        assert theme.pen(role).style() == Qt.PenStyle.SolidLine, "the pens of the theme are left as they were"
    change(window, "A2")
    qtbot.waitUntil(lambda: rows.topLevelItemCount() == 3, timeout=2000)
    assert rows.currentItem().text(0) == "Rack A1"
    assert window.document.save()
    assert rows.topLevelItemCount() == 0
    press(window.differences, "End the comparison")
    assert not window.docks["differences"].isVisible()
    assert window.docks["findings"].isVisible()


def test_a_chosen_difference_far_away_is_brought_into_view(window: MainWindow, mine: Path) -> None:
    window.open_path(mine)
    window.document.apply("Move B1", lambda layout: edit.move(layout, {"B1"}, 60.0, 40.0))
    window.guard.compare_saved()
    window.plan.zoom_to(["A1"])
    window.differences.list.setCurrentItem(window.differences.list.topLevelItem(0))
    seen = window.plan.viewportTransform()
    x, y = window.document.floor.racks["B1"].outline_m[0]
    assert window.plan.viewport().rect().contains(seen.map(QPointF(x, y)).toPoint())


def test_opening_another_drawing_ends_the_comparison(window: MainWindow, mine: Path) -> None:
    window.open_path(mine)
    change(window)
    window.guard.compare_saved()
    window.document.undo()
    window.opening.new()
    assert not window.guard.comparison.is_on


# undo by name


def test_undo_and_redo_name_the_edit_they_would_take(window: MainWindow, mine: Path) -> None:
    window.open_path(mine)
    change(window)
    assert window.actions_["undo"].text() == "Undo: Move A1"
    window.actions_["undo"].trigger()
    assert window.actions_["redo"].text() == "Redo: Move A1"
    assert window.actions_["undo"].text() == "Undo"


def test_all_edits_are_listed_and_one_goes_to_any_of_them(window: MainWindow, mine: Path) -> None:
    window.open_path(mine)
    first = window.document.layout
    for name in ("A1", "A2", "A3"):
        change(window, name)
    window.actions_["history"].trigger()
    dialog = window.findChild(HistoryDialog)
    assert [dialog.list.item(i).text() for i in range(4)] == ["As it was opened", "Move A1", "Move A2", "Move A3"]
    dialog.list.setCurrentRow(0)
    assert window.document.layout is first
    dialog.list.setCurrentRow(2)
    assert window.document.undo_name == "Move A2"
    window.document.redo()
    assert dialog.list.currentRow() == 3


# the start page


def test_the_gallery_holds_every_example_and_an_empty_hall(
    windows, monkeypatch: pytest.MonkeyPatch, layouts_dir: Path
) -> None:
    monkeypatch.setattr("ui.window.templates", templates)
    window = windows()
    names = {load_layout(file).name for file in layouts_dir.glob("*.layout.json")}
    assert {card.project.layout.name for card in window.start.cards} == names
    window.start.empty.chosen.emit()
    assert window.view == "plan"
    assert window.document.layout.racks == ()
    assert window.document.path is None
