"""From what settled to one frame: hall channels and rack channels, in the order of twin.record.channels."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from twin.catalogue.compute import Accelerator
from twin.physics import FloatArray
from twin.plant.compute import ServerConstants
from twin.plant.plant import Settled
from twin.record.channels import HALL_NAMES
from twin.record.frame import Frame, Frames
from twin.sim.bill import Bill
from twin.sim.hall import Hall, Served
from twin.sim.latency import LatencyWindow, percentiles
from twin.sim.requests import RequestState
from twin.sim.service_window import ItemWindow
from twin.sim.sites import parts_of
from twin.units import J_PER_KWH, S_PER_H

WET_NAMES = {"coolant_supply_c": "supply_c", "coolant_return_c": "return_c", "chip_max_c": "chip_c"}
"""Channels that are temperatures of coolant loops at the end of a pulse."""
FAMILIES = ("npu", "gpu", "npu_pim")
DIESEL_G_PER_KWH = 710.0
"""Carbon of a kWh from a diesel set. Source: IPCC 2006 guidelines, 74.1 kg CO2 per GJ of diesel; estimate: a set turns
37.5 % of it into power."""
POWER_NAMES = {
    "accelerators_w": "chips_w",
    "network_w": "network_w",
    "it_w": "it_w",
    "loss_w": "loss_w",
    "cooling_w": "cooling_w",
    "facility_w": "used_w",
    "utility_w": "utility_w",
    "generator_w": "generator_w",
}
"""Channels of power, and what they are called where the plant settles."""
OUTSIDE_NAMES = ("outdoor_c", "carbon_kg_per_h", "cost_per_h")
"""Channels that follow from the time as well."""
STATE_NAMES = ("pending", "waiting", "running", "done", "rejected", "lost")


def _listed(servers: list[ServerConstants]) -> str:
    shown = ", ".join(server.id for server in servers[:4])
    return shown if len(servers) <= 4 else f"{shown} and {len(servers) - 4} more"


def _shown_as(chip: Accelerator | None) -> str:
    """Family an accelerator is shown with; memory that computes alone with the accelerators that have it."""
    family = "" if chip is None else chip.family
    return "npu_pim" if family == "pim" else family


def _window(served: Served) -> LatencyWindow:
    requests = served.workload.requests
    return LatencyWindow(requests) if served.spec.service is None else ItemWindow(requests)


class FrameMaker:
    """Collects what settled since the last frame and turns it into channels."""

    def __init__(self, hall: Hall) -> None:
        self._hall = hall
        self.bill = Bill(hall.outside, hall.scenario.tariff)
        self._parts: list[Settled] = []
        self.windows = [_window(served) for served in hall.served]
        self._items = [window for window in self.windows if isinstance(window, ItemWindow)]
        self._n_items = 0
        self._replicas = [replica for served in hall.served for replica in served.workload.replicas]
        self._queues = [replica.waiting for replica in self._replicas]
        sites = [site for served in hall.served for site in served.sites]
        parts = [(i, *part, site.n_chips) for i, site in enumerate(sites) for part in parts_of(site)]
        self._part_replica = np.array([i for i, _, _, _ in parts], dtype=np.intp)
        self._part_rack = np.array([hall.plant.compute.constants[j].i_rack for _, j, _, _ in parts], dtype=np.intp)
        self._part_frac = np.array([n / n_all for _, _, n, n_all in parts])  # of a replica's chips, and so its tokens
        n = len(self._replicas)
        self._prompt, self._output = np.zeros(n), np.zeros(n)
        self._last_s = 0.0
        self._n_completed = 0
        self._idle: dict[str, float] = {}
        by_server = {name: self._chips_of(name) for name in FAMILIES}
        self._n_used = {name: float(chips.sum()) for name, chips in by_server.items()}
        banks, constants = hall.plant.banks, hall.plant.compute.constants
        kinds = [_shown_as(constants[i].chip) for i in banks.first.tolist()]
        self._banks_of = {name: np.array([kind == name for kind in kinds], dtype=bool) for name in FAMILIES}
        n_racks = len(hall.plant.racks.ids)
        used = sum(by_server.values())
        self._rack_chips = np.bincount(hall.plant.rack_of_server, used, n_racks)
        self._busy: tuple[FloatArray, dict[str, float], FloatArray] | None = None

    def _chips_of(self, family: str) -> FloatArray:
        """Chips of a family that serve or hold a load, per server: what utilisation is a share of."""
        chips = np.zeros(len(self._hall.plant.compute.constants))
        for served in self._hall.served:
            for site in served.sites:
                for i, n_chips in parts_of(site):
                    chip = self._hall.plant.compute.constants[i].chip
                    if _shown_as(chip) == family:
                        chips[i] += n_chips
        constants = self._hall.plant.compute.constants
        for i in {i for held in self._hall.held for i in held.i_servers}:
            chip = constants[i].chip
            if chip is not None and _shown_as(chip) == family:
                chips[i] += constants[i].n_chips
        return chips

    def limits(self) -> list[tuple[str, str]]:
        """What a reader must know about every result of this hall: key and text."""
        found = [("network.contention", "links are not contended: collectives run at their full rate")]
        services = [served.spec.id for served in self._hall.served if served.spec.service is not None]
        if services and len(services) < len(self._hall.served):
            text = f"energy per token is that of the whole hall: {', '.join(services)} included, which serve no tokens"
            found.append(("services.energy", text))
        outside = self._hall.plant.cooling.liquid.outside
        if outside:
            text = (
                f"water of {', '.join(outside)} comes from outside the drawing: what cools and pumps it is not counted"
            )
            found.append(("cooling.outside", text))
        if len(self._hall.plant.cooling.doors.i_rack):
            text = "water of rear doors is wide open, and what their own fans draw is not counted"
            found.append(("cooling.doors", text))
        return found + self._dead_weight()

    def _dead_weight(self) -> list[tuple[str, str]]:
        """Servers that stand there but cannot be simulated, by type."""
        by_type: dict[str, list[ServerConstants]] = {}
        for constants in self._hall.plant.compute.constants:
            if constants.obstacle:
                by_type.setdefault(constants.type, []).append(constants)
        return [
            (f"obstacle {name}", f"{name} draws nothing in this run ({_listed(found)}): {found[0].obstacle}")
            for name, found in by_type.items()
        ]

    def take(self, settled: Settled) -> None:
        """One settling since the last frame; several when something happened in between."""
        self._parts.append(settled)

    def frame(self, now_s: float) -> Frame:
        """The frame of the time since the last one."""
        dt_s = now_s - self._last_s
        parts = self._parts
        weights = np.array([part.dt_s for part in parts]) / dt_s
        values = {**self._serving(now_s, dt_s), **self._power(weights), **self._heat(weights, dt_s)}
        values |= self._utilisation(weights)
        it_w, facility_w = values["it_w"], values["facility_w"]
        values["pue"] = facility_w / it_w if it_w > 0.0 else float("nan")
        values |= self._outside(values["utility_w"], values["generator_w"], dt_s)
        hall = np.array([values[name] for name in HALL_NAMES])
        racks = self._racks(weights, dt_s)
        self._parts, self._last_s = [], now_s
        return Frame(now_s, hall, racks)

    def frames(self, parts: Sequence[Settled], ends_s: Sequence[float]) -> Frames:
        """The frames of pulses of one settling each, of a hall that serves nothing: what `frame` gives one by one.

        A settling that stands there several times is looked at once.
        """
        each = list({id(part): part for part in parts}.values())
        row_of = {id(part): k for k, part in enumerate(each)}
        rows = np.array([row_of[id(part)] for part in parts], dtype=np.intp)
        values = {**self._serving(ends_s[-1], ends_s[-1] - self._last_s), **self._columns(each)}
        outside = np.array([self._next(part, end_s) for part, end_s in zip(parts, ends_s, strict=True)])
        hall = np.empty((len(parts), len(HALL_NAMES)))
        for i, name in enumerate(HALL_NAMES):
            if name in OUTSIDE_NAMES:
                hall[:, i] = outside[:, OUTSIDE_NAMES.index(name)]
            else:
                hall[:, i] = np.broadcast_to(values[name], len(each))[rows]
        nothing = np.zeros(len(self._hall.plant.racks.ids))
        racks = [
            (p.rack_w, self._use(p.bank_busy)[1], p.rack_inlet_c, p.rack_exhaust_c, nothing, *p.wet.racks) for p in each
        ]
        return Frames(np.array(ends_s), hall, np.array(racks), rows)

    def _next(self, part: Settled, end_s: float) -> tuple[float, ...]:
        """What a pulse with this settling says of the outside, as in OUTSIDE_NAMES; the next one begins at its end."""
        outdoor_c = self._hall.outside.air(self._last_s).dry_bulb_c
        found = self._outside(part.utility_w, part.generator_w, end_s - self._last_s)
        self._last_s = end_s
        return outdoor_c, found["carbon_kg_per_h"], found["cost_per_h"]

    def _columns(self, each: Sequence[Settled]) -> dict[str, float | FloatArray]:
        """Channels that follow from a settling alone, (n,) over those given."""

        def column(name: str) -> FloatArray:
            return np.array([getattr(part, name) for part in each], dtype=float)

        found: dict[str, float | FloatArray] = {channel: column(name) for channel, name in POWER_NAMES.items()}
        found["battery_w"] = -column("stored_w")
        found["battery_charge_frac"] = self._hall.plant.power.storage.total_frac()
        it_w, facility_w = column("it_w"), column("used_w")
        found["pue"] = np.divide(facility_w, it_w, out=np.full(len(each), np.nan), where=it_w > 0.0)
        inlet_c = np.array([part.rack_inlet_c for part in each])
        some = inlet_c.shape[1] > 0
        found["inlet_mean_c"] = inlet_c.sum(axis=1) / inlet_c.shape[1] if some else float("nan")
        found["inlet_max_c"] = inlet_c.max(axis=1) if some else float("nan")
        found["supply_c"], found["chilled_water_c"] = column("supply_c"), column("chilled_water_c")
        for channel, name in WET_NAMES.items():
            found[channel] = np.array([getattr(part.wet, name) for part in each], dtype=float)
        found["water_l_per_h"] = column("water_kg") / column("dt_s") * S_PER_H
        return found | self._use(each[0].bank_busy)[0]

    def _serving(self, now_s: float, dt_s: float) -> dict[str, float]:
        """Channels of requests and replicas; the same in every frame of a hall that serves nothing."""
        if self._replicas or not self._idle:
            self._idle = self._served(now_s, dt_s)
        return self._idle

    def _served(self, now_s: float, dt_s: float) -> dict[str, float]:
        prompt = np.array([replica.prompt_done for replica in self._replicas], dtype=float)
        output = np.array([replica.output_done for replica in self._replicas], dtype=float)
        output += [replica.stretch_tokens(now_s) if replica.is_decoding else 0 for replica in self._replicas]
        self._prompt_rate, self._output_rate = (prompt - self._prompt) / dt_s, (output - self._output) / dt_s
        self._prompt, self._output = prompt, output
        for window in self.windows:
            window.advance(self._last_s, now_s)
        ttft = percentiles([window.ttft_s for window in self.windows], 50, 99)
        tpot = percentiles([window.tpot_s for window in self.windows], 50, 99)
        n_completed = sum(window.n_completed for window in self.windows)
        rate = (n_completed - self._n_completed) / dt_s
        self._n_completed = n_completed
        workloads = [served.workload for served in self._hall.served]
        waiting = sum(map(len, self._queues))
        running = sum(sum(workload.outstanding) for workload in workloads) - waiting
        return {
            "output_tokens_per_s": float(self._output_rate.sum()),
            "prompt_tokens_per_s": float(self._prompt_rate.sum()),
            "requests_waiting": float(waiting + sum(workload.n_held for workload in workloads)),
            "requests_running": float(running),
            "requests_completed_per_s": rate,
            "ttft_p50_s": ttft[0],
            "ttft_p99_s": ttft[1],
            "tpot_p50_s": tpot[0],
            "tpot_p99_s": tpot[1],
            **self._services(dt_s),
            "replicas_awake": float(sum(len(workload.replicas) - workload.n_down for workload in workloads)),
        }

    def _services(self, dt_s: float) -> dict[str, float]:
        """Items and latencies of services; NaN where the hall has none."""
        if not self._items:
            return dict.fromkeys(("items_per_s", "service_p50_s", "service_p99_s"), float("nan"))
        n_items = sum(window.n_completed for window in self._items)
        rate = (n_items - self._n_items) / dt_s
        self._n_items = n_items
        e2e = percentiles([window.e2e_s for window in self._items], 50, 99)
        return {"items_per_s": rate, "service_p50_s": e2e[0], "service_p99_s": e2e[1]}

    def _mean(self, name: str, weights: FloatArray) -> float:
        if len(self._parts) == 1:
            return float(getattr(self._parts[0], name))
        return float(sum(w * getattr(part, name) for w, part in zip(weights, self._parts, strict=True)))

    def _power(self, weights: FloatArray) -> dict[str, float]:
        found = {channel: self._mean(name, weights) for channel, name in POWER_NAMES.items()}
        found["battery_w"] = -self._mean("stored_w", weights)
        found["battery_charge_frac"] = self._hall.plant.power.storage.total_frac()
        return found

    def _heat(self, weights: FloatArray, dt_s: float) -> dict[str, float]:
        inlet_c = self._array_mean("rack_inlet_c", weights)
        some = len(inlet_c) > 0
        return {
            "inlet_mean_c": float(np.add.reduce(inlet_c)) / len(inlet_c) if some else float("nan"),
            "inlet_max_c": float(np.maximum.reduce(inlet_c)) if some else float("nan"),
            "supply_c": self._mean("supply_c", weights),
            "chilled_water_c": self._mean("chilled_water_c", weights),
            **{channel: getattr(self._parts[-1].wet, name) for channel, name in WET_NAMES.items()},
            "outdoor_c": self._hall.outside.air(self._last_s).dry_bulb_c,
            "water_l_per_h": sum(part.water_kg for part in self._parts) / dt_s * S_PER_H,
        }

    def _utilisation(self, weights: FloatArray) -> dict[str, float]:
        return self._use(self._array_mean("bank_busy", weights))[0]

    def _use(self, busy: FloatArray) -> tuple[dict[str, float], FloatArray]:
        """Utilisation by family, and of each rack, (n_racks,), from busy chips by bank; kept while these are."""
        if self._busy is None or self._busy[0] is not busy:
            by_family = {
                f"utilisation_{family}_frac": (
                    float(np.add.reduce(busy[self._banks_of[family]])) / n_chips if n_chips else float("nan")
                )
                for family, n_chips in self._n_used.items()
            }
            chips, n = self._rack_chips, len(self._rack_chips)
            by_rack = np.bincount(self._hall.plant.banks.rack, busy, n)
            used = np.divide(by_rack, chips, out=np.zeros(n), where=chips > 0)
            self._busy = busy, by_family, used
        return self._busy[1:]

    def _outside(self, utility_w: float, generator_w: float, dt_s: float) -> dict[str, float]:
        """Carbon and cost by the hour, counted on the plant's meters as well; fuel has carbon here, and no price."""
        meters = self._hall.plant.meters
        cost, carbon_kg = self.bill.count(self._last_s, self._last_s + dt_s, utility_w)
        carbon_kg += generator_w * dt_s / J_PER_KWH * DIESEL_G_PER_KWH / 1000.0
        meters.carbon_kg += carbon_kg
        meters.cost += cost
        return {"carbon_kg_per_h": carbon_kg / dt_s * S_PER_H, "cost_per_h": cost / dt_s * S_PER_H}

    def _array_mean(self, name: str, weights: FloatArray) -> FloatArray:
        if len(self._parts) == 1:
            return np.asarray(getattr(self._parts[0], name))
        return np.asarray(sum(w * getattr(part, name) for w, part in zip(weights, self._parts, strict=True)))

    def _racks(self, weights: FloatArray, dt_s: float) -> FloatArray:
        plant = self._hall.plant
        n = len(plant.racks.ids)
        tokens: FloatArray = np.zeros(n)
        if self._replicas:
            part_rate = self._output_rate[self._part_replica] * self._part_frac
            tokens = np.bincount(self._part_rack, part_rate, n).astype(np.float64)
        return np.array(
            [
                self._array_mean("rack_w", weights),
                self._use(self._array_mean("bank_busy", weights))[1],
                self._array_mean("rack_inlet_c", weights),
                self._array_mean("rack_exhaust_c", weights),
                tokens,
                *self._parts[-1].wet.racks,
            ]
        )

    def request_columns(self) -> dict[str, np.ndarray]:
        """All requests of all workloads that arrived, one row each."""
        columns: dict[str, list[np.ndarray]] = {}
        for served in self._hall.served:
            arrays = served.workload.requests.arrays()
            is_there = np.flatnonzero(arrays["state"] != RequestState.PENDING)
            names = np.array(STATE_NAMES)[arrays["state"][is_there].astype(int)]
            reasons = served.workload.requests.reject_reason
            rows: dict[str, np.ndarray] = {
                "workload": np.full(len(is_there), served.spec.id),
                "request": is_there.astype(np.int64),
                **{name: values[is_there] for name, values in arrays.items() if name != "state"},
                "state": names,
                "reject_reason": np.array([reasons.get(int(i), "") for i in is_there], dtype=str),
            }
            for name, values in rows.items():
                columns.setdefault(name, []).append(values)
        return {name: np.concatenate(parts) for name, parts in columns.items()}
