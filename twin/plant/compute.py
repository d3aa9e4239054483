"""Servers and their accelerators as rows: writers log changes of load, energy is integrated exactly between them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields

import numpy as np

from twin.catalogue.compute import Accelerator, Server
from twin.catalogue.library import Catalogue
from twin.layout.floor import FittedDevice, Floor
from twin.layout.wet import is_immersed
from twin.physics import FloatArray
from twin.physics.warm import fan_gain, leakage_gain, stepped_over_k
from twin.plant.load_log import UNITS, IntArray, LoadLog, in_units, put

LEAST_FAN_FRAC = 0.3
"""Lowest fan speed of a server. Estimate: BMC fan curves rarely go under 30 % duty."""


INLET_STEP_K = 0.5
"""Change of an inlet that fans and leakage follow. Estimate: the resolution of inlet sensors."""

NOBODY = np.zeros(0, dtype=np.int64)


@dataclass(frozen=True, slots=True)
class ServerConstants:
    """What never changes of one server while it is simulated."""

    id: str
    i_rack: int
    type: str
    chip: Accelerator | None
    n_chips: int
    idle_chip_w: float
    host_idle_w: float
    host_max_w: float
    fan_max_w: float
    air_m3_s_per_w: float
    full_load_w: float  # all chips at TDP, host at full work, fans at full speed
    psu_rated_w: float  # of all supplies together
    psu_loss: tuple[float, float, float, float]  # a, b, c, d of loss / rated
    n_psu: int = 1
    liquid_frac: float = 0.0  # share of its heat that leaves by liquid
    obstacle: str = ""  # why it cannot be simulated; it draws nothing then, and no work may be put on it

    def input_w(self, chips_w: float, host_w: float, psu_frac: float = 1.0, over_k: float = 0.0) -> float:
        """Watts at the cords: chips, host, fans that follow the heat with the cube of their speed, supply losses.

        psu_frac: share of its supplies that carry it, on live cords; each works at a load higher by its inverse.
        over_k: inlet above the one up to which fans and leakage are as the sheet says.
        """
        if self.obstacle:
            return 0.0
        output_w, rated_w = self.output_w(chips_w, host_w, over_k), psu_frac * self.psu_rated_w
        a, b, c, d = self.psu_loss
        x = output_w / rated_w
        cube = x * x * x if x < 1.0 else 3.0 * x - 2.0
        return output_w + rated_w * (a + x * (b + x * c) + d * cube)

    def output_w(self, chips_w: float, host_w: float, over_k: float = 0.0) -> float:
        """What its supplies give: chips, host and fans; over_k as in `input_w`."""
        speed = (chips_w + host_w) / self.full_load_w
        if speed < LEAST_FAN_FRAC:  # not min and max: this is asked thousands of times a pulse
            speed = LEAST_FAN_FRAC
        elif speed > 1.0:
            speed = 1.0
        if over_k > 0.0:
            speed = min(speed * float(fan_gain(over_k)), 1.0)
            chips_w *= float(leakage_gain(over_k, self.liquid_frac))
        return chips_w + host_w + self.fan_max_w * speed * speed * speed

    def supply_slope(self, chips_w: float, host_w: float) -> float:
        """How many watts more the cords give for each watt more that the supplies give, at this load."""
        _, b, c, d = self.psu_loss
        x = self.output_w(chips_w, host_w) / self.psu_rated_w
        return 1.0 + b + 2.0 * c * x + 3.0 * d * min(x, 1.0) ** 2


class ServerColumns:
    """The same constants as columns (n,), for many servers at once."""

    __slots__ = (
        "_all_rated_w",
        "_fan_gain",
        "_fan_max_w",
        "_full_load_w",
        "_host_idle_w",
        "_host_span_w",
        "_is_simulated",
        "_leakage_gain",
        "_liquid_frac",
        "_loss",
        "_rated_w",
    )

    def __init__(self, constants: list[ServerConstants]) -> None:
        self._host_idle_w = np.array([c.host_idle_w for c in constants])
        self._host_span_w = np.array([c.host_max_w - c.host_idle_w for c in constants])
        self._fan_max_w = np.array([c.fan_max_w for c in constants])
        self._full_load_w = np.array([c.full_load_w for c in constants])
        self._all_rated_w = np.array([c.psu_rated_w for c in constants])
        self._rated_w = self._all_rated_w.copy()  # of the supplies that carry
        self._loss = np.array([c.psu_loss for c in constants]).reshape(-1, 4).T.copy()
        self._is_simulated = np.array([0.0 if c.obstacle else 1.0 for c in constants])
        self._liquid_frac = np.array([c.liquid_frac for c in constants])
        self._fan_gain, self._leakage_gain = np.ones(len(constants)), np.ones(len(constants))

    def warm(self, i: IntArray, over_k: FloatArray) -> None:
        """From now on servers i breathe air so much over the one their sheets are for, both (m,)."""
        self._fan_gain[i] = fan_gain(over_k)
        self._leakage_gain[i] = leakage_gain(over_k, self._liquid_frac[i])

    def share(self, i: IntArray, psu_frac: FloatArray) -> None:
        """From now on these shares of the supplies of servers i carry them, both (m,)."""
        self._rated_w[i] = psu_frac * self._all_rated_w[i]

    def host_w(self, host_work: FloatArray, i: IntArray | None = None) -> FloatArray:
        """Watts of the hosts of servers i (m,) that have power, by the work of their replicas."""
        rows = slice(None) if i is None else i
        return np.asarray(self._host_idle_w[rows] + self._host_span_w[rows] * np.minimum(host_work, 1.0))

    def input_w(self, loads: FloatArray, is_on: FloatArray, i: IntArray | None = None) -> FloatArray:
        """What `ServerConstants.input_w` gives, for servers i (m,); loads (3, m): chips W, busy chips, host work."""
        rows = slice(None) if i is None else i
        chips_w, host_w = loads[0], self.host_w(loads[2], i)
        speed = np.clip((chips_w + host_w) / self._full_load_w[rows], LEAST_FAN_FRAC, 1.0)
        speed = np.minimum(speed * self._fan_gain[rows], 1.0)
        output_w = chips_w * self._leakage_gain[rows] + host_w + self._fan_max_w[rows] * speed * speed * speed
        rated_w, loss = self._rated_w[rows], self._loss if i is None else self._loss.take(i, axis=1)
        a, b, c, d = loss
        x = output_w / rated_w
        inside = np.minimum(x, 1.0)
        cube = inside * inside * inside + 3.0 * (x - inside)
        watts = output_w + rated_w * (a + x * (b + x * c) + d * cube)
        return np.asarray(watts * self._is_simulated[rows] * is_on)


def server_constants(
    box: FittedDevice, i_rack: int, catalogue: Catalogue, has_loop: bool, in_oil: bool = False
) -> ServerConstants:
    """The constants of a placed server; one that cannot be simulated draws nothing and says why.

    has_loop: whether its rack hangs on a liquid loop; in_oil: whether it is immersed, its fans taken out.
    """
    server = box.device
    assert isinstance(server, Server)
    fitted = server.accelerators
    chip = catalogue.find(fitted[0].type, Accelerator, f"{server.id} accelerators") if fitted else None
    n_chips = fitted[0].count if fitted else 0
    obstacle = _obstacle(box, server, chip, has_loop)
    if obstacle or server.psu is None:
        idle = (0.0, 0.0, 0.0, 0.0, 7.55e-5, 1.0, 1.0, (0.0, 0.0, 0.0, 0.0))
        return ServerConstants(box.id, i_rack, server.id, chip, n_chips, *idle, obstacle=obstacle)
    chips_max_w = n_chips * (chip.tdp_w or 0.0) if chip else 0.0
    return ServerConstants(
        id=box.id,
        i_rack=i_rack,
        type=server.id,
        chip=chip,
        n_chips=n_chips,
        idle_chip_w=(chip.idle_w or 0.0) if chip else 0.0,
        host_idle_w=server.host_idle_w or 0.0,
        host_max_w=server.host_max_w or 0.0,
        fan_max_w=0.0 if in_oil else server.fan_max_w or 0.0,
        air_m3_s_per_w=server.airflow_m3_s_per_w or 7.55e-5,
        full_load_w=chips_max_w + (server.host_max_w or 0.0),
        psu_rated_w=server.psu.count * server.psu.rated_w,
        psu_loss=server.psu.loss_terms,
        n_psu=server.psu.count,
        liquid_frac=1.0 if in_oil else server.liquid_frac,
    )


def _obstacle(box: FittedDevice, server: Server, chip: Accelerator | None, has_loop: bool) -> str:
    """Why a placed server cannot be simulated: what its sheets lack, or what is not modelled; empty when it can."""
    missing = server.missing_for_serving()
    if chip is not None:
        missing += [f"{chip.id}.{name}" for name in ("tdp_w", "idle_w") if getattr(chip, name) is None]
    if missing:
        return f"its sheet lacks {', '.join(missing)}"
    if box.spec.cards or len(server.accelerators) > 1:
        return "it holds more than one kind of card, which is not simulated yet"
    if server.liquid_frac > 0 and not has_loop:
        return f"{server.liquid_frac:.0%} of its heat goes to liquid, and its rack hangs on no liquid loop"
    return ""


class Compute:
    """State of all servers; energies are integrated exactly between the changes of load that were announced.

    Changes are collected in `log`; `settle` integrates them all at once, and must be called before anything is read.
    """

    def __init__(self, constants: list[ServerConstants]) -> None:
        n = len(constants)
        self.constants = constants
        self.log = LoadLog()
        self.is_on = [True] * n  # (n,) whether it has power; written by switch
        self._on = np.ones(n)  # (n,) the same as numbers
        self._columns = ServerColumns(constants)
        self.psu_frac = np.ones(n)  # (n,) share of the supplies of each that carry it; written by share_supplies
        self.over_k = np.zeros(n)  # (n,) inlet above the one its sheet is for; written by follow_inlets
        self._least_psu_frac = 1.0 / np.array([c.n_psu for c in constants], dtype=float)
        idle_w = np.array([c.n_chips * c.idle_chip_w for c in constants])
        self._units = in_units(np.stack([idle_w, 0.0 * idle_w, 0.0 * idle_w]))  # (3, n) as in the log
        # Rows of three: at the cords, of the chips, busy chips.
        self._rates = np.zeros((3, n))  # W, W, chips: now
        self._sums = np.zeros((3, n))  # J, J, chip-seconds: since the start
        self._marked = np.zeros((3, n))  # the sums when means were last taken, of servers that changed since
        self._is_marked = np.zeros(n, dtype=bool)
        self._changed: list[IntArray] = []  # servers that changed since means were last taken, each once
        self._mark_s = 0.0
        self.hosts_j = 0.0  # energy of all hosts since the start
        self.since_s = np.zeros(n)  # (n,) time the sums are integrated to
        self._follow(np.arange(n))

    @property
    def on(self) -> FloatArray:
        """1 for each server that has power, 0 for the others, (n,)."""
        return self._on

    @property
    def input_w(self) -> FloatArray:
        """Watts of each server at the cords now, (n,)."""
        return np.asarray(self._rates[0])

    @property
    def is_still(self) -> bool:
        """Whether nothing was announced or changed since means were last taken."""
        return not self.log.pending and not self._changed

    def settle(self) -> None:
        """Integrate what was announced up to the last change of each server."""
        if not self.log.pending:
            return
        i, at_s, changes = self.log.take()
        first = np.flatnonzero(np.diff(i, prepend=-1))
        servers, last = i[first], np.append(first[1:], len(i)) - 1
        after = np.cumsum(changes, axis=1)
        former_units = self._units.take(servers, axis=1)
        offset = former_units - after.take(first, axis=1) + changes.take(first, axis=1)
        after += np.repeat(offset, last - first + 1, axis=1)
        is_on, loads, former = self._on[i], after / UNITS, former_units / UNITS
        self._remember(servers)
        input_w = self._columns.input_w(loads, is_on, i)

        def before(values: FloatArray, at_first: FloatArray) -> FloatArray:
            shifted = np.empty_like(values)
            shifted[1:] = values[:-1]
            shifted[first] = at_first
            return shifted

        elapsed_s = at_s - before(at_s, self.since_s[servers])
        on_s = elapsed_s * is_on
        # One after another, so that the sums do not depend on when somebody looks.
        np.add.at(self._sums[0], i, before(input_w, self._rates[0][servers]) * elapsed_s)
        np.add.at(self._sums[1], i, before(loads[0], former[0]) * on_s)
        np.add.at(self._sums[2], i, before(loads[1], former[1]) * on_s)
        host_w = before(self._columns.host_w(loads[2], i), self._columns.host_w(former[2], servers))
        self.hosts_j += float(np.dot(host_w, on_s))
        put(self._units, servers, after.take(last, axis=1))
        self._rates[0][servers], self.since_s[servers] = input_w[last], at_s[last]
        put(self._rates[1:], servers, loads[:2].take(last, axis=1) * is_on[last])

    def add_loads(self, servers: Sequence[int] | IntArray, now_s: float, loads: FloatArray) -> None:
        """Change the loads of servers, each named once, by these differences: for what is in no row of the log.

        loads: (3, m) watts of chips, busy chips, host work; what is taken off again is negative.
        """
        rows = np.asarray(servers, dtype=np.intp)
        self._integrate(rows, now_s)
        put(self._units, rows, self._units.take(rows, axis=1) + in_units(loads))
        self._follow(rows)

    def switch(self, servers: Sequence[int], now_s: float, is_on: bool) -> None:
        """Power servers on (idle) or off; their replicas must have been failed before."""
        if not servers:
            return
        rows = np.array(servers, dtype=np.intp)
        self._integrate(rows, now_s)
        for i in servers:
            self.is_on[i] = is_on
        self._on[rows] = float(is_on)
        self._follow(rows)

    def follow_inlets(self, inlet_c: FloatArray, now_s: float) -> None:
        """Fans and leakage follow the inlets (n,) once these have moved by INLET_STEP_K."""
        over_k = stepped_over_k(inlet_c, self.over_k, INLET_STEP_K)
        rows = np.flatnonzero(over_k != self.over_k)
        if len(rows):
            self._integrate(rows, now_s)
            self.over_k[rows] = over_k[rows]
            self._columns.warm(rows, over_k[rows])
            self._follow(rows)

    def share_supplies(self, carrying_frac: FloatArray, now_s: float) -> None:
        """Spread the load of each server over the supplies on cords that carry it; carrying_frac: (n,), 0 where dark.

        Supplies are dealt evenly to cords; one alone is on every cord. What is dark keeps what it had.
        """
        shared = np.where(carrying_frac > 0.0, np.maximum(carrying_frac, self._least_psu_frac), self.psu_frac)
        rows = np.flatnonzero(shared != self.psu_frac)
        if len(rows):
            self._integrate(rows, now_s)
            self.psu_frac[rows] = shared[rows]
            self._columns.share(rows, shared[rows])
            self._follow(rows)

    def _integrate(self, i: IntArray, now_s: float) -> None:
        self.settle()
        self._remember(i)
        host_w = self._columns.host_w(self._units[2][i] / UNITS[2], i)
        self.hosts_j += float(np.dot(host_w, self._on[i] * (now_s - self.since_s[i])))
        put(self._sums, i, self._at(now_s, i))
        self.since_s[i] = now_s

    def _follow(self, i: IntArray) -> None:
        loads, is_on = self._units.take(i, axis=1) / UNITS, self._on[i]
        self._rates[0][i] = self._columns.input_w(loads, is_on, i)
        put(self._rates[1:], i, loads[:2] * is_on)

    def _at(self, now_s: float, i: IntArray) -> FloatArray:
        """Sums of servers i integrated to now, (3, m)."""
        return np.asarray(self._sums.take(i, axis=1) + self._rates.take(i, axis=1) * (now_s - self.since_s[i]))

    def _remember(self, i: IntArray) -> None:
        """Keep what servers, each named once, had come to when means were last taken, before they change."""
        new = i[~self._is_marked[i]]
        if len(new):
            put(self._marked, new, self._at(self._mark_s, new))
            self._is_marked[new] = True
            self._changed.append(new)

    def means(self, now_s: float) -> tuple[IntArray, FloatArray]:
        """Servers that changed since means were last taken, rising (m,), and their means since, (3, m).

        Watts at the cords, watts of the chips, busy chips. Of all others these are the `rates` of now.
        """
        self.settle()
        dt_s, self._mark_s = now_s - self._mark_s, now_s
        if not self._changed:
            return NOBODY, np.zeros((3, 0))
        i = np.sort(np.concatenate(self._changed))
        self._changed.clear()
        self._is_marked[i] = False
        return i, (self._at(now_s, i) - self._marked.take(i, axis=1)) / dt_s

    def mean_taken_j(self) -> FloatArray:
        """Energy of each server at the cords up to when means were last taken, (n,)."""
        since_j = self._sums[0] + self._rates[0] * (self._mark_s - self.since_s)
        return np.where(self._is_marked, self._marked[0], since_j)

    def lived(self, now_s: float, server_j: FloatArray, hosts_j: float) -> None:
        """Take over energies (J) up to now not lived in pulses: of servers (n,) at the cords, of all hosts."""
        self._sums[0], self.hosts_j = server_j, hosts_j
        self.since_s[:] = self._mark_s = now_s

    def rates(self, i: IntArray) -> FloatArray:
        """Watts at the cords, watts of the chips and busy chips of servers i now, (3, m)."""
        return np.asarray(self._rates.take(i, axis=1))

    def host_w(self, i: int) -> float:
        """Watts of the host of server i while it has power."""
        c = self.constants[i]
        return c.host_idle_w + (c.host_max_w - c.host_idle_w) * min(1.0, float(self._units[2, i] / UNITS[2, 0]))

    def totals(self, now_s: float) -> tuple[FloatArray, FloatArray, FloatArray]:
        """Energy at the cords J, energy of the chips J, busy chip-seconds: each (n,), integrated to now."""
        self.settle()
        input_j, chips_j, busy_s = self._sums + self._rates * (now_s - self.since_s)
        return input_j, chips_j, busy_s

    def hosts_total_j(self, now_s: float) -> float:
        """Energy of all hosts since the start: CPUs, memory, drives and network ports, fans and supplies apart."""
        self.settle()
        on_s = (now_s - self.since_s) * self._on
        return self.hosts_j + float(np.dot(self._columns.host_w(self._units[2] / UNITS[2]), on_s))


def compile_compute(floor: Floor, catalogue: Catalogue) -> Compute:
    """Rows of all servers on the floor."""
    rack_index = {name: i for i, name in enumerate(floor.racks)}
    # Boxes of one sheet differ in id and rack only; what is the same is looked up once, for a hall may have 400,000.
    alike: dict[tuple[int, bool, bool, bool], tuple[object, ...]] = {}
    names = [field.name for field in fields(ServerConstants)[2:]]
    wet_racks = {name: (rack.spec.loop in floor.loops, is_immersed(floor, rack)) for name, rack in floor.racks.items()}
    rows = []
    for box in floor.servers():
        has_loop, in_oil = wet_racks[box.rack]
        key, i_rack = (id(box.device), bool(box.spec.cards), has_loop, in_oil), rack_index[box.rack]
        if key not in alike:
            constants = server_constants(box, i_rack, catalogue, has_loop, in_oil)
            alike[key] = tuple([getattr(constants, name) for name in names])
        rows.append(ServerConstants(box.id, i_rack, *alike[key]))  # type: ignore[arg-type]
    return Compute(rows)
