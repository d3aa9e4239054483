"""What one failure, or several at once, comes to."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class FailureCase:
    """What one failure, or several at once, comes to within a day."""

    lost: tuple[str, ...]
    servers_hit: int  # without power at any time, be it for the gap of a switch
    servers_dark: int  # without power at the end
    racks_hit: tuple[str, ...]
    racks_dark: tuple[str, ...]
    it_dark_w: float  # largest draw of what is dark at the end
    cooling_dark: int  # coolers and plant items without power at the end
    tripped_s: dict[str, float]  # guard -> when
    overloaded: dict[str, float]  # element -> load over rating, where above 1 and above what it is when all is well
    battery_min: float | None  # shortest time a battery lasts that was called on
    empty_s: dict[str, float]  # UPS -> when its battery was empty
    generators_s: dict[str, float]  # those that took load, and when
    stalled: tuple[str, ...]  # generators stopped by their first step
    requests_lost_per_h: float | None  # of the replicas that stop, each with its share of traffic; none: no scenario
    capacity_lost_frac: float = 0.0  # share of the accelerators' peak speed that stops
    is_worse: bool = False  # a pair that hits servers neither of the two hits alone
    cooling_short: dict[str, float] = field(default_factory=dict)  # room air or loop -> capacity left over heat, < 1
    inlet_min: float | None = None  # minutes to the inlet limit; none: it is not reached
    servers_dry: int = 0  # with power, but without coolant: they stop at once

    @property
    def is_harmless(self) -> bool:
        """Nobody is hit, nothing trips, is overloaded or short."""
        is_calm = not (self.servers_hit or self.tripped_s or self.overloaded or self.stalled)
        return is_calm and not (self.cooling_dark or self.cooling_short or self.servers_dry)

    @property
    def is_quiet(self) -> bool:
        """Nothing happens at all: harmless, and no battery or generator is called on."""
        return self.is_harmless and not self.generators_s and not self.empty_s and self.battery_min is None

    @property
    def badness(self) -> tuple[float, ...]:
        """Sorts the worst first: stopped for good, hit at all, too warm, cooling lost, overload, short batteries."""
        overload = max(self.overloaded.values(), default=0.0)
        return (
            -self.servers_dark - self.servers_dry,
            -self.servers_hit,
            float("inf") if self.inlet_min is None else self.inlet_min,
            -self.cooling_dark,
            -len(self.tripped_s),
            -overload,
            float("inf") if self.battery_min is None else self.battery_min,
        )
