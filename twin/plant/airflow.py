"""The air of a drawn room, solved while one edits it: temperatures of racks, returns and the whole field."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np

from twin.catalogue.library import Catalogue, shipped_catalogue
from twin.errors import DocumentError, ModelRangeError
from twin.layout.expand import expand
from twin.layout.finding import Finding
from twin.layout.floor import Floor
from twin.layout.model import Layout
from twin.physics import FloatArray
from twin.physics.airflow.dense import applied
from twin.physics.airflow.loads import RackLoads
from twin.physics.airflow.poisson import Potential
from twin.physics.airflow.ports import Real
from twin.physics.airflow.room_flow import AirUsers, LinearRoom, RoomFlow, room_flow
from twin.physics.airflow.settled import Settled
from twin.plant.airflow_heights import height_weights
from twin.plant.airflow_room import RoomParts, room_parts
from twin.plant.airflow_trust import Trust, doubted, settled_trust, trust

CELL_M = 0.3
MOST_LINEAR = 6_000_000
"""Cells times columns up to which temperatures come from the linear map at once; beyond, from passes of one column."""
WARMS_K = 0.05
"""A cooler that supplies air warmer than it draws by more than this heats the room."""


@dataclass(frozen=True, slots=True)
class AirResult:
    """One settled picture of the air, and how far it may be believed.

    inlet_c, exhaust_c, heat_w, rack_m3_s: (n_racks,) in the order of rack_ids; thirds_c: (n_racks, 3) of the front from
    the floor up. return_c, supply_c, cooler_m3_s: (n_coolers,). field_c: (nx, ny, nz) of cells of cell_m from
    origin_m; solid cells hold the mean. residual: of the flow, over its sources. heat_residual_frac: heat lost or
    made up, over all heat. trust: which figures to believe.
    """

    rack_ids: tuple[str, ...]
    inlet_c: FloatArray
    thirds_c: FloatArray
    exhaust_c: FloatArray
    heat_w: FloatArray
    rack_m3_s: FloatArray
    cooler_ids: tuple[str, ...]
    return_c: FloatArray
    supply_c: FloatArray
    cooler_m3_s: FloatArray
    field_c: Real
    cell_m: float
    origin_m: tuple[float, float, float]
    residual: float
    heat_residual_frac: float
    trust: Trust
    findings: tuple[Finding, ...]

    @property
    def max_inlet_c(self) -> float | None:
        """The hottest inlet; None where the model cannot say which rack is hot."""
        moves = self.rack_m3_s > 0.0
        return float(self.inlet_c[moves].max()) if self.trust.has_maximum and moves.any() else None

    @property
    def mean_supply_c(self) -> float:
        """Supply air of all coolers, mixed."""
        return float(self.supply_c @ self.cooler_m3_s / self.cooler_m3_s.sum())

    @property
    def mean_return_c(self) -> float:
        """Return air of all coolers, mixed."""
        return float(self.return_c @ self.cooler_m3_s / self.cooler_m3_s.sum())


@dataclass(slots=True)
class RoomAir:
    """A room whose air is solved when asked, and remembered: an edit starts from the last flow.

    `RoomAir.of` reads a drawing; `moved` and `updated` give the edited room; `solve` and `with_heat` give results.
    settled: the flow behind the results once `settled_air` has marched the room; None where it is potential flow.
    """

    parts: RoomParts
    cell_m: float = CELL_M
    is_exact: bool = False
    heat_w: FloatArray = field(default_factory=lambda: np.zeros(0))
    supply_c: FloatArray = field(default_factory=lambda: np.zeros(0))
    settled: Settled | None = None
    _last: Potential | None = None
    _flow: RoomFlow | None = None
    _linear: LinearRoom | None = None
    _heights: FloatArray | None = None

    @classmethod
    def of(
        cls,
        drawing: Layout | Floor,
        cell_m: float = CELL_M,
        *,
        is_exact: bool = False,
        catalogue: Catalogue | None = None,
        flows_m3_s: Mapping[str, float] | None = None,
    ) -> RoomAir:
        """The air of a drawing at the largest load of its racks and the set points of its coolers.

        cell_m: edge of the cells. is_exact: float64 until balances close to 1e-12, in place of float32 for editing.
        catalogue: sheets of a layout, the shipped ones as default. flows_m3_s: flow of coolers by id in place of their
        drawn fan speeds, 0 for one that has failed. Raises ModelRangeError and DocumentError by name.
        """
        floor = drawing if isinstance(drawing, Floor) else expand(drawing, catalogue or shipped_catalogue())
        if not 0.02 <= cell_m <= 2.0:
            raise ModelRangeError(f"cells of {cell_m:g} m", "airflow", "give 0.02 to 2 m")
        for name in flows_m3_s or {}:
            if name not in floor.coolers:
                raise DocumentError(f"no cooler {name!r}", "airflow", f"there are {', '.join(floor.coolers)}")
        parts = room_parts(floor, flows_m3_s)
        return cls(parts, cell_m, is_exact, parts.heat_w, np.array([c.supply_c for c in parts.coolers]))

    def flow(self) -> RoomFlow:
        """The air in motion; solved once."""
        if self._flow is None:
            grid = self.parts.shape(self.cell_m).grid(self.cell_m).checked()
            self._flow = room_flow(grid, users_of(self.parts), self.is_exact, self._last)
        return self._flow

    def linear(self) -> LinearRoom:
        """The recirculation map at this flow; solved once."""
        if self._linear is None:
            self._linear = self.flow().linear()
        return self._linear

    def matrix(self) -> FloatArray:
        """D (n_racks, n_racks), K/W: warming of each inlet by a watt of each rack, at constant airflow."""
        return self.linear().map.matrix_k_w()

    def solve(self) -> AirResult:
        """Temperatures at the heat and supply temperatures this room has."""
        return self._result(self._front_c())

    def _front_c(self) -> FloatArray:
        """Air before the fronts: by the linear map where it is known or cheap, else by passes of one column."""
        flow = self.flow()
        n_columns = len(self.heat_w) + len(flow.i_supply)
        if self._linear is None and flow.grid.n_cells * n_columns > MOST_LINEAR:
            return flow.settled(self.heat_w, self.supply_c)
        return self.linear().front_c(self.heat_w, self.supply_c)

    def with_heat(self, heat_w: FloatArray | Mapping[str, float]) -> AirResult:
        """Temperatures at another heat of the racks (n_racks,) or by id, W, at the same airflow; this room keeps it."""
        if isinstance(heat_w, Mapping):
            index = {name: i for i, name in enumerate(self.parts.racks.ids)}
            self.heat_w = self.heat_w.copy()
            for name, value in heat_w.items():
                if name not in index:
                    raise DocumentError(f"no rack {name!r}", "airflow", "name a rack of this layout")
                self.heat_w[index[name]] = value
        else:
            self.heat_w = np.asarray(heat_w, float)
        return self.solve()

    def of_field(self, field_c: Real) -> AirResult:
        """What a field of air temperatures (nx, ny, nz) from elsewhere, such as a CFD run, means for racks and coolers.

        Solid cells of the field are not read.
        """
        flow, racks = self.flow(), self.parts.racks
        air = ~flow.grid.solid
        whole = np.where(air, field_c, float(field_c[air].mean()))
        front_c = flow.front_c(whole.ravel())
        ports_c = flow.table.mean(whole.ravel())
        result = self.solve()
        assert self._heights is not None
        gap_k = racks.gap_frac * racks.rise_k(self.heat_w)
        return replace(
            result,
            inlet_c=racks.inlet_c(front_c, self.heat_w),
            thirds_c=self._thirds_c(flow, whole, front_c) + gap_k[:, None],
            exhaust_c=racks.exhaust_c(front_c, self.heat_w),
            return_c=np.where(flow.i_return >= 0, flow.at_ports(ports_c, flow.i_return), result.return_c),
            field_c=whole,
        )

    def with_supply(self, supply_c: FloatArray | float) -> AirResult:
        """Temperatures at another supply temperature of the coolers, (n_coolers,) or one for all, °C."""
        self.supply_c = np.broadcast_to(np.asarray(supply_c, float), (len(self.parts.coolers),)).copy()
        return self.solve()

    def loads(self) -> RackLoads:
        """What the ports of `flow().grid` bring, for a march of the same room: `settle(air.flow().grid, air.loads())`.

        Heat that rear doors take is taken off at this tier's temperatures; racks without airflow bring nothing.
        """
        flow, racks = self.flow(), self.parts.racks
        supply_c = np.full(len(flow.grid.ports), float(np.mean(self.supply_c)))
        supply_c[flow.i_supply] = applied(flow.supply_map, self.supply_c)
        state = flow.state(self._front_c(), self.heat_w, self.supply_c)
        left_w = np.where(racks.flow_m3_s > 0.0, self.heat_w - racks.door_w(state.front_c, self.heat_w), 0.0)
        return RackLoads.of(flow.grid.ports, supply_c, dict(zip(racks.ids, left_w.tolist(), strict=True)))

    def moved(self, rack: str, x_m: float, y_m: float, angle_deg: float = 0.0) -> RoomAir:
        """The room with one rack elsewhere (corner nearest the origin before rotation), to be solved from this flow."""
        if rack not in self.parts.racks.ids:
            raise DocumentError(f"no rack {rack!r}", "airflow", "name a rack of this layout")
        return self._edited(self.parts.moved(rack, x_m, y_m, angle_deg), self.heat_w)

    def with_rack(self, like: str, name: str, heat_w: float, stance: tuple[float, float, float]) -> RoomAir:
        """The room with one more rack like another; its corner x_m, y_m and angle_deg as in the drawing."""
        parts = self.parts.with_rack(like, name, heat_w, stance)
        return self._edited(parts, np.append(self.heat_w, heat_w))

    def updated(self, drawing: Layout | Floor, catalogue: Catalogue | None = None) -> RoomAir:
        """The room of an edited drawing, to be solved from this flow where the grid is the same."""
        floor = drawing if isinstance(drawing, Floor) else expand(drawing, catalogue or shipped_catalogue())
        parts = room_parts(floor)
        if parts.blows_like(self.parts):
            parts.plenum = self.parts.plenum
        supply_c = np.array([c.supply_c for c in parts.coolers])
        return replace(self._edited(parts, parts.heat_w), supply_c=supply_c)

    def _edited(self, parts: RoomParts, heat_w: FloatArray) -> RoomAir:
        last = self._flow.potential if self._flow is not None else self._last
        return RoomAir(parts, self.cell_m, self.is_exact, heat_w, self.supply_c, _last=last)

    def _result(self, front_c: FloatArray) -> AirResult:
        flow, racks = self.flow(), self.parts.racks
        state = flow.state(front_c, self.heat_w, self.supply_c)
        if self._heights is None:
            self._heights = height_weights(flow, [piece.box[5] for piece in self.parts.pieces])
        gap_k = racks.gap_frac * racks.rise_k(self.heat_w)
        thirds_c = self._thirds_c(flow, state.field_c, state.front_c) + gap_k[:, None]
        inlet_c = racks.inlet_c(state.front_c, self.heat_w)
        believed = trust(self.parts) if self.settled is None else settled_trust(self.parts, self.settled)
        believed = doubted(believed, racks.ids, inlet_c)
        return AirResult(
            rack_ids=racks.ids,
            inlet_c=inlet_c,
            thirds_c=thirds_c,
            exhaust_c=state.exhaust_c,
            heat_w=self.heat_w,
            rack_m3_s=np.array([draw.flow_m3_s for draw in self.parts.draws]),
            cooler_ids=tuple(c.id for c in self.parts.coolers),
            return_c=state.return_c,
            supply_c=self.supply_c,
            cooler_m3_s=np.array([c.flow_m3_s for c in self.parts.coolers]),
            field_c=state.field_c,
            cell_m=self.cell_m,
            origin_m=flow.grid.origin_m,
            residual=flow.potential.residual_frac,
            heat_residual_frac=state.heat_residual_frac,
            trust=believed,
            findings=(*believed.findings, *self._findings(state.return_c)),
        )

    def _thirds_c(self, flow: RoomFlow, field_c: Real, front_c: FloatArray) -> FloatArray:
        """(n_racks, 3) mean over the area of each third of a front; the whole front where the third has no air."""
        assert self._heights is not None
        values = field_c.ravel()[flow.table.cells]
        rack = np.full(len(flow.table.port_m3_s), -1)
        has_front = flow.i_front >= 0
        rack[flow.i_front[has_front]] = np.flatnonzero(has_front)
        of_cell = rack[flow.table.port_of_cell]
        is_front = of_cell >= 0
        n = len(front_c)
        thirds = np.repeat(front_c[:, None], 3, axis=1)
        for k in range(3):
            weight = self._heights[is_front, k]
            total = np.bincount(of_cell[is_front], weight, n)
            mean = np.bincount(of_cell[is_front], weight * values[is_front], n)
            thirds[:, k] = np.divide(mean, total, out=thirds[:, k].copy(), where=total > 0.0)
        return thirds

    def _findings(self, return_c: FloatArray) -> list[Finding]:
        """Coolers that heat the room, and tiles that give no air."""
        found = []
        for cooler, supply_c, back_c in zip(self.parts.coolers, self.supply_c, return_c, strict=True):
            if cooler.flow_m3_s > 0.0 and supply_c > back_c + WARMS_K:
                what = f"supplies {supply_c:.1f} °C and draws {back_c:.1f} °C: it heats the room"
                found.append(Finding("airflow.warm_supply", "warning", cooler.id, what, "lower its set point"))
        if self.parts.covered:
            names = ", ".join(self.parts.covered[:4])
            what = f"{len(self.parts.covered)} tiles lie under bodies and give no air: {names}"
            found.append(Finding("airflow.covered_tile", "warning", "tiles", what, "move the rack, or the tiles"))
        return found


def users_of(parts: RoomParts) -> AirUsers:
    """Who moves the air, with the share of each cooler in every tile and supply."""
    n = len(parts.coolers)
    column = {cooler.id: i for i, cooler in enumerate(parts.coolers)}
    whose: dict[str, FloatArray] = {f"{name} supply": np.eye(n)[i] for name, i in column.items()}
    if parts.plenum is not None:
        blowing = [column[name] for name in parts.plenum.coolers]
        rows = np.zeros((len(parts.plenum.flow.fractions), n))
        rows[:, blowing] = parts.plenum.flow.fractions
        whose.update(zip((*parts.plenum.tiles, "floor seams"), rows, strict=True))
    return AirUsers(parts.racks, tuple(column), whose)
