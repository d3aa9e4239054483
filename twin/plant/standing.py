"""Where a tree of state stands, as values that compare: equal when nothing in it has changed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields, is_dataclass

import numpy as np


def standing(thing: object, without: Sequence[str] = ()) -> object:
    """All that may change in a dataclass and in what it holds; `without` names fields of it that do not matter.

    What cannot change (frozen dataclasses) or is no dataclass, list or mapping counts by identity. A NaN made anew is
    never equal, which errs on the safe side.
    """
    if isinstance(thing, np.ndarray):
        return thing.tobytes()
    if isinstance(thing, list | tuple):
        if thing and isinstance(thing[0], str):  # names: as many as there are coolers, and all strings
            return tuple(thing)
        return tuple([standing(one) for one in thing])
    if isinstance(thing, dict):
        return tuple([(key, standing(one)) for key, one in thing.items()])
    if thing is None or isinstance(thing, str | bytes | float | int):
        return thing
    if not is_dataclass(thing) or isinstance(thing, type) or type(thing).__dataclass_params__.frozen:  # type: ignore[attr-defined]
        return id(thing)
    return tuple([standing(getattr(thing, f.name)) for f in fields(thing) if f.name not in without])
