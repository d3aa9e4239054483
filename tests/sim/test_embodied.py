"""Carbon of making: what sheets say is summed over the hall and spread over lifetimes, the rest is listed."""

from __future__ import annotations

from pathlib import Path

import pytest

from twin.catalogue.library import sheet_from, shipped_catalogue
from twin.layout.expand import expand
from twin.layout.store import load_layout
from twin.sim.embodied import S_PER_YEAR, Embodied, embodied


def sheet(**values: object) -> object:
    tree = {
        "format": "twin-device", "version": 1, "id": "pump_x", "kind": "pump", "name": "Pump", "maker": "any",
        "rated_kg_s": 1, "rated_head_pa": 1e5, "efficiency_frac": 0.6, "provenance": {"*": {"source": "test"}},
    }  # fmt: skip
    return sheet_from({**tree, **values}, "test")


def test_kilograms_add_up_and_each_is_spread_over_its_own_lifetime() -> None:
    found = Embodied()
    found.add(sheet(embodied_kgco2e=300.0, lifetime_years=15.0), 4)  # type: ignore[arg-type]
    found.add(sheet(embodied_kgco2e=60.0, lifetime_years=6.0), 1)  # type: ignore[arg-type]
    assert found.kg == 1260.0
    assert found.kg_per_s * S_PER_YEAR == pytest.approx(4 * 20.0 + 10.0)
    assert found.by_kind == {"pump": 1260.0}


def test_a_sheet_without_carbon_or_without_lifetime_is_missing_not_zero() -> None:
    found = Embodied()
    found.add(sheet(embodied_kgco2e=300.0), 2)  # type: ignore[arg-type]
    found.add(sheet(id="pump_y", lifetime_years=3.0), 5)  # type: ignore[arg-type]
    assert found.kg == 0.0
    assert found.missing == {"pump_x": 2, "pump_y": 5}


def test_the_small_room_counts_servers_and_their_accelerators_apart(layouts_dir: Path) -> None:
    catalogue = shipped_catalogue()
    floor = expand(load_layout(layouts_dir / "small_room.layout.json"), catalogue)
    found = embodied(floor, catalogue)
    assert found.by_kind["accelerator"] == 16 * 164  # two machines of eight H100
    assert found.by_kind["rack"] == 10 * 500
    assert found.missing["furiosa_rngd"] == 12 * 8
    assert found.missing["pump_chw_15kg_s"] == 2
    assert found.missing["battery_liion_rack"] == 4
