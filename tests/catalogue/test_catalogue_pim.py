"""Sheets of computing memory: what may not be said together, and what a choice of mapping comes to."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from twin.catalogue.compute import Accelerator
from twin.catalogue.library import shipped_catalogue
from twin.catalogue.pim import PimMemory

SHEET = {"eff_inner_frac": 0.5, "mac_flops": 1e12, "n_channels": 8, "mappings": ["attention"], "mapping": "attention"}
OWN = {"memory_bytes": 1e9, "link_bytes_s": 1e9}


@pytest.mark.parametrize(
    ("changed", "complaint"),
    [
        ({"mapping": "fc"}, "mapping fc does not go with mappings attention"),
        ({"overlap": "interleaved"}, "needs dual row buffers or a memory of its own"),
        ({"link_bytes_s": 1e9}, "has both memory_bytes and link_bytes_s"),
        ({"mappings": ["fc"], "mapping": "fc", **OWN}, "the weights lie in the accelerator's"),
        ({"mapping": "dynamic", **OWN}, "mapping dynamic does not go with"),
        ({"eff_inner_frac": 0.0}, "greater than 0"),
    ],
)
def test_what_cannot_be_is_refused(changed: dict[str, object], complaint: str) -> None:
    with pytest.raises(ValidationError, match=complaint):
        PimMemory.model_validate({**SHEET, **changed})


def test_a_dynamic_choice_takes_all_mappings_of_the_sheet_and_the_accelerator_alone() -> None:
    sheet = PimMemory.model_validate({**SHEET, "mappings": ["fc", "pim_only"], "mapping": "fc"})
    assert sheet.candidates("dynamic") == ("none", "fc", "pim_only")
    assert sheet.candidates(None) == ("fc",)
    assert sheet.candidates("none") == ("none",)
    assert sheet.candidates("attention") is None


def test_every_sheet_with_computing_memory_stays_within_its_power() -> None:
    """0.55 pJ/bit to the bank and 0.32 pJ a multiply-add at the rate it reaches, with idle, within the TDP."""
    sheets = [chip for chip in shipped_catalogue().of_kind(Accelerator) if chip.pim is not None]
    assert len(sheets) == 6
    for chip in sheets:
        assert chip.pim is not None
        assert chip.pim_bw_bytes_s is not None
        assert chip.idle_w is not None
        assert chip.tdp_w is not None
        reached_bytes_s = chip.pim_bw_bytes_s * chip.pim.eff_inner_frac
        assert chip.idle_w + reached_bytes_s * 8 * 0.55e-12 + 0.5 * chip.pim.mac_flops * 0.32e-12 <= chip.tdp_w
