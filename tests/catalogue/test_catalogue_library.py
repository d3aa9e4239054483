"""Reading sheets: what is refused, with which words, and how folders of the user's own come in."""

from __future__ import annotations

from pathlib import Path

import pytest

from twin.catalogue.compute import Accelerator, Rack
from twin.catalogue.cooling import Tank
from twin.catalogue.library import Catalogue, read_catalogue, read_sheet, shipped_catalogue
from twin.errors import CatalogueError, DocumentError, Problems, TwinError
from twin.files import asset_dir

TANK = """\
format: twin-device
version: 1
id: tank_x
kind: tank
name: Tank
maker: generic
volume_m3: 3
provenance:
  "*":
    source: maker page
    confidence: high
"""


def written(folder: Path, text: str, name: str = "tank_x.yaml") -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def test_a_sheet_reads_back_what_it_says(tmp_path: Path) -> None:
    tank = read_sheet(written(tmp_path, TANK))
    assert isinstance(tank, Tank)
    assert tank.volume_m3 == 3.0
    source = tank.source_of("volume_m3")
    assert source is not None
    assert (source.source, source.confidence) == ("maker page", "high")


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        ("volume_m3: 3", "volume_m3: 3\nvolume_l: 3000", ("volume_l", "unknown key")),
        ("volume_m3: 3", "volume_m3: .nan", ("volume_m3", "nan", "finite")),
        ("volume_m3: 3", "volume_m3: .inf", ("volume_m3", "inf", "finite")),
        ("volume_m3: 3", "volume_m3: -3", ("volume_m3", "greater than 0", "-3")),
        ("volume_m3: 3", "volume_m3: 3\nvolume_m3: 4", ("volume_m3", "twice")),
        ("volume_m3: 3\n", "", ("volume_m3", "missing")),
        ("    source: maker page\n    confidence: high", "    confidence: high", ("provenance", "needs a source")),
        ("    source: maker page", "    estimate: true", ("provenance", "needs its reasoning")),
        ('  "*":', "  volume:", ("volume", "no field")),
        ('  "*":', "  name:", ("no source", "volume_m3")),
        ("id: tank_x", "id: tank_y", ("tank_y", "tank_x.yaml", "name the file")),
        ("id: tank_x", "id: Tank X", ("id", "pattern")),
        ("version: 1", "version: 2", ("version 2", "newer", "update the program")),
        ("format: twin-device", "format: twin-layout", ("twin-layout", "twin-device")),
        ("kind: tank", "kind: barrel", ("barrel", "tank", "server")),
        ("name: Tank", "name: [Tank", ("broken YAML", "tank_x.yaml:")),
    ],
)
def test_a_bad_sheet_is_refused_with_its_place(tmp_path: Path, before: str, after: str, words: tuple[str, ...]) -> None:
    assert before in TANK
    path = written(tmp_path, TANK.replace(before, after, 1))
    with pytest.raises(DocumentError) as caught:
        read_sheet(path)
    assert str(path) in str(caught.value)
    assert caught.value.hint
    for word in words:
        assert word in str(caught.value)


def test_several_mistakes_in_one_sheet_are_reported_together(tmp_path: Path) -> None:
    text = TANK.replace("volume_m3: 3", "volume_m3: -3\ncolour: red\nprice_usd: .nan")
    with pytest.raises(Problems) as caught:
        read_sheet(written(tmp_path, text))
    assert len(caught.value.problems) == 3
    for word in ("volume_m3", "colour", "price_usd"):
        assert word in str(caught.value)


def test_mistakes_of_several_sheets_are_reported_together(tmp_path: Path) -> None:
    written(tmp_path, TANK.replace("volume_m3: 3", "volume_m3: 0"))
    written(tmp_path, TANK.replace("tank_x", "tank_z").replace("version: 1", "version: 9"), "tank_z.yaml")
    with pytest.raises(Problems) as caught:
        read_catalogue([tmp_path])
    assert {"tank_x.yaml", "tank_z.yaml"} <= {Path(p.where.split(" ")[0]).name for p in caught.value.problems}


def test_an_id_given_twice_in_one_folder_names_both_files(tmp_path: Path) -> None:
    first = written(tmp_path, TANK)
    second = written(tmp_path / "more", TANK)
    with pytest.raises(DocumentError) as caught:
        read_catalogue([tmp_path])
    assert str(first) in str(caught.value)
    assert str(second) in str(caught.value)


def test_a_folder_of_the_user_overrides_a_shipped_sheet(tmp_path: Path) -> None:
    written(tmp_path, TANK.replace("tank_x", "tank_5m3").replace("volume_m3: 3", "volume_m3: 7"), "tank_5m3.yaml")
    catalogue = read_catalogue([asset_dir() / "catalogue", tmp_path])
    assert catalogue.find("tank_5m3", Tank).volume_m3 == 7
    assert shipped_catalogue().find("tank_5m3", Tank).volume_m3 == 5
    assert set(catalogue) == set(shipped_catalogue())


def test_an_unknown_id_names_near_misses_of_the_wanted_kind() -> None:
    with pytest.raises(CatalogueError) as caught:
        shipped_catalogue().find("furiosa_rngb", Accelerator, "rows[3]")
    assert "did you mean furiosa_rngd" in str(caught.value)
    assert "rows[3]" in str(caught.value)


def test_a_device_of_another_kind_is_refused_with_both_kinds() -> None:
    with pytest.raises(CatalogueError, match=r"'furiosa_rngd' is of kind accelerator, rack is needed"):
        shipped_catalogue().find("furiosa_rngd", Rack)


def test_a_changed_catalogue_leaves_the_old_one_alone() -> None:
    old = shipped_catalogue()
    rack = old.find("rack_42u_600", Rack)
    new = old.changed(rack.model_copy(update={"max_kg": 900.0}))
    assert new.find("rack_42u_600", Rack).max_kg == 900.0
    assert old.find("rack_42u_600", Rack).max_kg == 1701.0
    assert set(new) == set(old)


def test_of_kind_is_sorted_and_pure() -> None:
    racks = shipped_catalogue().of_kind(Rack)
    assert [rack.id for rack in racks] == [
        "frontier_cabinet",
        "rack_42u_600",
        "rack_42u_800",
        "rack_48u_800",
        "rack_48u_direct_liquid",
    ]


def test_the_whole_catalogue_loads() -> None:
    catalogue: Catalogue = read_catalogue([asset_dir() / "catalogue"])
    assert len(catalogue) > 100


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(DocumentError, match=r"absent: no such folder of sheets"):
        read_catalogue([tmp_path / "absent"])


def test_a_binary_file_is_refused_as_text(tmp_path: Path) -> None:
    path = tmp_path / "tank_x.yaml"
    path.write_bytes(b"\xff\xfe\x00binary")
    with pytest.raises(TwinError, match="not UTF-8"):
        read_sheet(path)
