"""Pulses in which nothing happens, settled one after another: one that would be the last over again is not computed."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from twin.plant.coolers.chiller_plant import Outdoors
from twin.plant.plant import Plant, Settled

LOOKS = frozenset((0, 8, 64, 512))
"""Pulses of a stretch after which it is asked whether everything has come to rest: asking costs as much as a pulse."""


def settle_stretch(plant: Plant, ends_s: Sequence[float], air: Callable[[float], Outdoors]) -> list[Settled]:
    """Settle a plant that `is_still` at each of these times, as far as it stays so; air: outdoors at a time.

    The results are those of `Plant.settle` at each time, to the last bit: whatever the state and the air outside were
    before a pulse decides what is after it, so that a pulse which leaves the state as it found it is repeated until
    the air or its length is another. A repeated one stands in the list again as the same object.
    """
    found: list[Settled] = []
    is_at_rest = False
    outdoors: Outdoors | None = None
    dt_s = 0.0
    for k, end_s in enumerate(ends_s):
        before, outdoors = outdoors, air(plant.settled_s)
        lasts_s = end_s - plant.settled_s
        is_same = lasts_s == dt_s and (outdoors is before or outdoors == before)
        if is_at_rest and is_same:
            plant.repeat(found[-1], end_s)
            found.append(found[-1])
            continue
        dt_s = lasts_s
        state = plant.state() if is_at_rest or k in LOOKS else None
        found.append(plant.settle(end_s, outdoors))
        is_at_rest = state is not None and state == plant.state()
        if not (plant.is_still and plant.cooling.liquid.is_calm(2.0 * dt_s)):
            break
    return found
