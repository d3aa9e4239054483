"""Cooling without compressors: tower water through a plate exchanger, and outdoor air in place of room air."""

from __future__ import annotations

import numpy as np

from twin.physics import Values

EXCHANGER_APPROACH_K = 3.0
"""Chilled over tower water at the rated heat of a plate exchanger. Estimate: 2 to 3 K is the usual design."""


def exchanger_effectiveness(rated_w: Values, flow_w_k: Values, approach_k: Values = EXCHANGER_APPROACH_K) -> Values:
    """Effectiveness of a plate exchanger with equal flows: dT / (dT + approach), dT = Q_rated / C.

    rated_w, flow_w_k (capacity rate of the chilled water), approach_k: (n,), > 0.
    Source: balanced counter flow, eps = NTU / (1 + NTU); Incropera and DeWitt ch. 11.

    >>> round(exchanger_effectiveness(600e3, 100e3, 3.0), 3)
    0.667
    """
    range_k = rated_w / flow_w_k
    return range_k / (range_k + approach_k)


def free_water_c(heat_w: Values, set_c: Values, flow_w_k: Values, effectiveness: Values) -> Values:
    """Tower water with which the exchanger alone takes all the heat: Tset + Q/C - Q/(eps C).

    Arguments (n,). Source: heat balance of both streams.

    >>> round(free_water_c(600e3, 18.0, 100e3, 2.0 / 3.0), 9)
    15.0
    """
    return set_c + heat_w / flow_w_k * (1.0 - 1.0 / effectiveness)


def free_heat_w(heat_w: Values, set_c: Values, tower_c: Values, flow_w_k: Values, effectiveness: Values) -> Values:
    """Heat the exchanger takes ahead of the chillers: eps C (Treturn - Ttower), held in 0 to all.

    Arguments (n,); the return is Tset + Q/C. Source: effectiveness-NTU method, pre-cooling in series.

    >>> round(float(free_heat_w(600e3, 18.0, 21.0, 100e3, 2.0 / 3.0)) / 1e3, 9)
    200.0
    """
    return np.clip(effectiveness * flow_w_k * (set_c + heat_w / flow_w_k - tower_c), 0.0, heat_w)


def outdoor_air_frac(outdoor_c: Values, return_c: Values, supply_c: Values, is_allowed: Values) -> Values:
    """Share of outdoor air that brings the mix nearest to the supply set point: (Tret - Tset) / (Tret - Tout).

    All outdoor air where it lies between set point and return (the coil takes the rest), none where it is warmer than
    the return or not allowed (too humid or too dry). Arguments (n,), is_allowed bool.
    Source: heat balance of the mixing box.

    >>> float(outdoor_air_frac(8.0, 32.0, 20.0, True)), float(outdoor_air_frac(24.0, 32.0, 20.0, True))
    (0.5, 1.0)
    """
    span_k = np.maximum(return_c - outdoor_c, 1e-9)
    wanted = np.clip((return_c - supply_c) / span_k, 0.0, 1.0)
    return np.where(np.asarray(is_allowed) & (np.asarray(outdoor_c) < return_c), wanted, 0.0)
