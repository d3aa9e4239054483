"""What decides the numbers of a sweep, as one hash: documents, sheets, the files they name, and the program."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from twin.files import asset_dir
from twin.scenario.overrides import Documents
from twin.sweep.plan import Sweep


def identity_of(sweep: Sweep, documents: Documents, scenario_path: Path) -> str:
    """SHA-256 in hex. What only chooses columns or names the sweep is left out, so that it may be mended later."""
    digest = hashlib.sha256()
    tree = sweep.model_dump(mode="json", exclude={"name", "note", "record", "scenario"})
    for part in (tree, documents.scenario, documents.layout, documents.sheets, _program()):
        # The order of the grid decides which point has which index, so keys keep their order.
        digest.update(json.dumps(part).encode())
    for path in sorted(set(_files(documents, scenario_path.parent))):
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def _files(documents: Documents, folder: Path) -> Iterator[Path]:
    """Sheets and tables the program ships, folders of the user's own, and files the scenario names."""
    yield from (path for path in asset_dir().glob("*/**/*.*") if path.suffix in (".yaml", ".csv", ".json", ".gz"))
    own = documents.scenario.get("catalogues")
    for name in own if isinstance(own, list) else []:
        yield from (folder / str(name)).glob("**/*.yaml")
    for name in _named_files(documents.scenario):
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
