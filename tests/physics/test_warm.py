"""Warm inlets: the rise of a server's watts lies where ASHRAE says, and small wanderings are not followed."""

from __future__ import annotations

import numpy as np
import pytest

from twin.catalogue.compute import Server
from twin.catalogue.library import shipped_catalogue
from twin.physics.warm import WARM_C, fan_gain, leakage_gain, stepped_over_k
from twin.plant.compute import ServerConstants


def server_like(name: str) -> ServerConstants:
    sheet = shipped_catalogue().find(name, Server, "test")
    assert sheet.psu is not None
    chips_w, host_w = 8 * 700.0, sheet.host_max_w or 0.0
    return ServerConstants(
        "S", 0, name, None, 8, 0.0, 0.0, host_w, sheet.fan_max_w or 0.0, 7.55e-5, chips_w + host_w,
        sheet.psu.count * sheet.psu.rated_w, sheet.psu.loss_terms,
    )  # fmt: skip


@pytest.mark.parametrize(("inlet_c", "low", "high"), [(30.0, 0.04, 0.08), (35.0, 0.07, 0.20)])
def test_a_server_three_quarters_loaded_draws_more_as_ashrae_says_of_class_a2(
    inlet_c: float, low: float, high: float
) -> None:
    server = server_like("dgx_h100")
    cool = server.input_w(0.75 * 5600.0, 0.75 * server.host_max_w)
    warm = server.input_w(0.75 * 5600.0, 0.75 * server.host_max_w, over_k=inlet_c - WARM_C)
    assert low <= warm / cool - 1.0 <= high


def test_chips_in_coolant_do_not_feel_the_air() -> None:
    assert leakage_gain(10.0, 1.0) == 1.0
    assert fan_gain(0.0) == 1.0


def test_an_inlet_is_followed_once_it_has_moved_by_a_step_and_back_to_nothing() -> None:
    over_k = np.zeros(1)
    seen = []
    for inlet_c in (24.0, 25.3, 25.6, 25.9, 26.2, 25.8, 24.0):
        over_k = np.asarray(stepped_over_k(np.array([inlet_c]), over_k, 0.5))
        seen.append(round(float(over_k[0]), 3))
    assert seen == [0.0, 0.0, 0.6, 0.6, 1.2, 1.2, 0.0]
