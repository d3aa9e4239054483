"""Batteries in the plant: every joule that goes in comes out, stays, or is lost where it can be seen."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from twin.catalogue.electrical import Battery
from twin.catalogue.library import shipped_catalogue
from twin.plant.power import Feed, Node, PowerPath
from twin.plant.storage import Pack, Storage


def battery(name: str) -> Battery:
    return shipped_catalogue().find(name, Battery, "here")


ROUNDING_FRAC = 8.0 * 2.0**-52
"""A loss is a difference of energies of up to the whole battery, known to the last bits of that and no better.

Run time, share used, charge, difference, energy given: a dozen roundings, each of half a last bit of the whole battery.
"""


def storage_of(name: str, count: int = 40, **fields: float) -> Storage:
    kept = {"capacity_frac": 1.0, "temperature_c": 25.0, "ups_w": 400e3, **fields}
    return Storage([Pack(0, battery(name), count, **kept)])


def test_blocks_share_the_load_and_a_fresh_battery_lasts_the_tables_time() -> None:
    storage = storage_of("battery_vrla_65ah")
    assert storage.left_s(np.array([40 * 1761.0])) == pytest.approx([600.0])


def test_an_old_or_cold_battery_lasts_as_a_smaller_one_does() -> None:
    old = storage_of("battery_vrla_65ah", capacity_frac=0.8)
    cold = storage_of("battery_vrla_65ah", temperature_c=0.0)
    assert old.left_s(np.array([0.8 * 40 * 1761.0])) == pytest.approx([600.0])
    assert cold.left_s(np.array([0.85 * 40 * 1761.0])) == pytest.approx([600.0])


def test_a_li_ion_cabinet_gives_its_energy_at_any_power() -> None:
    storage = storage_of("battery_liion_rack", count=2)
    assert storage.left_s(np.array([400e3])) == pytest.approx([2 * 122.4e6 / 400e3])
    stored_j, lost_j = storage.advance(np.array([400e3]), np.array([False]), 60.0)
    assert stored_j == pytest.approx([-24e6])
    assert lost_j == pytest.approx([0.0], abs=ROUNDING_FRAC * storage.full_j[0])


@given(st.sampled_from(["battery_vrla_65ah", "battery_vrla_upw1245", "battery_liion_rack"]), st.data())
def test_energy_is_conserved_through_any_use(name: str, data: st.DataObject) -> None:
    storage = storage_of(name)
    taken_j = given_j = lost_total_j = 0.0
    for _ in range(data.draw(st.integers(1, 8))):
        dt_s = data.draw(st.floats(0.01, 100.0))
        given_w = np.array([data.draw(st.sampled_from([0.0, 1e3, 20e3]))])
        if storage.left_s(given_w)[0] < dt_s:
            given_w[0] = 0.0
        is_charging = storage.is_charging(given_w == 0.0)
        taken_j += float(storage.charging_w(is_charging, dt_s)[0]) * dt_s
        given_j += float(given_w[0]) * dt_s
        _, lost_j = storage.advance(given_w, is_charging, dt_s)
        lost_total_j += float(lost_j[0])
        assert lost_j[0] >= -ROUNDING_FRAC * storage.full_j[0]
        assert 0.0 <= storage.charge_frac[0] <= 1.0
    kept_j = float((storage.charge_frac[0] - 1.0) * storage.full_j[0])
    assert taken_j - given_j - lost_total_j == pytest.approx(kept_j, abs=1e-9 * storage.full_j[0])


def ups_path(charge_frac: float) -> PowerPath:
    nodes = [Node("UPS", "ups", (1,), 400e3, 400e3, (0.006, 0.010, 0.012)), Node("GRID", "utility")]
    path = PowerPath(nodes, [Feed((0,))], storage_of("battery_liion_rack"))
    path.storage.charge_frac[:] = charge_frac
    path.solve()
    return path


def test_a_charging_battery_draws_on_the_input_of_its_ups_only() -> None:
    path = ups_path(0.5)
    flow = path.flow(np.array([100e3]))
    assert flow.load_w[0] == 100e3
    assert flow.grid_w == pytest.approx(100e3 + flow.loss_w[0] + 40e3)


def test_a_ups_on_its_battery_asks_nothing_of_its_input() -> None:
    path = ups_path(1.0)
    path.is_up[1] = False
    path.solve()
    assert path.is_fed[0] and path.is_on_battery[0]  # noqa: PT018
    flow = path.flow(np.array([100e3]))
    assert flow.grid_w == 0.0
    assert path.given_w(flow) == pytest.approx([100e3 + flow.loss_w[0]])


def test_an_empty_or_dead_battery_carries_nothing() -> None:
    for column in ("is_empty", "is_dead"):
        path = ups_path(1.0)
        getattr(path.storage, column)[:] = True
        path.is_up[1] = False
        path.solve()
        assert not path.is_fed[0]


@given(st.sampled_from(["battery_vrla_65ah", "battery_vrla_upw1245", "battery_liion_rack"]), st.data())
def test_a_battery_asked_for_more_than_it_has_stops_at_empty_and_the_rest_is_a_shortage(
    name: str, data: st.DataObject
) -> None:
    storage = storage_of(name)
    start = data.draw(st.floats(1e-3, 1.0))
    storage.charge_frac[:] = start
    given_w = np.array([data.draw(st.floats(1e3, 400e3))])
    left_s = float(storage.left_s(given_w)[0])
    dt_s = left_s * data.draw(st.floats(0.1, 5.0))
    stored_j, lost_j = storage.advance(given_w, np.array([False]), dt_s)
    had_s = min(left_s, dt_s)
    assert storage.charge_frac[0] == pytest.approx(start * (1.0 - had_s / left_s), abs=1e-12)
    assert storage.charge_frac[0] >= 0.0
    assert storage.shortage_j[0] == pytest.approx(given_w[0] * (dt_s - had_s), rel=1e-9, abs=1e-3)
    assert lost_j[0] >= -ROUNDING_FRAC * storage.full_j[0]
    assert -stored_j[0] == pytest.approx(given_w[0] * had_s + lost_j[0], rel=1e-9, abs=1e-3)


def test_a_ups_on_its_battery_loses_by_the_curve_of_its_inverter_alone() -> None:
    inverter = (0.004, 0.006, 0.007)
    nodes = [
        Node("UPS", "ups", (1,), 400e3, 400e3, (0.006, 0.010, 0.012), battery_loss=inverter),
        Node("GRID", "utility"),
    ]
    path = PowerPath(nodes, [Feed((0,))], storage_of("battery_liion_rack"))
    assert path.flow(np.array([200e3])).loss_w[0] == pytest.approx(400e3 * (0.006 + 0.5 * 0.010 + 0.25 * 0.012))
    path.is_up[1] = False
    path.solve()
    flow = path.flow(np.array([200e3]))
    assert flow.loss_w[0] == pytest.approx(400e3 * (0.004 + 0.5 * 0.006 + 0.25 * 0.007))
    assert path.given_w(flow) == pytest.approx([200e3 + flow.loss_w[0]])
