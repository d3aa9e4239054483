"""A room as a complete OpenFOAM case, and the temperatures such a run leaves behind on the room's own cells."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

import numpy as np

from twin.errors import DocumentError, OutputError
from twin.exchange.foam_mesh import WALLS, FoamMesh, Patch, foam_mesh
from twin.exchange.foam_settings import DICTIONARIES, HEADER
from twin.physics import FloatArray
from twin.physics.air import AIR_HEAT_J_M3_K
from twin.physics.airflow.grid import RoomGrid
from twin.physics.airflow.ports import IntArray

KELVIN = 273.15
INTENSITY, LENGTH_M, C_MU = 0.1, 0.05, 0.09
"""Turbulence of all inflows: share of their speed, and size of eddies. Estimate; the reference rooms have the same."""


def write_case(grid: RoomGrid, folder: Path, supply_c: Mapping[str, float], heat_w: Mapping[str, float]) -> FoamMesh:
    """Writes mesh, fields and settings for buoyantBoussinesqPimpleFoam; `./Allrun` there runs it.

    supply_c: °C by port, of every inflow that is not a rack's rear. heat_w: by owner; it is put into the cells behind
    the rear, whose air comes out as warm as it went into the front. Raises OutputError: the folder holds another case.
    """
    if (folder / "system").exists() and not (folder / "twin-openfoam").exists():
        raise OutputError("holds a case that is not of this program", str(folder), "give an empty folder")
    mesh = foam_mesh(grid)
    for name, text in _files(grid, mesh, supply_c, heat_w):
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="ascii")
    (folder / "Allrun").chmod(0o755)
    return mesh


def _files(
    grid: RoomGrid, mesh: FoamMesh, supply_c: Mapping[str, float], heat_w: Mapping[str, float]
) -> Iterable[tuple[str, str]]:
    poly = "constant/polyMesh/"
    yield poly + "points", _list("vectorField", "points", [f"({x:.9g} {y:.9g} {z:.9g})" for x, y, z in mesh.points_m])
    yield poly + "faces", _list("faceList", "faces", [f"4({a} {b} {c} {d})" for a, b, c, d in mesh.faces])
    yield poly + "owner", _list("labelList", "owner", [str(c) for c in mesh.owner])
    yield poly + "neighbour", _list("labelList", "neighbour", [str(c) for c in mesh.neighbour])
    yield poly + "boundary", _list("polyBoundaryMesh", "boundary", [_boundary(p) for p in mesh.patches])
    yield poly + "cellZones", _list("regIOobject", "cellZones", [_zone(n, c) for n, c in mesh.zones.items()])
    yield from _fields(grid, mesh, supply_c)
    yield "constant/fvOptions", _options(grid, mesh, heat_w)
    yield from DICTIONARIES.items()


def _header(kind: str, name: str) -> str:
    return HEADER.format(kind=kind, name=name)


def _list(kind: str, name: str, rows: list[str]) -> str:
    return _header(kind, name) + f"{len(rows)}\n(\n" + "\n".join(rows) + "\n)\n"


def _boundary(patch: Patch) -> str:
    kind = "wall" if patch.name == WALLS else "patch"
    return f"{patch.name}\n{{\n    type {kind};\n    nFaces {patch.n};\n    startFace {patch.first};\n}}"


def _zone(name: str, cells: IntArray) -> str:
    labels = " ".join(str(c) for c in cells)
    return f"{name}\n{{\n    type cellZone;\n    cellLabels List<label> {len(cells)}({labels});\n}}"


def _fields(grid: RoomGrid, mesh: FoamMesh, supply_c: Mapping[str, float]) -> Iterable[tuple[str, str]]:
    cool = [supply_c[p.name] for p in grid.ports if p.is_inflow and p.kind != "rack_rear"]
    start_k = KELVIN + float(np.mean(cool))
    still, mapped = "type calculated; value uniform 0;", "type fixedFluxPressure; value uniform 0;"
    wall = "type {}; value uniform {};"
    kinetic, lost = (lambda p: _inflow(grid, p, 0)), (lambda p: _inflow(grid, p, 1))
    rows: tuple[tuple[str, str, str, str, Callable[[Patch], str]], ...] = (
        ("T", "[0 0 0 1 0 0 0]", f"{start_k:.6g}", "type zeroGradient;", _warm(grid, mesh, supply_c)),
        ("p_rgh", "[0 2 -2 0 0 0 0]", "0", mapped, lambda _: mapped),
        ("p", "[0 2 -2 0 0 0 0]", "0", still, lambda _: still),
        ("k", "[0 2 -2 0 0 0 0]", "0.001", wall.format("kqRWallFunction", "0.001"), kinetic),
        ("epsilon", "[0 2 -3 0 0 0 0]", "0.0005", wall.format("epsilonWallFunction", "0.0005"), lost),
        ("nut", "[0 2 -1 0 0 0 0]", "0", wall.format("nutkWallFunction", "0"), lambda _: still),
        (
            "alphat",
            "[0 2 -1 0 0 0 0]",
            "0",
            wall.format("alphatJayatillekeWallFunction; Prt 0.85", "0"),
            lambda _: still,
        ),
    )
    for name, unit, value, on_wall, on_port in rows:
        patches = {p.name: on_wall if p.name == WALLS else on_port(p) for p in mesh.patches}
        yield f"0/{name}", _field("volScalarField", name, (unit, value), patches)
    speeds = {p.name: "type noSlip;" if p.name == WALLS else _speed(grid, p) for p in mesh.patches}
    yield "0/U", _field("volVectorField", "U", ("[0 1 -1 0 0 0 0]", "(0 0 0)"), speeds)


def _warm(grid: RoomGrid, mesh: FoamMesh, supply_c: Mapping[str, float]) -> Callable[[Patch], str]:
    """Temperature on the patch of a port: rears bring the mean of their rack's front, for its heat comes behind."""
    names = {patch.port: patch.name for patch in mesh.patches}
    front_of = {p.owner: i for i, p in enumerate(grid.ports) if p.kind == "rack_front" and i in names}

    def text(patch: Patch) -> str:
        port = grid.ports[patch.port]
        if port.kind == "rack_rear":
            front = names[front_of[port.owner]]
            return f"type outletMappedUniformInlet; outletPatch {front}; value uniform {KELVIN + 20.0:.6g};"
        if port.is_inflow:
            return f"type fixedValue; value uniform {KELVIN + supply_c[port.name]:.8g};"
        return "type zeroGradient;"

    return text


def _inflow(grid: RoomGrid, patch: Patch, which: int) -> str:
    """Turbulent energy (0) or its loss (1) of what an inflow brings."""
    if not grid.ports[patch.port].is_inflow:
        return "type zeroGradient;"
    speed = max(float(np.abs(patch.inward_m3_s).max()) / grid.h_m**2, 0.01)
    kinetic = 1.5 * (INTENSITY * speed) ** 2
    value = C_MU**0.75 * kinetic**1.5 / LENGTH_M if which else kinetic
    return f"type fixedValue; value uniform {value:.6g};"


def _speed(grid: RoomGrid, patch: Patch) -> str:
    port = grid.ports[patch.port]
    rows = []
    for m3_s in patch.inward_m3_s:
        v = [0.0, 0.0, 0.0]
        v[port.axis] = -port.side * float(m3_s) / grid.h_m**2
        rows.append(f"({v[0]:.9g} {v[1]:.9g} {v[2]:.9g})")
    return f"type fixedValue; value nonuniform List<vector> {len(rows)}({' '.join(rows)});"


def _field(kind: str, name: str, inside: tuple[str, str], patches: Mapping[str, str]) -> str:
    rows = "\n".join(f"    {patch} {{ {text} }}" for patch, text in patches.items())
    unit, value = inside
    return _header(kind, name) + f"dimensions {unit};\ninternalField uniform {value};\nboundaryField\n{{\n{rows}\n}}\n"


def _options(grid: RoomGrid, mesh: FoamMesh, heat_w: Mapping[str, float]) -> str:
    """Heat of each rack in the cells behind its rears, by their share of its air."""
    given: dict[str, float] = {}
    for port in grid.ports:
        if port.kind == "rack_rear":
            given[port.owner] = given.get(port.owner, 0.0) + port.flow_m3_s
    text = _header("dictionary", "fvOptions")
    for patch in mesh.patches:
        port = grid.ports[patch.port]
        if patch.port >= 0 and port.kind == "rack_rear" and given[port.owner] > 0.0:
            source = heat_w.get(port.owner, 0.0) / AIR_HEAT_J_M3_K * port.flow_m3_s / given[port.owner]
            text += (
                f"heat_{patch.name}\n{{\n    type scalarSemiImplicitSource;\n    selectionMode cellZone;\n"
                f"    cellZone {patch.name};\n    volumeMode absolute;\n"
                f"    injectionRateSuSp {{ T ({source:.9g} 0); }}\n}}\n"
            )
    return text


def read_air_c(grid: RoomGrid, folder: Path) -> FloatArray:
    """(nx, ny, nz) air temperature of the last time of a run, its mean where there is one, °C; 0 in solid cells.

    Raises DocumentError: no run, another mesh, or a field that is not text.
    """
    times = sorted((p for p in folder.glob("[0-9]*") if _time(p) is not None), key=lambda p: _time(p) or 0.0)
    found = [p / name for p in times[::-1] for name in ("TMean", "T") if (p / name).is_file() and _time(p) != 0.0]
    if not found:
        raise DocumentError("holds no result", str(folder), "run the case first: ./Allrun")
    cells = np.flatnonzero(~grid.solid.ravel())
    values = _values(found[0], len(cells)) - KELVIN
    air_c = np.zeros(grid.n_cells)
    air_c[cells] = values
    return air_c.reshape(grid.shape)


def _time(folder: Path) -> float | None:
    try:
        return float(folder.name)
    except ValueError:
        return None


def _values(path: Path, n: int) -> FloatArray:
    text = path.read_text(encoding="ascii", errors="replace")
    uniform = re.search(r"internalField\s+uniform\s+([-+.\deE]+)\s*;", text)
    if uniform:
        return np.full(n, float(uniform.group(1)))
    listed = re.search(r"internalField\s+nonuniform\s+List<scalar>\s*(\d+)\s*\(([^)]*)\)", text)
    if listed is None:
        raise DocumentError("has no internal field as text", str(path), "write results with writeFormat ascii")
    if int(listed.group(1)) != n:
        raise DocumentError(
            f"has {listed.group(1)} cells, the room has {n}",
            str(path),
            "read it with the layout and cell it was made of",
        )
    values = np.array(listed.group(2).split(), float)
    if len(values) != n or not np.isfinite(values).all():
        raise DocumentError(
            f"holds {len(values)} values of {n}, or values that are no number", str(path), "run it again"
        )
    return values
