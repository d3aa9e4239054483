"""Heat that finds its way back to inlets: inlet temperatures as a linear map of heat and supply temperatures."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from twin.errors import ModelRangeError
from twin.physics import FloatArray
from twin.physics.air import AIR_HEAT_J_M3_K
from twin.physics.airflow.dense import applied, inverse, product, spectral_radius
from twin.physics.airflow.ports import IntArray

LEAST_SUPPLY_FRAC = 1e-6
"""Share of a rack's air that must once have come from a cooler; below it the air goes round in a closed loop."""


@dataclass(frozen=True, slots=True)
class RackAir:
    """Racks as the air meets them, each (n_racks,).

    flow_m3_s: air through front and rear, without what goes round through gaps. gap_frac: part of the air the equipment
    moves that is its own exhaust. door_pass_frac: 1 less the effectiveness of a rear door. door_c: water in the door.
    """

    ids: tuple[str, ...]
    flow_m3_s: FloatArray
    gap_frac: FloatArray
    door_pass_frac: FloatArray
    door_c: FloatArray

    @property
    def w_k(self) -> FloatArray:
        """Heat capacity flow through each rack, W/K."""
        return AIR_HEAT_J_M3_K * self.flow_m3_s

    def rise_k(self, heat_w: FloatArray) -> FloatArray:
        """From front to rear before any door, K; 0 where no air flows."""
        return np.divide(heat_w, self.w_k, out=np.zeros(len(self.w_k)), where=self.w_k > 0.0)

    def exhaust_c(self, front_c: FloatArray, heat_w: FloatArray) -> FloatArray:
        """Air that leaves each rear, after its door, °C."""
        return self.door_pass_frac * (front_c + self.rise_k(heat_w)) + (1.0 - self.door_pass_frac) * self.door_c

    def inlet_c(self, front_c: FloatArray, heat_w: FloatArray) -> FloatArray:
        """What the equipment breathes: air of the front, warmed by what comes back through gaps, °C."""
        return front_c + self.gap_frac * self.rise_k(heat_w)

    def door_w(self, front_c: FloatArray, heat_w: FloatArray) -> FloatArray:
        """Heat each rear door takes, W."""
        return self.w_k * (front_c + self.rise_k(heat_w) - self.exhaust_c(front_c, heat_w))


@dataclass(slots=True)
class Recirculation:
    """T_front = front_of_exhaust e + front_of_supply s with e = mean of groups of (T_front + Q / w): solved once.

    group_of_rack: (n_racks,) exhausts that share a column. front_of_exhaust: (n_racks, n_groups) part of each front's
    air that left the rears of a group last; front_of_supply: (n_racks, n_supplies) that came from each supply without
    passing a rack. return_of_exhaust, return_of_supply: the same for (n_returns,).
    Source: Tang, Gupta and Varsamopoulos, cross-interference of racks (IEEE TPDS 19(11), 2008); gaps, doors and groups
    are linear terms of the same balance.
    """

    racks: RackAir
    group_of_rack: IntArray
    front_of_exhaust: FloatArray
    front_of_supply: FloatArray
    return_of_exhaust: FloatArray
    return_of_supply: FloatArray
    spectral_radius: float = 0.0
    closure: FloatArray = field(default_factory=lambda: np.zeros((0, 0)))
    rack_share: FloatArray = field(default_factory=lambda: np.zeros(0))

    def __post_init__(self) -> None:
        self.rack_share = self._shares()
        passed = self.grouped(self.racks.door_pass_frac[:, None] * self.front_of_exhaust)
        self.closure = inverse(np.eye(len(passed)) - passed)
        self.spectral_radius = spectral_radius(passed)
        self._check_supplied()

    def _shares(self) -> FloatArray:
        """Part of each rack in the air of its group."""
        flow = self.racks.flow_m3_s
        total = np.bincount(self.group_of_rack, flow, self.front_of_exhaust.shape[1])[self.group_of_rack]
        return np.divide(flow, total, out=np.zeros(len(flow)), where=total > 0.0)

    def grouped(self, of_rack: FloatArray) -> FloatArray:
        """Means over groups of rows (n_racks, m) or values (n_racks,), by airflow."""
        shape = (self.front_of_exhaust.shape[1], *of_rack.shape[1:])
        out = np.zeros(shape)
        weight = self.rack_share if of_rack.ndim == 1 else self.rack_share[:, None]
        np.add.at(out, self.group_of_rack, weight * of_rack)
        return out

    def _check_supplied(self) -> None:
        """All air of every front came from a supply once; else heat has no way out and no temperature exists."""
        ones = np.ones(self.front_of_supply.shape[1])
        # Doors take heat out too: leave them away, for this is about where the air comes from.
        closure = inverse(np.eye(len(self.closure)) - self.grouped(self.front_of_exhaust))
        fresh = applied(self.front_of_supply, ones)
        reached = fresh + applied(self.front_of_exhaust, applied(closure, self.grouped(fresh)))
        is_lost = ~(np.abs(reached - 1.0) < 0.5) & (self.racks.flow_m3_s > 0.0)
        if is_lost.any() or self.spectral_radius > 1.0 - LEAST_SUPPLY_FRAC:
            names = [self.racks.ids[i] for i in np.flatnonzero(is_lost)] or list(self.racks.ids)
            raise ModelRangeError(
                f"air goes round between {len(names)} racks and none comes from a cooler "
                f"(spectral radius {self.spectral_radius:.6f}, below 1 is needed)",
                ", ".join(names[:6]) + (", ..." if len(names) > 6 else ""),
                "give them supply air, or a path for their exhaust to a return",
            )

    def exhaust_c(self, heat_w: FloatArray, supply_c: FloatArray) -> FloatArray:
        """(n_groups,) temperature of each group's exhaust, °C."""
        fresh = applied(self.front_of_supply, supply_c)
        return applied(self.closure, self.grouped(self.racks.exhaust_c(fresh, heat_w)))

    def front_c(self, exhaust_c: FloatArray, supply_c: FloatArray) -> FloatArray:
        """(n_racks,) air before each front, °C."""
        return applied(self.front_of_exhaust, exhaust_c) + applied(self.front_of_supply, supply_c)

    def return_c(self, exhaust_c: FloatArray, supply_c: FloatArray) -> FloatArray:
        """(n_returns,) air into each return, °C."""
        return applied(self.return_of_exhaust, exhaust_c) + applied(self.return_of_supply, supply_c)

    def matrix_k_w(self) -> FloatArray:
        """D (n_racks, n_racks), K/W: warming of each inlet by a watt of each rack, at constant airflow."""
        racks = self.racks
        per_w = np.divide(1.0, racks.w_k, out=np.zeros(len(racks.w_k)), where=racks.w_k > 0.0)
        column = self.rack_share * racks.door_pass_frac * per_w
        d = product(self.front_of_exhaust, self.closure)[:, self.group_of_rack] * column[None, :]
        d[np.diag_indices(len(d))] += racks.gap_frac * per_w
        return d

    def supply_gain(self) -> FloatArray:
        """S (n_racks, n_supplies): warming of each inlet by a kelvin of each supply; rows sum to 1 without doors."""
        passed = self.grouped(self.racks.door_pass_frac[:, None] * self.front_of_supply)
        return self.front_of_supply + product(self.front_of_exhaust, product(self.closure, passed))
