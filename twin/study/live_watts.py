"""What servers draw at their most by how many of their cords live: fewer supplies work harder, too few slow it down."""

from __future__ import annotations

import numpy as np

from twin.catalogue.compute import PowerSupplies, Server
from twin.layout.floor import FittedDevice
from twin.physics import FloatArray
from twin.physics.electrical import input_w

ROUNDS = 60
"""Halvings of the interval in which the output of the supplies is looked for."""


class LiveWatts:
    """Watts of boxes by their live cords; boxes of one sheet are worked out once."""

    def __init__(self) -> None:
        self._known: dict[tuple[object, ...], FloatArray] = {}

    def of(self, box: FittedDevice, n_cords: int) -> FloatArray:
        """Watts by live cords, (n_cords + 1,): its largest draw with all of them; the entry for none means nothing."""
        psu = box.device.psu if isinstance(box.device, Server) else None
        if psu is None or n_cords == 0:
            return np.full(n_cords + 1, box.max_w)
        is_shared = box.spec.power_policy == "shared"
        key = id(psu), box.max_w, n_cords, is_shared
        if key not in self._known:
            self._known[key] = live_watts(psu, box.max_w, n_cords, is_shared)
        return self._known[key]


def live_watts(psu: PowerSupplies, max_w: float, n_cords: int, is_shared: bool = True) -> FloatArray:
    """Watts by live cords, (n_cords + 1,). Shared: all living supplies carry the load; else those of one cord do.

    With fewer supplies than it needs a server that goes on is slowed down until a living supply carries no more than
    each of the needed ones does at the largest draw. Estimate: makers say that it goes on slower, not by how much.
    """

    def carrying_w(n_live: int) -> float:
        return psu.rated_w * max(psu.count * (n_live if is_shared else 1) / n_cords, 1.0)

    output_w = _output_w(psu, max_w, carrying_w(n_cords))
    watts = np.full(n_cords + 1, max_w)
    for n_live in range(1, n_cords):
        watts[n_live] = float(input_w(output_w, carrying_w(n_live), *psu.loss_terms))
        n_psu = psu.living(n_live, n_cords)
        if n_psu < psu.needed:
            watts[n_live] = min(watts[n_live], max_w * n_psu / psu.needed)
    return watts


def _output_w(psu: PowerSupplies, drawn_w: float, rated_w: float) -> float:
    """What the supplies give when they draw this much."""
    low_w, high_w = 0.0, drawn_w
    for _ in range(ROUNDS):
        middle_w = 0.5 * (low_w + high_w)
        if float(input_w(middle_w, rated_w, *psu.loss_terms)) > drawn_w:
            high_w = middle_w
        else:
            low_w = middle_w
    return low_w
