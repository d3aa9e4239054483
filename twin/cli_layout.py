"""Verbs about layout files themselves."""

from __future__ import annotations

import argparse
import json
from collections import Counter
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from twin.cli_study import AddVerb, Verbs


def add_layout_verbs(verbs: Verbs, add: AddVerb) -> None:
    """Put the verbs beside the others."""
    text = "what differs between two layouts, thing by thing; exit 1 when anything does"
    found = add(verbs, "diff", _diff, text)
    found.add_argument("before", type=Path, metavar="A")
    found.add_argument("after", type=Path, metavar="B")
    found.add_argument("--json", action="store_true", help="each change with its fields and both values")


def _diff(arguments: argparse.Namespace) -> int:
    from twin.layout.diff import diff
    from twin.layout.store import load_layout

    changes = diff(load_layout(arguments.before), load_layout(arguments.after))
    if arguments.json:
        print(json.dumps([asdict(change) for change in changes], indent=1, ensure_ascii=False))
        return 1 if changes else 0
    for change in changes:
        print(change.line())
    count = Counter(change.how for change in changes)
    counts = ", ".join(f"{count[how]} {how}" for how in ("added", "removed", "moved", "changed"))
    print(f"{arguments.before} -> {arguments.after}: {counts if changes else 'no difference'}")
    return 1 if changes else 0
