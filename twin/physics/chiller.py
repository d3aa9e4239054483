"""Chillers by the three EnergyPlus curves, held inside their fit and continued outside it by Carnot's law."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from twin.physics import FloatArray, Values
from twin.physics.psychro import ZERO_C_K


@dataclass(frozen=True, slots=True)
class ChillerCurve:
    """A chiller record: reference point, fit range and coefficients of Chiller:Electric:EIR.

    Biquadratics are c0 + c1 x + c2 x^2 + c3 y + c4 y^2 + c5 x y with x the leaving chilled-water and y the entering
    condenser temperature (water, or outdoor air when air-cooled), both in C.
    """

    rated_w: float
    rated_cop: float
    evaporator_ref_c: float
    condenser_ref_c: float
    evaporator_range_c: tuple[float, float]
    condenser_range_c: tuple[float, float]
    part_load_range: tuple[float, float]
    capacity_ft: FloatArray | Sequence[float]  # (6,)
    eir_ft: FloatArray | Sequence[float]  # (6,)
    eir_fplr: FloatArray | Sequence[float]  # (3,) quadratic of the part load
    # What the refrigerant's temperature lift exceeds y - x by: approaches of both exchangers and the warming of the
    # condenser stream. Estimate: 2.5 + 5 + 2.5 K for water; an air-cooled condenser runs about 15 K above the air.
    extra_lift_k: float = 10.0


class ChillerPoint(NamedTuple):
    """How chillers run at one point; each field (n,)."""

    cooling_w: Values  # heat taken from the chilled water: what is asked, or all there is
    power_w: Values
    available_w: Values  # greatest heat at these temperatures
    condenser_w: Values  # heat given to the condenser stream
    is_extrapolated: Values  # some input lies outside the fit range


def _biquadratic(c: FloatArray | Sequence[float], x: Values, y: Values) -> Values:
    return c[0] + x * (c[1] + x * c[2]) + y * (c[3] + y * c[4]) + c[5] * x * y


def _inside(curve: ChillerCurve, leaving_c: Values, entering_c: Values) -> tuple[Values, Values]:
    return _held(leaving_c, *curve.evaporator_range_c), _held(entering_c, *curve.condenser_range_c)


def _held(values: Values, low: float, high: float) -> Values:
    """Values held in a range; plain numbers, as every pulse asks for, without the cost of arrays."""
    return min(max(values, low), high) if isinstance(values, float) else np.clip(values, low, high)


def available_w(curve: ChillerCurve, leaving_c: Values, entering_c: Values) -> Values:
    """Greatest heat a chiller takes: Q_ref capFT(x, y) / capFT(x_ref, y_ref), x and y held inside the fit range.

    leaving_c: (n,) chilled water out; entering_c: (n,) condenser water or air in. Many published records do not
    return 1 at their own reference point, hence the division.
    Source: EnergyPlus Engineering Reference, Electric Chiller Model Based on Condenser Entering Temperature.
    """
    at_reference = _biquadratic(curve.capacity_ft, curve.evaporator_ref_c, curve.condenser_ref_c)
    return curve.rated_w * _biquadratic(curve.capacity_ft, *_inside(curve, leaving_c, entering_c)) / at_reference


def full_load_cop(curve: ChillerCurve, leaving_c: Values, entering_c: Values) -> Values:
    """Heat taken over power drawn at full load: the fitted curve inside its range, a fixed share of Carnot outside.

    Inside: COP_ref EIRFT(x_ref, y_ref) / EIRFT(x, y). Outside, from the nearest point (x', y') of the range:
    COP(x', y') [Te / lift] / [Te' / lift'], Te = x in kelvin, lift = y - x + extra. The lift is never taken below the
    least one of the fit, because compressors need a least pressure ratio. Continuous at the edge.

    leaving_c, entering_c: (n,) in C. Valid for x in 4 to 25 C, y in 10 to 50 C.
    Source: EnergyPlus Engineering Reference (inside); Carnot's law with the efficiency of the edge (outside).
    """
    x, y = _inside(curve, leaving_c, entering_c)
    at_reference = _biquadratic(curve.eir_ft, curve.evaporator_ref_c, curve.condenser_ref_c)
    edge = curve.rated_cop * at_reference / _biquadratic(curve.eir_ft, x, y)
    least_lift_k = curve.condenser_range_c[0] - curve.evaporator_range_c[1] + curve.extra_lift_k
    lift_k = _held(entering_c - leaving_c + curve.extra_lift_k, least_lift_k, np.inf)
    carnot = (leaving_c + ZERO_C_K) / lift_k
    edge_carnot = (x + ZERO_C_K) / (y - x + curve.extra_lift_k)
    return edge * carnot / edge_carnot


def chiller_point(curve: ChillerCurve, heat_w: Values, leaving_c: Values, entering_c: Values) -> ChillerPoint:
    """Cooling, power and condenser heat of a chiller asked for a heat.

    P = Q_avail / COP(x, y) EIRFPLR(PLR) / EIRFPLR(1), PLR = Q / Q_avail held inside its range; below the least PLR
    the machine cycles, P = P(PLRmin) Q / (Q_avail PLRmin). Condenser heat = cooling + power.

    heat_w: (n,) asked, >= 0; leaving_c: (n,) chilled water out; entering_c: (n,) condenser water or air in.
    Valid as `full_load_cop`; points outside the fit range are marked.
    Source: EnergyPlus Engineering Reference, Electric Chiller Model Based on Condenser Entering Temperature.
    """
    most_w = available_w(curve, leaving_c, entering_c)
    low_frac, high_frac = curve.part_load_range
    greatest_w = most_w * max(high_frac, 1.0)
    is_one = isinstance(heat_w, float) and isinstance(greatest_w, float)
    cooling_w = min(heat_w, greatest_w) if is_one else np.minimum(heat_w, greatest_w)
    part_load = cooling_w / most_w
    plr = _held(part_load, low_frac, high_frac)
    c0, c1, c2 = curve.eir_fplr
    eir = (c0 + plr * (c1 + plr * c2)) / (c0 + c1 + c2)
    running_frac = _held(part_load / low_frac, -np.inf, 1.0) if low_frac > 0.0 else 1.0
    power_w = most_w / full_load_cop(curve, leaving_c, entering_c) * eir * running_frac
    x, y = _inside(curve, leaving_c, entering_c)
    is_extrapolated = np.logical_or(x != leaving_c, y != entering_c)
    return ChillerPoint(cooling_w, power_w, most_w, cooling_w + power_w, is_extrapolated)
