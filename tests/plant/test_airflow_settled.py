"""Settled air of a drawn room: the same questions, answered from its mean flow."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from twin import cli
from twin.layout.store import save_layout
from twin.plant.airflow import RoomAir
from twin.plant.airflow_sample import SampleHall
from twin.plant.airflow_settled import cooling_loss, settled_air
from twin.plant.airflow_trust import settled_trust


@pytest.fixture(scope="module")
def rooms() -> tuple[RoomAir, RoomAir]:
    air = RoomAir.of(SampleHall().layout(), 0.3)
    air.solve()
    return air, settled_air(air)


def test_settled_air_names_the_hottest_rack(rooms: tuple[RoomAir, RoomAir]) -> None:
    instant, settled = (air.solve() for air in rooms)
    assert instant.max_inlet_c is None
    assert settled.max_inlet_c is not None
    assert settled.trust.is_trusted.all()


@pytest.mark.parametrize(("drift_k", "is_told", "severity"), [(0.6, True, "note"), (2.96, False, "warning")])
def test_air_that_still_swings_names_no_hottest_rack(
    rooms: tuple[RoomAir, RoomAir], drift_k: float, is_told: bool, severity: str
) -> None:
    settled = rooms[1]
    assert settled.settled is not None
    found = settled_trust(settled.parts, replace(settled.settled, is_steady=False, drift_k=drift_k))
    assert found.has_maximum == is_told
    assert found.is_trusted.all() == is_told
    unsteady = next(f for f in found.findings if f.rule == "airflow.unsteady")
    assert unsteady.severity == severity
    assert f"{drift_k:.2f} K" in unsteady.what


def test_inlets_of_the_map_are_those_of_the_march(rooms: tuple[RoomAir, RoomAir]) -> None:
    settled = rooms[1]
    assert settled.settled is not None
    marched = settled.settled.front_c
    linear = settled.linear().front_c(settled.heat_w, settled.supply_c)
    moves = settled.parts.racks.flow_m3_s > 0.0
    known = np.array([marched.get(name, np.nan) for name in settled.parts.racks.ids])
    np.testing.assert_allclose(linear[moves], known[moves], atol=0.25)


def test_heat_given_is_heat_taken(rooms: tuple[RoomAir, RoomAir]) -> None:
    settled = rooms[1]
    found = settled.linear().map
    column_c = settled.linear().column_c(settled.supply_c)
    exhaust_c = found.exhaust_c(settled.heat_w, column_c)
    back_c, flow = found.return_c(exhaust_c, column_c), np.array([c.flow_m3_s for c in settled.parts.coolers])
    taken_w = 1.2 * 1006.0 * float(flow @ (back_c - settled.supply_c))
    assert taken_w == pytest.approx(float(settled.heat_w.sum()), rel=1e-9)


def test_more_heat_is_warmer_on_the_same_flow(rooms: tuple[RoomAir, RoomAir]) -> None:
    settled = rooms[1]
    before = settled.solve()
    after = settled.with_heat(settled.heat_w * 1.2)
    settled.with_heat(before.heat_w)
    assert after.inlet_c.mean() > before.inlet_c.mean()
    assert (after.exhaust_c > before.exhaust_c).all()


def test_an_edit_goes_back_to_the_instant_tier(rooms: tuple[RoomAir, RoomAir]) -> None:
    settled = rooms[1]
    rack = settled.parts.floor.racks[settled.parts.racks.ids[0]]
    edge = rack.centre_m[0] - rack.device.width_m / 2, rack.centre_m[1] - rack.device.depth_m / 2
    moved = settled.moved(rack.id, *edge, rack.angle_deg)
    assert moved.settled is None


def test_progress_reaches_the_end() -> None:
    told: list[float] = []
    settled_air(RoomAir.of(SampleHall().layout(), 0.6), progress=told.append)
    assert told == sorted(told)
    assert 0.0 < told[0] < told[-1] <= 1.0


def test_after_a_cooler_stops_inlets_warm_and_mass_delays_it(rooms: tuple[RoomAir, RoomAir]) -> None:
    settled = rooms[1]
    lost = [settled.parts.coolers[0].id]
    bare = cooling_loss(settled, lost, 30.0)
    heavy = cooling_loss(settled, lost, 30.0, dict.fromkeys(settled.parts.racks.ids, 3e5))
    fronts = [i for i, p in enumerate(bare.ports) if p.kind == "rack_front"]
    assert bare.port_c[-1, fronts].mean() > bare.port_c[0, fronts].mean() + 0.5
    assert heavy.air_c[-1] < bare.air_c[-1]
    assert set(bare.seconds_to(10.0).values()) == {0.0}


def test_the_verb_says_when_inlets_pass_their_limits(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    hall = SampleHall(1, 4, (7.2, 6.0, 3.0)).layout()
    layout = tmp_path / "hall.layout.json"
    save_layout(hall, layout)
    cooler = RoomAir.of(hall, 0.6).parts.coolers[0].id
    assert cli.main(["airflow", str(layout), "--cell", "0.6", "--lost", cooler, "--minutes", "0.2"]) == 0
    said = capsys.readouterr().out
    assert "to 27 °C" in said
    assert "no mass of equipment" in said
    assert cli.main(["airflow", str(layout), "--cell", "0.6", "--lost", "nowhere"]) == 1
    assert "nowhere" in capsys.readouterr().err
