"""Read what people wrote, write what the program made: YAML 1.2, JSON, and files that appear whole or not at all."""

from __future__ import annotations

import errno
import hashlib
import json
import math
import os
import re
import stat
import sys
import tempfile
from collections.abc import Hashable, Iterator
from contextlib import contextmanager
from difflib import get_close_matches
from functools import cache
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, TypeVar, cast

from pydantic import BaseModel, ValidationError

from twin.errors import DocumentError, OutputError, TwinError, raise_all

if TYPE_CHECKING:
    import yaml

Document = TypeVar("Document", bound=BaseModel)
Tree = dict[str, object]


def asset_dir() -> Path:
    """The folder of sheets and tables: beside the code in a checkout, under the environment's share/ when installed."""
    beside_code = Path(__file__).resolve().parent.parent / "assets"
    return beside_code if beside_code.is_dir() else Path(sys.prefix) / "share" / "kcloud-twin" / "assets"


def read_text(path: Path) -> str:
    """The text of a file, UTF-8 with or without a byte-order mark."""
    try:
        return path.read_bytes().decode("utf-8-sig")
    except FileNotFoundError as error:
        raise DocumentError("no such file", str(path), "check the path; it is relative to where you are") from error
    except IsADirectoryError as error:
        raise DocumentError("this is a folder, not a file", str(path), "name a file in it") from error
    except UnicodeDecodeError as error:
        raise DocumentError(f"not UTF-8 text (byte {error.start})", str(path), "save it as UTF-8") from error
    except OSError as error:
        raise DocumentError(f"cannot be read: {error.strerror}", str(path), "check its permissions") from error


def read_json(path: Path) -> Tree:
    """A JSON document as a mapping; a key given twice, NaN and Infinity are errors with their line."""
    return parse_json(read_text(path), path)


def parse_json(text: str, path: Path) -> Tree:
    """A JSON document from its text; `path` is what mistakes are reported under."""

    def unique(pairs: list[tuple[str, object]]) -> Tree:
        found = dict(pairs)
        if len(found) < len(pairs):
            keys = [key for key, _ in pairs]
            twice = next(key for key in keys if keys.count(key) > 1)
            raise DocumentError(f"key {twice!r} is given {keys.count(twice)} times", str(path), "keep one of them")
        return found

    def refuse(name: str) -> float:
        line = text[: text.find(name)].count("\n") + 1
        raise DocumentError(f"{name} is not a number", f"{path}:{line}", "give a finite number or leave the key out")

    try:
        tree = json.loads(text, object_pairs_hook=unique, parse_constant=refuse)
    except RecursionError as error:
        raise DocumentError("brackets are nested too deeply", str(path), "no document of ours needs that") from error
    except json.JSONDecodeError as error:
        raise DocumentError(
            f"broken JSON: {error.msg}",
            f"{path}:{error.lineno}:{error.colno}",
            "this is a YAML file by its name; a JSON file, such as a layout, is needed"
            if path.suffix in (".yaml", ".yml")
            else "mend the text at this place",
        ) from error
    except ValueError as error:  # a whole number of thousands of digits
        raise DocumentError(f"broken JSON: {error}", str(path), "give a number of fewer digits") from error
    if _HALF_LETTER.search(text):
        _refuse_half_letters(text, json.dumps(tree, ensure_ascii=False), path)
    return _mapping(tree, path)


_HALF_LETTER = re.compile(r"\\u[dD][89a-fA-F]")


def _refuse_half_letters(text: str, meant: str, path: Path) -> None:
    """Half of a UTF-16 pair can be written in JSON, but is no letter and can never be saved again."""
    try:
        meant.encode()
    except UnicodeEncodeError as error:
        code = f"\\u{ord(meant[error.start]):04x}"
        line = text[: max(0, text.lower().find(code))].count("\n") + 1
        raise DocumentError(f"{code} is half a letter", f"{path}:{line}", "write the letter itself") from error


def read_yaml(path: Path) -> Tree:
    """A YAML 1.2 document as a mapping: `no` and `12:30` are text, `400e12` is a number, a key given twice an error."""
    # Imported here because the start of the program must not pay for a parser that many verbs never use.
    import yaml

    text = read_text(path)
    try:
        tree = yaml.load(text, Loader=_yaml_12_loader())
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        place = f"{path}:{mark.line + 1}:{mark.column + 1}" if mark else str(path)
        twice = isinstance(error, yaml.constructor.ConstructorError)
        what = str(error.problem) if twice else f"broken YAML: {error.problem}"
        raise DocumentError(what, place, "keep one of them" if twice else "mend the text at this place") from error
    return _mapping(tree, path)


def yaml_value(text: str, where: str) -> object:
    """One value as YAML 1.2 reads it: a number, true, text, a list or a mapping in braces."""
    import yaml

    try:
        value: object = yaml.load(text, Loader=_yaml_12_loader())
    except yaml.YAMLError as error:
        raise DocumentError(f"{text!r} is no value", where, "quote it, or mend its brackets") from error
    return value


@cache
def _yaml_12_loader() -> type[yaml.CSafeLoader]:
    """PyYAML's C parser with the core schema of YAML 1.2 in place of 1.1 (YAML 1.2.2, section 10.3.2)."""
    import yaml

    class Loader(yaml.CSafeLoader):
        yaml_implicit_resolvers = {}  # noqa: RUF012 - PyYAML looks it up on the class

        def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, object]:
            seen: set[str] = set()
            for key, _ in node.value:
                if key.value in seen:
                    raise yaml.constructor.ConstructorError(
                        None, None, f"key {key.value!r} is given twice", key.start_mark
                    )
                seen.add(key.value)
            return super().construct_mapping(node, deep)

    number = r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?|[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)"
    for tag, pattern, first in (
        ("bool", r"true|True|TRUE|false|False|FALSE", "tTfF"),
        ("null", r"~|null|Null|NULL|", "~nN\0"),
        ("int", r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+", "-+0123456789"),
        ("float", number, "-+.0123456789"),
    ):
        letters = [*first.replace("\0", ""), *([""] if "\0" in first else [])]
        Loader.add_implicit_resolver(f"tag:yaml.org,2002:{tag}", re.compile(f"^(?:{pattern})$"), letters)
    Loader.add_constructor(
        "tag:yaml.org,2002:int", lambda loader, node: int(node.value, 10 if node.value[:2] not in ("0x", "0o") else 0)
    )
    Loader.add_constructor(
        "tag:yaml.org,2002:float",
        lambda loader, node: float(node.value.lower().replace(".inf", "inf").replace(".nan", "nan")),
    )
    return Loader


def _mapping(tree: object, path: Path) -> Tree:
    if not isinstance(tree, dict):
        kind = "nothing" if tree is None else type(tree).__name__
        raise DocumentError(
            f"holds {kind} where a mapping is needed", str(path), "start it with `format:` and `version:`"
        )
    return cast(Tree, tree)


def check_format(tree: Tree, path: Path | str, document: str, version: int) -> int:
    """The version a document says it has; a foreign format or a newer version is refused."""
    found = tree.get("format")
    if found != document:
        hint = f"write `format: {document}`" if found is None else f"name a {document} file instead of this one"
        raise DocumentError(f"format is {found!r}, {document!r} is needed", str(path), hint)
    has = tree.get("version")
    if not isinstance(has, int) or isinstance(has, bool) or has < 1:
        raise DocumentError(
            f"version is {has!r}, a whole number from 1 is needed", str(path), f"write `version: {version}`"
        )
    if has > version:
        raise DocumentError(
            f"{document} version {has} is newer than the {version} this program reads", str(path), "update the program"
        )
    return has


def validated(model: type[Document], tree: object, where: str) -> Document:
    """A document from its mapping; all mistakes are reported together, each with its place."""
    try:
        return model.model_validate(tree)
    except ValidationError as error:
        known = _keys(model)
        items = [dict(item) for item in error.errors(include_url=False)]
        mistakes: list[TwinError] = [_mistake(item, where, known) for item in items if not _is_echo(item, items)]
        raise_all(mistakes)
        raise


def _is_echo(item: dict[str, object], items: list[dict[str, object]]) -> bool:
    """Whether a list is called too short only because its items are mistaken: pydantic does not count those."""
    place = cast(tuple[object, ...], item["loc"])
    others = [cast(tuple[object, ...], other["loc"]) for other in items if other is not item]
    return item["type"] == "too_short" and any(other[: len(place)] == place for other in others)


@cache
def _keys(model: type[BaseModel]) -> tuple[str, ...]:
    """All keys that may stand anywhere in a document."""
    tree = model.model_json_schema()
    parts = [tree, *tree.get("$defs", {}).values()]
    return tuple(sorted({key for part in parts for key in part.get("properties", {})}))


def _mistake(item: dict[str, object], where: str, known: tuple[str, ...] = ()) -> DocumentError:
    """One pydantic finding in the project's words."""
    place = where
    for part in cast(tuple[object, ...], item["loc"]):
        place += f"[{part}]" if isinstance(part, int) else f" {part}" if place == where else f".{part}"
    kind, message, given = str(item["type"]), str(item["msg"]), item.get("input")
    context = cast(Tree, item.get("ctx") or {})
    if isinstance(context.get("error"), TwinError):
        inner = cast(TwinError, context["error"])
        return DocumentError(inner.what, f"{place} {inner.where}".strip(), inner.hint)
    if kind == "extra_forbidden":
        near = get_close_matches(str(cast(tuple[object, ...], item["loc"])[-1]), known, 1, 0.7)
        spelling = f"did you mean {near[0]!r}?" if near else "remove it or mend its spelling;"
        return DocumentError("unknown key", place, f"{spelling} `twin schema` lists the keys")
    if kind == "too_short":
        what = f"holds {context.get('actual_length')}, at least {context.get('min_length')} needed"
        return DocumentError(what, place, "add what is missing")
    if kind == "missing":
        return DocumentError("is missing", place, "add it; `twin schema` tells what it means")
    if isinstance(given, float) and not math.isfinite(given):
        return DocumentError(f"is {given}, a finite number is needed", place, "give a number or leave the key out")
    if kind == "value_error":
        what, _, hint = message.removeprefix("Value error, ").partition("; ")
        return DocumentError(what, place, hint or "change the value")
    shown = f" (given: {given!r})" if isinstance(given, (str, int, float, bool)) else ""
    return DocumentError(message[:1].lower() + message[1:] + shown, place, "change the value")


@contextmanager
def whole_file(path: Path, mode: str = "w") -> Iterator[IO[Any]]:
    """Write a file that appears whole or not at all: the old one stays until the new one is on the disk.

    What a link points to is written, not the link; permissions stay as they were; a read-only file is refused.
    """
    name = ""
    try:
        path = Path(os.path.realpath(path))
        permissions = _permissions(path)
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".part")
        encoding = None if "b" in mode else "utf-8"
        with os.fdopen(handle, mode, encoding=encoding, newline=None if "b" in mode else "\n") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        os.chmod(name, permissions)
        os.replace(name, path)
    except OSError as error:
        raise OutputError(
            f"cannot be written: {error.strerror}", str(path), "free space or choose another folder"
        ) from error
    finally:
        if name and os.path.exists(name):
            os.unlink(name)


def _permissions(path: Path) -> int:
    """Those of a file that is there and may be written, else those of a new one."""
    if not path.exists():
        return 0o644
    if not os.access(path, os.W_OK):
        raise PermissionError(errno.EACCES, "the file is read-only", str(path))
    return stat.S_IMODE(path.stat().st_mode)


def sha256_of(path: Path) -> str:
    """The SHA-256 of a file's bytes, in hex."""
    return hashlib.sha256(path.read_bytes()).hexdigest()
