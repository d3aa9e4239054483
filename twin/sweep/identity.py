"""What decides the numbers of a sweep, as one hash: documents, sheets, the files they name, and the program."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from twin.files import asset_dir
from twin.scenario.overrides import Documents
from twin.sweep.plan import Point


def identity_of(points: Sequence[Point], hours: float | None, documents: Documents, folder: Path) -> str:
    """SHA-256 in hex; `folder` is what the scenario's file names are relative to."""
    digest = hashlib.sha256()
    for part in (hours, documents.scenario, documents.layout, documents.sheets, _program()):
        digest.update(json.dumps(part).encode())
    for point in points:
        digest.update(json.dumps([[(o.name, o.value) for o in point.overrides], point.seed]).encode())
    for path in sorted(set(_files(points, documents, folder))):
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def _files(points: Sequence[Point], documents: Documents, folder: Path) -> Iterator[Path]:
    """Sheets and tables the program ships, folders of the user's own, and files that scenario or points name."""
    yield from (path for path in asset_dir().glob("*/**/*.*") if path.suffix in (".yaml", ".csv", ".json", ".gz"))
    own = documents.scenario.get("catalogues")
    for name in own if isinstance(own, list) else []:
        yield from (folder / str(name)).glob("**/*.yaml")
    swept = {override.value for point in points for override in point.overrides if isinstance(override.value, str)}
    for name in {*_named_files(documents.scenario), *swept}:
        if (folder / name).is_file():
            yield folder / name


def _named_files(tree: object) -> Iterator[str]:
    if isinstance(tree, dict):
        for key, value in tree.items():
            if key == "file" and isinstance(value, str):
                yield value
            else:
                yield from _named_files(value)
    elif isinstance(tree, list):
        for value in tree:
            yield from _named_files(value)


def _program() -> str:
    try:
        return version("kcloud-twin")
    except PackageNotFoundError:
        return "from a checkout"
