"""The document: every change can be undone to the byte, is refused whole or done whole, and is saved whole."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from twin.catalogue.library import shipped_catalogue
from twin.errors import TwinError
from twin.layout import edit
from twin.layout.model import Layout
from twin.layout.store import layout_text, load_layout
from ui.document import Document


@pytest.fixture
def document(qapp, repo_dir: Path) -> Document:
    path = repo_dir / "layouts" / "small_room.layout.json"
    return Document(load_layout(path), shipped_catalogue(), path)


def moved(name: str, dx_m: float, dy_m: float = 0.0):
    return lambda layout: edit.move(layout, {name}, dx_m, dy_m)


def test_an_edit_replaces_the_layout_and_tells_old_and_new(document: Document) -> None:
    heard: list[tuple[Layout, Layout]] = []
    document.changed.connect(lambda old, new: heard.append((old, new)))
    before = document.layout
    assert document.apply("Move A1", moved("A1", 0.6))
    assert heard == [(before, document.layout)]
    assert document.layout.racks[0].x_m == pytest.approx(before.racks[0].x_m + 0.6)
    assert document.floor.racks["A1"].spec is document.layout.racks[0]
    assert document.layout.racks[1] is before.racks[1], "what did not change is shared"


def test_undo_and_redo_give_the_same_bytes(document: Document) -> None:
    first = layout_text(document.layout)
    document.apply("Move A1", moved("A1", 0.6))
    second = layout_text(document.layout)
    document.apply("Remove B5", lambda layout: edit.remove(layout, {"B5"}))
    document.undo()
    assert layout_text(document.layout) == second
    document.undo()
    assert layout_text(document.layout) == first
    document.redo()
    assert layout_text(document.layout) == second
    assert (document.undo_name, document.redo_name) == ("Move A1", "Remove B5")


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.sampled_from(["A1", "B2", "CRAH-1", "PDU-A"]), st.integers(-90, 90)), max_size=12))
def test_any_edits_all_undone_are_no_edit(document: Document, edits: list[tuple[str, int]]) -> None:
    document.replace(document.layout, document.path)
    before = layout_text(document.layout)
    done = sum(document.apply("Move", moved(name, step / 10)) for name, step in edits)
    for _ in range(done):
        document.undo()
    assert layout_text(document.layout) == before
    assert document.undo_name == ""
    assert not document.is_dirty


def test_nudges_that_follow_each_other_are_one_step(document: Document) -> None:
    before = document.layout
    for _ in range(5):
        document.apply("Move A1", moved("A1", 0.1), ("nudge", "A1"))
    document.undo()
    assert document.layout is before


def test_another_edit_or_a_new_selection_ends_the_nudging(document: Document) -> None:
    document.apply("Move A1", moved("A1", 0.1), ("nudge", "A1"))
    once = document.layout
    document.end_merge()
    document.apply("Move A1", moved("A1", 0.1), ("nudge", "A1"))
    document.undo()
    assert document.layout is once


def test_a_nudge_after_saving_keeps_the_saved_layout_in_the_history(document: Document, tmp_path: Path) -> None:
    document.apply("Move A1", moved("A1", 0.1), ("nudge", "A1"))
    document.save_as(tmp_path / "a.layout.json")
    document.apply("Move A1", moved("A1", 0.1), ("nudge", "A1"))
    document.undo()
    assert not document.is_dirty


def test_a_new_edit_forgets_what_was_undone(document: Document) -> None:
    document.apply("Move A1", moved("A1", 0.6))
    document.undo()
    document.apply("Move A2", moved("A2", 0.6))
    assert document.redo_name == ""


def test_an_edit_that_changes_nothing_is_no_step(document: Document) -> None:
    assert not document.apply("Move A1", moved("A1", 0.0))
    assert document.undo_name == ""


def test_a_refused_edit_is_told_and_leaves_the_drawing_as_it_was(document: Document) -> None:
    told: list[TwinError] = []
    document.refused.connect(told.append)
    before = document.layout
    assert not document.apply("Remove", lambda layout: edit.remove(layout, {"NOPE"}))
    assert document.layout is before
    assert "NOPE" in str(told[0])


def test_undoing_back_to_what_was_saved_is_clean(document: Document) -> None:
    assert not document.is_dirty
    document.apply("Move A1", moved("A1", 0.6))
    assert document.is_dirty
    document.undo()
    assert not document.is_dirty


def test_save_writes_what_load_reads(document: Document, tmp_path: Path) -> None:
    document.apply("Move A1", moved("A1", 0.6))
    assert document.save_as(tmp_path / "b.layout.json")
    assert load_layout(tmp_path / "b.layout.json") == document.layout
    assert not document.is_dirty
    assert document.path == tmp_path / "b.layout.json"


def test_a_file_that_cannot_be_written_is_told_and_stays_dirty(document: Document, tmp_path: Path) -> None:
    told: list[TwinError] = []
    document.refused.connect(told.append)
    document.apply("Move A1", moved("A1", 0.6))
    old_path = document.path
    (tmp_path / "file").write_text("not a folder")
    assert not document.save_as(tmp_path / "file" / "x.layout.json")
    assert document.is_dirty
    assert document.path == old_path
    assert len(told) == 1


def test_a_broken_file_is_refused_and_the_open_drawing_stays(document: Document, tmp_path: Path) -> None:
    told: list[TwinError] = []
    document.refused.connect(told.append)
    broken = tmp_path / "broken.layout.json"
    broken.write_text('{"format": "twin-layout", "version": 1,')
    before = document.layout
    assert not document.open(broken)
    assert document.layout is before
    assert str(broken) in str(told[0])


def test_opening_another_file_starts_a_new_history(document: Document, repo_dir: Path) -> None:
    document.apply("Move A1", moved("A1", 0.6))
    assert document.open(repo_dir / "layouts" / "small_room.layout.json")
    assert document.undo_name == ""
    assert not document.is_dirty


def test_findings_follow_the_drawing(document: Document, qtbot) -> None:
    document.check_now()
    before = {(finding.rule, finding.place) for finding in document.findings}
    with qtbot.waitSignal(document.checked, timeout=5000):
        document.apply("Move A1", moved("A1", 0.3))
    rules = {finding.rule for finding in document.findings if (finding.rule, finding.place) not in before}
    assert "space.overlap" in rules
