"""The settled air of a room held against full CFD of the same rooms: rack inlets, by rack and by height."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from twin.physics import FloatArray
from twin.physics.airflow.march import AirModel
from twin.physics.airflow.settled import Settled, settle
from twin.validate.airflow_cases import FOLDER, INLETS, ROOMS, CfdRoom, cfd_room
from twin.validate.case import Case, Group

CELL_M = 0.3
RISE_K = 10.97
"""Rise of the air through every rack of the reference: what errors are a part of."""
RACKS_K = {name: (0.5, 1.2) for name in ("open_sd100", "open_sd80", "open_sd120", "uneven_sd100", "cac_sd105")}
"""Bounds of RMS and of the largest error of rack means, K."""
FAILED_K = 1.5
THIRDS_K = 1.0
NOTES = {
    "uneven_sd100": "the reference itself is unsteady: 0.6 K between halves of its mean, 0.9 K standard deviation",
    "crahfail_sd60": "the reference itself is unsteady: 0.5 K between halves of its mean",
    "open_sd80_nobuoy": "no gravity; the reference itself is unsteady: 0.6 K between halves of its mean",
    "open_sd100_jet25": "the force of the reference above its tiles is not modelled: a sensitivity, listed only",
    "open_sd80_jet25": "the force of the reference above its tiles is not modelled: a sensitivity, listed only",
}


@dataclass(frozen=True, slots=True)
class RoomError:
    """Settled less CFD, K. racks: (n_racks,) of their means. thirds: (n_racks, 3) by height."""

    racks: FloatArray
    thirds: FloatArray

    @property
    def rms_k(self) -> float:
        """Over the rack means."""
        return float(np.sqrt(np.mean(self.racks**2)))

    @property
    def largest_k(self) -> float:
        """Of the rack means, with its sign."""
        return float(self.racks[np.argmax(np.abs(self.racks))])

    @property
    def thirds_rms_k(self) -> float:
        """Over all thirds of all racks."""
        return float(np.sqrt(np.mean(self.thirds**2)))


def settled_room(room: CfdRoom, start: Settled | None = None) -> Settled:
    """A room of the reference, marched with the constants of every room; without gravity where the CFD had none."""
    return settle(room.grid, room.loads, AirModel() if room.has_buoyancy else AirModel(gravity_m_s2=0.0), start)


def room_error(room: CfdRoom, settled: Settled) -> RoomError:
    """What the settled air of a room misses of the CFD."""
    thirds = room.thirds_c(settled.air_c)
    return RoomError(thirds.mean(axis=1) - room.inlet_c.mean(axis=1), thirds - room.inlet_c)


def cases(folder: Path) -> Iterator[Case]:
    """Rack means and thirds of every room."""
    for name in ROOMS:
        room = cfd_room(name, CELL_M, folder)
        settled = settled_room(room)
        error = room_error(room, settled)
        mean_c = float(room.inlet_c.mean())
        model_c = mean_c + float(error.racks.mean())
        note = f"RMS {error.rms_k:.2f} K, largest {error.largest_k:+.2f} K, thirds {error.thirds_rms_k:.2f} K"
        if name in NOTES:
            note += f"; {NOTES[name]}"
        rms_k, largest_k = RACKS_K.get(name, (FAILED_K if name == "crahfail_sd60" else None, None))
        thirds_k = THIRDS_K if rms_k is not None else None
        found = (
            ("racks, RMS", error.rms_k, rms_k),
            ("racks, largest", abs(error.largest_k), largest_k),
            ("thirds, RMS", error.thirds_rms_k, thirds_k),
        )
        for what, error_k, bound_k in found:
            bound = None if bound_k is None else bound_k / RISE_K
            yield Case(f"airflow {name} {what}", mean_c, model_c, "°C", error_k / RISE_K, bound, len(room.racks), note)


GROUPS = (Group("airflow settled against CFD", (INLETS, *(f"{FOLDER}/{name}.json" for name in ROOMS)), cases),)
