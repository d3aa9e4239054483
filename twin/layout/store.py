"""Layout files: read with all mistakes named, written so that one placed thing is one line."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import cast

from pydantic import BaseModel
from pydantic_core import PydanticUndefined

from twin.errors import DocumentError
from twin.files import Tree, read_json, validated, whole_file
from twin.layout.model import Layout
from twin.layout.upgrade import upgraded

ALWAYS = frozenset({"format", "version"})
"""Written even though they have defaults: a file says what it is."""

LARGEST_BYTES = 64 << 20

_NONE = object()


def load_layout(path: Path | str) -> Layout:
    """The layout in a file; DocumentError or Problems name file, place and way out."""
    path = Path(path)
    _refuse_too_large(path)
    return validated(Layout, upgraded(read_json(path), path), str(path))


def _refuse_too_large(path: Path) -> None:
    """Before anything of it is read: a file of gigabytes is no layout and would fill the memory."""
    size_bytes = path.stat().st_size if path.is_file() else 0
    if size_bytes > LARGEST_BYTES:
        what = f"holds {size_bytes / 2**20:,.0f} MiB, layouts of at most {LARGEST_BYTES >> 20} MiB are read"
        raise DocumentError(what, str(path), "name a layout; 100,000 racks take about 20 MiB")


def save_layout(layout: Layout, path: Path | str) -> None:
    """Write a layout; the old file stays until the new one is whole. OutputError when it cannot be written."""
    with whole_file(Path(path)) as file:
        file.write(layout_text(layout))


def layout_text(layout: Layout) -> str:
    """The file's text: fields in model order with `id` first, defaults left out, one placed thing per line."""
    return _opened(cast(Tree, plain(layout))) + "\n"


def _opened(tree: Tree) -> str:
    """A mapping with one key per line; lists of mappings get one item per line."""
    lines = []
    for key, value in tree.items():
        if isinstance(value, list) and value and isinstance(value[0], dict):
            # A fabric by rule is one line; one with links of its own is opened, for they are the drawing.
            items = [_opened(item) if key == "fabrics" and "links" in item else _line(item) for item in value]
            text = "[\n" + ",\n".join(_indented(item) for item in items) + "\n]"
        elif isinstance(value, dict) and key == "room":
            text = _opened(value)
        else:
            text = _line(value)
        lines.append(f"{_line(key)}: {text}")
    return "{\n" + ",\n".join(_indented(line) for line in lines) + "\n}"


def _indented(text: str) -> str:
    return "\n".join(f"  {line}" for line in text.split("\n"))


def _line(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, allow_nan=False)


@cache
def _fields(model: type[BaseModel]) -> tuple[tuple[str, object], ...]:
    """Names and defaults of a model's fields, `id` first."""
    names = sorted(model.model_fields, key=lambda name: name != "id")
    return tuple((name, _default(model, name)) for name in names)


def _default(model: type[BaseModel], name: str) -> object:
    value = model.model_fields[name].get_default(call_default_factory=True, validated_data={})
    return _NONE if value is PydanticUndefined or name in ALWAYS else value


def plain(value: object) -> object:
    """Plain JSON values, defaults left out; a whole float becomes an integer, which reads back as the same float."""
    if isinstance(value, BaseModel):
        pairs = ((name, getattr(value, name), default) for name, default in _fields(type(value)))
        return {name: plain(part) for name, part, default in pairs if part != default}
    if isinstance(value, dict):
        return {key: plain(value[key]) for key in sorted(value)}
    if isinstance(value, tuple):
        return [plain(part) for part in value]
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return int(value)
    return value
