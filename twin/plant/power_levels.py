"""The order in which power climbs: nodes by their distance from the farthest leaf."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from twin.errors import DocumentError


def levels_of(ids: Sequence[str], parents: Sequence[Sequence[int]]) -> list[np.ndarray]:
    """Nodes by distance from the farthest leaf, leaves first; DocumentError names a loop."""
    waiting = np.bincount([p for inputs in parents for p in inputs], minlength=len(ids)) if ids else np.zeros(0)
    level = [i for i in range(len(ids)) if waiting[i] == 0]
    levels: list[np.ndarray] = []
    while level:
        levels.append(np.array(level, dtype=np.intp))
        following = []
        for i in level:
            for p in parents[i]:
                waiting[p] -= 1
                if waiting[p] == 0:
                    following.append(p)
        level = following
    if sum(map(len, levels)) < len(ids):
        stuck = [ids[i] for i in range(len(ids)) if waiting[i] > 0]
        raise DocumentError(f"feeds go round in a circle through {', '.join(stuck)}", "power", "cut one of the feeds")
    return levels
