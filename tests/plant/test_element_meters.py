"""Every element has a meter: their sums are the totals, and IT energy grows from the rack up to the UPS."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from twin.catalogue.library import shipped_catalogue
from twin.layout.expand import expand
from twin.layout.store import load_layout
from twin.plant.compile import compile_plant
from twin.plant.coolers.chiller_plant import Outdoors
from twin.plant.element_meters import ElementMeters
from twin.plant.flow import PowerFlow
from twin.plant.plant import Plant
from twin.plant.wiring import Wiring, at_points, cord_energy_j

SUMMER = Outdoors(32.0, 25.0)
NONE = (np.zeros(0, np.intp), np.zeros(0, np.intp), np.zeros(0))


def small_room(layouts_dir: Path) -> Plant:
    layout = load_layout(layouts_dir / "small_room.layout.json")
    return compile_plant(expand(layout, shipped_catalogue()), shipped_catalogue())


def play(plant: Plant) -> None:
    """A quarter of an hour with changing loads, a PDU lost for some of it."""
    for second in range(0, 900, 15):
        if second == 300:
            switch_pdu(plant, False)
        if second == 600:
            switch_pdu(plant, True)
        if second % 60 == 0:
            rows = np.arange(len(plant.compute.constants))
            loads = np.stack([20.0 * (rows % 7), np.full(len(rows), 0.01), np.full(len(rows), 0.002)])
            plant.compute.add_loads(rows.tolist(), float(second), loads)
        plant.settle(second + 15.0, SUMMER)


def switch_pdu(plant: Plant, is_up: bool) -> None:
    plant.power.is_up[plant.power.ids.index("PDU-A")] = is_up
    plant.power.settle_topology()
    assert plant.follow_feeds() == []


def test_losses_of_the_elements_are_the_losses_of_the_path(layouts_dir: Path) -> None:
    plant = small_room(layouts_dir)
    play(plant)
    elements, meters = plant.metered(), plant.meters
    assert elements.loss_j.sum() == pytest.approx(meters.loss_j, rel=1e-12)
    at_grid = elements.load_j[elements.ids.index("UTILITY")] + elements.loss_j[elements.ids.index("UTILITY")]
    assert at_grid == pytest.approx(meters.grid_j, rel=1e-12)
    assert sum(elements.by_role().values()) == pytest.approx(meters.loss_j / 3.6e6, rel=1e-12)


def test_cords_take_what_it_and_cooling_use_and_each_side_has_its_part(layouts_dir: Path) -> None:
    plant = small_room(layouts_dir)
    play(plant)
    elements, meters = plant.metered(), plant.meters
    used_j = meters.it_j + meters.cooling_j
    assert elements.cord_j.sum() == pytest.approx(used_j, rel=1e-12)
    sides = elements.by_side()
    assert list(sides) == ["A", "B", "shared"]
    assert sum(side["cords_kwh"] for side in sides.values()) == pytest.approx(used_j / 3.6e6, rel=1e-12)
    assert sum(side["loss_kwh"] for side in sides.values()) == pytest.approx(meters.loss_j / 3.6e6, rel=1e-12)
    assert sides["A"]["cords_kwh"] < sides["B"]["cords_kwh"]  # five of its fifteen minutes PDU-A was out
    assert sides["A"]["cords_kwh"] + sides["B"]["cords_kwh"] == pytest.approx(meters.it_j / 3.6e6, rel=1e-12)


def test_it_energy_grows_from_the_rack_to_the_pdu_output_to_the_ups_output(layouts_dir: Path) -> None:
    plant = small_room(layouts_dir)
    play(plant)
    elements, it_j = plant.metered(), plant.meters.it_j
    # Racks hang on the PDUs directly, so that categories 2 and 3 are the same here; UPS output adds the PDU losses.
    pdu_loss_j = sum(elements.loss_j[i] for i, role in enumerate(elements.roles) if role == "pdu")
    assert elements.metered_j[2] == pytest.approx(it_j, rel=1e-12)
    assert elements.metered_j[1] > it_j
    # With nothing but IT behind the PDUs, all they lose is IT's; but an idle PDU's no-load loss is nobody's.
    assert elements.metered_j[1] == pytest.approx(it_j + pdu_loss_j, rel=1e-12)
    assert elements.unmetered_j[1] == pytest.approx(0.0, abs=1e-6 * it_j)


def test_the_table_has_a_row_per_element_with_efficiency_and_load_factor(layouts_dir: Path) -> None:
    plant = small_room(layouts_dir)
    play(plant)
    table = plant.metered().table(900.0)
    i = list(table["element"]).index("UPS-B")
    assert (table["role"][i], table["side"][i], table["rated_w"][i]) == ("ups", "B", 400e3)
    passed, lost = table["energy_kwh"][i], table["loss_kwh"][i]
    assert table["efficiency_frac"][i] == pytest.approx(passed / (passed + lost))
    assert 0.5 < table["load_factor_frac"][i] < 1.0  # it carried side A as well for a third of the time
    assert table["mean_w"][i] == pytest.approx(passed * 4e3)
    generator = list(table["role"]).index("generator")
    assert np.isnan(table["efficiency_frac"][generator])


def test_a_flow_that_lasts_is_counted_as_if_each_second_were_new() -> None:
    flow = PowerFlow(np.array([3.0, 5.0]), np.array([0.5, 0.25]), np.array([3.5, 5.25]), 6.0)
    lasting, renewed = (ElementMeters(["A", "B"], ["pdu", "ups"], ["", ""], np.full(2, np.nan)) for _ in range(2))
    for _ in range(8):
        lasting.count(flow, 0.5)
        renewed.count(PowerFlow(flow.load_w.copy(), flow.loss_w.copy(), flow.input_w, 6.0), 0.5)
    for meters in (lasting, renewed):
        meters.close(np.zeros(0))
    assert lasting.load_j == pytest.approx(renewed.load_j, rel=1e-15)
    assert lasting.loss_j == pytest.approx([2.0, 1.0], rel=1e-15)
    assert lasting.peak_w == pytest.approx([3.0, 5.0])


def chain(shares: tuple[float, float]) -> Wiring:
    """Two PDUs (0, 1) on a UPS (2) on the grid (3); consumer 0 is IT on both PDUs, consumer 1 a cooler on the UPS."""
    cords = (np.array([0, 0, 1]), np.array([0, 1, 2]), np.array([*shares, 1.0]))
    up = (np.array([0, 1]), np.array([2, 2]), np.ones(2))
    return Wiring(
        [np.array([0, 1]), np.array([2]), np.array([3])], [up, (np.array([2]), np.array([3]), np.ones(1)), NONE], cords
    )


@given(st.floats(0.0, 1.0), st.floats(0.0, 0.2), st.floats(0.0, 0.2), st.floats(0.0, 50.0))
def test_a_cooler_behind_the_ups_is_no_it_and_losses_count_by_share(
    share: float, pdu_loss: float, ups_loss: float, cooler_j: float
) -> None:
    wiring = chain((share, 1.0 - share))
    pdus_j = np.array([100.0 * share, 100.0 * (1.0 - share)])
    ups_j = float(pdus_j.sum()) * (1.0 + pdu_loss) + cooler_j
    load_j = np.array([*pdus_j, ups_j, ups_j * (1.0 + ups_loss)])
    input_j = load_j * np.array([1.0 + pdu_loss, 1.0 + pdu_loss, 1.0 + ups_loss, 1.0])
    ups_out, unread = at_points(wiring, (load_j, input_j), np.array([100.0]), np.array([False, False, True, False]))
    assert ups_out == pytest.approx(100.0 * (1.0 + pdu_loss), rel=1e-9)
    assert unread == pytest.approx(0.0, abs=1e-9)
    at_grid, _ = at_points(wiring, (load_j, input_j), np.array([100.0]), np.array([False, False, False, True]))
    assert at_grid == pytest.approx(100.0 * (1.0 + pdu_loss) * (1.0 + ups_loss), rel=1e-9)
    assert cord_energy_j(wiring, load_j, input_j) == pytest.approx([*pdus_j, cooler_j, 0.0], abs=1e-9)


def test_it_that_meets_no_metering_point_is_read_at_its_cords_and_said_so() -> None:
    wiring = chain((0.25, 0.75))
    load_j = np.array([25.0, 75.0, 110.0, 121.0])
    input_j = np.array([27.5, 82.5, 121.0, 121.0])
    only_one = np.array([True, False, False, False])
    assert at_points(wiring, (load_j, input_j), np.array([100.0]), only_one) == pytest.approx((100.0, 75.0))
    # Two points in a row: the one next to the rack is read, the other one not again.
    both = np.array([True, True, True, False])
    assert at_points(wiring, (load_j, input_j), np.array([100.0]), both) == pytest.approx((100.0, 0.0))
