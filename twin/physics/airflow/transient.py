"""What the air of a room does in the minutes after something changes: a cooler stops, water fails, racks step up."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from twin.errors import ModelRangeError
from twin.physics import FloatArray
from twin.physics.air import AIR_HEAT_J_M3_K
from twin.physics.airflow.grid import Port, RoomGrid
from twin.physics.airflow.march import RoomMarch
from twin.physics.airflow.refine import carried_over
from twin.physics.airflow.settled import Inflows, Settled


@dataclass(frozen=True, slots=True)
class Transient:
    """Air at the ports over time. time_s: (n,), from the change on. port_c: (n, n_ports), brought or taken, °C.

    air_c: (n,) mean over the air of the room, °C. ports: of the room after the change.
    """

    time_s: FloatArray
    port_c: FloatArray
    air_c: FloatArray
    ports: tuple[Port, ...]

    def front_c(self, owner: str) -> FloatArray:
        """(n,) air before the fronts of a rack, °C."""
        at = [i for i, p in enumerate(self.ports) if p.kind == "rack_front" and p.owner == owner]
        flow = np.array([self.ports[i].flow_m3_s for i in at])
        return np.asarray(self.port_c[:, at] @ flow / flow.sum())

    def seconds_to(self, limit_c: float) -> dict[str, float]:
        """When the air before each rack first reaches a limit, s, by owner; infinity where it does not in this time."""
        out = {}
        for owner in {p.owner: None for p in self.ports if p.kind == "rack_front" and p.flow_m3_s > 0.0}:
            c = self.front_c(owner)
            over = np.flatnonzero(c >= limit_c)
            if over.size == 0:
                out[owner] = float("inf")
            elif over[0] == 0:
                out[owner] = 0.0
            else:
                i = over[0]
                part = (limit_c - c[i - 1]) / (c[i] - c[i - 1])
                out[owner] = float(self.time_s[i - 1] + part * (self.time_s[i] - self.time_s[i - 1]))
        return out


def transient(
    settled: Settled,
    grid: RoomGrid,
    inflows: Inflows,
    duration_s: float,
    every_s: float = 1.0,
    lag_s: FloatArray | None = None,
) -> Transient:
    """Marches a settled room on after a change.

    grid: the same room with the flows of its ports after it; ports may stand still or be missing. inflows: what they
    bring then.
    lag_s: (n_ports,) time in which what an inflow brings follows: heat capacity behind it over that of its flow, as
    of servers in a rack or of water in a coil; 0 where there is none. Raises ModelRangeError, MarchDiverged.
    """
    if grid.shape != settled.grid.shape or not np.array_equal(grid.solid, settled.grid.solid):
        raise ModelRangeError(
            f"bodies in a room of {grid.shape} cells are not those in the settled one of {settled.grid.shape}",
            "transient",
            "change flows only; a room of another shape is settled anew",
        )
    march = RoomMarch(grid, settled.march.model)
    base_c = float(settled.air_c[~grid.solid].mean())
    carried_over(settled, march, base_c)
    before_c = {p.name: float(c) for p, c in zip(settled.grid.ports, settled.port_c, strict=True)}
    brought_c = np.array([before_c.get(p.name, base_c) for p in grid.ports])
    lag_s = np.zeros(len(grid.ports)) if lag_s is None else lag_s
    rows = []
    while True:
        rows.append((march.time_s, _ports_c(march, brought_c, base_c), _air_c(march, base_c)))
        if march.time_s >= duration_s - 1e-9:
            break
        brought_c = _until(march, inflows, (brought_c, lag_s, base_c), min(duration_s, march.time_s + every_s))
    time_s, port_c, air_c = (np.array(column) for column in zip(*rows, strict=True))
    return Transient(time_s, port_c, air_c, tuple(grid.ports))


def _until(
    march: RoomMarch, inflows: Inflows, state: tuple[FloatArray, FloatArray, float], time_s: float
) -> FloatArray:
    """Steps up to a time; what the inflows bring then comes back, °C."""
    brought_c, lag_s, base_c = state
    is_in = march.lattice.is_inflow
    while march.time_s < time_s - 1e-9:
        step_s = min(march.step_s(), time_s - march.time_s)
        target_c = inflows(march.port_warmth() + base_c)
        kept = np.exp(-np.divide(step_s, lag_s, out=np.full(len(lag_s), np.inf), where=lag_s > 0.0))
        brought_c = target_c + kept * (brought_c - target_c)
        march.step(np.where(is_in, brought_c - base_c, np.nan).astype(np.float32), step_s)
    return brought_c


def _ports_c(march: RoomMarch, brought_c: FloatArray, base_c: float) -> FloatArray:
    return np.where(march.lattice.is_inflow, brought_c, march.port_warmth() + base_c)


def _air_c(march: RoomMarch, base_c: float) -> float:
    warm = march.lattice.cells(march.warmth)[~march.grid.solid]
    return float(warm.mean(dtype=np.float64)) + base_c


def with_flows(grid: RoomGrid, flow_m3_s: dict[str, float]) -> RoomGrid:
    """The same room with other flows of some ports, by name. Raises ModelRangeError: they do not balance."""
    unknown = sorted(set(flow_m3_s) - {p.name for p in grid.ports})
    if unknown:
        raise ModelRangeError(f"no port {unknown[0]!r}", "airflow", "give the name of a port of this room")
    ports = [p.with_flow(flow_m3_s.get(p.name, p.flow_m3_s)) for p in grid.ports]
    return replace(grid, ports=ports).checked()


def rack_lag_s(grid: RoomGrid, heat_capacity_j_k: dict[str, float]) -> FloatArray:
    """(n_ports,) time in which the air of each rear follows, s: heat capacity of the rack over that of its flow."""
    given: dict[str, float] = {}
    for port in grid.ports:
        if port.kind == "rack_rear":
            given[port.owner] = given.get(port.owner, 0.0) + port.flow_m3_s
    return np.array(
        [
            heat_capacity_j_k.get(p.owner, 0.0) / (AIR_HEAT_J_M3_K * given[p.owner])
            if p.kind == "rack_rear" and given[p.owner] > 0.0
            else 0.0
            for p in grid.ports
        ]
    )
