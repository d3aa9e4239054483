"""Sums of the hours of a year on the plant's own meters, so that its balance and its figures are those of any run."""

from __future__ import annotations

import numpy as np

from twin.physics import FloatArray
from twin.plant.plant import Plant
from twin.plant.year import ItHours, YearHours
from twin.sim.flow_it import FlowPool


def put_on_meters(plant: Plant, it: ItHours, year: YearHours, lasted_s: FloatArray) -> None:
    """Each energy is summed at its own place, as pulses do, so that the balance between them can fail."""
    n_it = len(plant.compute.constants) + len(plant.network.ids)
    plant.elements.rewire(plant.power.wiring, np.zeros(n_it))
    plant.elements.count_hours(year.load_w, year.loss_w, year.input_w, lasted_s)
    meters, cooling, state_s = plant.meters, plant.cooling, np.bincount(it.state, lasted_s, it.consumer_w.shape[1])
    meters.grid_j = float(year.grid_w @ lasted_s)
    meters.it_j = float(it.consumer_w.sum(axis=0) @ state_s)
    meters.chips_j = float(it.chips_w @ state_s)
    meters.network_j = float(it.network_w @ state_s)
    meters.loss_j = float(year.loss_w.sum(axis=0) @ lasted_s)
    fan_j = float(year.fans.fan_w.sum(axis=0) @ lasted_s)
    meters.cooling_j = float(year.cooling_w @ lasted_s)
    indoors_j = float(year.loss_w[plant.power.is_indoors].sum(axis=0) @ lasted_s)
    meters.room_j = meters.it_j - float(it.wet_w.sum(axis=0) @ state_s) + indoors_j + fan_j
    meters.water_kg = float(year.plant.water_kg_s @ lasted_s)
    cooling.to_room_j = float(year.into_room_w @ lasted_s)
    cooling.to_loops_j = float(year.into_loops_w @ lasted_s)
    taken_w = year.plant.removed_w.sum(axis=0) + year.outside_w + year.given_w + year.room.outdoor_w
    cooling.removed_j = float(taken_w @ lasted_s)
    # What nothing could take stays in the building; the result says in how many hours.
    cooling.stored_j = float((year.plant.unmet_w.sum(axis=0) + year.room.unmet_w) @ lasted_s)
    n_servers = len(plant.compute.constants)
    it_j = it.consumer_w @ state_s
    plant.lived(float(lasted_s.sum()), it_j[:n_servers], it_j[n_servers:], float(it.hosts_w @ state_s))


def inlet_hours(plant: Plant, it: ItHours, year: YearHours) -> FloatArray:
    """Inlet of every rack, (n_racks, n): room air in the open; supply air and what leaks or is short in an aisle."""
    racks = plant.racks
    drawn = it.rack_m3_s[racks.is_contained].sum(axis=0)[it.state]
    short = np.clip(1.0 - year.room.air_m3_s / np.maximum(drawn, 1e-9), 0.0, None)
    share = np.where(racks.is_contained[:, None], np.maximum(racks.leakage_frac[:, None], short), 1.0)
    return np.asarray(year.room.supply_c + share * (year.room.room_c - year.room.supply_c))


def warnings_of(plant: Plant, year: YearHours, pools: list[FlowPool], lasted_s: FloatArray) -> dict[str, str]:
    """What a reader must know about these figures."""
    found = {
        "flow.grain": "every hour is steady: no thermal mass, no queues, no latencies; demand is a mean of an hour; "
        "the air of the room is well mixed"
    }
    for pool in pools:
        lost = float((pool.rate_per_s - pool.served_per_s) @ lasted_s)
        if lost > 0.5:
            asked = float(pool.rate_per_s @ lasted_s)
            found[f"flow.saturated {pool.id}"] = (
                f"{pool.id}: {lost / asked:.1%} of {asked:,.0f} requests are more than its replicas can carry"
            )
    short_w = year.plant.unmet_w.sum(axis=0) + year.room.unmet_w
    is_short = short_w > 1e-6 * np.maximum(year.into_room_w, 1.0)
    if is_short.any():
        found["flow.unmet"] = (
            f"cooling is short in {float(lasted_s[is_short].sum()) / 3600.0:,.0f} h, by up to "
            f"{float(short_w.max()) / 1e3:,.1f} kW: temperatures there have no steady state"
        )
    extrapolated_h = float(lasted_s[year.plant.is_extrapolated].sum()) / 3600.0
    if extrapolated_h:
        found["chiller.range"] = (
            f"chillers ran outside the range of their curves for {extrapolated_h:,.0f} h: Carnot-scaled there"
        )
    over = year.load_w.max(axis=1, initial=0.0) > plant.power.limit_w
    for i in np.flatnonzero(over).tolist():
        peak_kw, rated_kw = year.load_w[i].max() / 1e3, plant.power.limit_w[i] / 1e3
        name = plant.power.ids[i]
        found[f"load {name}"] = f"{name} carries up to {peak_kw:.1f} kW, rated {rated_kw:.1f} kW"
    outside = plant.cooling.liquid.outside
    if outside:
        found["cooling.outside"] = (
            f"water of {', '.join(outside)} comes from outside the drawing: what cools and pumps it is not counted"
        )
    return found
