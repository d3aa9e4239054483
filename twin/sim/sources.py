"""Generators that start, take load and stop, and switches that move from one source to another."""

from __future__ import annotations

from collections.abc import Callable, Generator
from typing import Literal

from simpy.events import Event as SimEvent

from twin.plant.flow import PowerFlow
from twin.plant.plant import Plant
from twin.plant.power import BETWEEN, SWITCHES
from twin.record.frame import Severity
from twin.sim.hall import Hall

Note = Callable[[Severity, str, str, str], None]
GeneratorState = Literal["stopped", "starting", "running", "failed"]

STATIC_S = 0.02
"""A gap up to here is over before anything else can act: it is told at one instant, and hold-up decides."""
COOL_DOWN_S = 180.0
"""A generator runs on so long without load. Estimate: makers ask for three to five minutes."""


class Sources:
    """The stories of generators and transfer switches; each is one process, and each change ends in `changed`."""

    __slots__ = (
        "_carried_top_w",
        "_carried_w",
        "_changed",
        "_hall",
        "_moving",
        "_note",
        "_settle",
        "_state",
        "_watched",
    )

    def __init__(self, hall: Hall, settle: Callable[[], None], note: Note, changed: Callable[[], None]) -> None:
        self._hall, self._settle, self._note, self._changed = hall, settle, note, changed
        path = hall.plant.power
        self._state: dict[int, GeneratorState] = {int(g): "stopped" for g in path.generators}
        self._carried_w = {g: 0.0 for g in self._state}
        self._carried_top_w = {g: 0.0 for g in self._state}  # of the swing it carries, about the mean
        self._moving: set[int] = set()  # switches on their way, or waiting to go back
        self._watched = {g: self._switches_below(g) for g in self._state}

    @property
    def _plant(self) -> Plant:
        return self._hall.plant

    def _switches_below(self, generator: int) -> list[int]:
        """Switches a generator stands behind: the first of each way down."""
        path = self._plant.power
        children: dict[int, list[int]] = {}
        for i, node in enumerate(path.nodes):
            for p in node.parents:
                children.setdefault(p, []).append(i)
        found: dict[int, None] = {}
        ways = [generator]
        while ways:
            for child in children.get(ways.pop(), []):
                if path.nodes[child].role in SWITCHES or len(path.nodes[child].parents) > 1:
                    found[child] = None
                else:
                    ways.append(child)
        return list(found)

    # Switches

    def move_switches(self) -> list[int]:
        """Set off whatever a dead source asks for. Returns the switches that moved at this instant."""
        path = self._plant.power
        moved = []
        for i, node in enumerate(path.nodes):
            if node.role not in SWITCHES or path.is_stuck[i] or not path.is_up[i] or path.takes[i] == BETWEEN:
                continue
            live = [k for k, p in enumerate(node.parents) if path.is_live[p]]
            if not live or live[0] == path.takes[i]:
                continue
            has_lost = path.takes[i] not in live
            if has_lost and node.transfer_s <= STATIC_S:
                self._take(i, live[0])
                moved.append(i)
            elif has_lost or i not in self._moving:
                self._moving.add(i)
                self._hall.env.process(self._move(i, 0.0 if has_lost else node.return_s))
                if has_lost:
                    path.takes[i] = BETWEEN
        return moved

    def _move(self, i: int, wait_s: float) -> Generator[SimEvent, None, None]:
        """One way of a switch: the wait before going back, the gap, the new source."""
        env, path = self._hall.env, self._plant.power
        node = path.nodes[i]
        if wait_s > 0.0:
            before = path.takes[i]
            yield env.timeout(wait_s)
            self._moving.discard(i)
            live = [k for k, p in enumerate(node.parents) if path.is_live[p]]
            if path.is_stuck[i] or path.takes[i] != before or not live or live[0] == before:
                return
            self._settle()
            if node.transfer_s <= STATIC_S:
                self._take(i, live[0])
                self._changed()
                return
            path.takes[i] = BETWEEN
            self._changed()
        yield env.timeout(node.transfer_s)
        self._moving.discard(i)
        self._settle()
        live = [k for k, p in enumerate(node.parents) if path.is_live[p]]
        self._take(i, live[0] if live else 0)
        self._changed()

    def _take(self, i: int, k: int) -> None:
        path = self._plant.power
        node = path.nodes[i]
        path.takes[i] = k
        gap = f"{node.transfer_s * 1e3:.0f} ms" if node.transfer_s < 1.0 else f"{node.transfer_s:.1f} s"
        self._note("warning", "switch.transferred", node.id, f"takes {path.ids[node.parents[k]]} after {gap}")

    # Generators

    def call_generators(self) -> None:
        """Start those whose switches have no other source, and let those run down that nobody needs."""
        path = self._plant.power
        known: dict[int, bool] = {}
        for g, state in self._state.items():
            is_called = any(self._is_dark_without(s, known) for s in self._watched[g])
            if state == "stopped" and is_called:
                self._begin(g)
            elif state == "failed" and not is_called:
                self._state[g] = "stopped"
            elif state == "running" and not path.is_up[g]:
                self._fall(g, "failed")
            elif state == "running" and not is_called and self._is_idle(g):
                self._hall.env.process(self._run_down(g))

    def _is_dark_without(self, i: int, known: dict[int, bool]) -> bool:
        """Whether nothing but generators could feed node i now; known: answers for nodes at this instant, added to."""
        path = self._plant.power
        if not path.is_up[i]:
            return False
        return not any(self._reaches_utility(p, known) for p in path.nodes[i].parents)

    def _reaches_utility(self, i: int, known: dict[int, bool]) -> bool:
        """Whether a live path from the utility ends at node i, as things stand or once its switches moved.

        Each node is asked once an instant: asked anew on every way, a ladder of buses would take 2^levels questions.
        """
        if i not in known:
            path = self._plant.power
            node = path.nodes[i]
            if not path.is_up[i] or node.role == "generator":
                known[i] = False
            elif node.role == "utility":
                known[i] = True
            else:
                is_closed = bool(path.is_closed[i])
                known[i] = is_closed and any(self._reaches_utility(p, known) for p in node.parents)
        return known[i]

    def _is_idle(self, g: int) -> bool:
        path = self._plant.power
        return all(
            path.nodes[s].role not in SWITCHES
            or path.takes[s] == BETWEEN
            or not self._stands_above(g, path.nodes[s].parents[path.takes[s]])
            for s in self._watched[g]
        )

    def _stands_above(self, g: int, i: int) -> bool:
        """Whether generator g is node i, or anywhere on the ways that lead to it."""
        ways, seen = [i], {i}
        while ways:
            new = [p for p in self._plant.power.nodes[ways.pop()].parents if p not in seen]
            ways += new
            seen.update(new)
        return g in seen

    def _begin(self, g: int) -> None:
        path = self._plant.power
        node = path.nodes[g]
        self._state[g] = "starting"
        self._note("note", "generator.starting", node.id, f"ready in {node.start_s:.0f} s")
        self._hall.env.process(self._start(g))

    def _start(self, g: int) -> Generator[SimEvent, None, None]:
        path = self._plant.power
        yield self._hall.env.timeout(path.nodes[g].start_s)
        if not path.is_up[g]:
            self._fall(g, "failed_to_start")
            return
        self._settle()
        self._state[g], path.is_ready[g] = "running", True
        self._note("note", "generator.started", path.ids[g], "runs at speed and takes load")
        self._changed()

    def _fall(self, g: int, word: str) -> None:
        path = self._plant.power
        self._state[g], path.is_ready[g], self._carried_w[g] = "failed", False, 0.0
        self._carried_top_w[g] = 0.0
        self._note("critical", f"generator.{word}", path.ids[g], "gives no power")

    def _run_down(self, g: int) -> Generator[SimEvent, None, None]:
        path = self._plant.power
        self._state[g] = "starting"  # neither called nor stopped twice meanwhile
        yield self._hall.env.timeout(COOL_DOWN_S)
        self._state[g] = "running"
        known: dict[int, bool] = {}
        if any(self._is_dark_without(s, known) for s in self._watched[g]) or not self._is_idle(g):
            return
        self._settle()
        self._state[g], path.is_ready[g] = "stopped", False
        self._note("note", "generator.stopped", path.ids[g], "not needed any more")
        self._changed()

    def repaired(self, g: int) -> None:
        """A generator that was repaired may be called again."""
        if self._state.get(g) == "failed":
            self._state[g] = "stopped"

    def _swing_w(self, flow: PowerFlow, g: int) -> tuple[float, float]:
        """How far above the mean a generator swings, and its highest step while it does, W."""
        swings = self._plant.power.swings
        found = swings.at(flow) if swings is not None else None
        return (float(found.input.top_w[g]), float(found.input.step_w[g])) if found is not None else (0.0, 0.0)

    def stalled(self, flow: PowerFlow) -> bool:
        """Whether a step beyond its limit stopped a generator just now, of its load or of a swing it carries."""
        path = self._plant.power
        has_stalled = False
        for g, state in self._state.items():
            if state != "running" and not path.is_ready[g]:
                continue
            top_w, swing_w = self._swing_w(flow, g)
            step_w = max(self._step_w(flow, g, top_w), swing_w)
            self._carried_w[g], self._carried_top_w[g] = float(flow.input_w[g]), top_w
            bears_w = self._bears_w(g)
            if step_w > bears_w * (1.0 + 1e-9):
                of = "every swing" if step_w == swing_w else "a step"
                text = f"{of} of {step_w / 1e3:.1f} kW, it bears {bears_w / 1e3:.1f} kW"
                self._note("critical", "generator.overstep", path.nodes[g].id, text)
                self._fall(g, "stalled")
                has_stalled = True
        return has_stalled

    def _bears_w(self, g: int) -> float:
        node = self._plant.power.nodes[g]
        return node.step_frac * node.limit_w

    def _step_w(self, flow: PowerFlow, g: int, top_w: float) -> float:
        """Change of the mean, and of the top of what swings, which may be just there."""
        return float(flow.input_w[g]) - self._carried_w[g] + max(0.0, top_w - self._carried_top_w[g])

    def bears(self, flow: PowerFlow) -> bool:
        """Whether running generators bear a step from what they carry to these watts."""
        path = self._plant.power
        for g in self._state:
            if path.is_ready[g]:
                top_w, swing_w = self._swing_w(flow, g)
                if max(self._step_w(flow, g, top_w), swing_w) > self._bears_w(g):
                    return False
                if float(flow.input_w[g]) + top_w > path.nodes[g].limit_w:
                    return False
        return True

    def swings_too_far(self, flow: PowerFlow) -> bool:
        """Whether a swing that generators carry is a step beyond the limit of one."""
        path = self._plant.power
        return any(
            path.is_ready[g] and self._swing_w(flow, g)[1] > self._bears_w(g) * (1.0 + 1e-9) for g in self._state
        )

    def carry(self, flow: PowerFlow) -> None:
        """Take note of what generators carry after a pulse: slow changes are no steps."""
        for g in self._state:
            self._carried_w[g], self._carried_top_w[g] = float(flow.input_w[g]), self._swing_w(flow, g)[0]
