"""The hours of a year as frames, one after another, with the channels of any run."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

import numpy as np

from twin.physics import FloatArray
from twin.physics.air import AIR_HEAT_J_M3_K
from twin.plant.plant import Plant
from twin.plant.year import ItHours, YearHours
from twin.record.channels import HALL_NAMES, RACK_NAMES
from twin.record.frame import Frame
from twin.sim.bill import Bill
from twin.sim.flow_it import FAMILIES, FlowPool
from twin.sim.flow_meters import inlet_hours
from twin.units import S_PER_H


class HourBounds(Protocol):
    """When hours begin and end, and the dry bulb of each."""

    from_s: FloatArray
    until_s: FloatArray
    dry_c: FloatArray


def hour_frames(
    plant: Plant, it: ItHours, year: YearHours, hours: HourBounds, bill: Bill, pools: list[FlowPool]
) -> Iterator[Frame]:
    """A frame for each hour; the bill takes the grid's energy on the way."""
    columns = _columns(plant, it, year, hours, pools)
    table = np.full((len(hours.from_s), len(HALL_NAMES)), np.nan)
    for name, values in columns.items():
        table[:, HALL_NAMES.index(name)] = values
    i_cost, i_carbon = HALL_NAMES.index("cost_per_h"), HALL_NAMES.index("carbon_kg_per_h")
    inlet_c, rise_k = inlet_hours(plant, it, year), _rise_k(it)
    for k, (from_s, until_s, grid_w) in enumerate(
        zip(hours.from_s.tolist(), hours.until_s.tolist(), year.grid_w.tolist(), strict=True)
    ):
        cost, carbon_kg = bill.count(from_s, until_s, grid_w)
        table[k, i_cost], table[k, i_carbon] = (value / (until_s - from_s) * S_PER_H for value in (cost, carbon_kg))
        state = int(it.state[k])
        racks = np.full((len(RACK_NAMES), len(plant.racks.ids)), np.nan)
        racks[0], racks[2], racks[3] = it.rack_w[:, state], inlet_c[:, k], inlet_c[:, k] + rise_k[:, state]
        racks[1] = racks[4] = 0.0
        yield Frame(until_s, table[k], racks)


def _rise_k(it: ItHours) -> FloatArray:
    air_w_k = it.rack_m3_s * AIR_HEAT_J_M3_K
    return np.divide(it.rack_w - it.wet_w, air_w_k, out=np.zeros_like(air_w_k), where=air_w_k > 0.0)


def _columns(
    plant: Plant, it: ItHours, year: YearHours, hours: HourBounds, pools: list[FlowPool]
) -> dict[str, FloatArray]:
    n = len(it.state)
    zero = np.zeros(n)
    inlet_c = inlet_hours(plant, it, year)
    has_racks, loops = len(inlet_c) > 0, year.controls.water_c
    served = [pool.served_per_s for pool in pools]
    found = {
        "output_tokens_per_s": sum((s * p.spec_tokens[1] for s, p in zip(served, pools, strict=True)), zero),
        "prompt_tokens_per_s": sum((s * p.spec_tokens[0] for s, p in zip(served, pools, strict=True)), zero),
        "requests_completed_per_s": sum(served, zero),
        "accelerators_w": it.chips_w[it.state],
        "network_w": it.network_w[it.state],
        "it_w": year.it_w,
        "loss_w": year.loss_w.sum(axis=0),
        "cooling_w": year.cooling_w,
        "facility_w": year.grid_w,
        "utility_w": year.grid_w,
        "generator_w": zero,
        "battery_w": zero,
        "battery_charge_frac": np.full(n, plant.power.storage.total_frac()),
        "pue": np.divide(year.grid_w, year.it_w, out=np.full(n, np.nan), where=year.it_w > 0.0),
        "inlet_mean_c": inlet_c.mean(axis=0) if has_racks else np.full(n, np.nan),
        "inlet_max_c": inlet_c.max(axis=0) if has_racks else np.full(n, np.nan),
        "supply_c": year.room.supply_c,
        "chilled_water_c": loops.max(axis=0) if len(loops) else np.full(n, np.nan),
        "outdoor_c": hours.dry_c,
        "water_l_per_h": year.plant.water_kg_s * S_PER_H,
        "replicas_awake": np.full(n, float(sum(len(pool.curves) for pool in pools))),
    }
    for name, busy in zip(FAMILIES, it.bank_busy, strict=True):
        found[f"utilisation_{name}_frac"] = busy[it.state]
    return found
