"""What servers draw when cords die: the supplies that are left work at a higher load, and every watt is found."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from twin.catalogue.compute import Server
from twin.catalogue.library import shipped_catalogue
from twin.layout.expand import expand
from twin.layout.floor import Floor
from twin.layout.store import load_layout
from twin.physics.electrical import input_w
from twin.plant.compile import compile_plant
from twin.plant.coolers.chiller_plant import Outdoors
from twin.plant.plant import Plant

SUMMER = Outdoors(32.0, 25.0)
CHIPS_W, HOST_W = 1500.0, 600.0


@pytest.fixture
def floor(layouts_dir: Path) -> Floor:
    return expand(load_layout(layouts_dir / "small_room.layout.json"), shipped_catalogue())


@pytest.fixture
def plant(floor: Floor) -> Iterator[Plant]:
    """A fresh room in which every server hangs on two cords; its energy balance is checked when the test is over."""
    room = compile_plant(floor, shipped_catalogue())
    yield room
    assert room.energy_residual_frac() < 1e-9


def cut(plant: Plant, *names: str) -> None:
    """These elements and no others are broken from now on."""
    plant.power.is_up[:] = [name not in names for name in plant.power.ids]
    plant.power.settle_topology()
    changed = plant.follow_feeds()
    fed = plant.can_run()
    plant.compute.switch([i for i in changed if not fed[i]], plant.settled_s, False)
    plant.compute.switch([i for i in changed if fed[i]], plant.settled_s, True)


def cords_of(plant: Plant) -> list[str]:
    n = len(plant.compute.constants)
    return sorted({plant.power.ids[node] for feed in plant.power.feeds[:n] for node in feed.nodes})


def drawn_w(plant: Plant, i: int, n_supplies: float) -> float:
    """Watts of an idle server by the curve of its sheet, on so many of its supplies."""
    c = plant.compute.constants[i]
    sheet = shipped_catalogue().find(c.type, Server, "here")
    assert sheet.psu is not None
    output_w = c.n_chips * c.idle_chip_w + c.host_idle_w
    speed = max(0.3, output_w / c.full_load_w)
    output_w += c.fan_max_w * speed**3
    return float(input_w(output_w, n_supplies * sheet.psu.rated_w, *sheet.psu.loss_terms))


def test_half_the_supplies_carry_it_all_when_a_cord_dies_and_the_watts_follow_their_curve(plant: Plant) -> None:
    n = len(plant.compute.constants)
    both_w = plant.compute.input_w.copy()
    assert both_w == pytest.approx([drawn_w(plant, i, plant.compute.constants[i].n_psu) for i in range(n)])
    cut(plant, "PDU-A")
    one_w = plant.compute.input_w.copy()
    assert one_w == pytest.approx([drawn_w(plant, i, plant.compute.constants[i].n_psu / 2) for i in range(n)])
    cut(plant)
    assert (plant.compute.input_w == both_w).all()


def test_an_active_cord_carries_all_with_its_own_supplies_and_so_does_the_standby_after_it(
    floor: Floor, plant: Plant
) -> None:
    for box in floor.servers():
        box.spec = box.spec.model_copy(update={"power_policy": "active_standby"})
    standby = compile_plant(floor, shipped_catalogue())
    n = len(standby.compute.constants)
    before_w = standby.compute.input_w.copy()
    assert before_w == pytest.approx([drawn_w(plant, i, plant.compute.constants[i].n_psu / 2) for i in range(n)])
    flow, _ = standby.flow_now()
    a, b = (standby.power.ids.index(name) for name in ("PDU-A", "PDU-B"))
    servers_on_b_w = flow.load_w[b]
    cut(standby, "PDU-A")
    assert (standby.compute.input_w == before_w).all()
    after, _ = standby.flow_now()
    assert after.load_w[a] == 0.0
    assert after.load_w[b] == pytest.approx(servers_on_b_w + flow.load_w[a], rel=1e-9)


def test_a_supply_that_stands_alone_is_on_every_cord(plant: Plant) -> None:
    one = replace(plant.compute.constants[0], n_psu=1)
    lone = type(plant.compute)([one])
    before_w = lone.input_w.copy()
    lone.share_supplies(np.array([0.5]), 0.0)
    assert (lone.input_w == before_w).all()


def test_energy_of_the_time_before_a_cord_died_is_that_of_both_cords(plant: Plant) -> None:
    both_w = plant.compute.input_w.sum()
    plant.settle(100.0, SUMMER)
    cut(plant, "PDU-B")
    one_w = plant.compute.input_w.sum()
    assert one_w != both_w
    plant.settle(150.0, SUMMER)
    expected_j = 100.0 * both_w + 50.0 * one_w
    assert float(plant.compute.totals(150.0)[0].sum()) == pytest.approx(expected_j, rel=1e-12)
    assert plant.meters.it_j == pytest.approx(expected_j + 150.0 * plant.network.power_w().sum(), rel=1e-9)


@settings(max_examples=25)
@given(st.data())
def test_whatever_cords_die_every_joule_is_found_and_dark_servers_draw_nothing(
    layouts_dir: Path, data: st.DataObject
) -> None:
    floor = expand(load_layout(layouts_dir / "small_room.layout.json"), shipped_catalogue())
    for box in floor.servers():
        policy = data.draw(st.sampled_from(["shared", "active_standby"]))
        box.spec = box.spec.model_copy(update={"power_policy": policy})
    room = compile_plant(floor, shipped_catalogue())
    now_s = 0.0
    for _ in range(data.draw(st.integers(1, 5))):
        cut(room, *data.draw(st.sets(st.sampled_from(cords_of(room)))))
        for _ in range(data.draw(st.integers(1, 3))):
            now_s += data.draw(st.floats(0.1, 60.0))
            settled = room.settle(now_s, SUMMER)
            assert (settled.flow.loss_w >= 0.0).all()
            assert (settled.server_w[~room.can_run()] == 0.0).all()
    fed = room.can_run()
    n_cords = [len(feed.nodes) for feed in room.power.feeds[: len(fed)]]
    assert ((room.compute.psu_frac * n_cords)[fed] >= 1.0 - 1e-12).all()
    assert room.energy_residual_frac() < 1e-9
