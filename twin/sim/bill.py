"""What the energy of a run costs and emits: by quarter of an hour, by period, and for the highest demand."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from twin.files import Tree
from twin.scenario.model import TariffSpec
from twin.sim.outside import Outside
from twin.sim.terms import QUARTER_S, Terms
from twin.units import J_PER_KWH

MONTHS_BOUND = 12


@dataclass(slots=True)
class Month:
    """One calendar month of a run, on the clock of the site."""

    first: datetime  # its first instant
    billed_s: float = 0.0  # how much of it was simulated
    peak_w: float = 0.0  # highest mean of a quarter of an hour, as KEPCO's meters take it and most others do
    peak_at: str = ""  # local time that quarter began at

    @property
    def index(self) -> int:
        """Months since the year 0."""
        return self.first.year * 12 + self.first.month - 1

    def length_s(self, zone: ZoneInfo) -> float:
        """Seconds from its first instant to that of the next: a change of the clock counts."""
        year, month = divmod(self.index + 1, 12)
        end = datetime(year, month + 1, 1, tzinfo=zone)
        return (end.astimezone(UTC) - self.first.astimezone(UTC)).total_seconds()


@dataclass(slots=True)
class Bill:
    """Takes the watts from the grid as time goes on; prices and intensities change at quarters of an hour at most."""

    outside: Outside
    spec: TariffSpec
    energy_cost: float = 0.0
    carbon_kg: float = 0.0
    periods: dict[str, list[float]] = field(default_factory=dict)  # name -> kWh, cost
    months: list[Month] = field(default_factory=list)
    _begin_s: float = 0.0  # the quarter under way
    _end_s: float = 0.0
    _energy_j: float = 0.0
    _price: float = 0.0
    _kg_per_kwh: float = 0.0
    _period: list[float] = field(default_factory=list)
    _terms: Terms = field(init=False)

    def __post_init__(self) -> None:
        self._terms = Terms(self.outside)

    def count(self, from_s: float, until_s: float, grid_w: float) -> tuple[float, float]:
        """Mean watts from one time to another; returns what they cost and the carbon they stand for, kg."""
        cost, carbon_kg = self.energy_cost, self.carbon_kg
        while until_s > self._end_s:
            if self._end_s > from_s:
                self._take(from_s, self._end_s, grid_w)
                from_s = self._end_s
            self._turn(from_s)
        self._take(from_s, until_s, grid_w)
        return self.energy_cost - cost, self.carbon_kg - carbon_kg

    def _take(self, from_s: float, until_s: float, grid_w: float) -> None:
        energy_j = grid_w * (until_s - from_s)
        kwh = energy_j / J_PER_KWH
        self._energy_j += energy_j
        self.energy_cost += kwh * self._price
        self.carbon_kg += kwh * self._kg_per_kwh
        self._period[0] += kwh
        self._period[1] += kwh * self._price
        self.months[-1].billed_s += until_s - from_s

    def _turn(self, at_s: float) -> None:
        """Close the quarter under way and begin the one that holds a time."""
        self._close(self._end_s)
        local = self.outside.local(at_s)
        into_s = (local.minute * 60.0 + local.second + local.microsecond / 1e6) % QUARTER_S
        self._begin_s, self._end_s, self._energy_j = at_s, at_s + QUARTER_S - into_s, 0.0
        inside_s = min(at_s + 1e-3, max(0.0, self.outside.duration_s - 1e-3))
        self._price, g_per_kwh, period = self._terms.at(inside_s)
        self._kg_per_kwh = g_per_kwh / 1000.0
        self._period = self.periods.setdefault(period, [0.0, 0.0])
        if not self.months or (local.year, local.month) != (self.months[-1].first.year, self.months[-1].first.month):
            self.months.append(Month(datetime(local.year, local.month, 1, tzinfo=self.outside.zone)))

    def _close(self, until_s: float) -> None:
        """The demand of the quarter so far; a quarter cut short by the run counts with its own mean."""
        if until_s <= self._begin_s:
            return
        mean_w, month = self._energy_j / (until_s - self._begin_s), self.months[-1]
        if mean_w > month.peak_w:
            month.peak_w = mean_w
            month.peak_at = self.outside.local(self._begin_s).strftime("%Y-%m-%dT%H:%M")

    def figures(self, now_s: float) -> Tree:
        """The bill up to now: energy by period, demand by month, their sum."""
        self._close(min(now_s, self._end_s))
        by_month = [self._month(i) for i in range(len(self.months))]
        demand = float(sum(charge for *_, charge in by_month))
        tariff = self.outside.tariff
        return {
            "currency": tariff.currency,
            "energy": self.energy_cost,
            "demand": demand,
            "total": self.energy_cost + demand,
            "demand_is_prorated": any(share < 1.0 for _, share, _ in by_month),
            "by_period": {name: {"kwh": kwh, "cost": cost} for name, (kwh, cost) in self.periods.items()},
            "demand_by_month": [
                {
                    "month": month.first.strftime("%Y-%m"),
                    "peak_kw": month.peak_w / 1e3,
                    "peak_at": month.peak_at,
                    "billed_kw": billed_kw,
                    "billed_share": share,
                    "charge": charge,
                }
                for month, (billed_kw, share, charge) in zip(self.months, by_month, strict=True)
            ],
            "notes": list(tariff.notes),
        }

    def _month(self, i: int) -> tuple[float, float, float]:
        """Billed demand of a month in kW, the share of the month that was simulated, and the charge for it."""
        rule, month = self.outside.tariff.demand, self.months[i]
        still_bind = [
            before.peak_w / 1e3
            for before in self.months[:i]
            if before.first.month in rule.ratchet_months and month.index - before.index < MONTHS_BOUND
        ]
        floor_kw = rule.contract_floor_frac * (self.spec.contract_kw or 0.0)
        billed_kw = max(month.peak_w / 1e3, floor_kw, self.spec.past_peak_kw, *still_bind)
        share = month.billed_s / month.length_s(self.outside.zone)
        share = 1.0 if abs(share - 1.0) < 1e-9 else share
        return billed_kw, share, billed_kw * share * self.outside.tariff.demand_per_kw_month
