"""Factors between the engine's SI units and the units people write."""

from __future__ import annotations

from typing import Final

S_PER_H: Final = 3600.0
J_PER_KWH: Final = 3.6e6
KELVIN_AT_0_C: Final = 273.15
U_M: Final = 0.04445
"""Height of one rack unit. Source: EIA-310-D."""
