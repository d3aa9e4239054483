"""Values set from outside: the place must exist, the file's own tree stays as it was."""

from __future__ import annotations

import json
from copy import deepcopy
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from twin.errors import DocumentError
from twin.scenario.overrides import Documents, Override, parse_path, parse_set

SCENARIO = {
    "hours": 1,
    "layout": "a.json",
    "workloads": [{"id": "chat", "rate": 2.0}, {"id": "llama-3.1", "rate": 3.0}],
    "nothing": None,
}
LAYOUT = {"coolers": [{"id": "CRAH-1", "supply_c": 18}], "room": {"height_m": 3.2}}


def documents(folder: Path | None = None) -> Documents:
    return Documents(deepcopy(SCENARIO), deepcopy(LAYOUT), folder=folder)


@pytest.mark.parametrize(
    ("text", "override"),
    [
        ("hours=2", Override("scenario", ("hours",), 2)),
        ("layout:room.height_m=4.5", Override("layout", ("room", "height_m"), 4.5)),
        ("sheet:nxt_rngd.fan_max_w=3e2", Override("sheet", ("nxt_rngd", "fan_max_w"), 300.0)),
        ('workloads."llama-3.1".rate=1', Override("scenario", ("workloads", "llama-3.1", "rate"), 1)),
        ("start=12:30", Override("scenario", ("start",), "12:30")),
        ("name=no", Override("scenario", ("name",), "no")),
        ("is_on=true", Override("scenario", ("is_on",), True)),
        ("note=a=b", Override("scenario", ("note",), "a=b")),
        ("tags=[a, b]", Override("scenario", ("tags",), ["a", "b"])),
        ("file=", Override("scenario", ("file",), None)),
    ],
)
def test_a_setting_is_a_path_and_a_yaml_value(text: str, override: Override) -> None:
    assert parse_set(text) == override


@pytest.mark.parametrize(
    "text", ["hours", "=1", "layout:=1", "layout:.=1", "laiout:room=1", "sheet:nxt_rngd=1", "a=[1"]
)
def test_what_names_no_place_or_no_value_is_refused(text: str) -> None:
    with pytest.raises(DocumentError) as caught:
        parse_set(text)
    assert caught.value.hint


def test_items_of_lists_are_found_by_id_or_number() -> None:
    sets = [
        parse_set("workloads.chat.rate=5"),
        parse_set("workloads.1.rate=6"),
        parse_set("layout:coolers.CRAH-1.supply_c=20"),
    ]
    changed = documents().changed(sets)
    assert [workload["rate"] for workload in changed.scenario["workloads"]] == [5, 6]  # type: ignore[attr-defined, union-attr]
    assert changed.layout["coolers"] == [{"id": "CRAH-1", "supply_c": 20}]


def test_the_documents_given_stay_as_they_were() -> None:
    given_documents = documents()
    given_documents.changed([parse_set("workloads.chat.rate=5"), parse_set("sheet:x.y.z=1")])
    assert given_documents == documents()


def test_a_part_that_the_file_leaves_out_is_made() -> None:
    assert documents().changed([parse_set("weather.offset_k=3")]).scenario["weather"] == {"offset_k": 3}
    sheets = documents().changed([parse_set("sheet:x.serving.a=1"), parse_set("sheet:x.serving.b=2")]).sheets
    assert sheets == {"x": {"serving": {"a": 1, "b": 2}}}


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("workloads.chatt.rate=1", "no item 'chatt' in a list of 2"),
        ("workloads.7.rate=1", "no item '7' in a list of 2"),
        ("hours.x=1", "hours holds a single value"),
        ("hours.x.y=1", "single value"),
        ("layout:coolers.CRAH-2.supply_c=1", "no item 'CRAH-2' in a list of 1"),
    ],
)
def test_a_place_that_is_not_there_is_refused(text: str, says: str) -> None:
    with pytest.raises(DocumentError, match=says) as caught:
        documents().changed([parse_set(text)])
    assert caught.value.where.startswith(text.partition("=")[0].partition(":")[2] or text.partition("=")[0]) or (
        caught.value.where == text.partition("=")[0]
    )


def test_a_value_below_a_value_set_before_is_refused() -> None:
    with pytest.raises(DocumentError, match="single value"):
        documents().changed([parse_set("sheet:x.a=1"), parse_set("sheet:x.a.b=1")])


def test_another_layout_is_read_first_and_changed_then(tmp_path: Path) -> None:
    (tmp_path / "b.json").write_text(json.dumps({"room": {"height_m": 9.0}, "name": "b"}))
    sets = [parse_set("layout:room.height_m=4"), parse_set("layout=b.json")]
    changed = documents(tmp_path).changed(sets)
    assert changed.layout == {"room": {"height_m": 4}, "name": "b"}
    with pytest.raises(DocumentError, match="cannot be exchanged"):
        documents(None).changed(sets)


@given(st.floats(allow_nan=False, allow_infinity=False) | st.integers(-(10**12), 10**12) | st.booleans())
def test_a_number_written_out_comes_back(value: float) -> None:
    text = json.dumps(value)
    found = parse_set(f"hours={text}").value
    assert found == value
    assert type(found) is type(value)


def test_a_name_is_written_as_the_user_writes_it() -> None:
    assert parse_path("layout:room.height_m", 1).name == "layout:room.height_m"
    assert parse_path("hours", 1).name == "hours"
