"""What IT draws and what follows from it, kept as long as no load changes."""

from __future__ import annotations

from dataclasses import dataclass

from twin.physics import FloatArray


@dataclass(frozen=True, slots=True)
class ItDraw:
    """What servers and switches draw, and the air they move: kept as long as no load changes."""

    switches: bytes  # which of them are on
    rack_w: FloatArray  # (n_racks,) at the cords
    wet_w: FloatArray  # (n_racks,) heat into coolant
    rise_k: FloatArray  # (n_racks,) of the air through them
    group_w: FloatArray  # (n_groups,) of the power path
    bank_busy: FloatArray  # (n_banks,) busy chips
    it_w: float
    to_air_w: float  # part of it
    chips_w: float
    network_w: float
    contained_m3_s: float  # air that racks on a closed aisle draw
    drawn_m3_s: float  # air that all racks draw
