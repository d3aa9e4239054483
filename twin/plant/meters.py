"""Energies since the start, each counted at its own place, so that a balance between them can fail."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(slots=True)
class Meters:
    """Joules, kilograms and money since the start."""

    grid_j: float = 0.0  # at the utility
    it_j: float = 0.0  # at the cords of servers and switches
    chips_j: float = 0.0
    network_j: float = 0.0
    loss_j: float = 0.0  # in the power path
    room_j: float = 0.0  # heat given off in the room: IT, losses indoors, fans
    cooling_j: float = 0.0  # fans, pumps, chillers, heat rejection
    water_kg: float = 0.0
    carbon_kg: float = 0.0
    cost: float = 0.0

    def electrical_residual_j(self) -> float:
        """What the grid gave, less what was used; zero but for rounding."""
        return self.grid_j - self.it_j - self.loss_j - self.cooling_j
