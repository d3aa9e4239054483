"""The clock of a run: SimPy's environment, with a shorter way for events that come again and again."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from heapq import heappop

from simpy import Environment
from simpy.events import URGENT, Event

Agenda = tuple[list[tuple[float, int, int, Event]], Iterator[int]]


def agenda(env: Environment) -> Agenda:
    """SimPy's own heap of (time, priority, number, event), and the counter that numbers events.

    For those who schedule thousands of events a second: pushing there is what `schedule` does, without the call.
    """
    return env._queue, env._eid


class Wake(Event):
    """An event with one who acts on it, that may be scheduled anew once it has happened: push it on the agenda."""

    def __init__(self, env: Environment, act: Callable[[Wake], None]) -> None:
        self.env, self.act = env, act
        self._ok, self._value = True, None

    @property
    def callbacks(self) -> list[Callable[[Wake], None]]:
        """For SimPy, which takes them away when the event happens; here they stay."""
        return [self.act]

    @callbacks.setter
    def callbacks(self, _: None) -> None:
        pass


class Clock(Environment):
    """Carries events along in order of time, exactly as `simpy.Environment` does, wakes by a shorter way."""

    def run(self, until: float | Event | None = None) -> object | None:
        """Live through all events, or those before a time, or until an event has happened."""
        if isinstance(until, Event):
            return super().run(until)
        stop = Event(self)
        stop._ok, stop._value = True, None
        if until is not None:
            if until <= self.now:
                raise ValueError(f"until ({until}) must be greater than the current simulation time")
            self.schedule(stop, URGENT, until - self.now)
        queue: list[tuple[float, int, int, Event]] = self._queue
        while queue:
            self._now, _, _, event = heappop(queue)
            if event.__class__ is Wake:
                event.act(event)
                continue
            if event is stop:
                break
            callbacks, event.callbacks = event.callbacks, None
            for callback in callbacks:
                callback(event)
            if not event._ok and not hasattr(event, "_defused"):
                raise event._value
        return None
