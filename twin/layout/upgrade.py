"""Old layout documents step by step to the present version; newer ones are refused."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from twin.files import Tree, check_format
from twin.layout.model import FORMAT, VERSION

STEPS: dict[int, Callable[[Tree], Tree]] = {}
"""Version -> what makes the next one of it. Version 1 is the first."""


def upgraded(tree: Tree, path: Path | str) -> Tree:
    """The document in the present version; DocumentError for a foreign format or a newer version."""
    version = check_format(tree, path, FORMAT, VERSION)
    while version < VERSION:
        tree = {**STEPS[version](tree), "version": version + 1}
        version += 1
    return tree
