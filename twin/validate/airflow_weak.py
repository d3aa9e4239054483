"""The instant air model on the rooms of the CFD reference: right where it is believed, its error where it is not."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np

from twin.physics import FloatArray
from twin.physics.airflow.recirculation import RackAir
from twin.physics.airflow.room_flow import AirUsers, room_flow
from twin.validate.airflow import RISE_K, RoomError
from twin.validate.airflow_cases import CFD_CELL_M, FOLDER, INLETS, ROOMS, CfdRoom, cfd_room
from twin.validate.case import Case, Group

CONTAINED_K = 0.07
"""Bound of the RMS of rack means in the contained aisle, which this model is believed on."""
SIDES = {"rack_front": "front", "rack_rear": "rear", "return": "return"}


def instant_error(room: CfdRoom) -> RoomError:
    """Instant less CFD, K: rack means and thirds."""
    racks, heat_w = _racks(room)
    grid = room.grid
    coolers = tuple(dict.fromkeys(port.owner for port in grid.ports if port.kind == "return"))
    tiles = {port.name: np.full(len(coolers), 1.0 / len(coolers)) for port in grid.ports if port.kind == "tile"}
    grid.ports = [
        replace(port, name=f"{port.owner} {SIDES[port.kind]}") if port.kind in SIDES else port for port in grid.ports
    ]
    flow = room_flow(grid, AirUsers(racks, coolers, tiles), is_exact=True)
    supply_c = np.full(len(coolers), room.supply_c)
    state = flow.state(flow.settled(heat_w, supply_c), heat_w, supply_c)
    thirds = room.thirds_c(np.asarray(state.field_c, float))
    return RoomError(thirds.mean(axis=1) - room.inlet_c.mean(axis=1), thirds - room.inlet_c)


def _racks(room: CfdRoom) -> tuple[RackAir, FloatArray]:
    """The racks of a room, and the heat their rears give off, W."""
    rears = {port.owner: i for i, port in enumerate(room.grid.ports) if port.kind == "rack_rear"}
    index = [rears[name] for name in room.racks]
    flow_m3_s = np.array([room.grid.ports[i].flow_m3_s for i in index])
    n = len(index)
    racks = RackAir(room.racks, flow_m3_s, np.zeros(n), np.ones(n), np.zeros(n))
    return racks, racks.w_k * room.loads.rise_k[index]


def cases(folder: Path) -> Iterator[Case]:
    """Rack means of every room on the cells of the reference; only the contained aisle has a bound."""
    for name in ROOMS:
        room = cfd_room(name, CFD_CELL_M, folder)
        error = instant_error(room)
        mean_c = float(room.inlet_c.mean())
        note = f"RMS {error.rms_k:.2f} K, largest {error.largest_k:+.2f} K, thirds {error.thirds_rms_k:.2f} K"
        bound = CONTAINED_K / RISE_K if name == "cac_sd105" else None
        model_c = mean_c + float(error.racks.mean())
        yield Case(f"airflow instant {name} racks, RMS", mean_c, model_c, "°C", error.rms_k / RISE_K, bound, 20, note)


GROUPS: tuple[Group, ...] = (
    Group("airflow instant against CFD", (INLETS, *(f"{FOLDER}/{name}.json" for name in ROOMS)), cases),
)
