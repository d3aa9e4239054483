"""Values set from outside the files: `path=value` for the scenario, `layout:path=value`, `sheet:ID.path=value`."""

from __future__ import annotations

from collections.abc import Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path

from twin.errors import DocumentError
from twin.files import Tree, read_json, yaml_value


@dataclass(frozen=True, slots=True)
class Override:
    """One value for one place in one document."""

    document: str  # "scenario", "layout" or "sheet"
    path: tuple[str, ...]
    value: object

    @property
    def name(self) -> str:
        """As the user writes it."""
        prefix = "" if self.document == "scenario" else f"{self.document}:"
        return prefix + ".".join(self.path)


def parse_path(text: str, value: object) -> Override:
    """An override from its path as written, such as `layout:coolers.CRAH-1.supply_c`."""
    document, colon, rest = text.partition(":")
    if not colon:
        document, rest = "scenario", text
    if document not in ("scenario", "layout", "sheet") or not rest.strip("."):
        raise DocumentError(
            f"{text!r} names no place", "path", "write path, layout:path or sheet:ID.path, parts joined by dots"
        )
    parts = _parts(rest)
    if document == "sheet" and len(parts) < 2:
        raise DocumentError(f"{text!r} names a sheet but no field", "path", "write sheet:ID.field")
    return Override(document, parts, value)


def _parts(text: str) -> tuple[str, ...]:
    """Parts of a path; an id that holds dots itself is put in quotes: workloads."llama-3.1".model."""
    pieces = text.split('"')
    parts: list[str] = []
    for i, piece in enumerate(pieces):
        parts += [piece] if i % 2 else [p for p in piece.split(".") if p]
    return tuple(parts)


def parse_set(text: str) -> Override:
    """An override from `path=value`; the value is read as YAML."""
    path, equals, value = text.partition("=")
    if not equals:
        raise DocumentError(f"{text!r} has no `=`", "--set", "write path=value")
    return parse_path(path.strip(), yaml_value(value, f"--set {path}"))


@dataclass(slots=True)
class Documents:
    """The trees of one run before they are read: scenario and layout.

    `folder` is what the layout's file name is relative to; without it the layout cannot be exchanged by its name.
    """

    scenario: Tree
    layout: Tree
    sheets: dict[str, Tree] = field(default_factory=dict)
    folder: Path | None = None

    def changed(self, overrides: Sequence[Override]) -> Documents:
        """Copies with the overrides applied; DocumentError names a place that does not exist."""
        result = Documents(deepcopy(self.scenario), deepcopy(self.layout), deepcopy(self.sheets), self.folder)
        # Another layout comes before what is changed in it, whatever the order given.
        for override in sorted(overrides, key=lambda one: one.document != "scenario"):
            if override.document == "sheet":
                _set(result.sheets, override)
            elif override.document == "layout":
                _set(result.layout, override)
            else:
                _set(result.scenario, override)
                if override.path == ("layout",):
                    result.layout = self._other_layout(override)
        return result

    def _other_layout(self, override: Override) -> Tree:
        if self.folder is None or not isinstance(override.value, str):
            raise DocumentError("the layout cannot be exchanged here", override.name, "give the name of a layout file")
        return read_json(self.folder / override.value)


def _set(tree: object, override: Override) -> None:
    for depth, part in enumerate(override.path[:-1]):
        tree = _child(tree, part, ".".join(override.path[: depth + 1]), override.name)
    last = override.path[-1]
    if isinstance(tree, list):
        tree[_index(tree, last, override.name)] = override.value
    elif isinstance(tree, dict):
        tree[last] = override.value
    else:
        raise DocumentError(f"{'.'.join(override.path[:-1])} holds a single value", override.name, "shorten the path")


def _child(tree: object, part: str, so_far: str, name: str) -> object:
    if isinstance(tree, list):
        return tree[_index(tree, part, name)]
    if isinstance(tree, dict):
        # A part left out of the file has defaults all through; it is made so that one of them can be set.
        return tree.setdefault(part, {})
    raise DocumentError(f"{so_far} goes into a single value", name, "shorten the path")


def _index(items: list[object], part: str, name: str) -> int:
    """Position of a list item by its number or its id."""
    if part.isdigit() and int(part) < len(items):
        return int(part)
    ids = [str(item.get("id", "")) if isinstance(item, dict) else "" for item in items]
    if part in ids:
        return ids.index(part)
    near = get_close_matches(part, ids, 3, 0.4)
    hint = f"did you mean {', '.join(near)}?" if near else f"known: {', '.join(filter(None, ids)) or len(items)}"
    raise DocumentError(f"no item {part!r} in a list of {len(items)}", name, hint)
