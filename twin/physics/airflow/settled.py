"""The settled flow of a room: marched from the potential flow until its time mean stands still."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TypeAlias

import numpy as np

from twin.errors import ModelRangeError
from twin.physics import FloatArray
from twin.physics.airflow.grid import RoomGrid
from twin.physics.airflow.march import AirModel, MarchDiverged, RoomMarch
from twin.physics.airflow.means import Means
from twin.physics.airflow.refine import carried_over

Inflows: TypeAlias = Callable[[FloatArray], FloatArray]
"""Temperature each inflow brings (n_ports,), °C, from the mean air before each port (n_ports,), °C; see `RackLoads`."""
Progress: TypeAlias = Callable[[float], None]
"""Told the part of the longest march that is done, 0 to 1. It may raise to end the march."""


@dataclass(frozen=True, slots=True)
class Patience:
    """How long a room is marched, in turnovers: volume of its air over the flow through it.

    spin_up: thrown away before the first mean. window: of one mean. least, most: windows. drift_k: largest difference
    of a rack front between the two halves of the averaged time at which the march may end.
    """

    spin_up: float = 1.5
    window: float = 0.5
    least: int = 3
    most: int = 8
    drift_k: float = 0.15


@dataclass(frozen=True, slots=True)
class Settled:
    """The time mean of a settled flow.

    air_c: (nx, ny, nz), °C; 0 in solid cells. velocity_m_s: across x, y, z on faces as gx, gy, gz of the grid, per
    whole face. port_c: (n_ports,) air at each port, °C: what is brought, by inflows. drift_k: largest difference of a
    rack front between both halves of the averaged time, std_k: largest standard deviation in time; what is left
    unsteady is a part of the error. means: sums for exchange coefficients. march: state at the end, to go on from.
    """

    grid: RoomGrid
    air_c: FloatArray
    velocity_m_s: tuple[FloatArray, FloatArray, FloatArray]
    port_c: FloatArray
    drift_k: float
    std_k: float
    is_steady: bool
    simulated_s: float
    cpu_s: float
    means: Means
    march: RoomMarch

    @property
    def front_c(self) -> dict[str, float]:
        """Mean air before the fronts of each rack by owner, °C."""
        flow: dict[str, float] = {}
        warm: dict[str, float] = {}
        for port, c in zip(self.grid.ports, self.port_c, strict=True):
            if port.kind == "rack_front":
                flow[port.owner] = flow.get(port.owner, 0.0) + port.flow_m3_s
                warm[port.owner] = warm.get(port.owner, 0.0) + port.flow_m3_s * float(c)
        return {owner: warm[owner] / flow[owner] for owner in flow if flow[owner] > 0.0}


def turnover_s(grid: RoomGrid) -> float:
    """Volume of the air of a room over the flow through it, s. Raises ModelRangeError: nothing flows."""
    flow = sum(p.flow_m3_s for p in grid.ports if p.is_inflow and p.kind != "rack_rear")
    if flow <= 0.0:
        raise ModelRangeError("no air flows", "airflow", "give a cooler some airflow")
    return float(np.count_nonzero(~grid.solid)) * grid.h_m**3 / flow


def settle(
    grid: RoomGrid,
    inflows: Inflows,
    model: AirModel | None = None,
    start: Settled | None = None,
    patience: Patience | None = None,
    progress: Progress | None = None,
) -> Settled:
    """Marches a checked grid to its settled mean, from the potential flow or from a flow settled before.

    A march that runs away is tried once more with half the steps. start: a settled flow of the same room, perhaps on
    coarser cells or before an edit; half the time is saved.
    Raises MarchDiverged, ModelRangeError: no flow, or a flow that cannot be projected.
    """
    began_s = time.process_time()
    model, patience = model or AirModel(), patience or Patience()
    try:
        found = _settle(grid, inflows, model, (start, patience), progress)
    except MarchDiverged:
        found = _settle(grid, inflows, replace(model, courant=0.5 * model.courant), (start, patience), progress)
    return replace(found, cpu_s=time.process_time() - began_s)


def _settle(
    grid: RoomGrid,
    inflows: Inflows,
    model: AirModel,
    how: tuple[Settled | None, Patience],
    progress: Progress | None,
) -> Settled:
    start, patience = how
    turnover = turnover_s(grid)
    march = RoomMarch(grid, model)
    base_c = _begin(march, inflows, start)
    part = 0.5 if start is not None else 1.0
    spin_up, most = part * patience.spin_up, max(patience.least, round(part * patience.most))
    total_s = (spin_up + patience.window * most) * turnover
    told = (lambda: progress(min(1.0, march.time_s / total_s))) if progress is not None else (lambda: None)
    driven = _Driven(march, inflows, base_c, told)
    driven.until(spin_up * turnover, None)
    windows: list[Means] = []
    drift_k = np.inf
    while len(windows) < most and not (len(windows) >= patience.least and drift_k <= patience.drift_k):
        windows.append(Means(march.lattice))
        driven.until(march.time_s + patience.window * turnover, windows[-1])
        drift_k = _drift_k(windows, grid)
    kept = windows[len(windows) // 4 :]
    return _mean(driven, kept, drift_k, drift_k <= patience.drift_k)


def _begin(march: RoomMarch, inflows: Inflows, start: Settled | None) -> float:
    """Sets the first state of a march; the temperature its warmth counts from comes back, °C."""
    grid = march.grid
    cool = [i for i, p in enumerate(grid.ports) if p.is_inflow and p.kind != "rack_rear"]
    base_c = float(np.mean(inflows(np.zeros(len(grid.ports)))[cool]))
    if start is not None:
        carried_over(start, march, base_c)
        return base_c
    march.start_from_potential()
    # All the heat, well mixed: the balance of the room holds from the start.
    flow = np.array([p.flow_m3_s for p in grid.ports])
    rear = [i for i, p in enumerate(grid.ports) if p.kind == "rack_rear"]
    rise = (inflows(np.full(len(flow), base_c)) - base_c)[rear]
    march.warmth[:] = march.lattice.air * np.float32((flow[rear] * rise).sum() / flow[cool].sum())
    return base_c


@dataclass(slots=True)
class _Driven:
    """A march with the temperatures its ports bring."""

    march: RoomMarch
    inflows: Inflows
    base_c: float
    told: Callable[[], None]

    def until(self, time_s: float, means: Means | None) -> None:
        """Steps up to a time and gathers means on the way."""
        march, ports = self.march, self.march.grid.ports
        is_out = np.array([not p.is_inflow for p in ports])
        while march.time_s < time_s - 1e-9:
            dt_s = march.step_s()
            for _ in range(8):
                port_c = march.port_warmth() + self.base_c
                brought = np.where(is_out, np.nan, self.inflows(port_c) - self.base_c).astype(np.float32)
                step_s = min(dt_s, time_s - march.time_s)
                march.step(brought, step_s)
                if means is not None:
                    means.take(march, np.where(is_out, port_c, brought + self.base_c), step_s)
                if march.time_s >= time_s - 1e-9:
                    break
            self.told()


def _drift_k(windows: list[Means], grid: RoomGrid) -> float:
    """Largest difference of a rack front, or of any outflow where there are no racks, between two halves, K."""
    kept = windows[len(windows) // 4 :]
    if len(kept) < 2:
        return float("inf")
    watched = [i for i, p in enumerate(grid.ports) if p.kind == "rack_front"]
    watched = watched or [i for i, p in enumerate(grid.ports) if not p.is_inflow]
    half = len(kept) // 2
    early, late = Means.joined(kept[:half]), Means.joined(kept[-half:])
    return float(np.abs(early.port_c - late.port_c)[watched].max(initial=0.0))


def _mean(driven: _Driven, windows: list[Means], drift_k: float, is_steady: bool) -> Settled:
    means, grid = Means.joined(windows), driven.march.grid
    fronts = [i for i, p in enumerate(grid.ports) if p.kind == "rack_front"]
    air = (~grid.solid).astype(float)
    return Settled(
        grid=grid,
        air_c=(means.cells(means.warmth) + driven.base_c) * air,
        velocity_m_s=means.velocity_m_s(),
        port_c=means.port_c,
        drift_k=drift_k,
        std_k=float(means.port_std_k[fronts].max(initial=0.0)),
        is_steady=is_steady,
        simulated_s=driven.march.time_s,
        cpu_s=0.0,
        means=means,
        march=driven.march,
    )
