"""What servers draw at their most when some of their cords are dead."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from twin.catalogue.compute import PowerSupplies, Server
from twin.catalogue.library import shipped_catalogue
from twin.layout.expand import expand
from twin.layout.store import load_layout
from twin.physics.electrical import input_w
from twin.study.design import design_of
from twin.study.failures import failures
from twin.study.live_watts import live_watts

TITANIUM = {0.1: 0.9, 0.2: 0.94, 0.5: 0.96, 1.0: 0.91}


def supplies(**fields: object) -> PowerSupplies:
    return PowerSupplies.model_validate({"count": 6, "rated_w": 3300, "efficiency": TITANIUM, **fields})


def test_the_supplies_that_are_left_give_what_all_gave() -> None:
    psu = supplies(needed=3)
    _, one_w, both_w = live_watts(psu, 10200.0, 2)
    assert both_w == 10200.0
    output_w = np.interp(both_w, *np.array([[input_w(w, 19800.0, *psu.loss_terms), w] for w in range(20000)]).T)
    assert one_w == pytest.approx(input_w(output_w, 9900.0, *psu.loss_terms), rel=1e-6)


def test_three_supplies_of_four_that_are_needed_carry_three_quarters() -> None:
    assert live_watts(supplies(needed=4, throttles_at=3), 10200.0, 2)[1] == 0.75 * 10200.0


def test_the_standby_cord_works_as_the_active_one_did() -> None:
    assert live_watts(supplies(needed=3), 9000.0, 2, is_shared=False).tolist() == [9000.0] * 3


def test_one_supply_is_on_every_cord() -> None:
    psu = supplies(count=1, rated_w=12000, needed=1)
    assert psu.least_cords(2) == 1
    assert live_watts(psu, 10200.0, 2)[1] == pytest.approx(10200.0, rel=1e-12)


@pytest.mark.parametrize(("needed", "n_cords", "least"), [(5, 2, 2), (3, 2, 1), (5, 3, 3), (4, 3, 2), (4, 6, 4)])
def test_supplies_are_dealt_evenly_to_cords(needed: int, n_cords: int, least: int) -> None:
    assert supplies(needed=needed).least_cords(n_cords) == least


def test_a_sheet_cannot_need_more_than_it_has_or_slow_down_at_full_strength() -> None:
    for fields, says in (({"needed": 7}, "needed 7 of 6"), ({"needed": 3, "throttles_at": 3}, "not below needed 3")):
        with pytest.raises(ValueError, match=says):
            supplies(**fields)


def test_a_cord_that_dies_darkens_servers_that_need_more_supplies_than_the_other_has(layouts_dir: Path) -> None:
    floor = expand(load_layout(layouts_dir / "small_room.layout.json"), shipped_catalogue())
    dgx = [box for box in floor.servers() if box.device.id == "dgx_h100"]
    assert failures(floor).of("PDU-A").servers_dark == 0
    for box in dgx:
        assert isinstance(box.device, Server)
        psu = supplies(needed=5)
        box.device = box.device.model_copy(update={"psu": psu})
    case = failures(floor).of("PDU-A")
    assert case.servers_dark == len(dgx) == 2
    assert set(case.racks_dark) == {box.rack for box in dgx}


def test_the_other_side_carries_the_watts_of_fewer_supplies(layouts_dir: Path) -> None:
    floor = expand(load_layout(layouts_dir / "small_room.layout.json"), shipped_catalogue())
    design = design_of(floor)
    one_w = sum(float(design.live_w(i)[1]) for i in range(design.n_boxes))
    assert one_w < 0.98 * float(design.consumer_w[: design.n_boxes].sum())
