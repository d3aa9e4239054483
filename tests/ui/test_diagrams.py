"""Diagrams: what they say of a drawing, and how it is joined, cut and added to by hand and by keyboard."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from twin.catalogue.library import shipped_catalogue
from twin.errors import TwinError
from twin.layout import edit
from twin.layout.expand import expand_known
from twin.layout.model import Layout, PlacedRack, PowerNode
from twin.layout.room import Room
from twin.layout.store import load_layout
from ui.canvas.view import PlanView
from ui.diagrams.graph import Graph, span_name
from ui.diagrams.loops import ROOM, loops
from ui.diagrams.one_line import one_line
from ui.diagrams.page import DiagramPage
from ui.document import Document
from ui.panels.element_form import ElementForm
from ui.panels.inspector import Inspector


@pytest.fixture
def page(view: PlanView, qtbot) -> DiagramPage:
    return shown("one_line", view, qtbot)


@pytest.fixture
def cooling(view: PlanView, qtbot) -> DiagramPage:
    return shown("loops", view, qtbot)


def shown(kind: str, view: PlanView, qtbot) -> DiagramPage:
    made = DiagramPage(kind, view)
    qtbot.addWidget(made)
    made.resize(1100, 700)
    made.show()
    qtbot.waitExposed(made)
    return made


def graph_of(repo_dir: Path, name: str) -> Graph:
    layout = load_layout(repo_dir / "layouts" / f"{name}.layout.json")
    return one_line(expand_known(layout, shipped_catalogue())[0], shipped_catalogue())


def middle(page: DiagramPage, name: str, low: float = 0.7) -> QPoint:
    box = page.canvas.box_of(name)
    return QPoint(round(box.center().x()), round(box.top() + low * box.height()))


def node(page: DiagramPage, name: str) -> PowerNode:
    thing = edit.find(page._document.layout, name)
    assert isinstance(thing, PowerNode)
    return thing


# What they say


def test_loads_are_those_a_check_sums_and_racks_are_drawn_by_row(repo_dir: Path) -> None:
    graph = graph_of(repo_dir, "small_room")
    assert graph.elements["UPS-A"].load_w == pytest.approx(58_200.0)
    assert graph.elements["racks:A1"].name == "A1…5"
    assert graph.elements["racks:A1"].load_w == pytest.approx(64_100.0)
    roles = {(wire.source, wire.target): wire.role for wire in graph.wires}
    assert roles["PDU-A", "racks:A1"] == "A"
    assert roles["PDU-B", "racks:A1"] == "B"


def test_a_large_hall_stays_small_enough_to_read(repo_dir: Path) -> None:
    assert len(graph_of(repo_dir, "frontier").elements) < 60
    hall = graph_of(repo_dir, "gpu_hall")
    assert hall.elements["racks:R1"].about == "18 racks"
    assert hall.element_of["NET-R1"] == "racks:R1"


def test_what_has_failed_leaves_what_hangs_on_it_alone_unfed_and_the_rest_with_its_load(repo_dir: Path) -> None:
    layout = load_layout(repo_dir / "layouts" / "small_room.layout.json")
    floor = expand_known(layout, shipped_catalogue())[0]
    graph = one_line(floor, shipped_catalogue(), failed=frozenset(["UPS-A"]))
    assert graph.elements["UPS-A"].state == "failed"
    assert graph.elements["PDU-A"].state == "unfed"
    assert graph.elements["racks:A1"].state == ""
    assert graph.elements["UPS-B"].load_w == pytest.approx(116_400.0)
    assert {(w.source, w.target) for w in graph.wires if w.is_dead} >= {("UPS-A", "PDU-A"), ("PDU-A", "racks:A1")}


def test_in_a_run_racks_count_with_what_they_draw_now(repo_dir: Path) -> None:
    layout = load_layout(repo_dir / "layouts" / "small_room.layout.json")
    floor = expand_known(layout, shipped_catalogue())[0]
    rack_w = {name: 1_000.0 for name in floor.racks}
    graph = one_line(floor, shipped_catalogue(), rack_w=rack_w)
    assert graph.elements["racks:A1"].load_w == pytest.approx(5_000.0)
    assert graph.elements["UPS-A"].load_w == pytest.approx(5_000.0)


def test_an_element_above_its_rating_says_so(repo_dir: Path) -> None:
    layout = load_layout(repo_dir / "layouts" / "small_room.layout.json")
    small = edit.find(layout, "PDU-A").model_copy(update={"rated_w": 50_000.0})
    layout = edit.replace(layout, small)
    document = Document(layout, shipped_catalogue())
    document.check_now()
    element = one_line(document.floor, document.catalogue, document.findings).elements["PDU-A"]
    assert (element.state, element.severity) == ("over", "critical")
    assert "rated 50.0 kW" in "".join(element.words)


def test_cold_flows_from_the_chillers_to_the_air_of_the_room(repo_dir: Path) -> None:
    layout = load_layout(repo_dir / "layouts" / "gpu_hall.layout.json")
    graph = loops(expand_known(layout, shipped_catalogue())[0], shipped_catalogue())
    ends = {(wire.source, wire.target) for wire in graph.wires}
    assert ends >= {("CT", "CW"), ("CW", "CH"), ("CH", "CHW"), ("CHW", "FW-W1"), ("FW-W1", ROOM)}
    total = graph.elements[ROOM]
    assert total.load_w == pytest.approx(graph.elements["FW-W1"].load_w)


@pytest.mark.parametrize(
    ("first", "last", "words"),
    [("A1", "A5", "A1…5"), ("CRAH-1", "CRAH-3", "CRAH-1…3"), ("X", "X", "X"), ("A9", "B2", "A9…B2")],
)
def test_names_from_one_to_another_are_written_short(first: str, last: str, words: str) -> None:
    assert span_name(first, last) == words


# The hand


def test_selection_is_shared_both_ways_even_with_what_stands_nowhere(page: DiagramPage, view: PlanView) -> None:
    QTest.mouseClick(page.canvas, Qt.MouseButton.LeftButton, pos=middle(page, "TX-1"))
    assert view.selection == ["TX-1"]
    view.set_selection(["B2"])
    assert page.canvas.selected == ["racks:B1"]
    view.set_selection(["UPS-A"])
    assert page.canvas.selected == ["UPS-A"]


def test_a_wire_drawn_from_an_output_to_an_input_is_one_named_step(page: DiagramPage) -> None:
    document = page._document
    page.cut(page.canvas.graph.elements["UPS-A"], page.canvas.graph.elements["PDU-A"])
    assert node(page, "PDU-A").inputs == ()
    assert page.canvas.graph.elements["PDU-A"].state == "unfed"
    before = document.layout
    QTest.mousePress(page.canvas, Qt.MouseButton.LeftButton, pos=middle(page, "UPS-B"))
    QTest.mouseMove(page.canvas, middle(page, "UPS-B") + QPoint(30, 30))
    QTest.mouseMove(page.canvas, middle(page, "PDU-A"))
    QTest.mouseRelease(page.canvas, Qt.MouseButton.LeftButton, pos=middle(page, "PDU-A"))
    assert node(page, "PDU-A").inputs == ("UPS-B",)
    assert document.undo_name == "Join PDU-A to UPS-B"
    document.undo()
    assert document.layout == before


def test_a_wire_is_cut_with_delete_and_undone(page: DiagramPage) -> None:
    document, first = page._document, page._document.layout
    wire = next(wire for wire in page.canvas.graph.wires if (wire.source, wire.target) == ("PDU-B", "racks:A1"))
    route = page.canvas.flow.routes[page.canvas.graph.wires.index(wire)]
    at = page.canvas._transform().map(QPoint(round(route[-1][0]), round(route[-1][1]) - 12))
    QTest.mouseClick(page.canvas, Qt.MouseButton.LeftButton, pos=at)
    assert page.canvas.wire == wire
    QTest.keyClick(page.canvas, Qt.Key.Key_Delete)
    assert all("B" not in edit.find(document.layout, f"A{n}").feeds for n in range(1, 6))
    assert document.undo_name == "Cut A1…5 from PDU-B"
    document.undo()
    assert document.layout == first


@pytest.mark.parametrize(
    ("source", "target", "words"),
    [
        ("PDU-A", "MSB", "feeds itself through"),
        ("UPS-B", "PDU-A", "is a pdu with 2 inputs (UPS-A, UPS-B), 1 is the limit"),
        ("GEN-1", "MSB", "may be out of step"),
        ("PDU-B", "racks:A1", "side B of A1 hangs on PDU-B already"),
        ("racks:A1", "PDU-A", "gives nothing"),
    ],
)
def test_what_can_never_be_right_is_refused_with_the_words_of_a_check(
    page: DiagramPage, qtbot, source: str, target: str, words: str
) -> None:
    elements, before = page.canvas.graph.elements, page._document.layout
    with qtbot.waitSignal(page._document.refused) as told:
        assert not page.join(elements[source], elements[target])
    error: TwinError = told.args[0]
    assert words in str(error)
    assert page._document.layout is before


def test_arrows_walk_the_wires_and_enter_goes_to_the_plan(page: DiagramPage, view: PlanView, qtbot) -> None:
    canvas = page.canvas
    view.set_selection(["UTILITY"])
    for _ in range(3):
        QTest.keyClick(canvas, Qt.Key.Key_Down)
    assert view.selection == ["MSB"]
    QTest.keyClick(canvas, Qt.Key.Key_Up)
    assert view.selection == ["ATS-1"]
    with qtbot.waitSignal(page.plan_wanted) as told:
        QTest.keyClick(canvas, Qt.Key.Key_Return)
    assert told.args[0] == ["ATS-1"]


def test_the_keyboard_cuts_and_joins(page: DiagramPage, view: PlanView) -> None:
    canvas = page.canvas
    view.set_selection(["PDU-A"])
    QTest.keyClick(canvas, Qt.Key.Key_C)
    assert canvas.wire is not None
    assert canvas.wire.source == "UPS-A"
    QTest.keyClick(canvas, Qt.Key.Key_Delete)
    assert node(page, "PDU-A").inputs == ()
    view.set_selection(["UPS-A"])
    QTest.keyClick(canvas, Qt.Key.Key_J)
    view.set_selection(["PDU-A"])
    QTest.keyClick(canvas, Qt.Key.Key_Return)
    assert node(page, "PDU-A").inputs == ("UPS-A",)


def test_tab_walks_all_elements_from_the_top(page: DiagramPage) -> None:
    seen = []
    while page.canvas.focusNextPrevChild(True) and len(seen) < 50:
        seen.append(page.canvas.selected[0])
        if len(seen) == len(page.canvas.graph.elements):
            break
    assert seen[0] == "UTILITY"
    assert set(seen) == set(page.canvas.graph.elements)


# Adding


def test_an_empty_hall_is_powered_in_the_window(qapp, qtbot) -> None:
    rack = PlacedRack(id="R01", type="rack_42u_600", x_m=2.0, y_m=2.0)
    room = Room(outline_m=((0, 0), (8, 0), (8, 6), (0, 6)))
    view = PlanView(Document(Layout(name="hall", room=room, racks=(rack,)), shipped_catalogue()))
    qtbot.addWidget(view)
    page, catalogue = shown("one_line", view, qtbot), shipped_catalogue()
    first = view.document.layout
    for device in ("utility_22kv9", "transformer_1000kva", "switchboard_3200a", "ups_400kva", "pdu_225kva"):
        assert page.add_device(catalogue[device])
    assert [one.inputs for one in view.document.layout.power] == [(), ("UTILITY-1",), ("TX-1",), ("MSB-1",), ("UPS-1",)]
    assert page.join(page.canvas.graph.elements["PDU-1"], page.canvas.graph.elements["racks:R01"])
    assert edit.find(view.document.layout, "R01").feeds == {"A": "PDU-1"}
    while view.document.undo_name:
        view.document.undo()
    assert view.document.layout == first


def test_a_loop_with_its_chiller_and_pump_is_drawn_in_the_window(view: PlanView, cooling: DiagramPage, qtbot) -> None:
    assert cooling.add_loop("facility_water")
    assert view.selection == ["FWS"]
    assert cooling.add_device(shipped_catalogue()["dry_cooler_500kw"])
    assert edit.find(view.document.layout, "DC-1").loop == "FWS"
    elements = cooling.canvas.graph.elements
    assert cooling.join(elements["FWS"], elements["CRAH-1"])
    assert edit.find(view.document.layout, "CRAH-1").loop == "FWS"


def test_a_plant_item_without_any_loop_is_refused_with_the_way_out(qapp, qtbot) -> None:
    view = PlanView(Document(Layout(name="hall", room=Room(outline_m=((0, 0), (8, 0), (8, 6)))), shipped_catalogue()))
    qtbot.addWidget(view)
    page = shown("loops", view, qtbot)
    with qtbot.waitSignal(view.document.refused) as told:
        page.add_device(shipped_catalogue()["pump_chw_15kg_s"])
    assert "add a loop first" in str(told.args[0])


def test_pumps_and_chillers_must_stay_on_a_loop(cooling: DiagramPage, qtbot) -> None:
    elements = cooling.canvas.graph.elements
    with qtbot.waitSignal(cooling._document.refused) as told:
        cooling.cut(elements["CH"], elements["CHW"])
    assert "must be on one loop" in str(told.args[0])


# Fields


def test_fields_are_typed_in_the_inspector_and_undone_by_name(view: PlanView) -> None:
    inspector = Inspector(view)
    view.set_selection(["UPS-A"])
    form = inspector.element
    assert set(form.editors) >= {"id", "type", "side", "rated_w", "battery", "battery_count", "mode"} - {"mode"}
    assert form.set_field("rated_w", "250")
    assert edit.find(view.document.layout, "UPS-A").rated_w == 250_000.0
    assert view.document.undo_name == "Change rating set of UPS-A"
    view.set_selection(["CHW"])
    assert form.set_field("supply_c", "12.5")
    assert edit.find(view.document.layout, "CHW").supply_c == 12.5


@pytest.mark.parametrize(
    ("key", "text"), [("rated_w", "-5"), ("rated_w", "many"), ("battery_count", "0"), ("id", "UPS-B")]
)
def test_what_a_field_cannot_hold_is_refused(view: PlanView, qtbot, key: str, text: str) -> None:
    form = ElementForm(view.document)
    qtbot.addWidget(form)
    form.show_element(["UPS-A"])
    before = view.document.layout
    with qtbot.waitSignal(view.document.refused):
        assert not form.set_field(key, text)
    assert view.document.layout is before


def test_an_element_gets_another_name_and_what_hangs_on_it_follows(view: PlanView) -> None:
    form = ElementForm(view.document)
    form.show_element(["PDU-A"])
    assert form.set_field("id", "PDU-1")
    assert edit.find(view.document.layout, "A1").feeds["A"] == "PDU-1"


def test_delete_on_the_plan_takes_off_what_stands_nowhere(view: PlanView) -> None:
    view.set_selection(["GEN-1"])
    assert view.commands.remove()
    assert all(one.id != "GEN-1" for one in view.document.layout.power)
