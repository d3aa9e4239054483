"""How long the batteries of a layout carry their usual load."""

from __future__ import annotations

from twin.layout.floor import Floor


def ride_through_s(floor: Floor) -> dict[str, float]:
    """Seconds each UPS with a battery carries what it carries when nothing has failed, everything at its most."""
    return {}
