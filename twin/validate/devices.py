"""Peaks of the devices the measured tables come from, read off their sheets."""

from __future__ import annotations

from functools import cache

from twin.catalogue.compute import Accelerator
from twin.catalogue.library import shipped_catalogue
from twin.errors import CatalogueError
from twin.physics.operators import Peaks


@cache
def peaks_of(device: str) -> Peaks:
    """16-bit arithmetic, memory bandwidth, processors and shared cache of a catalogue device."""
    sheet = shipped_catalogue().find(device, Accelerator, "validate")
    flops = sheet.peak_flops.get("bf16") or sheet.peak_flops.get("fp16")
    if not flops or not sheet.memory_bw_bytes_s or not sheet.n_processors:
        raise CatalogueError(
            "peak_flops, memory_bw_bytes_s or n_processors is missing", f"{device}.yaml", "complete the sheet"
        )
    return Peaks(flops, sheet.memory_bw_bytes_s, sheet.n_processors, sheet.sram_bytes or 0.0)
