"""What carries heat away: air handlers, liquid distribution, chillers, towers, dry coolers, pumps, tanks, tiles."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from twin.catalogue.device import Device, Footprint, Fraction, NotNegative, Positive, Sheet


class AirCooler(Device):
    """A unit that cools room air: CRAH, fan wall, in-row cooler or rear door on chilled water."""

    kind: Literal["air_cooler"] = "air_cooler"
    role: Literal["crah", "crac", "fan_wall", "in_row", "rear_door"]
    footprint: Footprint
    weight_kg: Positive | None = None
    rated_w: Positive = Field(description="sensible cooling at the rating point, W")
    rated_air_m3_s: Positive = Field(description="air flow at full fan speed, m3/s")
    rated_return_c: float = Field(description="return air at the rating point, °C")
    rated_water_in_c: float = Field(description="water inlet at the rating point, °C")
    rated_water_kg_s: Positive = Field(description="water flow at the rating point, kg/s")
    fan_max_w: NotNegative = Field(description="fans at full speed, W")
    fan_exponent: Positive = Field(description="power follows speed to this exponent")
    min_fan_frac: Fraction = Field(description="lowest fan speed")
    has_outdoor_air: bool = Field(False, description="has dampers that let outdoor air in")
    fans: int = Field(1, ge=1, description="fans drawn on the plan")


class Cdu(Device):
    """Coolant distribution unit: heat exchanger and pumps between facility water and the chips' coolant."""

    kind: Literal["cdu"] = "cdu"
    footprint: Footprint | None = None
    u_height: NotNegative = 0
    weight_kg: Positive | None = None
    rated_w: Positive = Field(description="heat moved at the rating point, W")
    approach_k: Positive = Field(description="coolant supply minus facility water supply at rating, K")
    rated_flow_kg_s: Positive | None = Field(None, description="coolant flow at rating, kg/s")
    pump_max_w: NotNegative | None = Field(None, description="pumps at full speed, W")


class EirCurves(Sheet):
    """EnergyPlus Chiller:Electric:EIR curves; x leaving evaporator °C, y entering condenser °C."""

    capacity: tuple[float, float, float, float, float, float] = Field(
        description="c0 + c1 x + c2 x² + c3 y + c4 y² + c5 xy"
    )
    eir: tuple[float, float, float, float, float, float] = Field(description="the same form")
    eir_plr: tuple[float, float, float] = Field(description="c0 + c1 p + c2 p²")
    evaporator_c: tuple[float, float] = Field(description="fit range of x")
    condenser_c: tuple[float, float] = Field(description="fit range of y")
    plr: tuple[float, float] = Field(description="fit range of the part-load ratio")


class Chiller(Device):
    """A vapour-compression chiller."""

    kind: Literal["chiller"] = "chiller"
    condenser: Literal["water", "air"]
    footprint: Footprint | None = None
    weight_kg: Positive | None = None
    rated_w: Positive = Field(description="cooling at the reference point, W")
    rated_cop: Positive = Field(description="coefficient of performance at the reference point")
    ref_evaporator_c: float = Field(description="leaving evaporator at the reference point, °C")
    ref_condenser_c: float = Field(description="entering condenser (water or air) at the reference point, °C")
    curves: EirCurves


class HeatRejection(Device):
    """A cooling tower, dry cooler or adiabatic cooler."""

    kind: Literal["heat_rejection"] = "heat_rejection"
    role: Literal["tower", "dry_cooler", "adiabatic_cooler"]
    footprint: Footprint | None = None
    rated_w: Positive = Field(description="heat rejected at the rating point, W")
    rated_water_in_c: float = Field(description="water inlet at the rating point, °C")
    rated_water_out_c: float = Field(description="water outlet at the rating point, °C")
    rated_air_c: float = Field(description="wet bulb (tower) or dry bulb (dry cooler) at the rating point, °C")
    fan_max_w: NotNegative
    fan_exponent: Positive = 3.0
    cycles_of_concentration: float | None = Field(None, gt=1, description="blowdown = evaporation / (cycles - 1)")
    drift_frac: Fraction | None = Field(None, description="drift over circulating water")
    pad_effectiveness_frac: Fraction | None = Field(None, description="adiabatic pad on the wet-bulb depression")


class Pump(Device):
    """A water pump."""

    kind: Literal["pump"] = "pump"
    rated_kg_s: Positive
    rated_head_pa: Positive
    efficiency_frac: Fraction = Field(description="hydraulic x motor x drive at the rating point")


class Tank(Device):
    """A buffer tank of a liquid loop."""

    kind: Literal["tank"] = "tank"
    footprint: Footprint | None = None
    volume_m3: Positive


class Tile(Device):
    """A perforated floor tile or grille."""

    kind: Literal["tile"] = "tile"
    width_m: Positive
    depth_m: Positive
    open_frac: Fraction = Field(description="open share of its area")
