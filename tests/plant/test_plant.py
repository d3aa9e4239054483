"""The small room as a plant: heat and power balance, faults reach what hangs on them, set points hold."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from twin.catalogue.library import shipped_catalogue
from twin.layout.expand import expand
from twin.layout.store import load_layout
from twin.physics.electrical import input_w
from twin.plant.compile import area_m2, compile_plant
from twin.plant.coolers.chiller_plant import Outdoors
from twin.plant.plant import Plant

SUMMER = Outdoors(32.0, 25.0)


@pytest.fixture
def plant(layouts_dir: Path) -> Iterator[Plant]:
    """A fresh small room; its energy balance is checked when the test is over."""
    room = compile_plant(
        expand(load_layout(layouts_dir / "small_room.layout.json"), shipped_catalogue()), shipped_catalogue()
    )
    yield room
    assert room.energy_residual_frac() < 1e-9


def load_all(plant: Plant, now_s: float, share: float) -> None:
    """Put every server at a share of its chips' span between idle and TDP."""
    log, constants = plant.compute.log, plant.compute.constants
    if not log.n_rows:
        idle_w = [c.idle_chip_w for c in constants]
        log.open_rows(range(len(constants)), [c.n_chips for c in constants], [1.0] * len(constants), idle_w)
    for i, c in enumerate(constants):
        assert c.chip is not None
        span_w = (c.chip.tdp_w or 0.0) - c.idle_chip_w
        log.pending.extend((i, now_s, c.idle_chip_w + span_w * share, share, share))


def carry(plant: Plant, until_s: float, step_s: float = 1.0) -> None:
    while plant.settled_s < until_s:
        plant.settle(min(plant.settled_s + step_s, until_s), SUMMER)


def test_an_idle_room_starts_at_its_steady_temperature(plant: Plant) -> None:
    start_c = plant.cooling.air_c
    carry(plant, 3600.0, 10.0)
    assert plant.cooling.air_c == pytest.approx(start_c, abs=0.05)


def test_it_energy_does_not_depend_on_the_pulse(layouts_dir: Path) -> None:
    energies = []
    for step_s in (0.1, 1.0, 15.0, 60.0):
        layout = load_layout(layouts_dir / "small_room.layout.json")
        room = compile_plant(expand(layout, shipped_catalogue()), shipped_catalogue())
        for at_s, share in ((7.3, 0.5), (31.9, 0.9), (44.4, 0.3)):
            carry(room, at_s // step_s * step_s, step_s)
            load_all(room, at_s, share)
        carry(room, 60.0, step_s)
        energies.append(room.meters.it_j)
    assert energies == pytest.approx([energies[0]] * 4, rel=1e-9)


def test_a_failed_air_handler_leaves_its_load_to_the_others(plant: Plant) -> None:
    load_all(plant, 0.0, 0.8)
    carry(plant, 1200.0)
    plant.cooling.coolers.is_up[0] = False
    carry(plant, 4800.0)
    settled = plant.settle(4801.0, SUMMER)
    assert settled.rack_inlet_c.max() < 27.0
    assert plant.cooling.coolers.air_m3_s()[0] == 0.0


def test_without_any_cooler_the_room_heats_at_the_rate_of_its_heat_capacity(plant: Plant) -> None:
    plant.cooling.coolers.is_up[:] = False
    load_all(plant, 0.0, 0.8)
    air_c, mass_c = plant.cooling.air_c, plant.cooling.mass_c
    carry(plant, 600.0)
    room = plant.cooling.room
    stored_j = room.air_j_k * (plant.cooling.air_c - air_c) + room.mass_j_k * (plant.cooling.mass_c - mass_c)
    assert stored_j == pytest.approx(plant.cooling.to_room_j, rel=1e-9)
    assert plant.cooling.air_c > air_c + 10.0


def test_a_stopped_chiller_lets_the_water_warm_by_heat_over_its_mass(plant: Plant) -> None:
    load_all(plant, 0.0, 0.5)
    carry(plant, 60.0)
    chillers = [machine.i_item for loop in plant.cooling.plant.loops for machine in loop.machines]
    plant.cooling.plant.is_up[chillers] = False
    before_c = plant.cooling.plant.water_c.copy()
    removed_j = plant.cooling.removed_j
    carry(plant, 120.0)
    assert plant.cooling.removed_j == removed_j
    assert (plant.cooling.plant.water_c > before_c + 0.5).all()


def test_a_raised_supply_set_point_raises_every_inlet_by_about_as_much(plant: Plant) -> None:
    load_all(plant, 0.0, 0.5)
    carry(plant, 1800.0, 5.0)
    before_c = plant.settle(1801.0, SUMMER).rack_inlet_c
    plant.cooling.coolers.supply_c[:] += 3.0
    carry(plant, 9000.0, 5.0)
    after_c = plant.settle(9001.0, SUMMER).rack_inlet_c
    assert after_c - before_c == pytest.approx(np.full_like(before_c, 3.0), abs=0.1)


def test_racks_that_lose_both_feeds_draw_nothing(plant: Plant) -> None:
    plant.settle(1.0, SUMMER)
    for name in ("PDU-A", "PDU-B"):
        plant.power.is_up[plant.power.ids.index(name)] = False
    plant.power.settle_topology()
    off = plant.follow_feeds()
    assert len(off) == len(plant.compute.constants)
    plant.compute.switch(off, 1.0, False)
    assert plant.settle(2.0, SUMMER).it_w == 0.0


def test_power_supplies_lose_what_their_points_say(plant: Plant) -> None:
    c = next(c for c in plant.compute.constants if c.type == "nxt_rngd")
    chips_w, host_w = 700.0, 300.0
    speed = max(0.3, (chips_w + host_w) / c.full_load_w)
    output_w = chips_w + host_w + c.fan_max_w * speed**3
    drawn_w = input_w(output_w, c.psu_rated_w, *c.psu_loss)
    assert c.input_w(chips_w, host_w) == pytest.approx(drawn_w, rel=1e-12)
    assert 0.88 < output_w / c.input_w(chips_w, host_w) < 0.97


def test_area_of_an_l_shaped_room() -> None:
    assert area_m2([(0, 0), (4, 0), (4, 2), (2, 2), (2, 4), (0, 4)]) == 12.0
