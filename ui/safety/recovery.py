"""Finds journals that a crash left behind and brings back what is in them, with the steps that can be undone."""

from __future__ import annotations

import json
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import cast

from twin.errors import DocumentError, TwinError
from twin.files import Tree, parse_json, validated
from twin.layout.model import Layout
from twin.layout.patch import patched
from twin.layout.store import layout_text, load_layout
from twin.layout.upgrade import upgraded
from ui.safety.journal import ENDING, FORMAT, VERSION, fallback_folder
from ui.safety.owner import Owner


@dataclass(slots=True)
class Recovered:
    """A drawing as it was when the program ended: every step with the name of its edit, and where it stood.

    `i_saved` is the step that its file held last, None when that step is gone or the drawing has no file; `n_lost`
    counts lines of the journal that cannot be read, after which nothing is known.
    """

    file: Path
    owner: Owner
    path: Path | None
    scenario: Path | None
    steps: list[tuple[str, Layout]]
    i_step: int = 0
    i_saved: int | None = None
    last_s: float = 0.0
    n_lost: int = 0
    others: tuple[Path, ...] = field(default_factory=tuple)

    @property
    def layout(self) -> Layout:
        """The drawing as it was."""
        return self.steps[self.i_step][1]

    @property
    def n_edits(self) -> int:
        """Steps from what the file held to where the drawing stood."""
        return abs(self.i_step - (self.i_saved or 0))

    def saved(self) -> Layout | None:
        """What its file holds now; None without a file, or when that cannot be read."""
        try:
            return load_layout(self.path) if self.path else None
        except TwinError:
            return None

    @property
    def is_clean(self) -> bool:
        """Whether its file holds all of it, byte for byte; untouched work has nothing to bring back either."""
        if self.path is None:
            return self.i_step == 0
        try:
            return self.path.read_bytes() == layout_text(self.layout).encode()
        except OSError:
            return False

    def forget(self) -> None:
        """Take its files off the disk."""
        for file in (self.file, *self.others):
            try:
                file.unlink(missing_ok=True)
            except OSError:
                continue


def found_in(folder: Path) -> list[Recovered]:
    """What journals of processes that ended have unsaved, newest first; journals without news are taken away."""
    files = [file for place in (folder, fallback_folder()) for file in _journals(place, f"*{ENDING}")]
    return _unsaved(files)


def found_beside(layout_file: Path) -> list[Recovered]:
    """The same for journals that had to lie beside a layout."""
    name = re.sub(r"([\[*?])", r"[\1]", layout_file.name)
    return _unsaved(_journals(layout_file.parent, f".{name}.*{ENDING}"))


def _journals(folder: Path, pattern: str) -> list[Path]:
    try:
        return sorted(folder.glob(pattern))
    except OSError:
        return []


def _unsaved(files: list[Path]) -> list[Recovered]:
    found = []
    for file in files:
        try:
            recovered = read_journal(file)
        except (TwinError, OSError):  # of a newer program, or not even its first line is whole
            continue
        if not recovered.owner.is_gone:
            continue
        if recovered.is_clean:
            recovered.forget()
        else:
            found.append(recovered)
    return sorted(found, key=lambda recovered: -recovered.last_s)


def read_journal(file: Path) -> Recovered:
    """What a journal holds, up to the first line that is not whole; DocumentError when its first line is not."""
    raw = file.read_bytes().split(b"\n")
    trees = _whole_lines(raw)
    head = next(trees, None)
    if head is None or head.get("format") != FORMAT or head.get("version") != VERSION:
        raise DocumentError("is no journal this program reads", str(file), "update the program")
    made = _begun(head, file)
    n_read = 1
    for tree in trees:
        try:
            _take(made, tree)
        except (TwinError, KeyError, TypeError, ValueError, IndexError):
            break
        n_read += 1
        made.last_s = float(cast(float, tree.get("time_s", made.last_s)))
    made.n_lost = sum(1 for line in raw if line) - n_read
    made.others = tuple(file.parent.glob(f"{_stem(file)}.*.layout.json"))
    if made.n_lost:
        _take_snapshot(made, n_read)
    return made


def _stem(file: Path) -> str:
    return file.name.removesuffix(ENDING)


def _whole_lines(raw: list[bytes]) -> Iterator[Tree]:
    """The lines whose checksums hold, up to the first that does not."""
    for line in raw:
        sign, _, text = line.partition(b" ")
        if f"{zlib.crc32(text):08x}".encode() != sign:
            return
        tree = json.loads(text)
        if isinstance(tree, dict):
            yield tree


def _begun(head: Tree, file: Path) -> Recovered:
    try:
        owner = Owner.from_tree(head.get("owner"))
    except ValueError as error:
        raise DocumentError(str(error), str(file), "this journal was not written by this program") from error
    base = _layout(str(head.get("base")), file)
    path, scenario = (Path(str(head[key])) if head.get(key) else None for key in ("path", "scenario"))
    return Recovered(file, owner, path, scenario, [("", base)], 0, 0 if path else None, owner.since_s)


def _layout(text: str, file: Path) -> Layout:
    return validated(Layout, upgraded(parse_json(text, file), file), str(file))


def _take(made: Recovered, tree: Tree) -> None:
    how = tree["op"]
    if how in ("do", "join"):
        layout = patched(made.layout, cast(Tree, tree["patch"]), str(made.file))
        del made.steps[made.i_step + 1 :]
        if made.i_saved is not None and made.i_saved > made.i_step:
            made.i_saved = None
        if how == "join" and made.i_step > 0:
            made.steps[-1] = (str(tree["name"]), layout)
        else:
            made.steps.append((str(tree["name"]), layout))
        made.i_step = len(made.steps) - 1
    elif how == "at":
        made.i_step = _known_step(made, tree)
    elif how == "saved":
        made.i_saved = _known_step(made, tree) if tree["step"] != -1 else made.i_step
        made.path = Path(str(tree["path"]))
    else:
        raise ValueError(f"unknown: {how}")


def _known_step(made: Recovered, tree: Tree) -> int:
    i_step = int(cast(int, tree["step"]))
    if not 0 <= i_step < len(made.steps):
        raise IndexError(i_step)
    return i_step


def _take_snapshot(made: Recovered, n_read: int) -> None:
    """What the program saved by itself, where that is later than the last line one can read."""
    for file in made.others:
        n_lines = file.name.removesuffix(".layout.json").rpartition(".")[2]
        if n_lines.isdigit() and int(n_lines) > n_read:
            try:
                layout = load_layout(file)
            except TwinError:
                continue
            del made.steps[made.i_step + 1 :]
            made.steps.append(("", layout))
            made.i_step, n_read = len(made.steps) - 1, int(n_lines)
