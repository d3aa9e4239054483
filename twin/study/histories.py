"""Many years of failures and repairs at once, as intervals of time, and when racks were dark in them."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np

from twin.physics import FloatArray
from twin.physics.intervals import NEVER, Intervals, after_grace, at_least, within
from twin.physics.reliability import HOURS_PER_YEAR
from twin.study.supply import SOURCES, Cords, Element, Supply

BLOCK_YEARS = 10_000.0
"""Years lived at once: a megabyte of outages for each feed."""

Progress = Callable[[float, float], None]
Dark = frozenset[Cords]


@dataclass(slots=True)
class Outages:
    """What was counted of racks on the same cords."""

    hours: list[FloatArray] = field(default_factory=list)  # of each outage, one array per block
    with_h: dict[str, float] = field(default_factory=dict)  # element -> hours of them in which it was down itself

    def lengths_h(self) -> FloatArray:
        """(m,) hours of each outage."""
        return np.concatenate(self.hours) if self.hours else np.zeros(0)


def live(supply: Supply, years: float, seed: int, progress: Progress = lambda done, total: None) -> dict[Dark, Outages]:
    """Outages of all kinds of cords over so many years; the same seed gives the same years to every element."""
    found = {cords: Outages() for cords in set(supply.racks.values())}
    done = 0.0
    for n, block_years in enumerate(_blocks(years)):
        block = _Block(supply, block_years * HOURS_PER_YEAR, seed, n)
        for cords, outages in found.items():
            _count(outages, block, cords)
        done += block_years
        progress(done, years)
    return found


def _blocks(years: float) -> Iterator[float]:
    while years > 0.0:
        yield min(years, BLOCK_YEARS)
        years -= BLOCK_YEARS


def _count(outages: Outages, block: _Block, cords: Dark) -> None:
    dark = block.dark(cords)
    outages.hours.append(dark.lengths)
    if len(dark.start):
        for name, own in block.faults():
            if hours := at_least([dark, own], 2).total if len(own.start) else 0.0:
                outages.with_h[name] = outages.with_h.get(name, 0.0) + hours


def outages(random: np.random.Generator, fails_1_h: float, repair_h: float, horizon_h: float) -> Intervals:
    """When something is down: exponential times of running and of repair in turn, begun in the long run."""
    if fails_1_h <= 0.0:
        return NEVER
    cycle_h = 1.0 / fails_1_h + repair_h
    starts, ends, now_h = [], [], 0.0
    is_down = random.random() < repair_h / cycle_h
    while now_h < horizon_h:
        n = int((horizon_h - now_h) / cycle_h * 1.05) + 16
        up_h, down_h = random.exponential(1.0 / fails_1_h, n), random.exponential(repair_h, n)
        if is_down:
            up_h[0], is_down = 0.0, False
        end = now_h + np.cumsum(up_h + down_h)
        starts.append(end - down_h)
        ends.append(end)
        now_h = float(end[-1])
    return within(Intervals(np.concatenate(starts), np.concatenate(ends)), horizon_h)


class _Block:
    """Some years of one supply."""

    def __init__(self, supply: Supply, horizon_h: float, seed: int, n: int) -> None:
        self._supply, self._horizon_h, self._seed, self._n = supply, horizon_h, seed, n
        self._always = Intervals(np.zeros(1), np.full(1, horizon_h))
        self._shared = {
            cause.id: outages(self._random(cause.id), cause.fails_1_h, cause.repair_h, horizon_h)
            for cause in supply.causes
        }
        self._own = [self._alone(one) for one in supply.elements]
        self._flat: dict[str, Intervals] = {}
        down = [at_least([own, *self._struck(i)], 1) for i, own in enumerate(self._own)]
        self._call_generators(down)
        self._down = self._pass(down, self._ride)

    def _random(self, name: str) -> np.random.Generator:
        # A stream by name: what is added to a drawing changes nothing elsewhere.
        return np.random.default_rng([self._seed, self._n, zlib.crc32(name.encode())])

    def _alone(self, one: Element) -> Intervals:
        return outages(self._random(one.id), one.fails_1_h, one.repair_h, self._horizon_h)

    def _struck(self, i: int) -> list[Intervals]:
        return [self._shared[self._supply.causes[k].id] for k in self._supply.causes_of[i]]

    def _pass(self, own: Sequence[Intervals], ride: Callable[[Element, Intervals], Intervals]) -> list[Intervals]:
        """When each element gives nothing: it is down itself, or too few of its inputs live."""
        down = [NEVER] * len(own)
        for i in self._supply.order:
            one = self._supply.elements[i]
            dead = ride(one, self._dead(one, down)) if one.role not in SOURCES else NEVER
            down[i] = at_least([own[i], dead], 1)
        return down

    def _dead(self, one: Element, down: Sequence[Intervals]) -> Intervals:
        """When too few of its inputs live."""
        if not one.parents:
            return self._always
        return at_least([down[p] for p in one.parents], len(one.parents) - one.needs + 1)

    def _ride(self, one: Element, dead: Intervals) -> Intervals:
        """What is left of these times when a battery carries the first of each, full every time."""
        if one.ride_h <= 0.0 or not len(dead.start):
            return dead
        is_flat = self._random(f"{one.id} battery").random(len(dead.start)) < one.flat_battery
        if is_flat.any():
            end = np.minimum(dead.end[is_flat], dead.start[is_flat] + one.ride_h)
            self._flat[f"{one.id} battery"] = Intervals(dead.start[is_flat], end)
        return after_grace(dead, np.where(is_flat, 0.0, one.ride_h))

    def _call_generators(self, down: list[Intervals]) -> None:
        """Add what generators fail to give, now that it is known when the utility leaves them alone."""
        supply = self._supply
        mains = list(down)
        for g in supply.watched:
            mains[g] = self._always
        mains = self._pass(mains, lambda one, dead: dead)
        for g, nodes in supply.watched.items():
            demand = at_least([self._dead(supply.elements[w], mains) for w in nodes], 1)
            warming, failed = self._fail(supply.elements[g], demand)
            self._own[g] = at_least([self._own[g], failed], 1)
            down[g] = at_least([down[g], failed, warming], 1)

    def _fail(self, one: Element, demand: Intervals) -> tuple[Intervals, Intervals]:
        """Of each demand the time until the machine is ready, and those in which it failed to start or to run."""
        random, n = self._random(f"{one.id} demand"), len(demand.start)
        repair_h = random.exponential(one.repair_h, n)
        starts = random.random(n) >= one.start_failure
        ran_h = random.exponential(1.0, n) / one.run_fails_1_h if one.run_fails_1_h > 0.0 else np.full(n, np.inf)
        began = np.where(starts, demand.start + one.ready_h + ran_h, demand.start)
        fails = began < demand.end
        # A repair that outlasts its demand may meet the next one.
        failed = Intervals(began[fails], np.minimum(began + repair_h, self._horizon_h)[fails])
        ready = np.minimum(demand.start + one.ready_h, demand.end)
        warming = Intervals(demand.start, ready) if one.ready_h > 0.0 else NEVER
        return warming, _joined(failed)

    def dark(self, cords: Dark) -> Intervals:
        """When a rack with these cords lacks power for one of its servers."""
        return at_least([at_least([self._down[i] for i in one], len(one)) for one in cords], 1)

    def faults(self) -> Iterator[tuple[str, Intervals]]:
        """What went wrong by itself, and when."""
        yield from zip(self._supply.ids, self._own, strict=True)
        yield from self._shared.items()
        yield from self._flat.items()


def _joined(one: Intervals) -> Intervals:
    """Sorted starts whose intervals may overlap, as a set of disjoint ones."""
    if not len(one.start):
        return one
    end = np.maximum.accumulate(one.end)
    is_first = np.append(True, one.start[1:] > end[:-1])
    is_last = np.append(is_first[1:], True)
    return Intervals(one.start[is_first], end[is_last])
