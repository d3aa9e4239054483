"""Figures of coolant loops in the summary: temperatures, pumps, and what losses of flow led to."""

from __future__ import annotations

import numpy as np

from twin.files import Tree
from twin.sim.coolant import CoolantEvents


def liquid_figures(events: CoolantEvents | None, seconds: float) -> Tree:
    """What a run says of its coolant loops; nothing where it has none.

    Units are as they stand at the end; the highest temperatures are those of all settlings.
    """
    if events is None or not events.loops.circuits.ids:  # none: hours that are steady each
        return {}
    loops = events.loops
    state = loops.unit_state()
    columns = {name: getattr(state, name).tolist() for name in state.__slots__}
    heat_j, pump_j = events.heat_j, events.pump_j
    return {
        "chip_c_max": _finite(events.chip_max_c),
        "coolant_supply_c_max": _finite(events.supply_max_c),
        "coolant_return_c_max": _finite(events.return_max_c),
        "heat_w_mean": heat_j / seconds,
        "pump_w_mean": pump_j / seconds,
        "pump_share_frac": pump_j / heat_j if heat_j > 0.0 else None,
        "units": [
            {"id": name, **{column: values[i] for column, values in columns.items()}}
            for i, name in enumerate(loops.ids)
        ],
        "losses": [loss.to_json() for loss in events.losses],
    }


def _finite(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None
