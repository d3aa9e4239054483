"""Which boxes give heat to liquid, and how much of it: cold plates, or a tank of oil they hang in."""

from __future__ import annotations

from twin.catalogue.compute import Server
from twin.catalogue.network import Switch
from twin.layout.floor import FittedDevice, Floor, FloorRack


def is_immersed(floor: Floor, rack: FloorRack) -> bool:
    """Whether a rack is a tank of oil: it hangs on a loop of oil, and what stands in it has no fans."""
    loop = floor.loops.get(rack.spec.loop or "")
    return loop is not None and loop.medium == "oil"


def liquid_frac(floor: Floor, box: FittedDevice) -> float:
    """Share of a box's heat that leaves by liquid: all of it in a tank of oil, else what its sheet says."""
    if not isinstance(box.device, Server | Switch):
        return 0.0
    return 1.0 if is_immersed(floor, floor.racks[box.rack]) else box.device.liquid_frac


def liquid_heat_w(floor: Floor, rack: FloorRack) -> float:
    """Most heat the servers and switches of a rack give to liquid, W."""
    return sum(box.max_w * liquid_frac(floor, box) for box in rack.fitted)
