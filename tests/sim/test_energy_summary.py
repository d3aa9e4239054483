"""Effectiveness of whole runs: categories in order, a loss-free chain, ratios against sums done by hand."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from twin.catalogue.electrical import PowerElement
from twin.catalogue.library import shipped_catalogue
from twin.record.report import summary_lines
from twin.sim.run import load_documents, simulate, start_run

LOSSLESS = {"loss": {"a": 0.0, "b": 0.0, "c": 0.0}}


def figures(path: Path) -> dict[str, Any]:
    return dict(simulate(load_documents(path), path).summary)


def test_categories_rise_from_the_ups_to_the_racks(write_scenario: Callable[..., Path]) -> None:
    summary = figures(write_scenario())
    by_category = summary["pue_by_category"]
    assert 1.0 < by_category["1"] < by_category["2"]
    # The racks of this room hang on its PDUs, with no loss between: the same energy is read at both places.
    assert by_category["2"] == pytest.approx(by_category["3"], rel=1e-12)
    assert by_category["3"] == summary["pue"]
    assert summary["pue_unmetered_frac"] == {"1": 0.0, "2": 0.0}


def test_a_chain_without_losses_shows_100_percent_and_carbon(write_scenario: Callable[..., Path]) -> None:
    in_the_room = ("transformer_1000kva", "ups_400kva", "pdu_225kva", "rack_pdu_32a_3ph")
    lossy = [name for name in in_the_room if shipped_catalogue().find(name, PowerElement).loss is not None]
    assert lossy
    path = write_scenario(sheets=dict.fromkeys(lossy, LOSSLESS))
    result = simulate(load_documents(path), path)
    summary: dict[str, Any] = dict(result.summary)
    efficiency = result.power["efficiency_frac"]
    assert efficiency[np.isfinite(efficiency)] == pytest.approx(1.0, abs=1e-15)
    assert (np.isfinite(efficiency)).sum() >= 8
    assert summary["energy_kwh"]["power_losses"] == 0.0
    assert summary["pue_by_category"]["1"] == pytest.approx(summary["pue"], rel=1e-12)
    assert summary["carbon_kg"] == pytest.approx(0.4 * summary["energy_kwh"]["facility"], rel=1e-9)
    assert summary["carbon_kg"] > 0.0


def test_the_table_of_elements_adds_up_to_the_losses_of_the_summary(
    write_scenario: Callable[..., Path], tmp_path: Path
) -> None:
    path = write_scenario(faults=[{"at_s": 41.5, "element": "UPS-A"}])
    result = simulate(load_documents(path), path, tmp_path / "out")
    assert (tmp_path / "out" / "power.parquet").is_file()
    summary: dict[str, Any] = dict(result.summary)
    assert result.power["loss_kwh"].sum() == pytest.approx(summary["energy_kwh"]["power_losses"], rel=1e-9)
    cords = summary["energy_kwh"]["it"] + summary["energy_kwh"]["cooling"]
    assert result.power["cord_kwh"].sum() == pytest.approx(cords, rel=1e-9)
    sides = summary["power_path"]["by_side"]
    assert sides["A"]["cords_kwh"] < 0.5 * sides["B"]["cords_kwh"]
    assert sum(summary["power_path"]["loss_kwh_by_role"].values()) == pytest.approx(
        summary["energy_kwh"]["power_losses"], rel=1e-9
    )


def test_nothing_is_missing_from_the_elements_while_batteries_and_generator_carry_the_room(
    write_scenario: Callable[..., Path],
) -> None:
    faults = [{"at_s": 20.5, "element": "UTILITY"}, {"at_s": 200, "element": "UTILITY", "action": "repair"}]
    path = write_scenario(faults=faults, hours=600 / 3600.0)
    result = simulate(load_documents(path), path)
    summary: dict[str, Any] = dict(result.summary)
    energy = summary["energy_kwh"]
    assert energy["generator"] > 0.0
    assert energy["stored"] < 0.0  # batteries gave more than they have taken back
    assert result.power["loss_kwh"].sum() == pytest.approx(energy["power_losses"], rel=1e-9)
    assert result.power["cord_kwh"].sum() == pytest.approx(energy["it"] + energy["cooling"], rel=1e-9)
    billed = sum(period["kwh"] for period in summary["cost"]["by_period"].values())
    assert billed == pytest.approx(energy["utility"], rel=1e-9)  # fuel is on no electricity bill
    by_category = summary["pue_by_category"]
    assert by_category["1"] < by_category["2"] == pytest.approx(by_category["3"], rel=1e-9)


def test_ratios_follow_from_the_energies(write_scenario: Callable[..., Path]) -> None:
    path = write_scenario()
    run = start_run(load_documents(path), path)
    while not run.is_done:
        run.step()
    summary: dict[str, Any] = dict(run.finish(path).summary)
    energy = summary["energy_kwh"]
    computing = energy["accelerators"] + energy["network"] + run.hall.plant.compute.hosts_total_j(run.now_s) / 3.6e6
    assert summary["itue"] == pytest.approx(energy["it"] / computing, rel=1e-12)
    assert 1.03 < summary["itue"] < 1.4
    assert summary["tue"] == pytest.approx(summary["pue"] * summary["itue"], rel=1e-12)
    assert summary["cue_kg_per_kwh"] == pytest.approx(0.4 * summary["pue"], rel=1e-9)
    assert summary["wue_l_per_kwh"] == pytest.approx(summary["water_l"] / energy["it"], rel=1e-12)
    carbon = summary["carbon"]
    assert carbon["total_kg"] == pytest.approx(summary["carbon_kg"] + carbon["embodied_kg"], rel=1e-12)
    tokens = summary["serving"]["output_tokens"]
    assert carbon["total_g_per_output_token"] == pytest.approx(1e3 * carbon["total_kg"] / tokens, rel=1e-12)


def test_fans_and_supplies_are_all_that_tells_it_from_computing(write_scenario: Callable[..., Path]) -> None:
    """An idle hall draws constant watts: what a server takes beyond chips and host is its fans and supply losses."""
    load = {"id": "idle", "on": ["dgx_h100"], "accelerator_frac": 0.0, "host_frac": 0.0}
    path = write_scenario(workloads=[], loads=[load])
    run = start_run(load_documents(path), path)
    overhead_w = 0.0
    for c in run.hall.plant.compute.constants:
        inside_w = c.n_chips * c.idle_chip_w + c.host_idle_w
        overhead_w += c.input_w(c.n_chips * c.idle_chip_w, c.host_idle_w) - inside_w
    while not run.is_done:
        run.step()
    summary: dict[str, Any] = dict(run.finish(path).summary)
    it_w = summary["power_w"]["it_mean"]
    assert summary["itue"] == pytest.approx(it_w / (it_w - overhead_w), rel=1e-9)


def test_the_bill_and_the_channels_of_a_run_agree(write_scenario: Callable[..., Path]) -> None:
    tariff = {"table": "kepco_industrial_b_2026.high_a_iii", "contract_kw": 500.0}
    path = write_scenario(tariff=tariff, start="2026-07-15T14:59", pulse_s=7.0)
    result = simulate(load_documents(path), path)
    summary: dict[str, Any] = dict(result.summary)
    cost = summary["cost"]
    hours = np.diff(result.time_s, prepend=0.0) / 3600.0
    assert (result["cost_per_h"] * hours).sum() == pytest.approx(cost["energy"], rel=1e-9)
    assert set(cost["by_period"]) == {"summer_mid", "summer_peak"}
    kwh = sum(period["kwh"] for period in cost["by_period"].values())
    assert kwh == pytest.approx(summary["energy_kwh"]["facility"], rel=1e-9)
    (month,) = cost["demand_by_month"]
    assert month["billed_kw"] == pytest.approx(150.0)  # 30 % of the contract power
    assert cost["total"] == pytest.approx(cost["energy"] + 150.0 * 9810 * 120.0 / (31 * 86400.0), rel=1e-9)
    lines = "\n".join(summary_lines(summary))
    for wanted in ("demand charge", "is a proxy for", "at the UPS output", "largest losses", "sides", "ITUE"):
        assert wanted in lines
