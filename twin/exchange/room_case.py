"""A drawn room to OpenFOAM and back: its case with the heat and supply it has, and the inlets of its run."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from twin.exchange.foam_mesh import FoamMesh
from twin.exchange.openfoam import read_air_c, write_case
from twin.plant.airflow import AirResult, RoomAir


def write_room(air: RoomAir, folder: Path) -> FoamMesh:
    """The case of a room; see `write_case`. Doors and gaps of racks are heat taken or kept in the rack."""
    flow, racks = air.flow(), air.parts.racks
    supply_c = np.asarray(flow.supply_map @ air.supply_c)
    of_port = {flow.grid.ports[i].name: float(c) for i, c in zip(flow.i_supply, supply_c, strict=True)}
    # Without a rear door the heat leaves with the exhaust; with one, what the door takes at the supply temperature.
    front_c = air.solve().inlet_c - racks.gap_frac * racks.rise_k(air.heat_w)
    heat_w = racks.w_k * (racks.exhaust_c(front_c, air.heat_w) - front_c)
    owner_of = {f"{name} rear": w for name, w in zip(racks.ids, heat_w.tolist(), strict=True)}
    heat = {p.owner: owner_of[p.name] for p in flow.grid.ports if p.kind == "rack_rear"}
    return write_case(flow.grid, folder, of_port, heat)


def read_room(air: RoomAir, folder: Path) -> AirResult:
    """The run of such a case on the room's own layers: field, inlets by rack and height, returns."""
    return air.of_field(read_air_c(air.flow().grid, folder))


def case_lines(air: RoomAir, folder: Path) -> list[str]:
    """Writes the case and says what it holds."""
    mesh = write_room(air, folder)
    return [
        f"{folder}: {len(mesh.cells):,} cells of {air.cell_m:g} m, {len(mesh.faces):,} faces, "
        f"{len(mesh.patches)} patches",
        "run it there with ./Allrun (OpenFOAM with buoyantBoussinesqPimpleFoam), then read it with --read",
    ]


def read_lines(air: RoomAir, folder: Path) -> list[str]:
    """Inlets of the run by rack and height."""
    result = read_room(air, folder)
    lines = [f"{'rack':14} {'inlet':>7}  {'low / middle / upper third':^26}"]
    for name, inlet_c, thirds, flow in zip(
        result.rack_ids, result.inlet_c, result.thirds_c, result.rack_m3_s, strict=True
    ):
        if flow > 0.0:
            lines.append(f"{name:14} {inlet_c:7.2f}  {' / '.join(f'{c:5.2f}' for c in thirds):^26}")
    return lines
