"""What coolant loops hand out and keep between steps."""

from __future__ import annotations

from dataclasses import dataclass

from twin.physics import FloatArray
from twin.plant.liquid_flow import Flow


@dataclass(slots=True)
class LiquidStep:
    """One step: mean heat into each chilled loop and out of the drawing, and what came from racks and pumps."""

    loop_w: FloatArray  # (n_loops,)
    outside_w: float
    from_racks_w: float
    pump_w: float
    stored_j: float  # taken up by chips, plates and coolant


@dataclass(slots=True)
class Load:
    """Heat of the racks that stands in the inputs of a step: kept as long as no rack changes."""

    rack_w: FloatArray  # (n_racks,) as given
    total_w: float  # of those on coolant


@dataclass(slots=True)
class UnitState:
    """What distribution units show on their panels, each (n_units,)."""

    supply_c: FloatArray  # coolant to the racks
    return_c: FloatArray
    coolant_kg_s: FloatArray
    heat_w: FloatArray  # into the water, mean of the last step
    water_in_c: FloatArray
    water_out_c: FloatArray
    water_kg_s: FloatArray
    pump_w: FloatArray


@dataclass(slots=True)
class Reach:
    """How far the exchangers of each loop can cool at the water of now; each (n_circuits,) but for `key`."""

    flow: Flow
    key: bytes
    drop_frac: FloatArray  # fall of the coolant towards its water with the valve wide open
    aim_c: FloatArray  # that water
    shut_c: FloatArray  # the valve is shut while the return is colder than this
    wide_c: FloatArray  # and wide open while it is warmer than this


@dataclass(slots=True)
class Valves:
    """A step with the valves as they stand: kept while nothing but temperatures changes."""

    reach: Reach
    dt_s: float
    matrices: FloatArray  # (n_circuits, 2s, s + m)
    target_c: FloatArray  # what the exchangers aim at
    low_c: FloatArray  # returns between which the valves stay as they are
    high_c: FloatArray
    taken_w_k: FloatArray  # heat into the water per kelvin between return and target


@dataclass(slots=True)
class WetView:
    """What a frame shows of the loops at the end of a step; the same object while nothing changes."""

    racks: FloatArray  # (3, n_racks) coolant that leaves, its flow, chips: °C, kg/s, °C; NaN where no coolant is
    supply_c: float  # warmest of all loops; NaN without any
    return_c: float
    chip_c: float  # hottest
    warming_k_s: float  # of the chips that warm fastest
