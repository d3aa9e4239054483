"""Energies since the start, each counted at its own place, so that a balance between them can fail."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(slots=True)
class Meters:
    """Joules, kilograms and money since the start."""

    grid_j: float = 0.0  # given by all sources
    generator_j: float = 0.0  # part of it from generators
    stored_j: float = 0.0  # in batteries now, less what was in them at the start
    it_j: float = 0.0  # at the cords of servers and switches
    chips_j: float = 0.0
    network_j: float = 0.0
    loss_j: float = 0.0  # in the power path, batteries included
    room_j: float = 0.0  # heat given off in the room: IT, losses indoors, fans
    cooling_j: float = 0.0  # fans, pumps, chillers, heat rejection
    water_kg: float = 0.0
    carbon_kg: float = 0.0
    cost: float = 0.0

    def electrical_residual_j(self) -> float:
        """What the sources gave, less what was used, lost and stored; zero but for rounding."""
        return self.grid_j - self.it_j - self.loss_j - self.cooling_j - self.stored_j

    @property
    def used_j(self) -> float:
        """What the facility used: given by the sources and by its batteries."""
        return self.grid_j - self.stored_j

    @property
    def utility_j(self) -> float:
        """What came in from the utility."""
        return self.grid_j - self.generator_j
