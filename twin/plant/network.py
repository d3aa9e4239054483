"""Switches as rows: constant watts that join the racks' heat and power."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from twin.catalogue.network import Switch
from twin.errors import CatalogueError
from twin.layout.floor import FittedDevice, Floor
from twin.layout.wet import liquid_frac
from twin.physics import FloatArray


@dataclass(slots=True)
class Network:
    """State of all switches (n,)."""

    ids: list[str]
    i_rack: np.ndarray  # (n,)
    nominal_w: FloatArray  # (n,) typical draw of the sheet
    is_on: np.ndarray  # (n,) bool; power path
    liquid_frac: FloatArray  # (n,) share of the heat that leaves by liquid

    def power_w(self) -> FloatArray:
        """Watts of each switch now."""
        return np.where(self.is_on, self.nominal_w, 0.0)


def compile_network(floor: Floor) -> Network:
    """Rows of all switches; a sheet without watts is refused by name."""
    rack_index = {name: i for i, name in enumerate(floor.racks)}
    boxes = floor.switches()
    watts = []
    for box in boxes:
        assert isinstance(box.device, Switch)
        typical_w = box.device.typical_w or box.device.max_w
        if typical_w is None:
            raise CatalogueError(f"the sheet of {box.device.id} lacks typical_w", box.id, "add it to the sheet")
        watts.append(typical_w)
    return Network(
        ids=[box.id for box in boxes],
        i_rack=np.array([rack_index[box.rack] for box in boxes], dtype=np.intp),
        nominal_w=np.array(watts, dtype=float),
        is_on=np.ones(len(boxes), dtype=bool),
        liquid_frac=np.array([_liquid_frac(floor, box) for box in boxes], dtype=float),
    )


def _liquid_frac(floor: Floor, box: FittedDevice) -> float:
    """Share of a switch's heat for liquid; none where its rack hangs on no liquid loop."""
    has_loop = floor.racks[box.rack].spec.loop in floor.loops
    return liquid_frac(floor, box) if has_loop else 0.0
