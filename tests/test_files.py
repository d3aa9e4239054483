"""Reading what people write and writing what the program makes."""

# ruff: noqa: E501 - a table of mistakes reads best with one mistake a line

from __future__ import annotations

import hashlib
import json
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, Field, field_validator

from twin.errors import DocumentError, OutputError, Problems, TwinError, each_problem, named, raise_all
from twin.files import (
    check_format,
    parse_json,
    read_json,
    read_text,
    read_yaml,
    sha256_of,
    validated,
    whole_file,
    yaml_value,
)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("no", "no"), ("yes", "yes"), ("on", "on"), ("off", "off"), ("12:30", "12:30"), ("2026-07-15", "2026-07-15"),
        ("400e12", 400e12), ("1e3", 1000.0), ("010", 10), ("0o10", 8), ("0x1F", 31), ("1_000", "1_000"), ("true", True),
        ("False", False), ("null", None), ("~", None), ("", None), (".5", 0.5), ("-3", -3), ("'3'", "3"), ("<<", "<<"),
    ],
)  # fmt: skip
def test_yaml_is_read_as_version_1_2_means_it(text: str, value: object) -> None:
    """YAML 1.2.2, section 10.3.2, core schema."""
    found = yaml_value(text, "x")
    assert found == value
    assert type(found) is type(value)


@given(st.recursive(st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False),
                    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.from_regex(r"[a-z]{1,4}", fullmatch=True), inner, max_size=3)))  # fmt: skip
def test_json_is_yaml(value: object) -> None:
    assert yaml_value(json.dumps(value), "x") == value


def test_a_byte_order_mark_and_crlf_are_no_matter(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    path.write_bytes(b"\xef\xbb\xbfa: 1\r\nb: two\r\n")
    assert read_yaml(path) == {"a": 1, "b": "two"}


def test_a_document_cannot_run_code(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    path.write_text("a: !!python/object/apply:os.system [touch /tmp/owned]\n")
    with pytest.raises(DocumentError, match=r"a\.yaml:1:4"):
        read_yaml(path)


@pytest.mark.parametrize("text", ['{"a": NaN}', '{"a": Infinity}', '{"a": -Infinity}'])
def test_json_knows_no_numbers_that_are_none(text: str) -> None:
    with pytest.raises(DocumentError, match="is not a number"):
        parse_json(text, Path("x.json"))


def test_the_line_of_a_broken_json_is_told() -> None:
    with pytest.raises(DocumentError) as caught:
        parse_json('{\n "a": 1,\n "b" 2\n}', Path("x.json"))
    assert caught.value.where == "x.json:3:6"


@pytest.mark.parametrize("read", [read_json, read_yaml])
def test_a_key_given_twice_is_an_error(tmp_path: Path, read: object) -> None:
    path = tmp_path / "a"
    path.write_text('{"b": {"a": 1, "a": 2}}')
    with pytest.raises(DocumentError, match=r"key 'a' is given (2 times|twice)"):
        read(path)  # type: ignore[operator]


def test_a_folder_and_a_file_that_is_not_there_are_told_apart(tmp_path: Path) -> None:
    with pytest.raises(DocumentError, match="this is a folder"):
        read_text(tmp_path)
    with pytest.raises(DocumentError, match="no such file"):
        read_text(tmp_path / "x")


@pytest.mark.parametrize("version", [None, 0, -1, "1", 1.5, True])
def test_a_version_is_a_whole_number_from_1(version: object) -> None:
    with pytest.raises(DocumentError, match="a whole number from 1 is needed"):
        check_format({"format": "f", "version": version}, "x", "f", 2)


def test_old_versions_pass_and_newer_ones_do_not() -> None:
    assert [check_format({"format": "f", "version": v}, "x", "f", 2) for v in (1, 2)] == [1, 2]
    with pytest.raises(DocumentError, match="f version 3 is newer than the 2 this program reads"):
        check_format({"format": "f", "version": 3}, "x", "f", 2)


class Part(BaseModel, extra="forbid", allow_inf_nan=False):
    width_m: float = Field(gt=0)


class Whole(BaseModel, extra="forbid", allow_inf_nan=False):
    parts: tuple[Part, ...] = Field(min_length=1)
    name: str = ""

    @field_validator("name")
    @classmethod
    def _is_calm(cls, name: str) -> str:
        if "!" in name:
            raise ValueError("the name shouts; take the mark out")
        return name


@pytest.mark.parametrize(
    ("tree", "says"),
    [
        ({"parts": [{"width_m": -1}]}, "f parts[0].width_m: input should be greater than 0 (given: -1); change the value"),
        ({"parts": [{"width_m": float("nan")}]}, "f parts[0].width_m: is nan, a finite number is needed; give a number or leave the key out"),
        ({"parts": [{"widht_m": 1, "width_m": 1}]}, "f parts[0].widht_m: unknown key; did you mean 'width_m'? `twin schema` lists the keys"),
        ({"parts": [{"width_m": 1}], "zzz": 1}, "f zzz: unknown key; remove it or mend its spelling; `twin schema` lists the keys"),
        ({"parts": [{}]}, "f parts[0].width_m: is missing; add it; `twin schema` tells what it means"),
        ({"parts": []}, "f parts: holds 0, at least 1 needed; add what is missing"),
        ({"parts": [{"width_m": 1}], "name": "hey!"}, "f name: the name shouts; take the mark out"),
    ],
)  # fmt: skip
def test_a_mistake_is_one_line_with_place_and_way_out(tree: object, says: str) -> None:
    with pytest.raises(DocumentError) as caught:
        validated(Whole, tree, "f")
    assert str(caught.value) == says


def test_mistakes_of_one_document_come_together() -> None:
    with pytest.raises(Problems) as caught:
        validated(Whole, {"parts": [{"width_m": 0}, {}], "x": 1}, "f")
    assert len(each_problem(caught.value)) == 3


def test_a_document_is_named_before_the_place_but_not_twice() -> None:
    with pytest.raises(Problems) as caught, named("hall.json"):
        raise_all(
            [TwinError("a", "R1", "h"), TwinError("b", "hall.json R2", "h"), TwinError("c"), TwinError("d", "/x/t.csv")]
        )
    assert [error.where for error in each_problem(caught.value)] == [
        "hall.json R1",
        "hall.json R2",
        "hall.json",
        "hall.json, /x/t.csv",
    ]


def test_a_file_appears_whole(tmp_path: Path) -> None:
    path = tmp_path / "new" / "a.txt"
    with whole_file(path) as file:
        file.write("한글\n")
        assert not path.exists()
    assert path.read_bytes() == "한글\n".encode()
    assert os.listdir(path.parent) == ["a.txt"]
    assert sha256_of(path) == hashlib.sha256("한글\n".encode()).hexdigest()


def test_the_old_file_stays_when_writing_fails(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("old")

    def give_up_halfway() -> None:
        with whole_file(path) as file:
            file.write("half")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        give_up_halfway()
    assert path.read_text() == "old"
    assert os.listdir(tmp_path) == ["a.txt"]


def test_a_place_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(OutputError) as caught, whole_file(tmp_path / "file" / "a.txt"):
        pass
    assert caught.value.where == str(tmp_path / "file" / "a.txt")
    assert caught.value.hint
