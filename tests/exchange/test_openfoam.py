"""OpenFOAM cases: a consistent mesh with outward normals, balanced flows, every file, and results read back."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest

from twin import cli
from twin.errors import DocumentError, OutputError
from twin.exchange.foam_mesh import FoamMesh, foam_mesh
from twin.exchange.openfoam import read_air_c, write_case
from twin.exchange.room_case import read_room, write_room
from twin.layout.store import save_layout
from twin.physics.airflow.grid import RoomGrid
from twin.plant.airflow import RoomAir
from twin.plant.airflow_sample import SampleHall
from twin.validate.airflow_cases import cfd_room

FILES = (
    *(f"constant/polyMesh/{name}" for name in ("points", "faces", "owner", "neighbour", "boundary", "cellZones")),
    *(f"constant/{name}" for name in ("fvOptions", "transportProperties", "turbulenceProperties", "g")),
    *(f"system/{name}" for name in ("controlDict", "fvSchemes", "fvSolution")),
    *(f"0/{name}" for name in ("T", "U", "p", "p_rgh", "k", "epsilon", "nut", "alphat")),
    "Allrun",
)


@pytest.fixture(scope="module")
def grid() -> RoomGrid:
    return cfd_room("open_sd100", 0.3).grid


@pytest.fixture(scope="module")
def mesh(grid: RoomGrid) -> FoamMesh:
    return foam_mesh(grid)


def written(grid: RoomGrid, folder: Path) -> FoamMesh:
    supply = {p.name: 18.0 for p in grid.ports if p.kind == "tile"}
    return write_case(grid, folder, supply, {p.owner: 6000.0 for p in grid.ports if p.kind == "rack_rear"})


def area_m2(mesh: FoamMesh) -> np.ndarray:
    corner = mesh.points_m[mesh.faces]
    return 0.5 * np.cross(corner[:, 2] - corner[:, 0], corner[:, 3] - corner[:, 1])


def test_every_cell_is_closed_and_holds_its_volume(grid: RoomGrid, mesh: FoamMesh) -> None:
    area, n = area_m2(mesh), len(mesh.cells)
    centre = mesh.points_m[mesh.faces].mean(axis=1)
    sums, volume = np.zeros((n, 3)), np.zeros(n)
    inner = len(mesh.neighbour)
    np.add.at(sums, mesh.owner, area)
    np.add.at(sums, mesh.neighbour, -area[:inner])
    np.add.at(volume, mesh.owner, (area * centre).sum(axis=1) / 3.0)
    np.add.at(volume, mesh.neighbour, -(area * centre).sum(axis=1)[:inner] / 3.0)
    np.testing.assert_allclose(sums, 0.0, atol=1e-12)
    np.testing.assert_allclose(volume, grid.h_m**3, rtol=1e-9)
    assert n == np.count_nonzero(~grid.solid)


def test_faces_are_in_the_order_openfoam_demands(mesh: FoamMesh) -> None:
    inner = len(mesh.neighbour)
    assert (mesh.owner[:inner] < mesh.neighbour).all()
    order = np.lexsort((mesh.neighbour, mesh.owner[:inner]))
    np.testing.assert_array_equal(order, np.arange(inner))
    assert mesh.patches[0].first == inner
    ends = [p.first + p.n for p in mesh.patches]
    assert [p.first for p in mesh.patches[1:]] == ends[:-1]
    assert ends[-1] == len(mesh.faces) == len(mesh.owner)
    assert set(np.unique(mesh.faces)) == set(range(len(mesh.points_m)))


def test_ports_have_their_area_and_flow(grid: RoomGrid, mesh: FoamMesh) -> None:
    by_port = {p.port: p for p in mesh.patches if p.port >= 0}
    assert len(by_port) == len(grid.ports)
    for i, port in enumerate(grid.ports):
        assert by_port[i].inward_m3_s.sum() == pytest.approx(port.inward_m3_s, rel=1e-9)
        assert by_port[i].n == port.cells.size
    assert sum(p.inward_m3_s.sum() for p in mesh.patches) == pytest.approx(0.0, abs=1e-9)


def test_containment_keeps_its_leakage_as_whole_faces() -> None:
    walls, free = (foam_mesh(cfd_room(name, 0.3).grid) for name in ("cac_sd105", "open_sd100"))
    shut = len(free.neighbour) - len(walls.neighbour)
    walls_faces = (6.0 * 1.2 + 2 * 1.2 * 2.1) / 0.09
    leak_faces = 12 * 0.15**2 / 0.09
    assert shut == pytest.approx(walls_faces - leak_faces, abs=1.0)


def test_the_case_is_complete_and_every_field_has_every_patch(grid: RoomGrid, tmp_path: Path) -> None:
    mesh = written(grid, tmp_path / "case")
    for name in FILES:
        text = (tmp_path / "case" / name).read_text()
        assert text.count("{") == text.count("}")
        assert text.count("(") == text.count(")")
        assert "nan" not in text.lower().split()
        if name.startswith("0/"):
            assert set(re.findall(r"^    (\w+) \{", text, re.M)) == {p.name for p in mesh.patches}
    heat = re.findall(r"T \(([-+.\de]+) 0\)", (tmp_path / "case/constant/fvOptions").read_text())
    assert sum(map(float, heat)) * 1.2 * 1006.0 == pytest.approx(20 * 6000.0, rel=1e-6)
    lines = (tmp_path / "case/constant/polyMesh/faces").read_text().splitlines()
    assert sum(line.startswith("4(") for line in lines) == len(mesh.faces)


def test_a_result_comes_back_on_its_cells(grid: RoomGrid, tmp_path: Path) -> None:
    mesh = written(grid, tmp_path)
    kelvin = 291.15 + np.arange(len(mesh.cells)) % 7
    rows = "\n".join(f"{k:.6f}" for k in kelvin)
    for time, name, shift in (("90", "T", 5), ("180", "TMean", 0), ("180", "T", 9)):
        (tmp_path / time).mkdir(exist_ok=True)
        text = rows if shift == 0 else "\n".join(f"{k + shift:.6f}" for k in kelvin)
        (tmp_path / time / name).write_text(f"internalField nonuniform List<scalar>\n{len(kelvin)}\n(\n{text}\n)\n;\n")
    found = read_air_c(grid, tmp_path).ravel()
    np.testing.assert_allclose(found[mesh.cells], kelvin - 273.15, atol=1e-6)


def test_results_that_do_not_fit_are_refused(grid: RoomGrid, tmp_path: Path) -> None:
    written(grid, tmp_path)
    with pytest.raises(DocumentError, match="holds no result"):
        read_air_c(grid, tmp_path)
    (tmp_path / "10").mkdir()
    (tmp_path / "10/T").write_text("internalField nonuniform List<scalar> 2(290 291);")
    with pytest.raises(DocumentError, match="has 2 cells, the room has 10664"):
        read_air_c(grid, tmp_path)
    (tmp_path / "10/T").write_text("internalField nonuniform List<scalar> BINARY")
    with pytest.raises(DocumentError, match="writeFormat ascii"):
        read_air_c(grid, tmp_path)


def test_a_case_of_someone_else_is_not_written_over(grid: RoomGrid, tmp_path: Path) -> None:
    (tmp_path / "system").mkdir()
    with pytest.raises(OutputError, match="not of this program"):
        written(grid, tmp_path)


def test_a_drawn_room_goes_out_and_its_field_comes_back(tmp_path: Path) -> None:
    air = RoomAir.of(SampleHall(1, 4, (7.2, 6.0, 3.0)).layout(), 0.3)
    mesh = write_room(air, tmp_path)
    (tmp_path / "60").mkdir()
    (tmp_path / "60/T").write_text("internalField uniform 295.15;")
    found = read_room(air, tmp_path)
    np.testing.assert_allclose(found.thirds_c[found.rack_m3_s > 0.0], 22.0, atol=1e-9)
    assert len(mesh.cells) == np.count_nonzero(~air.flow().grid.solid)


def test_the_verb_writes_and_reads(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    layout = tmp_path / "hall.layout.json"
    save_layout(SampleHall(1, 2, (6.0, 6.0, 3.0)).layout(), layout)
    assert cli.main(["openfoam", str(layout), str(tmp_path / "case"), "--cell", "0.3"]) == 0
    assert "cells of 0.3 m" in capsys.readouterr().out
    assert cli.main(["openfoam", str(layout), str(tmp_path / "case"), "--cell", "0.3", "--read"]) == 1
    assert "run the case first" in capsys.readouterr().err
