"""The process that solves the air: takes the newest request, drops older ones, and stops settling when one comes."""

from __future__ import annotations

import sys
import threading
import time
from dataclasses import dataclass, replace
from math import prod
from multiprocessing.connection import Connection
from queue import SimpleQueue

from twin.catalogue.library import Catalogue
from twin.errors import Problems, TwinError
from twin.layout import edit
from twin.layout.expand import expand_known
from twin.layout.model import Layout
from twin.physics.airflow.settled import Settled
from twin.plant.airflow import AirResult, RoomAir
from twin.plant.airflow_capacity import Spot, spots
from twin.plant.airflow_sample import warm
from twin.plant.airflow_settled import settled_air
from ui.heat.messages import Ask, Carry, Draw, Progress, Reply, Request, Scale, Search, Spots, Trouble
from ui.heat.pictures import Made, picture_of, why_of

FINE_M, COARSE_M, ROUGH_M = 0.3, 0.6, 1.2
MOST_IN_HAND, MOST_COARSE = 20_000, 400_000
"""Cells of FINE_M up to which the fine grid follows the hand, and of COARSE_M up to which that does."""
MOST_FINE, MOST_MARCHED = 1_500_000, 160_000
"""Cells up to which a drawing at rest is solved, and marched."""
TOLD_S = 0.1


class _Overtaken(Exception):
    """A newer request has come in."""


class _Gone(Exception):
    """The window has closed the pipe."""


@dataclass(slots=True)
class _Shown:
    """The last result, to answer questions about it."""

    air: RoomAir
    result: AirResult


def serve(pipe: Connection, catalogue: Catalogue, scale: Scale) -> None:
    """Serve one window until its end of the pipe closes. Replies with None once everything is compiled."""
    try:
        worker = Worker(pipe, catalogue, scale)
        warm()
        pipe.send(None)
        worker.run()
    except (_Gone, EOFError, BrokenPipeError, ConnectionResetError):
        sys.exit(0)


class Worker:
    """Requests come in through a pipe; only the newest drawing or shift is solved."""

    def __init__(self, pipe: Connection, catalogue: Catalogue, scale: Scale) -> None:
        self._pipe, self._catalogue, self._scale = pipe, catalogue, scale
        self._layout: Layout | None = None
        self._todo: Draw | Carry | None = None
        self._search: Search | None = None
        self._asked, self._is_new_question = "", False
        self._shown: _Shown | None = None
        self._rooms: dict[float, RoomAir] = {}  # by cell: where the next solve starts
        self._march: Settled | None = None
        # The pipe is emptied at once, whatever is being solved: the window must never wait to be heard.
        self._queue: SimpleQueue[Request | None] = SimpleQueue()
        threading.Thread(target=self._listen, name="air-listener", daemon=True).start()

    def run(self) -> None:
        """Until the pipe ends."""
        while True:
            self._drain(is_patient=True)
            todo, self._todo = self._todo, None
            if todo is not None:
                self._solve(todo)
            self._answer()

    def _drain(self, is_patient: bool = False) -> None:
        """Read what has come in; wait for something when there is nothing to do."""
        is_idle = self._todo is None and self._search is None
        while (is_patient and is_idle) or not self._queue.empty():
            message = self._queue.get()
            is_patient = False
            if isinstance(message, Draw):
                self._layout, self._todo = message.layout, message
            elif isinstance(message, Carry):
                self._todo = message
            elif isinstance(message, Ask):
                self._asked, self._is_new_question = message.rack, True
            elif isinstance(message, Search):
                self._search = message
            elif message is None:
                raise _Gone

    def _listen(self) -> None:
        """Runs in a thread until the pipe ends."""
        message: Request | None = None
        while True:
            try:
                message = self._pipe.recv()
            except (EOFError, OSError):
                message = None
            self._queue.put(message)
            if message is None:
                return

    def _say(self, reply: Reply) -> None:
        self._pipe.send(reply)

    def _solve(self, todo: Draw | Carry) -> None:
        """Solve one request; whatever is wrong with the room is said, never raised."""
        if self._layout is None:
            return
        try:
            if isinstance(todo, Carry):
                carried = edit.move(self._layout, todo.units, *todo.shift_m)
                self._instant(carried, _cell_in_hand(carried), todo.number, is_carried=True)
            else:
                self._rest(todo)
        except TwinError as error:
            self._shown = None
            self._say(_trouble(todo.number, error))

    def _rest(self, todo: Draw) -> None:
        """A drawing at rest: the fine grid at once, then the march."""
        cell_m = FINE_M if _n_cells(todo.layout, FINE_M) <= MOST_FINE else COARSE_M
        air = self._instant(todo.layout, cell_m, todo.number, is_carried=False)
        marched_m = next((c for c in (FINE_M, COARSE_M) if _n_cells(todo.layout, c) <= MOST_MARCHED), None)
        if marched_m is None or self._is_overtaken():
            return
        if marched_m != cell_m:
            air = self._room(todo.layout, marched_m)
        try:
            self._settle(air, todo.number)
        except _Overtaken:
            return

    def _settle(self, air: RoomAir, number: int) -> None:
        began_s = last_s = time.perf_counter()
        self._say(Progress(number, 0.0))

        def told(part: float) -> None:
            nonlocal last_s
            if self._is_overtaken():
                raise _Overtaken
            self._answer()
            if time.perf_counter() - last_s > TOLD_S:
                last_s = time.perf_counter()
                self._say(Progress(number, part))

        last = self._march
        if last is not None and last.grid.shape != air.flow().grid.shape:
            last = None
        try:
            found = settled_air(air, last, told)
        except TwinError as error:
            # The instant picture stays; only the better one is missing.
            self._march = None
            self._say(_trouble(number, error))
            return
        self._march = found.settled
        self._show(found, found.solve(), Made(number, False, time.perf_counter() - began_s))

    def _instant(self, layout: Layout, cell_m: float, number: int, is_carried: bool) -> RoomAir:
        began_s, began_cpu_s = time.perf_counter(), time.process_time()
        air = self._room(layout, cell_m)
        result = air.solve()
        self._show(air, result, Made(number, is_carried, time.perf_counter() - began_s, began_cpu_s))
        return air

    def _room(self, layout: Layout, cell_m: float) -> RoomAir:
        """The air of a layout, started from the last of the same cells."""
        last = self._rooms.get(cell_m)
        if last is None:
            air = RoomAir.of(layout, cell_m, catalogue=self._catalogue)
        else:
            air = last.updated(layout, self._catalogue)
        self._rooms[cell_m] = air
        return air

    def _show(self, air: RoomAir, result: AirResult, made: Made) -> None:
        self._shown = _Shown(air, result)
        picture = picture_of(air, result, self._scale, made)
        why = why_of(air, result, self._asked) if self._asked and not made.is_carried else None
        self._is_new_question = self._is_new_question and made.is_carried
        self._say(replace(picture, why=why))

    def _answer(self) -> None:
        """Questions about what is shown."""
        if self._is_new_question and self._shown is not None:
            self._is_new_question = False
            why = why_of(self._shown.air, self._shown.result, self._asked)
            if why is not None:
                self._say(why)
        if self._search is not None:
            search, self._search = self._search, None
            self._say(Spots(search.number, self._spots(search)))

    def _spots(self, search: Search) -> tuple[Spot, ...]:
        """With the air of what is shown; without it where that has none."""
        if self._shown is not None:
            return tuple(spots(self._shown.air.parts.floor, search.need, self._shown.air, self._shown.result))
        if self._layout is None:
            return ()
        return tuple(spots(expand_known(self._layout, self._catalogue)[0], search.need))

    def _is_overtaken(self) -> bool:
        self._drain()
        return self._todo is not None


def _trouble(number: int, error: TwinError) -> Trouble:
    """The first of several mistakes, and how many more there are."""
    if not isinstance(error, Problems):
        return Trouble(number, error.what, error.where, error.hint)
    first, n_more = error.problems[0], len(error.problems) - 1
    return Trouble(number, first.what, first.where, first.hint, n_more)


def _n_cells(layout: Layout, cell_m: float) -> int:
    """Cells of the room, about."""
    xs, ys = zip(*layout.room.outline_m, strict=True)
    height_m = layout.room.height_m + layout.room.ceiling_plenum_m
    return int(prod(max(1.0, side / cell_m) for side in (max(xs) - min(xs), max(ys) - min(ys), height_m)))


def _cell_in_hand(layout: Layout) -> float:
    """Cells that follow the hand."""
    if _n_cells(layout, FINE_M) <= MOST_IN_HAND:
        return FINE_M
    return COARSE_M if _n_cells(layout, COARSE_M) <= MOST_COARSE else ROUGH_M
