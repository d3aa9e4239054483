"""Palette, inspector and findings: what they list, what they say, and what they ask the plan to do."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtGui import QStandardItemModel
from PySide6.QtTest import QTest

from twin.catalogue.compute import Accelerator, Server
from twin.catalogue.device import Provenance
from twin.catalogue.library import shipped_catalogue
from twin.layout import edit
from twin.layout.store import load_layout
from ui.canvas import joining
from ui.canvas.mime import DEVICE_MIME, device_of
from ui.canvas.placing import is_placeable
from ui.canvas.view import PlanView
from ui.document import Document
from ui.panels.facts import device_facts, lacks
from ui.panels.findings import HINT, PLACE, SEVERITY, FindingsPanel
from ui.panels.inspector import Inspector
from ui.panels.palette import DEVICE_ROLE, DevicePalette
from ui.panels.subject import Fact, subject_of


@pytest.fixture
def document(qapp, repo_dir: Path) -> Document:
    return Document(load_layout(repo_dir / "layouts" / "small_room.layout.json"), shipped_catalogue())


@pytest.fixture
def view(qtbot, document: Document) -> PlanView:
    made = PlanView(document)
    qtbot.addWidget(made)
    made.resize(900, 700)
    return made


@pytest.fixture
def palette(qapp, qtbot) -> DevicePalette:
    made = DevicePalette(shipped_catalogue())
    qtbot.addWidget(made)
    made.resize(256, 600)
    made.show()
    return made


def listed(palette: DevicePalette) -> list[str]:
    model = palette.tree.model()
    groups = [model.index(i, 0) for i in range(model.rowCount())]
    return [model.index(k, 0, group).data(DEVICE_ROLE) for group in groups for k in range(model.rowCount(group))]


def fact(subject_facts: list[Fact], label: str) -> Fact:
    return next(one for one in subject_facts if one.label == label)


# Palette


def test_the_palette_lists_each_placeable_device_once(palette: DevicePalette) -> None:
    placeable = {name for name, device in shipped_catalogue().items() if is_placeable(device)}
    assert sorted(listed(palette)) == sorted(placeable)


def test_searching_keeps_what_holds_every_word(palette: DevicePalette) -> None:
    QTest.keyClicks(palette.search, "8 × gpu h100")
    assert "dgx_h100" in listed(palette)
    assert "nxt_rngd" not in listed(palette)
    palette.search.clear()
    assert "nxt_rngd" in listed(palette)


def test_enter_in_the_search_field_goes_to_the_first_hit_and_enter_takes_it(palette: DevicePalette, qtbot) -> None:
    QTest.keyClicks(palette.search, "dgx h100")
    QTest.keyClick(palette.search, Qt.Key.Key_Return)
    with qtbot.waitSignal(palette.device_chosen) as told:
        palette.tree.activated.emit(palette.tree.currentIndex())
    assert told.args == ["dgx_h100"]


def test_a_drag_carries_the_device(palette: DevicePalette) -> None:
    model = palette.tree.model()
    index: QModelIndex = model.index(0, 0, model.index(0, 0))
    mime = model.mimeData([index])
    assert mime.formats() == [DEVICE_MIME]
    assert device_of(mime) == index.data(DEVICE_ROLE)
    assert model.supportedDragActions() == Qt.DropAction.CopyAction, "a drag never takes an entry out of the list"


def test_facts_name_chips_units_and_kilowatts() -> None:
    catalogue = shipped_catalogue()
    assert device_facts(catalogue["dgx_h100"], catalogue) == "8 × GPU · 8 U · 10.2 kW"
    assert device_facts(catalogue["nxt_rngd"], catalogue) == "8 × NPU · 4 U · 3.0 kW"


def test_a_server_that_cannot_be_loaded_says_what_its_sheet_lacks(qapp, qtbot) -> None:
    sheet = {"maker": "m", "provenance": {"*": Provenance(source="s")}}
    chip = Accelerator(id="bare", name="Bare chip", family="npu", **sheet)
    server = Server(id="bare_box", name="Bare box", u_height=2, accelerators=({"type": "bare", "count": 4},), **sheet)
    catalogue = shipped_catalogue().changed(chip).changed(server)
    missing = lacks(server, catalogue)
    assert "host_idle_w" in missing
    assert "Bare chip: tdp_w" in missing
    palette = DevicePalette(catalogue)
    qtbot.addWidget(palette)
    model: QStandardItemModel = palette._model
    found = model.match(model.index(0, 0), DEVICE_ROLE, "bare_box", 1, Qt.MatchFlag.MatchRecursive)
    assert "host_idle_w" in found[0].data(Qt.ItemDataRole.ToolTipRole)


# Inspector


def test_nothing_selected_shows_the_room(document: Document) -> None:
    subject = subject_of(document.floor, document.catalogue, [])
    assert subject.place is None
    assert fact(subject.sections[1][1], "Racks").value == "10"


def test_a_rack_shows_draw_and_what_is_left(document: Document) -> None:
    subject = subject_of(document.floor, document.catalogue, ["B2"])
    rack = document.floor.racks["B2"]
    facts = [one for _, part in subject.sections for one in part]
    assert fact(facts, "Name plate").value == f"{rack.max_w / 1e3:.1f} kW"
    used = sum(box.u_height for box in rack.fitted if box.u_low)
    assert fact(facts, "Space").level_frac == pytest.approx(used / 42)
    assert (subject.family, subject.place) == ("gpu", (rack.spec.x_m, rack.spec.y_m, 0.0))


def test_an_estimate_is_marked_as_one(document: Document) -> None:
    facts = [one for _, part in subject_of(document.floor, document.catalogue, ["A1"]).sections for one in part]
    assert fact(facts, "Budget").source == "e"


def test_several_things_are_summed(document: Document) -> None:
    subject = subject_of(document.floor, document.catalogue, ["A1", "A2", "CRAH-1"])
    total_w = document.floor.racks["A1"].max_w + document.floor.racks["A2"].max_w
    assert fact(subject.sections[0][1], "Largest draw").value == f"{total_w / 1e3:.1f} kW"
    assert subject.editable == ""


def test_a_typed_place_is_one_undo_step(view: PlanView, qtbot) -> None:
    inspector = Inspector(view)
    qtbot.addWidget(inspector)
    view.set_selection(["A1"])
    before = view.document.layout
    inspector.place.x_box.setValue(1.234)
    moved = edit.find(view.document.layout, "A1")
    assert moved.x_m == 1.234
    inspector.place.angle_box.setValue(90.0)
    view.document.undo()
    view.document.undo()
    assert view.document.layout is before
    assert inspector.place.x_box.value() == before.racks[0].x_m


def test_showing_a_place_edits_nothing(view: PlanView, qtbot) -> None:
    inspector = Inspector(view)
    qtbot.addWidget(inspector)
    for name in ("A1", "CRAH-1", "PDU-A", "B5"):
        view.set_selection([name])
        assert inspector.subject.editable == name
    assert view.document.undo_name == ""


# Findings


def test_findings_are_listed_worst_first_with_their_place_and_way_out(document: Document, qtbot) -> None:
    panel = FindingsPanel(document)
    qtbot.addWidget(panel)
    document.apply("Move A1", lambda layout: edit.move(layout, {"A1"}, 0.3, 0.0))
    document.check_now()
    model = panel.table.model()
    first = document.findings[0]
    assert first.severity == "error"
    assert model.index(0, PLACE).data() in {
        finding.place for finding in document.findings if finding.severity == "error"
    }
    assert model.index(0, HINT).data()
    assert model.index(0, SEVERITY).data(Qt.ItemDataRole.AccessibleTextRole) == "critical"
    assert panel.summary().startswith(f"{sum(f.severity == 'error' for f in document.findings)} critical")


def test_choosing_a_finding_tells_its_place(document: Document, qtbot) -> None:
    panel = FindingsPanel(document)
    qtbot.addWidget(panel)
    document.check_now()
    with qtbot.waitSignal(panel.place_chosen) as told:
        panel.table.selectRow(0)
    assert told.args == [panel.table.model().index(0, PLACE).data()]


def test_no_findings_is_said_in_words(document: Document, qtbot) -> None:
    panel = FindingsPanel(document)
    qtbot.addWidget(panel)
    panel.show_findings([])
    assert panel.summary() == ""
    assert not panel.table.isVisibleTo(panel)


# Joins


def chosen_by_hand(inspector: Inspector, key: str, name: str) -> None:
    """Choose as the mouse does: by the row of the list."""
    box = inspector.joins.chooser(key)
    box.setCurrentIndex(box.findData(name))
    box.activated.emit(box.currentIndex())


def test_a_rack_is_fed_from_the_inspector_and_undone_in_one_step(view: PlanView, qtbot) -> None:
    inspector = Inspector(view)
    qtbot.addWidget(inspector)
    before = view.document.layout
    view.set_selection(["A1"])
    assert inspector.joins.chooser("A").currentData() == "PDU-A"
    chosen_by_hand(inspector, "A", "")
    assert edit.find(view.document.layout, "A1").feeds == {"B": "PDU-B"}
    chosen_by_hand(inspector, "A", "PDU-B")
    assert edit.find(view.document.layout, "A1").feeds == {"A": "PDU-B", "B": "PDU-B"}
    chosen_by_hand(inspector, "A", "UPS-A")
    assert edit.find(view.document.layout, "A1").feeds == {"A": "UPS-A", "B": "PDU-B"}
    view.document.undo()
    assert view.document.layout == before
    assert inspector.joins.chooser("A").currentData() == "PDU-A"


def test_arrow_keys_choose_a_feed(view: PlanView, qtbot) -> None:
    inspector = Inspector(view)
    qtbot.addWidget(inspector)
    view.set_selection(["A1"])
    QTest.keyClick(inspector.joins.chooser("B"), Qt.Key.Key_Up)
    assert edit.find(view.document.layout, "A1").feeds != {"A": "PDU-A", "B": "PDU-B"}
    assert view.document.undo_name


def test_feeds_of_several_things_that_differ_are_various(view: PlanView, qtbot) -> None:
    inspector = Inspector(view)
    qtbot.addWidget(inspector)
    view.document.apply("Cut", lambda layout: joining.feed(layout, ["A2"], "B", ""))
    view.set_selection(["A1", "A2"])
    assert inspector.joins.chooser("A").currentText() == "PDU-A"
    assert inspector.joins.chooser("B").currentText() == "various"
    assert not inspector.joins.chooser("loop").isVisibleTo(inspector)


def test_a_cooler_chooses_its_loop(view: PlanView, qtbot) -> None:
    inspector = Inspector(view)
    qtbot.addWidget(inspector)
    view.set_selection(["CRAH-1"])
    before = edit.find(view.document.layout, "CRAH-1").loop
    chosen_by_hand(inspector, "loop", "")
    assert edit.find(view.document.layout, "CRAH-1").loop is None
    chosen_by_hand(inspector, "loop", before)
    assert edit.find(view.document.layout, "CRAH-1").loop == before


def unfed(document: Document, name: str) -> None:
    """Take both feeds off a rack or cooler, and check."""
    for side in joining.SIDES:
        document.apply("Cut", lambda layout, side=side: joining.feed(layout, [name], side, ""))
    document.check_now()


@pytest.mark.parametrize("name", ["A3", "CRAH-1"])
def test_a_thing_without_feed_is_fed_like_its_neighbours_by_one_click(document: Document, qtbot, name: str) -> None:
    panel = FindingsPanel(document)
    qtbot.addWidget(panel)
    before = document.layout
    unfed(document, name)
    at = next(i for i, f in enumerate(panel.model.findings) if (f.place, f.rule) == (name, "power.no_feed"))
    cell = panel.table.model().mapFromSource(panel.model.index(at, HINT))
    assert cell.data().startswith("Feed from ")
    panel.table.setCurrentIndex(cell)
    panel.table.clicked.emit(cell)
    assert edit.find(document.layout, name).feeds == edit.find(before, name).feeds
    document.check_now()
    assert not [f for f in document.findings if (f.place, f.rule) == (name, "power.no_feed")]


def test_where_neighbours_differ_nothing_is_proposed(document: Document) -> None:
    document.apply("Feed", lambda layout: joining.feed(layout, ["A2"], "A", "PDU-B"))
    unfed(document, "A3")
    finding = next(f for f in document.findings if (f.place, f.rule) == ("A3", "power.no_feed"))
    assert joining.fix_of(finding, document.floor) is None
