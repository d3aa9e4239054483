"""Rooms whose air was computed by a full CFD code: their grid, heat, and inlet temperatures per rack and height."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from twin.errors import DocumentError
from twin.files import asset_dir
from twin.physics import FloatArray
from twin.physics.airflow.grid import PortKind, RoomGrid
from twin.physics.airflow.loads import RackLoads
from twin.validate.tables import read_table

FOLDER = "airflow"
INLETS = f"{FOLDER}/rack_inlets.csv"
ROOMS = (
    "open_sd100",
    "open_sd80",
    "open_sd120",
    "uneven_sd100",
    "cac_sd105",
    "crahfail_sd60",
    "open_sd80_nobuoy",
    "open_sd100_jet25",
    "open_sd80_jet25",
)
THIRDS = ("lower", "middle", "upper")
THIRD_M = 0.7
"""Height of a third of a rack."""
CFD_CELL_M = 0.15


@dataclass(frozen=True, slots=True)
class CfdRoom:
    """One room of the reference on a grid. racks: names in order. inlet_c: (n_racks, 3) of the CFD by height, °C."""

    name: str
    grid: RoomGrid
    loads: RackLoads
    racks: tuple[str, ...]
    inlet_c: FloatArray
    supply_c: float
    has_buoyancy: bool

    def thirds_c(self, air_c: FloatArray) -> FloatArray:
        """(n_racks, 3) mean of a field (nx, ny, nz) before each third of each front, by area, °C."""
        h, nz = self.grid.h_m, self.grid.shape[2]
        fronts = {p.owner: p for p in self.grid.ports if p.kind == "rack_front"}
        out = np.empty((len(self.racks), 3))
        for i, name in enumerate(self.racks):
            cells = fronts[name].cells
            low = (cells % nz) * h
            for third in range(3):
                top, bottom = np.minimum(low + h, (third + 1) * THIRD_M), np.maximum(low, third * THIRD_M)
                weight = np.maximum(top - bottom, 0.0)
                out[i, third] = float(weight @ air_c.ravel()[cells]) / float(weight.sum())
        return out


def cfd_room(name: str, h_m: float, folder: Path | None = None) -> CfdRoom:
    """A room of the reference on cells of h_m, which must divide 0.3 m. Raises DocumentError."""
    folder = asset_dir() / "validation" if folder is None else folder
    path = folder / FOLDER / f"{name}.json"
    try:
        room: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise DocumentError(f"cannot be read: {error}", str(path), "reinstall the program's assets") from error
    grid = _grid(room, h_m)
    racks = tuple(rack["name"] for rack in room["racks"])
    heat_w = {rack["name"]: float(rack["heat_w"]) for rack in room["racks"]}
    supply_c = float(room["supply_c"])
    loads = RackLoads.of(grid.ports, supply_c, heat_w)
    inlet_c = _inlets(folder / INLETS, name, racks)
    return CfdRoom(name, grid, loads, racks, inlet_c, supply_c, bool(room["cfd"]["buoyancy"]))


def _inlets(path: Path, name: str, racks: tuple[str, ...]) -> FloatArray:
    table = read_table(path)
    of_room = table.where(table.words("case") == name)
    known = {
        (rack, third): c
        for rack, third, c in zip(
            of_room.words("rack"), of_room.words("third"), of_room.numbers("inlet_c_cfd"), strict=True
        )
    }
    return np.array([[known[rack, third] for third in THIRDS] for rack in racks])


def _grid(room: Mapping[str, Any], h_m: float) -> RoomGrid:
    x, y, z = (round(size / h_m) for size in room["size_m"])
    grid = RoomGrid.box((x, y, z), h_m)
    for body in (*room["racks"], *room["crahs"]):
        grid.solid[_block(body["box"], h_m)] = True
    grid.close_solid()
    for baffle in room["baffles"]:
        _hang(grid, baffle)
    grid.thin = tuple(np.flatnonzero((g > 0.0) & (g < 1.0)) for g in (grid.gx, grid.gy, grid.gz))
    for rack in room["racks"]:
        low, high = rack["box"][2:4]
        front_m, rear_m, side = (high, low, -1) if rack["front"] == "+y" else (low, high, 1)
        flow = float(rack["flow_m3s"])
        _open(grid, (rack["name"], "rack_front"), rack["box"], (1, side, front_m), flow)
        _open(grid, (rack["name"], "rack_rear"), rack["box"], (1, -side, rear_m), flow)
    for tile in room["tiles"]:
        _open(grid, (tile["name"], "tile"), tile["box"], (2, -1, 0.0), float(tile["flow_m3s"]))
    for crah in room["crahs"]:
        if crah["flow_m3s"] > 0.0:
            _open(grid, (crah["name"], "return"), crah["box"], (2, -1, crah["box"][5]), float(crah["flow_m3s"]))
    return grid.checked()


def _block(box: list[float], h_m: float) -> tuple[slice, slice, slice]:
    i = [round(at / h_m) for at in box]
    return slice(i[0], i[1]), slice(i[2], i[3]), slice(i[4], i[5])


def _open(
    grid: RoomGrid, what: tuple[str, PortKind], box: list[float], face: tuple[int, int, float], flow_m3_s: float
) -> None:
    """A port on the air side of a face: (axis, side of its air cells it lies on, place along the axis)."""
    axis, side, at_m = face
    where = list(_block(box, grid.h_m))
    first = round(at_m / grid.h_m) - (side > 0)
    where[axis] = slice(first, first + 1)
    name, kind = what
    port = grid.add_port(f"{name} {kind}", kind, grid.flat((where[0], where[1], where[2])), (axis, side), flow_m3_s)
    grid.ports[-1] = replace(port, owner=name)


def _hang(grid: RoomGrid, baffle: Mapping[str, Any]) -> None:
    """A thin wall, shut but for openings of one face of the CFD mesh each."""
    axis, h = "xyz".index(baffle["axis"]), grid.h_m
    g = (grid.gx, grid.gy, grid.gz)[axis]
    where = list(_block(baffle["rng"], h))
    at = round(baffle["pos"] / h)
    where[axis] = slice(at, at + 1)
    g[where[0], where[1], where[2]] = 0.0
    for opening in baffle["openings"]:
        cell = [int(0.5 * (opening[2 * a] + opening[2 * a + 1]) / h + 1e-9) for a in range(3)]
        cell[axis] = at
        g[cell[0], cell[1], cell[2]] += min(1.0, (CFD_CELL_M / h) ** 2)


def rooms(h_m: float, folder: Path | None = None) -> Iterator[CfdRoom]:
    """All rooms of the reference, one after the other."""
    for name in ROOMS:
        yield cfd_room(name, h_m, folder)
