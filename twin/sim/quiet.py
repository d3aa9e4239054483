"""How far a hall can be carried on in which nothing happens: no event, no request, no battery or breaker on its way."""

from __future__ import annotations

from math import ceil

from simpy.events import URGENT

from twin.sim.clock import agenda
from twin.sim.hall import Hall

LONGEST_S = 1.0
"""Heat may change within a longer pulse by more than room, loops and chillers can be carried through by its mean."""
MOST_PARTS = 8
"""Parts of a pulse: facility energy of a first minute in pulses of 15 s is then within 1e-5 of that at 0.1 s."""
MOST_PULSES = 1024
MOST_VALUES = 2_000_000
"""Values of racks held at a time."""


def quiet_ends_s(hall: Hall, n_done: int, until_s: float) -> list[float]:
    """Ends of the pulses, after n_done of them, that can be settled in one go; none or one where something may happen.

    The last one may end at until_s or beyond it, and is short where the run ends.
    """
    plant = hall.plant
    if hall.served or not plant.is_still or plant.settled_s != hall.env.now:
        return []
    queue = agenda(hall.env)[0]
    next_s, is_urgent = (queue[0][0], queue[0][1] == URGENT) if queue else (float("inf"), False)
    pulse_s, duration_s = hall.scenario.pulse_s, hall.scenario.hours * 3600.0
    most = max(2, min(MOST_PULSES, MOST_VALUES // (8 * max(1, len(plant.racks.ids)))))
    ends_s: list[float] = []
    for k in range(n_done + 1, n_done + 1 + most):
        end_s = min(k * pulse_s, duration_s)
        # An event at the end of a pulse belongs to the next one.
        if end_s > next_s or (is_urgent and end_s == next_s):
            break
        ends_s.append(end_s)
        if end_s >= until_s:
            break
    return ends_s


def stops_in_pulse_s(hall: Hall, n_done: int) -> list[float]:
    """Instants within the pulse after n_done of them to which heat is carried on by itself; none in a quiet one."""
    pulse_s, duration_s = hall.scenario.pulse_s, hall.scenario.hours * 3600.0
    from_s, until_s = n_done * pulse_s, min((n_done + 1) * pulse_s, duration_s)
    n_parts = min(ceil((until_s - from_s) / LONGEST_S - 1e-9), MOST_PARTS)
    if n_parts < 2 or quiet_ends_s(hall, n_done, until_s):
        return []
    return [from_s + (until_s - from_s) * k / n_parts for k in range(1, n_parts)]
