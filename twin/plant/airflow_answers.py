"""Questions to the air: why is this rack hot, how warm may the supply be, where does another rack fit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from twin.errors import DocumentError, TwinError
from twin.layout.geometry import cos_sin
from twin.layout.model import RackRow
from twin.physics import FloatArray
from twin.physics.air import AIR_HEAT_J_M3_K, RECOMMENDED_HIGH_C
from twin.physics.airflow.dense import applied
from twin.physics.airflow.metrics import (
    class_violations,
    hot_aisle_capture,
    rack_cooling_indices,
    return_temperature_index,
    supply_heat_index,
)
from twin.plant.airflow import AirResult, RoomAir

LEAST_SHARE = 1e-4
MOST_RISE_K = 20.0
"""Rise from inlet to exhaust a rack is taken to bear. Estimate: servers at full fan speed; 11 K is the usual design."""


@dataclass(frozen=True, slots=True)
class AirMetrics:
    """Figures of the whole room; captures are means over racks that move air. violations: racks beyond each range."""

    supply_over_demand: float
    shi: float
    rhi: float
    rti_percent: float
    rci_high_percent: float
    rci_low_percent: float
    cold_capture_frac: float
    hot_capture_frac: float
    violations: dict[str, int]


@dataclass(frozen=True, slots=True)
class Share:
    """One source of a rack's inlet air: its part, its temperature, and how much it warms the inlet over the supply."""

    name: str
    kind: Literal["supply", "exhaust"]
    share_frac: float
    air_c: float
    warms_k: float


@dataclass(frozen=True, slots=True)
class Spot:
    """A place for a new rack: its inlet there, the hottest inlet of all racks after, and the room it leaves in K."""

    name: str
    stance: tuple[float, float, float]  # x_m, y_m, angle_deg as in the drawing
    inlet_c: float
    hottest_c: float
    margin_k: float


def metrics(air: RoomAir, result: AirResult) -> AirMetrics:
    """The figures of merit of a result."""
    moves = result.rack_m3_s > 0.0
    demand = float(result.rack_m3_s.sum())
    supply = float(result.cooler_m3_s.sum())
    w_k = AIR_HEAT_J_M3_K * result.rack_m3_s
    shi = supply_heat_index(result.heat_w[moves], w_k[moves], result.inlet_c[moves], result.mean_supply_c)
    rise_k = float(result.heat_w[moves].sum()) / (AIR_HEAT_J_M3_K * demand) if demand > 0.0 else 0.0
    high, low = rack_cooling_indices(result.inlet_c[moves])
    linear = air.linear().map
    exhaust_m3_s = np.bincount(linear.group_of_rack, linear.racks.flow_m3_s, linear.front_of_exhaust.shape[1])
    caught = hot_aisle_capture(linear.return_of_exhaust, result.cooler_m3_s, exhaust_m3_s)[linear.group_of_rack]
    return AirMetrics(
        supply_over_demand=supply / demand if demand > 0.0 else float("inf"),
        shi=shi,
        rhi=1.0 - shi,
        rti_percent=return_temperature_index(result.mean_return_c, result.mean_supply_c, rise_k),
        rci_high_percent=high,
        rci_low_percent=low,
        cold_capture_frac=_mean(linear.front_of_supply.sum(axis=1)[moves]),
        hot_capture_frac=_mean(caught[moves]),
        violations=class_violations(result.inlet_c[moves]),
    )


def _mean(values: FloatArray) -> float:
    return float(values.mean()) if len(values) else 1.0


def why_hot(air: RoomAir, rack: str) -> list[Share]:
    """Where a rack's inlet air was last: tiles, coolers and the exhausts of racks, the largest warming first.

    Parts sum to 1 with the gaps of the rack itself.
    """
    if rack not in air.parts.racks.ids:
        raise DocumentError(f"no rack {rack!r}", "airflow", "name a rack of this layout")
    i = air.parts.racks.ids.index(rack)
    linear = air.linear()
    column_c = linear.column_c(air.supply_c)
    exhaust_c = linear.map.exhaust_c(air.heat_w, column_c)
    coldest_c = float(column_c.min())
    fresh = 1.0 - air.parts.racks.gap_frac[i]
    found = [
        Share(name, "supply", float(share * fresh), float(c), float(share * fresh * (c - coldest_c)))
        for name, share, c in zip(linear.supply_names, linear.map.front_of_supply[i], column_c, strict=True)
    ]
    ids = np.array(air.parts.racks.ids)
    for group, (share, c) in enumerate(zip(linear.map.front_of_exhaust[i], exhaust_c, strict=True)):
        members = ids[linear.map.group_of_rack == group]
        name = str(members[0]) if len(members) == 1 else f"{members[0]} to {members[-1]}"
        found.append(Share(name, "exhaust", float(share * fresh), float(c), float(share * fresh * (c - coldest_c))))
    if fresh < 1.0:
        own_c = float(exhaust_c[linear.map.group_of_rack[i]])
        gap = 1.0 - float(fresh)
        found.append(Share(f"{rack} gaps", "exhaust", gap, own_c, gap * (own_c - coldest_c)))
    kept = [share for share in found if share.share_frac > LEAST_SHARE]
    return sorted(kept, key=lambda share: (-share.warms_k, -share.share_frac))


def highest_supply_c(air: RoomAir, result: AirResult, limit_c: float = RECOMMENDED_HIGH_C) -> float:
    """Supply temperature, the same for all coolers, at which the first inlet reaches the limit, °C, at this heat."""
    gain = air.linear().map.supply_gain().sum(axis=1)
    moves = result.rack_m3_s > 0.0
    if not moves.any():
        return limit_c
    # What the inlet would be with all coolers at 0 °C: linear in each, so the present mix is taken out.
    linear = air.linear()
    at_zero = result.inlet_c - applied(linear.map.supply_gain(), linear.column_c(air.supply_c))
    return float(np.min((limit_c - at_zero[moves]) / gain[moves]))


def extra_w(air: RoomAir, result: AirResult, limit_c: float = RECOMMENDED_HIGH_C) -> FloatArray:
    """(n_racks,) heat each rack alone could add, W, at constant airflow.

    Until the first inlet passes the limit, or until its own air rises by MOST_RISE_K; 0 where an inlet it warms is over
    the limit already, and for a rack that moves no air.
    """
    d = air.matrix()
    moves = result.rack_m3_s > 0.0
    margin_k = np.maximum(limit_c - result.inlet_c, 0.0)[moves]
    column = d[moves]
    with np.errstate(divide="ignore", invalid="ignore"):
        each = np.where(column > 1e-12, margin_k[:, None] / column, np.inf)
    own = np.maximum(AIR_HEAT_J_M3_K * MOST_RISE_K * result.rack_m3_s - result.heat_w, 0.0)
    return np.minimum(each.min(axis=0, initial=np.inf), own)


def empty_places(air: RoomAir) -> list[tuple[str, str, tuple[float, float, float]]]:
    """Places left empty in rows: name, a rack of the row to copy, and its corner and angle."""
    found = []
    for row in air.parts.floor.layout.rows:
        names = air.parts.floor.row_racks.get(row.id, [])
        if names and row.skip:
            found += [(f"{row.id} place {n}", names[0], _place(air, row, names[0], n)) for n in row.skip]
    return found


def _place(air: RoomAir, row: RackRow, like: str, n: int) -> tuple[float, float, float]:
    """Corner of the n-th place of a row, from that of one of its racks."""
    rack = air.parts.floor.racks[like]
    cos, sin = cos_sin(row.angle_deg)
    steps = (n - rack.place) * row.pitch_m
    x, y = rack.centre_m[0] + steps * cos, rack.centre_m[1] + steps * sin
    return x - rack.device.width_m / 2, y - rack.device.depth_m / 2, row.angle_deg


def ranked_places(
    air: RoomAir,
    heat_w: float,
    places: Sequence[tuple[str, str, tuple[float, float, float]]] | None = None,
    limit_c: float = RECOMMENDED_HIGH_C,
) -> list[Spot]:
    """Where a new rack of so much heat leaves most room below the limit: each place is solved, best first.

    places: name, rack to copy, (x_m, y_m, angle_deg); the empty places of rows when not given. Those that cannot be
    solved, such as a front at a wall, are left out.
    """
    found = []
    for name, like, stance in empty_places(air) if places is None else places:
        try:
            result = air.with_rack(like, name, heat_w, stance).solve()
        except TwinError:
            continue
        hottest_c = float(result.inlet_c[result.rack_m3_s > 0.0].max())
        found.append(Spot(name, stance, float(result.inlet_c[-1]), hottest_c, limit_c - hottest_c))
    return sorted(found, key=lambda spot: (-spot.margin_k, spot.inlet_c))
