"""The building as it stands at one instant, and the one settling order: network, power, cooling, meters."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from twin.physics import FloatArray
from twin.physics.air import AIR_HEAT_J_M3_K
from twin.physics.warm import WARM_C, stepped_over_k
from twin.plant.banks import Banks
from twin.plant.compute import INLET_STEP_K, Compute
from twin.plant.coolers.chiller_plant import Outdoors
from twin.plant.cooling import Cooling, CoolingStep
from twin.plant.draw import ItDraw
from twin.plant.element_meters import ElementMeters
from twin.plant.liquid_parts import WetView
from twin.plant.meters import Meters
from twin.plant.network import Network
from twin.plant.power import PowerFlow, PowerPath
from twin.plant.run_air import AirMode, RunAir
from twin.plant.standing import standing
from twin.plant.wiring import Wiring

START_ROUNDS = 4
"""Of coolers that draw what their supply makes of the air, before a run begins."""
SETTLE_ORDER = ("servers and network", "power path", "room air and water loops", "meters", "limits")


@dataclass(slots=True)
class Racks:
    """Racks as rows (n,)."""

    ids: list[str]
    is_contained: np.ndarray  # bool, draws from a closed cold aisle
    leakage_frac: FloatArray  # share of an aisle's air that comes from the room anyway; 1 in the open
    family: list[str]  # accelerator id that fills most of it, or ""


@dataclass(slots=True)
class Settled:
    """Means over the time since the last settling: what a frame is made of."""

    dt_s: float
    rack_w: FloatArray  # (n_racks,) at the cords
    rack_inlet_c: FloatArray
    rack_top_c: FloatArray  # of the upper third of each front
    air_mode: AirMode  # what tells the inlets
    rack_exhaust_c: FloatArray
    server_w: FloatArray  # (n_servers,) at the cords; written over by the next settling
    bank_busy: FloatArray  # (n_banks,) busy chips of each bank of servers
    chips_w: float
    network_w: float
    it_w: float
    liquid_w: float  # part of it that left the racks by liquid
    loss_w: float
    indoor_loss_w: float  # part of it in the room
    fan_w: float  # of the air coolers
    pump_w: float  # of coolant units
    cooling_w: float
    grid_w: float  # of all sources
    generator_w: float  # part of it
    stored_w: float  # that batteries keep of it; below 0 while they give
    supply_c: float
    chilled_water_c: float
    wet: WetView  # coolant loops at its end
    water_kg: float
    is_extrapolated: bool
    flow: PowerFlow

    @property
    def utility_w(self) -> float:
        """What comes in from the utility."""
        return self.grid_w - self.generator_w

    @property
    def used_w(self) -> float:
        """What the facility uses: from sources and from its batteries."""
        return self.grid_w - self.stored_w


@dataclass(slots=True)
class Plant:
    """State of the whole building."""

    compute: Compute
    network: Network
    racks: Racks
    power: PowerPath
    cooling: Cooling
    consumer_ids: list[str]
    elements: ElementMeters
    air: RunAir = field(default_factory=RunAir)
    meters: Meters = field(default_factory=Meters)
    settled_s: float = 0.0
    banks: Banks = field(init=False)
    _it: ItDraw = field(init=False)
    _item_w: FloatArray = field(default_factory=lambda: np.zeros(0))  # (n_items,) of the last settling
    _switch_j: FloatArray = field(default_factory=lambda: np.zeros(0))  # (n_switches,) up to _rewired_s
    _switch_w: FloatArray = field(default_factory=lambda: np.zeros(0))  # (n_switches,) since then
    _rewired_s: float = 0.0
    _over_k: FloatArray = field(init=False)  # (n_racks,) inlet above the one sheets are for, as it is followed
    _wiring: Wiring | None = None  # what the meters of the elements go by
    _cooled: CoolingStep | None = None  # the last step of room and loops
    _indoor_loss_w: float = 0.0  # of the last flow: what this step puts into the room
    _was_hot: bool = False  # some inlet was over the one that sheets are for
    _carry_j: float = 0.0  # indoor loss not yet given to the room, because it was known only after the step
    n_chips: FloatArray = field(default_factory=lambda: np.zeros(0))
    rack_of_server: np.ndarray = field(default_factory=lambda: np.zeros(0, dtype=np.intp))
    liquid_frac: FloatArray = field(default_factory=lambda: np.zeros(0))  # (n_servers,) of their heat

    def __post_init__(self) -> None:
        self._over_k = np.zeros(len(self.racks.ids))
        self._switch_j, self._switch_w = (np.zeros(len(self.network.ids)) for _ in range(2))
        self.n_chips = np.array([max(c.n_chips, 1) for c in self.compute.constants], dtype=float)
        self.rack_of_server = np.array([c.i_rack for c in self.compute.constants], dtype=np.intp)
        self.liquid_frac = np.array([c.liquid_frac for c in self.compute.constants])
        self.compute.switch(self.follow_feeds(), 0.0, False)
        self.banks = Banks(self.compute, self.power.group_of[: len(self.compute.constants)].tolist())
        self._it = self._it_draw(b"")
        self._item_w = np.zeros(len(self.cooling.plant.item_ids))
        flow, _ = self.flow_now()
        self._indoor_loss_w = self._indoor_w(flow, None)
        for _ in range(START_ROUNDS):
            rest = self.cooling.settle_at(self._it.to_air_w + self._indoor_loss_w, self._it.wet_w)
            if self.air.breath(self.racks, self._it, self.cooling, rest).mode == "mixed":
                break

    def follow_feeds(self) -> list[int]:
        """Take over what the power path says has power: coolers, plant, switches. Servers that changed are returned.

        To be called when the plant is settled: supplies share the load anew from that instant on.
        Servers are switched by the caller, who must fail or restore their replicas first.
        """
        n_servers, n_switches = len(self.compute.constants), len(self.network.ids)
        n_coolers = len(self.cooling.coolers.ids)
        fed = self.power.is_fed
        self.compute.share_supplies(self.power.carrying_frac[:n_servers], self.settled_s)
        self.network.is_on[:] = fed[n_servers : n_servers + n_switches]
        at = n_servers + n_switches
        self.cooling.coolers.is_fed[:] = fed[at : at + n_coolers]
        at_liquid = at + n_coolers + len(self.cooling.plant.item_ids)
        self.cooling.plant.is_fed[:] = fed[at + n_coolers : at_liquid]
        self.cooling.liquid.units.is_fed[:] = fed[at_liquid:]
        return [i for i, can_run in enumerate(self.can_run()) if bool(can_run) != self.compute.is_on[i]]

    def has_coolant(self) -> np.ndarray:
        """Whether each server is cool enough to run; air-cooled ones know no such limit, (n_servers,)."""
        if not self.cooling.liquid.is_tripped.any():
            return np.ones(len(self.compute.constants), dtype=bool)
        return np.asarray(self.cooling.liquid.has_coolant()[self.rack_of_server] | (self.liquid_frac == 0.0))

    def can_run(self) -> np.ndarray:
        """Whether each server has power and has not switched itself off for heat."""
        return np.asarray(self.power.is_fed[: len(self.compute.constants)] & self.has_coolant())

    def _follow_wiring(self) -> None:
        """Tell the meters of the elements when loads are shared otherwise than up to the last settling."""
        if self.power.wiring is not self._wiring:
            self._wiring = self.power.wiring
            self.elements.rewire(self._wiring, self._it_j())
            self._switch_w = self.network.power_w()

    def _it_j(self) -> FloatArray:
        """Energy at the cords of servers, then switches, up to the last settling."""
        self._switch_j = self._switch_j + self._switch_w * (self.settled_s - self._rewired_s)
        self._rewired_s = self.settled_s
        return np.concatenate([self.compute.mean_taken_j(), self._switch_j])

    def metered(self) -> ElementMeters:
        """The meters of the power path, brought up to the last settling."""
        self.elements.close(self._it_j())
        return self.elements

    def settle(self, now_s: float, outdoors: Outdoors) -> Settled:
        """Carry everything from the last settling to now: means of the servers, then power, cooling and meters."""
        self._follow_wiring()
        dt_s = now_s - self.settled_s
        it = self._it_now(now_s)
        heat_w = it.to_air_w + self._indoor_loss_w + self._carry_j / dt_s
        self._cooled = cooled = self.cooling.step(heat_w, it.wet_w, outdoors, dt_s)
        self._item_w = cooled.plant.item_w
        flow, stored_j, battery_loss_w = self._carried(cooled.plant.item_w, dt_s)
        fan_w = self.cooling.coolers.blown().total_fan_w
        pump_w = float(np.add.reduce(self.cooling.liquid.pump_w()))
        breath = self.air.breath(self.racks, it, self.cooling, cooled)
        inlet_c = breath.inlet_c
        settled = Settled(
            dt_s=dt_s,
            rack_w=it.rack_w,
            rack_inlet_c=inlet_c,
            rack_top_c=breath.top_c,
            air_mode=breath.mode,
            rack_exhaust_c=inlet_c + it.rise_k,
            server_w=self.banks.server_w,
            bank_busy=it.bank_busy,
            chips_w=it.chips_w,
            network_w=it.network_w,
            it_w=it.it_w,
            liquid_w=cooled.liquid_w,
            loss_w=float(np.add.reduce(flow.loss_w)) + battery_loss_w,
            indoor_loss_w=self._indoor_loss_w,
            fan_w=fan_w,
            pump_w=pump_w,
            cooling_w=fan_w + float(np.add.reduce(cooled.plant.item_w)) + pump_w,
            grid_w=flow.grid_w,
            generator_w=float(flow.input_w[self.power.generators].sum()) if len(self.power.generators) else 0.0,
            stored_w=stored_j / dt_s,
            supply_c=cooled.supply_c,
            chilled_water_c=max(self.cooling.plant.water_c.tolist(), default=float("nan")),
            wet=self.cooling.liquid.view(),
            water_kg=cooled.plant.water_kg,
            is_extrapolated=cooled.plant.is_extrapolated,
            flow=flow,
        )
        self._count(settled)
        self.settled_s = now_s
        self._warm(inlet_c)
        return settled

    def _warm(self, inlet_c: FloatArray) -> None:
        """Servers follow the air they breathe from here on; nothing to do in a hall that is and was cool."""
        is_hot = float(np.maximum.reduce(inlet_c, initial=-273.15)) > WARM_C
        if is_hot or self._was_hot:
            # Servers of a rack breathe the same air: where no rack takes a step, none of them does.
            over_k = stepped_over_k(inlet_c, self._over_k, INLET_STEP_K)
            if (over_k != self._over_k).any():
                self._over_k = np.asarray(over_k)
                self.compute.follow_inlets(inlet_c[self.rack_of_server], self.settled_s)
        self._was_hot = is_hot

    @property
    def is_still(self) -> bool:
        """Whether servers, switches and batteries go on as in the last settling, and loads are shared as in it."""
        return (
            self.power.is_calm
            and self.power.wiring is self._wiring
            and self.banks.is_still
            and self.network.is_on.tobytes() == self._it.switches
        )

    def state(self) -> object:
        """What the next settling follows from besides what `is_still` asks for; equal where that would be the same."""
        at = standing(self.cooling, ("to_room_j", "to_loops_j", "removed_j", "stored_j"))
        wet, over_k = self.cooling.liquid.standing(), self._over_k.tobytes()
        return at, wet, self._indoor_loss_w, self._carry_j, over_k, standing(self.power.trips)

    def repeat(self, settled: Settled, now_s: float) -> None:
        """Carry everything on to now by a settling that is the last one over again: it is counted once more."""
        assert self._cooled is not None
        self.cooling.count(self._cooled)
        self._count(settled)
        self.banks.advance(now_s)
        self.settled_s = now_s

    def _carried(self, item_w: FloatArray, dt_s: float) -> tuple[PowerFlow, float, float]:
        """The power path over dt_s: its flow, what batteries stored (J) and lost (mean W); losses indoors are noted."""
        group_w = self._group_w(self.cooling.coolers.fan_w(), item_w)
        flow = self.power.flow_of_groups(group_w, dt_s)
        stored_j, battery_loss_j = self.power.advance(flow, group_w, dt_s)
        if battery_loss_j is self.power.storage.nothing_j:
            battery_loss_w = 0.0
            indoor_w = self._indoor_w(flow, None)
        else:
            self.elements.lose(self.power.storage.node, battery_loss_j)
            battery_loss_w = float(np.add.reduce(battery_loss_j)) / dt_s
            indoor_w = self._indoor_w(flow, battery_loss_j / dt_s)
        self._carry_j = (indoor_w - self._indoor_loss_w) * dt_s
        self._indoor_loss_w = indoor_w
        return flow, stored_j, battery_loss_w

    def _it_now(self, now_s: float) -> ItDraw:
        """What IT drew up to now, summed anew only where something changed."""
        switches = self.network.is_on.tobytes()
        if self.banks.advance(now_s) or switches != self._it.switches:
            self._it = self._it_draw(switches)
        return self._it

    def _it_draw(self, switches: bytes) -> ItDraw:
        """Sums over the banks of servers and over the switches, as they were in the last settling."""
        banks, n_servers, n_switches = self.banks, len(self.compute.constants), len(self.network.ids)
        server_w, chips_w, _ = banks.sums
        switch_w = self.network.power_w()
        rack_w = self._by_rack(banks.rack, server_w) + self._by_rack(self.network.i_rack, switch_w)
        wet_w = self._wet_w(switch_w)
        rack_m3_s = self._by_rack(banks.rack, banks.air_m3_s())
        it_w = float(rack_w.sum())
        group_w = np.bincount(banks.group, server_w, self.power.n_groups).astype(np.float64)
        switch_groups = self.power.group_of[n_servers : n_servers + n_switches]
        group_w += np.bincount(switch_groups, switch_w, self.power.n_groups)
        rise_k = self._rise_k(rack_w - wet_w, rack_m3_s)
        self.cooling.doors.follow(rise_k, rack_m3_s)
        return ItDraw(
            switches=switches,
            rack_w=rack_w,
            wet_w=wet_w,
            rise_k=rise_k,
            group_w=group_w,
            bank_busy=banks.sums[2],
            it_w=it_w,
            to_air_w=it_w - float(wet_w.sum()),
            chips_w=float(chips_w.sum()),
            network_w=float(switch_w.sum()),
            contained_m3_s=float(rack_m3_s[self.racks.is_contained].sum()),
            drawn_m3_s=float(rack_m3_s.sum()),
        )

    def _group_w(self, fan_w: FloatArray, item_w: FloatArray) -> FloatArray:
        """Watts of each group of the power path: servers, switches, coolers and plant items."""
        cooling_groups = self.power.group_of[len(self.compute.constants) + len(self.network.ids) :]
        others_w = np.concatenate([fan_w, item_w, self.cooling.liquid.pump_w()])
        return self._it.group_w + np.bincount(cooling_groups, others_w, len(self._it.group_w))

    def _consumer_w(self, server_w: FloatArray, fan_w: FloatArray, item_w: FloatArray) -> FloatArray:
        return np.concatenate([server_w, self.network.power_w(), fan_w, item_w, self.cooling.liquid.pump_w()])

    def _wet_w(self, switch_w: FloatArray) -> FloatArray:
        """Heat of each rack into its coolant, (n_racks,)."""
        if not self.cooling.liquid.circuits.ids:
            return np.zeros(len(self.racks.ids))
        wet_w = self._by_rack(self.banks.rack, self.banks.wet_w())
        return wet_w + self._by_rack(self.network.i_rack, switch_w * self.network.liquid_frac)

    def wet_now_w(self) -> FloatArray:
        """Heat of each rack into its coolant at this instant, (n_racks,)."""
        wet_w = self._by_rack(self.rack_of_server, self.compute.input_w * self.liquid_frac)
        return wet_w + self._by_rack(self.network.i_rack, self.network.power_w() * self.network.liquid_frac)

    def max_server_w(self) -> FloatArray:
        """Watts of each server at the cords with everything at its most, (n_servers,)."""
        return np.array(
            [
                c.input_w(c.n_chips * ((c.chip.tdp_w or 0.0) if c.chip else 0.0), c.host_max_w, psu_frac)
                for c, psu_frac in zip(self.compute.constants, self.compute.psu_frac.tolist(), strict=True)
            ]
        )

    @property
    def drawn_m3_s(self) -> float:
        """Air that all racks draw, as of the last settling."""
        return self._it.drawn_m3_s

    def flow_now(self) -> tuple[PowerFlow, FloatArray]:
        """What the path carries at this instant, and the watts of each consumer (n_consumers,)."""
        item_w = np.where(self.cooling.plant.is_up & self.cooling.plant.is_fed, self._item_w, 0.0)
        consumer_w = self._consumer_w(np.array(self.compute.input_w), self.cooling.coolers.fan_w(), item_w)
        consumer_w = np.where(self.power.is_fed, consumer_w, 0.0)
        return self.power.flow(consumer_w), consumer_w

    def _indoor_w(self, flow: PowerFlow, battery_loss_w: FloatArray | None) -> float:
        from_path_w = float(np.add.reduce(flow.loss_w[self.power.indoors]))
        if battery_loss_w is None:
            return from_path_w
        return from_path_w + float(np.add.reduce(battery_loss_w[self.power.is_indoors[self.power.storage.node]]))

    def _by_rack(self, i_rack: np.ndarray, values: FloatArray) -> FloatArray:
        return np.bincount(i_rack, values, len(self.racks.ids)).astype(np.float64)

    def _rise_k(self, rack_w: FloatArray, rack_m3_s: FloatArray) -> FloatArray:
        air_w_k = rack_m3_s * AIR_HEAT_J_M3_K
        return np.divide(rack_w, air_w_k, out=np.zeros_like(rack_w), where=air_w_k > 0.0)

    def lived(self, now_s: float, server_j: FloatArray, switch_j: FloatArray, hosts_j: float) -> None:
        """Take over energies (J) that were not lived in pulses: of servers and switches at the cords, of all hosts."""
        self.compute.lived(now_s, server_j, hosts_j)
        self._switch_j, self._rewired_s = switch_j, now_s
        self.settled_s = now_s

    def _count(self, settled: Settled) -> None:
        meters, dt_s = self.meters, settled.dt_s
        self.elements.count(settled.flow, dt_s)
        meters.grid_j += settled.grid_w * dt_s
        meters.generator_j += settled.generator_w * dt_s
        meters.stored_j += settled.stored_w * dt_s
        meters.it_j += settled.it_w * dt_s
        meters.chips_j += settled.chips_w * dt_s
        meters.network_j += settled.network_w * dt_s
        meters.loss_j += settled.loss_w * dt_s
        meters.room_j += (settled.it_w - settled.liquid_w + settled.indoor_loss_w + settled.fan_w) * dt_s
        meters.cooling_j += settled.cooling_w * dt_s
        meters.water_kg += settled.water_kg

    def energy_residual_frac(self) -> float:
        """The largest of the electrical, the thermal and the hand-over imbalance, over the energy that passed."""
        meters, cooling = self.meters, self.cooling
        passed_j = max(meters.grid_j, meters.it_j + meters.cooling_j)
        if passed_j <= 0.0:
            return 0.0
        heat_in_j = cooling.to_room_j + cooling.to_loops_j
        thermal = abs(cooling.residual_j()) / max(heat_in_j, 1.0)
        # What the room took must be what racks, losses indoors and fans gave off, but for the part still on its way.
        handed_over = abs(meters.room_j - cooling.to_room_j - self._carry_j) / max(heat_in_j, 1.0)
        return max(abs(meters.electrical_residual_j()) / passed_j, thermal, handed_over)
