"""Servers and their accelerators as rows: a writer changes one row, energy is integrated exactly between writes."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from twin.catalogue.compute import Accelerator, Server
from twin.catalogue.library import Catalogue
from twin.layout.floor import FittedDevice, Floor
from twin.physics import FloatArray
from twin.physics.electrical import fit_loss_abc

LEAST_FAN_FRAC = 0.3
"""Lowest fan speed of a server. Estimate: BMC fan curves rarely go under 30 % duty."""


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
    psu_rated_w: float
    psu_loss: tuple[float, float, float]  # a, b, c of loss / rated
    obstacle: str = ""  # why it cannot be simulated; it draws nothing then, and no work may be put on it

    def input_w(self, chips_w: float, host_w: float) -> float:
        """Watts at the cords: chips, host, fans that follow the heat with the cube of their speed, supply losses."""
        if self.obstacle:
            return 0.0
        speed = (chips_w + host_w) / self.full_load_w
        if speed < LEAST_FAN_FRAC:  # not min and max: this is asked thousands of times a pulse
            speed = LEAST_FAN_FRAC
        elif speed > 1.0:
            speed = 1.0
        output_w = chips_w + host_w + self.fan_max_w * speed * speed * speed
        a, b, c = self.psu_loss
        load_frac = output_w / self.psu_rated_w
        return output_w + self.psu_rated_w * (a + load_frac * (b + load_frac * c))


def server_constants(box: FittedDevice, i_rack: int, catalogue: Catalogue) -> ServerConstants:
    """The constants of a placed server; one that cannot be simulated draws nothing and says why."""
    server = box.device
    assert isinstance(server, Server)
    fitted = server.accelerators
    chip = catalogue.find(fitted[0].type, Accelerator, f"{server.id} accelerators") if fitted else None
    n_chips = fitted[0].count if fitted else 0
    obstacle = _obstacle(box, server, chip)
    if obstacle or server.psu is None:
        idle = (0.0, 0.0, 0.0, 0.0, 7.55e-5, 1.0, 1.0, (0.0, 0.0, 0.0))
        return ServerConstants(box.id, i_rack, server.id, chip, n_chips, *idle, obstacle=obstacle)
    chips_max_w = n_chips * (chip.tdp_w or 0.0) if chip else 0.0
    points = sorted(server.psu.efficiency.items())
    loss = fit_loss_abc(np.array([x for x, _ in points]), np.array([y for _, y in points]))
    return ServerConstants(
        id=box.id,
        i_rack=i_rack,
        type=server.id,
        chip=chip,
        n_chips=n_chips,
        idle_chip_w=(chip.idle_w or 0.0) if chip else 0.0,
        host_idle_w=server.host_idle_w or 0.0,
        host_max_w=server.host_max_w or 0.0,
        fan_max_w=server.fan_max_w or 0.0,
        air_m3_s_per_w=server.airflow_m3_s_per_w or 7.55e-5,
        full_load_w=chips_max_w + (server.host_max_w or 0.0),
        psu_rated_w=server.psu.count * server.psu.rated_w,
        psu_loss=(float(loss[0]), float(loss[1]), float(loss[2])),
    )


def _obstacle(box: FittedDevice, server: Server, chip: Accelerator | None) -> str:
    """Why a placed server cannot be simulated: what its sheets lack, or what is not modelled; empty when it can."""
    missing = server.missing_for_serving()
    if chip is not None:
        missing += [f"{chip.id}.{name}" for name in ("tdp_w", "idle_w") if getattr(chip, name) is None]
    if missing:
        return f"its sheet lacks {', '.join(missing)}"
    if box.spec.cards or len(server.accelerators) > 1:
        return "it holds more than one kind of card, which is not simulated yet"
    if server.liquid_frac > 0:
        return f"{server.liquid_frac:.0%} of its heat goes to liquid, which is not simulated yet"
    return ""


@dataclass(slots=True)
class Compute:
    """State of all servers.

    Hot columns are Python lists: they are written one row at a time, thousands of times a pulse.
    """

    constants: list[ServerConstants]
    chips_w: list[float] = field(default_factory=list)  # (n,) W, all chips of the server; load writers
    host_frac: list[float] = field(default_factory=list)  # (n,) sum of the host work of its replicas; load writers
    busy: list[float] = field(default_factory=list)  # (n,) chips x achieved fraction; load writers
    input_w: list[float] = field(default_factory=list)  # (n,) W at the cords; follows from the above
    is_on: list[bool] = field(default_factory=list)  # (n,) whether it has power; faults
    since_s: list[float] = field(default_factory=list)  # (n,) time the energies are integrated to
    input_j: list[float] = field(default_factory=list)  # (n,) energy at the cords since the start
    chips_j: list[float] = field(default_factory=list)  # (n,) energy of the chips since the start
    busy_s: list[float] = field(default_factory=list)  # (n,) integral of busy

    def __post_init__(self) -> None:
        n = len(self.constants)
        self.is_on = [True] * n
        self.chips_w = [c.n_chips * c.idle_chip_w for c in self.constants]
        self.host_frac, self.busy = [0.0] * n, [0.0] * n
        self.input_w = [c.input_w(w, c.host_idle_w) for c, w in zip(self.constants, self.chips_w, strict=True)]
        self.since_s, self.input_j, self.chips_j, self.busy_s = ([0.0] * n for _ in range(4))

    def add_load(self, i: int, now_s: float, chips_w: float, busy: float, host_frac: float) -> None:
        """Change the load of server i by these differences from now on."""
        before_w, before = self.chips_w[i], self.busy[i]
        is_on, elapsed_s = self.is_on[i], now_s - self.since_s[i]
        if elapsed_s > 0.0:
            self.input_j[i] += self.input_w[i] * elapsed_s
            if is_on:
                self.chips_j[i] += before_w * elapsed_s
                self.busy_s[i] += before * elapsed_s
            self.since_s[i] = now_s
        self.chips_w[i] = total_w = before_w + chips_w
        self.busy[i] = before + busy
        self.host_frac[i] = host_frac = self.host_frac[i] + host_frac
        if is_on:
            c = self.constants[i]
            host_w = c.host_idle_w + (c.host_max_w - c.host_idle_w) * (host_frac if host_frac < 1.0 else 1.0)
            self.input_w[i] = c.input_w(total_w, host_w)

    def switch(self, i: int, now_s: float, is_on: bool) -> None:
        """Power a server on (idle) or off; its replicas must have been failed before."""
        self._integrate(i, now_s)
        self.is_on[i] = is_on
        self._follow(i)

    def _integrate(self, i: int, now_s: float) -> None:
        elapsed_s = now_s - self.since_s[i]
        if elapsed_s > 0.0:
            self.input_j[i] += self.input_w[i] * elapsed_s
            if self.is_on[i]:
                self.chips_j[i] += self.chips_w[i] * elapsed_s
                self.busy_s[i] += self.busy[i] * elapsed_s
            self.since_s[i] = now_s

    def host_w(self, i: int) -> float:
        """Watts of the host of server i while it has power."""
        c = self.constants[i]
        return c.host_idle_w + (c.host_max_w - c.host_idle_w) * min(1.0, self.host_frac[i])

    def _follow(self, i: int) -> None:
        if self.is_on[i]:
            self.input_w[i] = self.constants[i].input_w(self.chips_w[i], self.host_w(i))
        else:
            self.input_w[i] = 0.0

    def totals(self, now_s: float) -> tuple[FloatArray, FloatArray, FloatArray]:
        """Energy at the cords J, energy of the chips J, busy chip-seconds: each (n,), integrated to now."""
        elapsed_s = now_s - np.array(self.since_s)
        is_on = np.array(self.is_on, dtype=float)
        input_j = np.array(self.input_j) + np.array(self.input_w) * elapsed_s
        chips_j = np.array(self.chips_j) + np.array(self.chips_w) * is_on * elapsed_s
        busy_s = np.array(self.busy_s) + np.array(self.busy) * is_on * elapsed_s
        return input_j, chips_j, busy_s


def compile_compute(floor: Floor, catalogue: Catalogue) -> Compute:
    """Rows of all servers on the floor."""
    rack_index = {name: i for i, name in enumerate(floor.racks)}
    return Compute([server_constants(box, rack_index[box.rack], catalogue) for box in floor.servers()])
