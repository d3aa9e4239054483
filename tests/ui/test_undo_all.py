"""Two hundred edits of every kind, undone to the first byte, redone to the last, and read back from their journal."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from twin.catalogue.library import shipped_catalogue
from twin.layout import edit
from twin.layout.model import Fitting, Layer, Layout, PlacedRack, PowerNode, RackRow
from twin.layout.names import next_free_id
from twin.layout.room import Column, Wall
from twin.layout.shelves import SHELVES
from twin.layout.store import layout_text, load_layout, save_layout
from ui.document import Document
from ui.safety.journal import Journal, Subject
from ui.safety.recovery import read_journal

CATALOGUE = shipped_catalogue()
Dice = random.Random
N_EDITS = 200


def any_of(dice: Dice, layout: Layout, *fields: str) -> str:
    names = [thing.id for shelf in SHELVES if not fields or shelf.field in fields for thing in shelf.of(layout)]
    return dice.choice(names) if names else "nothing"


def move(dice: Dice, layout: Layout) -> Layout:
    names = {any_of(dice, layout) for _ in range(dice.randint(1, 4))}
    return edit.move(layout, names, dice.uniform(-5, 5), dice.choice((0.0, 0.1, 1 / 3)))


def turn(dice: Dice, layout: Layout) -> Layout:
    return edit.rotate(layout, {any_of(dice, layout, "racks", "rows", "coolers")}, dice.choice((90.0, 33.3, -15.0)))


def place(dice: Dice, layout: Layout) -> Layout:
    x_m, y_m = dice.uniform(0, 20), dice.uniform(0, 20)
    thing = dice.choice(
        (
            PlacedRack(id=next_free_id(layout, "N"), type="rack_42u_600", x_m=x_m, y_m=y_m),
            Column(id=next_free_id(layout, "C"), x_m=x_m, y_m=y_m, width_m=0.4, depth_m=0.4),
            Wall(id=next_free_id(layout, "W"), points_m=((x_m, y_m), (y_m, x_m))),
            RackRow(id=next_free_id(layout, "R"), type="rack_42u_600", x_m=x_m, y_m=y_m, count=4, pitch_m=0.6),
            PowerNode(id=next_free_id(layout, "P"), type="pdu_225kva"),
        )
    )
    return edit.place(layout, thing)


def remove(dice: Dice, layout: Layout) -> Layout:
    return edit.remove(layout, {any_of(dice, layout)})


def rename(dice: Dice, layout: Layout) -> Layout:
    return edit.rename(layout, any_of(dice, layout), next_free_id(layout, "X"))


def feed(dice: Dice, layout: Layout) -> Layout:
    name, node = any_of(dice, layout, "racks", "rows", "power", "coolers"), any_of(dice, layout, "power")
    thing = edit.find(layout, name)
    fed = node in getattr(thing, "inputs", ()) or node in getattr(thing, "feeds", {}).values()
    return edit.cut(layout, name, node) if fed else edit.join(layout, name, node, dice.choice(("A", "B")))


def break_row(dice: Dice, layout: Layout) -> Layout:
    return edit.break_row(layout, any_of(dice, layout, "rows"), CATALOGUE)


def set_fields(dice: Dice, layout: Layout) -> Layout:
    thing = edit.find(layout, any_of(dice, layout, "racks", "rows"))
    changes = {
        "blanking_frac": dice.random(),
        "tags": (f"t{dice.randint(0, 9)}",),
        "contents": (Fitting(type="nxt_rngd", u=dice.randint(1, 30)),),
    }
    return edit.replace(layout, thing.model_copy(update=dict([dice.choice(list(changes.items()))])))


def set_hall(dice: Dice, layout: Layout) -> Layout:
    room = layout.room.model_copy(update={"height_m": dice.uniform(2.5, 6)})
    layers = {**layout.layers, f"layer{dice.randint(0, 3)}": Layer(is_visible=dice.random() < 0.5)}
    change = dice.choice(({"name": f"홀 {dice.random()}"}, {"room": room}, {"layers": layers}, {"note": "\u2028\n\\"}))
    return layout.model_copy(update=change)


EDITS: tuple[Callable[[Dice, Layout], Layout], ...] = (
    move, move, move, turn, place, place, remove, rename, feed, feed, break_row, set_fields, set_fields, set_hall,
)  # fmt: skip


def edited(document: Document, dice: Dice) -> list[str]:
    """Applies 200 edits; the text after each step of the history, the first included."""
    texts = [layout_text(document.layout)]
    n_done = 0
    while n_done < N_EDITS:
        choice = dice.choice(EDITS)
        key = (choice.__name__,) if dice.random() < 0.3 else None
        n_steps = len(document.history[0])
        if not document.apply(choice.__name__, lambda layout, choice=choice: choice(dice, layout), key):
            continue
        n_done += 1
        if len(document.history[0]) == n_steps:
            texts.pop()
        texts.append(layout_text(document.layout))
    return texts


@pytest.fixture(scope="module")
def first_layouts(layouts_dir: Path) -> list[Layout]:
    return [load_layout(layouts_dir / f"{name}.layout.json") for name in ("small_room", "npu_pim_hall_2028")]


@settings(max_examples=4, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 2**32), i_layout=st.integers(0, 1))
def test_all_undone_is_the_first_file_and_all_redone_the_last(
    qapp, first_layouts: list[Layout], tmp_path: Path, seed: int, i_layout: int
) -> None:
    first = tmp_path / "first.layout.json"
    save_layout(first_layouts[i_layout], first)
    before = first.read_bytes()
    document = Document(load_layout(first), CATALOGUE, first)
    journal = Journal(tmp_path / "journals", pytest.fail)
    journal.begin(Subject(document.layout, first))
    document.recorded.connect(journal.put)
    texts = edited(document, random.Random(seed))
    names = document.history[0]
    assert len(texts) == len(names)
    for text in reversed(texts[:-1]):
        assert document.undo_name
        document.undo()
        assert layout_text(document.layout) == text
    assert document.undo_name == ""
    assert not document.is_dirty
    assert document.save_as(tmp_path / "again.layout.json")
    assert (tmp_path / "again.layout.json").read_bytes() == before
    for text in texts[1:]:
        document.redo()
        assert layout_text(document.layout) == text
    assert document.redo_name == ""
    assert document.save()
    assert (tmp_path / "again.layout.json").read_bytes() == texts[-1].encode()
    assert journal.settle()
    assert journal.path is not None
    recovered = read_journal(journal.path)
    assert [layout_text(layout) for _, layout in recovered.steps] == texts
    assert [name for name, _ in recovered.steps] == names
    assert (recovered.i_step, recovered.i_saved, recovered.n_lost) == (len(texts) - 1, len(texts) - 1, 0)
    journal.close()
