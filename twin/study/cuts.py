"""The analytic side: the least sets of failures that darken a rack, and the share of time each of them holds."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, product
from typing import NamedTuple

from twin.physics.reliability import HOURS_PER_YEAR, bridged, demand_unavailability, standby_decay
from twin.study.histories import Dark
from twin.study.supply import SOURCES, Element, Supply

MOST_CUTS, MOST_JOINS, MOST_BATTERIES = 20_000, 200_000, 10
"""Sets of one rack or element, pairs looked at for them, batteries in one; beyond them there is no analytic value."""
SMALLEST_FRAC = 1e-7
"""Sets less likely than this share of the likeliest are left out: thousands of them do not reach the last digit."""

Atoms = frozenset["Atom"]


class Atom(NamedTuple):
    """One thing of a cut: an element down by itself, a common cause, or a standby set that does not help.

    A standby atom holds under a demand: the atoms that took the utility away.
    """

    kind: str  # "element", "cause", "standby", "warming"
    at: int
    demand: Atoms | None = None


Cut = Mapping[Atom, frozenset[int]]
"""What is down together, and behind which batteries: each must have been down for longer than these carry."""


@dataclass(frozen=True, slots=True)
class CutShare:
    """One set of failures and the share of time it darkens a rack."""

    names: tuple[str, ...]
    unavailability: float
    length_h: float  # mean of one outage

    @property
    def per_year(self) -> float:
        """How often it happens."""
        return self.unavailability * HOURS_PER_YEAR / self.length_h


class TooManyCuts(Exception):
    """The path is not simple enough for the analytic value."""


def unavailability(shares: Iterable[CutShare]) -> float:
    """Share of time any of the sets holds, taken as independent: good to the order of its own square."""
    return -math.expm1(sum(math.log1p(-share.unavailability) for share in shares))


class CutSets:
    """The cuts of all elements of a supply, found once, sources first."""

    def __init__(self, supply: Supply) -> None:
        self._supply = supply
        self._steps_in: dict[int, list[int]] = defaultdict(list)
        for g, nodes in supply.watched.items():
            for i in nodes:
                self._steps_in[i].append(g)
        self._mains: dict[int, list[Cut]] = {}
        self._of: dict[int, list[Cut]] = {}
        for i in supply.order:
            self._mains[i] = self._found(i, self._mains, True)
            self._of[i] = self._found(i, self._of, False)

    def _found(self, i: int, found: Mapping[int, list[Cut]], is_mains: bool) -> list[Cut]:
        one = self._supply.elements[i]
        if i in self._supply.watched and is_mains:
            return [{}]  # as if it were not there
        cuts: list[Cut] = [{Atom("element", i): frozenset()}]
        cuts += [{Atom("cause", k): frozenset()} for k in self._supply.causes_of[i]]
        if i in self._supply.watched:
            cuts.append({Atom("standby", i): frozenset()})
        if one.role not in SOURCES:
            dead = self._dead(one, found)
            if not is_mains:
                dead = self._called(i, one, dead)
            cuts += _behind(dead, i) if one.ride_h > 0.0 and not is_mains else dead
        return _least(cuts)

    def _dead(self, one: Element, found: Mapping[int, list[Cut]]) -> list[Cut]:
        """Sets that leave too few inputs."""
        too_few = len(one.parents) - one.needs + 1
        return _least(cut for some in combinations(one.parents, too_few) for cut in _together([found[p] for p in some]))

    def _called(self, i: int, one: Element, dead: list[Cut]) -> list[Cut]:
        """Say under which demand each standby set stands, and add the time until they are ready."""
        if i not in self._steps_in:
            return dead
        mains = [frozenset(cut) for cut in self._dead(one, self._mains)]
        called = [_under(cut, mains) for cut in dead]
        slowest = max(self._steps_in[i], key=lambda g: self._supply.elements[g].ready_h)
        if self._supply.elements[slowest].ready_h > 0.0:
            called += [dict.fromkeys((*lost, Atom("warming", slowest, lost)), frozenset()) for lost in mains]
        return called

    def of(self, cords: Dark) -> list[Cut]:
        """Sets that take power from one of the servers of a rack with these cords. TooManyCuts where it is no use."""
        found = [cut for one in cords for cut in _together([self._of[i] for i in one])]
        likely = [self._likely(cut) for cut in found]
        least = max(likely, default=0.0) * SMALLEST_FRAC
        return _least(cut for cut, chance in zip(found, likely, strict=True) if chance >= least)

    def shares(self, cords: Dark) -> list[CutShare]:
        """The same with the share of time of each, largest first."""
        nested: dict[Atoms, float] = {}
        for cut in self.of(cords):
            # The same things behind different batteries: one set lies in the other.
            atoms = frozenset(cut)
            nested[atoms] = max(nested.get(atoms, 0.0), self._share(cut))
        shares = [
            CutShare(self._names(atoms), share, 1.0 / sum(self._rates(a)[1] for a in _in_order(atoms)))
            for atoms, share in nested.items()
            if share > 0.0
        ]
        return sorted(shares, key=lambda one: (-one.unavailability, one.names))

    def _likely(self, cut: Cut) -> float:
        """About the share of time a set holds, batteries aside."""
        chance = 1.0
        for atom in cut:
            if atom.demand is None:
                chance *= self._rates(atom)[0]
                continue
            one, end_1_h = self._supply.elements[atom.at], sum(self._rates(a)[1] for a in _in_order(atom.demand))
            if atom.kind == "warming":
                chance *= min(1.0, one.ready_h * end_1_h)
            else:
                chance *= min(1.0, one.start_failure + one.run_fails_1_h / end_1_h)
        return chance

    def _names(self, atoms: Atoms) -> tuple[str, ...]:
        supply = self._supply
        words = {"standby": "{} fails on demand", "warming": "{} not yet ready"}
        return tuple(
            supply.causes[a.at].id if a.kind == "cause" else words.get(a.kind, "{}").format(supply.elements[a.at].id)
            for a in _in_order(atoms)
        )

    # The share of time of one cut

    def _share(self, cut: Cut) -> float:
        """Mean over which of its batteries are flat."""
        batteries = sorted(frozenset().union(*cut.values()))
        if len(batteries) > MOST_BATTERIES:
            raise TooManyCuts
        total = 0.0
        for flat in product((False, True), repeat=len(batteries)):
            chance, ride_h = 1.0, {}
            for i, is_flat in zip(batteries, flat, strict=True):
                one = self._supply.elements[i]
                chance *= one.flat_battery if is_flat else 1.0 - one.flat_battery
                ride_h[i] = 0.0 if is_flat else one.ride_h
            if chance > 0.0:
                graces = {atom: max((ride_h[i] for i in behind), default=0.0) for atom, behind in cut.items()}
                total += chance * self._held(graces)
        return total

    def _held(self, grace_h: Mapping[Atom, float]) -> float:
        """Share of time all atoms are down and each has been for longer than its grace."""
        standing = {atom for atom in grace_h if atom.demand is None and atom.kind != "standby"}
        share = 1.0
        for demand, helpers in _demands(grace_h):
            share *= self._unmet(demand, helpers, max(grace_h.get(a, 0.0) for a in (*demand, *helpers)))
            standing -= demand
        for atom in _in_order(standing):
            down_frac, repair_1_h = self._rates(atom)
            share *= float(bridged(down_frac, repair_1_h, grace_h[atom]))
        return share

    def _unmet(self, demand: Atoms, helpers: Sequence[Atom], grace_h: float) -> float:
        """Share of time a demand stands and none of its standby sets gives anything."""
        down_frac, end_1_h = 1.0, 0.0
        for atom in _in_order(demand):
            own_frac, repair_1_h = self._rates(atom)
            down_frac, end_1_h = down_frac * own_frac, end_1_h + repair_1_h
        elements = self._supply.elements
        until_h = min((elements[a.at].ready_h for a in helpers if a.kind == "warming"), default=math.inf)
        since_h, decays = grace_h, []
        for one in (elements[i] for i in sorted({a.at for a in helpers if a.kind == "standby"})):
            # Until it would have been ready, the sets in which it is still warming up hold all of it.
            since_h = max(since_h, one.ready_h)
            repair_1_h = 1.0 / one.repair_h
            idle = one.fails_1_h / (one.fails_1_h + repair_1_h)
            decay = standby_decay(idle, one.start_failure, one.run_fails_1_h, repair_1_h, grace_h)
            # That it was down anyway is a set of its own.
            decays.append(decay[1:])
        return demand_unavailability(down_frac * end_1_h, end_1_h, decays, since_h, until_h)

    def _rates(self, atom: Atom) -> tuple[float, float]:
        """Share of time it is down, and the rate at which that ends, 1/h."""
        if atom.kind == "warming":
            return 1.0, 1.0 / self._supply.elements[atom.at].ready_h
        one = self._supply.causes[atom.at] if atom.kind == "cause" else self._supply.elements[atom.at]
        repair_1_h = 1.0 / one.repair_h
        return one.fails_1_h / (one.fails_1_h + repair_1_h), repair_1_h


def _demands(atoms: Iterable[Atom]) -> Iterator[tuple[Atoms, list[Atom]]]:
    """Standby atoms by what called them; those called by things in common are called by all of it."""
    groups: list[tuple[Atoms, list[Atom]]] = []
    for atom in atoms:
        if atom.kind not in ("standby", "warming"):
            continue
        demand, helpers = atom.demand or frozenset(), [atom]
        for other in [group for group in groups if group[0] & demand]:
            groups.remove(other)
            demand, helpers = demand | other[0], helpers + other[1]
        groups.append((demand, helpers))
    yield from groups


def _in_order(atoms: Iterable[Atom]) -> list[Atom]:
    """Atoms in an order that is the same every time, so that sums are the same to the last bit."""
    return sorted(atoms, key=lambda atom: atom[:2])


def _under(cut: Cut, mains: Sequence[Atoms]) -> Cut:
    """The same cut, its standby sets called by the loss of the utility in it; mains: such losses, least first."""
    demand = next((lost for lost in mains if lost <= cut.keys()), None)
    return {
        Atom(atom.kind, atom.at, demand) if atom.kind == "standby" and atom.demand is None else atom: behind
        for atom, behind in cut.items()
    }


def _behind(cuts: Iterable[Cut], battery: int) -> list[Cut]:
    return [{atom: behind | {battery} for atom, behind in cut.items()} for cut in cuts]


def _together(sets: Sequence[list[Cut]]) -> Iterator[Cut]:
    """One cut of each, joined."""
    if math.prod(map(len, sets)) > MOST_JOINS:
        raise TooManyCuts
    for some in product(*sets):
        joined: dict[Atom, frozenset[int]] = {}
        for cut in some:
            for atom, behind in cut.items():
                joined[atom] = joined.get(atom, frozenset()) | behind
        yield joined


def _least(cuts: Iterable[Cut]) -> list[Cut]:
    """Without those that hold only when another one does."""
    kept: list[Cut] = []
    by_atom: dict[Atom, list[Cut]] = defaultdict(list)
    unique = {frozenset(cut.items()): cut for cut in cuts}
    for cut in sorted(unique.values(), key=lambda c: (len(c), sum(map(len, c.values())))):
        others = [other for atom in cut for other in by_atom[atom]]
        if all(any(_holds(case, other) for other in others) for case in _cases(cut)):
            continue
        kept.append(cut)
        if len(kept) > MOST_CUTS:
            raise TooManyCuts
        if cut:
            by_atom[min(cut, key=lambda atom: atom[:2])].append(cut)
    return kept


def _cases(cut: Cut) -> Iterator[Cut]:
    """The cut by which of its batteries lasts longest: what is down for longer than that one outlasts them all."""
    batteries = frozenset().union(*cut.values())
    for longest in batteries:
        yield {atom: batteries if longest in behind else behind for atom, behind in cut.items()}
    if not batteries:
        yield cut


def _holds(cut: Cut, other: Cut) -> bool:
    """Whether `other` is down whenever `cut` is."""
    return all(atom in cut and behind <= cut[atom] for atom, behind in other.items())
