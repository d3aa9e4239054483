"""What the ports of a room bring: cool air from supplies, and from the rear of each rack its own inlet air, warmed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from twin.errors import ModelRangeError
from twin.physics import FloatArray, Values
from twin.physics.air import AIR_HEAT_J_M3_K
from twin.physics.airflow.grid import BoolArray, IntArray, Port


@dataclass(frozen=True, slots=True)
class RackLoads:
    """Temperature of inflows from that of the air before the ports.

    supply_c: (n_ports,) of supplies, tiles and leaks, unused elsewhere. rise_k: (n_ports,) from the fronts of a rear's
    owner to the rear. front_share: (n_ports,) part of its owner's inlet air each front takes. owner: (n_ports,) its
    index for a front or rear, -1 elsewhere. is_rear: (n_ports,).
    """

    supply_c: FloatArray
    rise_k: FloatArray
    front_share: FloatArray
    owner: IntArray
    is_rear: BoolArray
    return_share: FloatArray | None = None
    """(n_ports,) part of each return in the air that supplies bring back uncooled; None while coils cool."""

    @classmethod
    def of(cls, ports: Sequence[Port], supply_c: float | FloatArray, heat_w: Mapping[str, float]) -> RackLoads:
        """Racks with heat_w by owner; one temperature of all supplies, or one per port (n_ports,).

        Raises ModelRangeError: a rack with a rear and no front, or with heat and no air.
        """
        names = sorted({p.owner for p in ports if p.kind in ("rack_front", "rack_rear")})
        index = {name: i for i, name in enumerate(names)}
        is_rack = np.array([p.kind in ("rack_front", "rack_rear") for p in ports], bool)
        owner = np.array([index[p.owner] if r else -1 for p, r in zip(ports, is_rack, strict=True)], np.int64)
        is_rear = np.array([p.kind == "rack_rear" for p in ports], bool)
        flow = np.array([p.flow_m3_s for p in ports])
        is_front = is_rack & ~is_rear
        taken = np.bincount(owner[is_front], flow[is_front], len(names))
        given = np.bincount(owner[is_rear], flow[is_rear], len(names))
        heat = np.array([heat_w.get(name, 0.0) for name in names])
        _check(names, (taken, given), heat)
        per_owner = np.divide(heat, AIR_HEAT_J_M3_K * given, out=np.zeros(len(names)), where=given > 0.0)
        share = np.divide(flow, taken[owner], out=np.zeros(len(ports)), where=is_front & (taken[owner] > 0.0))
        rise = np.where(is_rear, per_owner[owner] if names else 0.0, 0.0)
        return cls(np.broadcast_to(np.asarray(supply_c, float), (len(ports),)).copy(), rise, share, owner, is_rear)

    def __call__(self, port_c: FloatArray) -> FloatArray:
        """(n_ports,) °C of the air each inflow brings, from the mean before each port (n_ports,); outflows: any."""
        supply_c = self.supply_c
        if self.return_share is not None:
            supply_c = np.full(len(port_c), float(self.return_share @ port_c))
        if not self.is_rear.any():
            return supply_c
        is_rack = self.owner >= 0
        inlet_c = np.bincount(self.owner[is_rack], (self.front_share * port_c)[is_rack])
        return np.where(self.is_rear, inlet_c[self.owner] + self.rise_k, supply_c)

    def uncooled(self, ports: Sequence[Port]) -> RackLoads:
        """The same racks when the coils stop and the fans run: supplies bring the mixed air of the returns."""
        flow = np.array([p.flow_m3_s if p.kind == "return" else 0.0 for p in ports])
        if flow.sum() <= 0.0:
            raise ModelRangeError("no return takes air", "airflow", "let a cooler run its fans, or stop its supply too")
        return replace(self, return_share=flow / flow.sum())


def _check(names: Sequence[str], flow: tuple[Values, Values], heat: FloatArray) -> None:
    for name, front, rear, watts in zip(names, *flow, heat, strict=True):
        if abs(front - rear) > 1e-9 * max(front, rear):
            raise ModelRangeError(
                f"{front:.4g} m3/s enter its front and {rear:.4g} m3/s leave its rear", name, "give both the same flow"
            )
        if watts != 0.0 and rear <= 0.0:
            raise ModelRangeError(f"heat of {watts:.0f} W and no air to carry it", name, "give it some airflow")
