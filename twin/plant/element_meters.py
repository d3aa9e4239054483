"""What each element of the power path carried and lost since the start, and what of it IT drew."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from twin.layout.floor import Floor
from twin.physics import FloatArray
from twin.plant.flow import PowerFlow
from twin.plant.wiring import Wiring, at_points, cord_energy_j
from twin.units import J_PER_KWH

METERED_AT: Mapping[int, tuple[str, ...]] = {1: ("ups",), 2: ("pdu", "rpp", "busway")}
"""Roles at whose output IT energy is read, by PUE category; the one next to the racks where a path holds several.

Source: ISO/IEC 30134-2, categories 1 (UPS output) and 2 (PDU output); 3 is the input of the IT equipment itself.
"""
SHARED = "shared"
MOST_TOGETHER, LEAST_TOGETHER, VALUES_TOGETHER = 64, 8, 65536
"""Flows added up at once, and the values kept until then: one sum of many flows costs little more than one of one."""


@dataclass(slots=True)
class ElementMeters:
    """Meters at every element (n,), and the energy of IT (servers, then switches) at the metering points."""

    ids: list[str]
    roles: list[str]
    sides: list[str]  # the one side of the cords below it, `shared`, or empty where nothing hangs below
    rated_w: FloatArray  # (n,) NaN where there is none
    load_j: FloatArray = field(init=False)  # (n,) passed on
    loss_j: FloatArray = field(init=False)  # (n,) lost inside, in its battery too
    input_j: FloatArray = field(init=False)  # (n,) drawn: load, loss of the element, what its battery took
    cord_j: FloatArray = field(init=False)  # (n,) part of load_j that went to cords, not to other elements
    peak_w: FloatArray = field(init=False)  # (n,) highest load, a mean over one settling
    metered_j: dict[int, float] = field(init=False)  # PUE category -> IT energy at its metering points
    unmetered_j: dict[int, float] = field(init=False)  # part of it that met no such point and was read at its cords
    _flows: list[PowerFlow] = field(default_factory=list)  # not yet added up; a steady flow is one of them
    _held_s: list[float] = field(default_factory=list)  # how long each of them lasted
    _n_together: int = field(init=False)
    _wiring: Wiring | None = None
    _battery_j: FloatArray = field(init=False)  # (n,) part of loss_j lost in batteries
    _since: tuple[FloatArray, ...] = field(init=False)  # load, loss of the elements, input, IT energy at its begin

    def __post_init__(self) -> None:
        n = len(self.ids)
        self.load_j, self.loss_j, self.input_j, self.cord_j, self.peak_w = (np.zeros(n) for _ in range(5))
        self._battery_j = np.zeros(n)
        self._n_together = max(1, min(MOST_TOGETHER, VALUES_TOGETHER // max(1, n)))
        self.metered_j = dict.fromkeys(METERED_AT, 0.0)
        self.unmetered_j = dict.fromkeys(METERED_AT, 0.0)
        self._since = (np.zeros(n), np.zeros(n), np.zeros(n), np.zeros(0))

    def count(self, flow: PowerFlow, dt_s: float) -> None:
        """Take over a flow that held for dt_s."""
        if self._flows and flow is self._flows[-1]:
            self._held_s[-1] += dt_s
            return
        if len(self._flows) >= self._n_together:
            self._fold()
        self._flows.append(flow)
        self._held_s.append(dt_s)

    def _fold(self) -> None:
        if not self._flows:
            return
        if self._n_together < LEAST_TOGETHER:
            self._fold_each()
            return
        held_s = np.array(self._held_s)
        load_w = np.array([flow.load_w for flow in self._flows])
        self.load_j += held_s @ load_w
        self.loss_j += held_s @ np.array([flow.loss_w for flow in self._flows])
        self.input_j += held_s @ np.array([flow.input_w for flow in self._flows])
        np.maximum(self.peak_w, load_w.max(axis=0), out=self.peak_w)
        self._flows, self._held_s = [], []

    def _fold_each(self) -> None:
        """One after another: of a large path, gathering the flows costs more than adding them up."""
        for flow, held_s in zip(self._flows, self._held_s, strict=True):
            self.load_j += held_s * flow.load_w
            self.loss_j += held_s * flow.loss_w
            self.input_j += held_s * flow.input_w
            np.maximum(self.peak_w, flow.load_w, out=self.peak_w)
        self._flows, self._held_s = [], []

    def count_hours(self, load_w: FloatArray, loss_w: FloatArray, input_w: FloatArray, lasted_s: FloatArray) -> None:
        """Take over many flows at once, (n, n_hours) W that lasted (n_hours,) s each."""
        self._fold()
        self.load_j += load_w @ lasted_s
        self.loss_j += loss_w @ lasted_s
        self.input_j += input_w @ lasted_s
        np.maximum(self.peak_w, load_w.max(axis=1, initial=0.0), out=self.peak_w)

    def lose(self, nodes: np.ndarray, battery_j: FloatArray) -> None:
        """Take over what batteries lost, (k,) J, each at its node."""
        np.add.at(self.loss_j, nodes, battery_j)
        np.add.at(self._battery_j, nodes, battery_j)

    def rewire(self, wiring: Wiring, it_j: FloatArray) -> None:
        """From now on loads are shared so; it_j (n_it,) energy at the cords of servers and switches since the start."""
        self.close(it_j)
        self._wiring = wiring
        self._mark(it_j)

    def _mark(self, it_j: FloatArray) -> None:
        self._since = (self.load_j.copy(), self.loss_j - self._battery_j, self.input_j.copy(), it_j)

    def close(self, it_j: FloatArray) -> None:
        """Bring everything up to date: attribute what passed since the last rewiring."""
        self._fold()
        wiring, (load_j, loss_j, input_j, before_j) = self._wiring, self._since
        if wiring is None:
            return
        passed_j = self.load_j - load_j
        with_loss_j = passed_j + (self.loss_j - self._battery_j) - loss_j
        self.cord_j += cord_energy_j(wiring, passed_j, self.input_j - input_j)
        for category, roles in METERED_AT.items():
            is_point = np.array([role in roles for role in self.roles], dtype=bool)
            metered_j, unmetered_j = at_points(wiring, (passed_j, with_loss_j), it_j - before_j, is_point)
            self.metered_j[category] += metered_j
            self.unmetered_j[category] += unmetered_j
        self._mark(it_j)

    def table(self, seconds: float) -> dict[str, np.ndarray]:
        """One row per element: energies, peak, mean efficiency and load factor over the seconds that passed."""
        mean_w = self.load_j / seconds
        with_loss_j = self.load_j + self.loss_j
        nothing = np.full(len(self.ids), np.nan)
        return {
            "element": np.array(self.ids, dtype=object),
            "role": np.array(self.roles, dtype=object),
            "side": np.array(self.sides, dtype=object),
            "rated_w": self.rated_w,
            "energy_kwh": self.load_j / J_PER_KWH,
            "loss_kwh": self.loss_j / J_PER_KWH,
            "cord_kwh": self.cord_j / J_PER_KWH,
            "mean_w": mean_w,
            "peak_w": self.peak_w.copy(),
            "efficiency_frac": np.divide(self.load_j, with_loss_j, out=nothing.copy(), where=with_loss_j > 0.0),
            "load_factor_frac": np.divide(mean_w, self.peak_w, out=nothing.copy(), where=self.peak_w > 0.0),
        }

    def by_side(self) -> dict[str, dict[str, float]]:
        """Energy given to cords, and lost, by the elements of each side and by those that both sides share."""
        found = {}
        for side in sorted(set(self.sides) - {""}, key=lambda name: (name == SHARED, name)):
            part = np.array([name == side for name in self.sides])
            found[side] = {
                "cords_kwh": float(self.cord_j[part].sum()) / J_PER_KWH,
                "loss_kwh": float(self.loss_j[part].sum()) / J_PER_KWH,
            }
        return found

    def by_role(self) -> dict[str, float]:
        """Loss in kWh by role, largest first."""
        sums: dict[str, float] = {}
        for role, loss_j in zip(self.roles, self.loss_j.tolist(), strict=True):
            sums[role] = sums.get(role, 0.0) + loss_j / J_PER_KWH
        return dict(sorted(sums.items(), key=lambda item: -item[1]))


def compile_elements(floor: Floor, ids: Sequence[str]) -> ElementMeters:
    """Meters for the elements of a path, in its order."""
    below: dict[str, set[str]] = {name: set() for name in floor.power}
    for name, side in _cords(floor):
        _mark(floor, name, side, below)
    nodes = [floor.power.get(name) for name in ids]
    return ElementMeters(
        ids=list(ids),
        roles=[node.device.role if node else "" for node in nodes],
        sides=[_side(below.get(name, set())) for name in ids],
        rated_w=np.array([(node.rated_w if node else None) or np.nan for node in nodes], dtype=float),
    )


def _cords(floor: Floor) -> list[tuple[str, str]]:
    """Every cord: the element it hangs on, and its side."""
    feeds = [box.feeds for box in (*floor.servers(), *floor.switches())]
    feeds += [cooler.spec.feeds for cooler in floor.coolers.values()]
    feeds += [item.spec.feeds for item in floor.plant.values()]
    return [(name, side) for one in feeds for side, name in one.items()]


def _mark(floor: Floor, name: str, side: str, below: dict[str, set[str]]) -> None:
    """Note the side at an element and at all that feed it."""
    if name not in below or side in below[name]:
        return
    below[name].add(side)
    for parent in floor.power[name].spec.inputs:
        _mark(floor, parent, side, below)


def _side(sides: set[str]) -> str:
    return SHARED if len(sides) > 1 else next(iter(sides), "")
