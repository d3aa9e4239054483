"""The 800 V direct-current chain gains over the alternating-current one, by no more than its maker claims."""

from __future__ import annotations

import pytest

from twin.catalogue.electrical import PowerElement
from twin.catalogue.library import shipped_catalogue
from twin.physics.electrical import input_w

CATALOGUE = shipped_catalogue()
AC = ("rectifier_shelf_orv3", "rpp_250a", "pdu_400kva", "ups_1000kva", "transformer_2500kva")
DC = ("converter_800v_54v_rack", "rectifier_800vdc_2500kw")
CLAIMED_FRAC = 0.05
"""Gain end to end, "up to 5 %", NVIDIA on its 800 V architecture."""


def efficiency_frac(chain: tuple[str, ...], load_frac: float) -> float:
    """From the 54 V bus up to 22.9 kV, every element at the same share of its rating at its output."""
    through = 1.0
    for key in chain:
        element = CATALOGUE.find(key, PowerElement)
        assert element.loss is not None
        assert element.rated_w is not None
        load_w = load_frac * element.rated_w
        through *= load_w / input_w(load_w, element.rated_w, *element.loss.terms(element.rated_w))
    return through


@pytest.mark.parametrize("load_frac", [0.2, 0.3, 0.5, 0.75, 1.0])
def test_the_chain_gains_at_every_load_and_not_more_than_is_claimed(load_frac: float) -> None:
    gained = efficiency_frac(DC, load_frac) - efficiency_frac(AC, load_frac)
    assert 0.0 < gained <= CLAIMED_FRAC


def test_the_sheets_fit_onto_each_other_and_say_that_they_are_estimates() -> None:
    rack, hall = (CATALOGUE.find(key, PowerElement) for key in DC)
    assert rack.voltage_in_v == hall.voltage_out_v == 800
    assert hall.voltage_in_v == CATALOGUE.find("transformer_2500kva", PowerElement).voltage_in_v
    assert rack.voltage_out_v == CATALOGUE.find("rectifier_shelf_orv3", PowerElement).voltage_out_v
    assert rack.provenance["loss"].estimate
    assert hall.provenance["loss"].estimate
