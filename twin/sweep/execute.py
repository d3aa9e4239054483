"""Run the points of a sweep on Dask workers: an embedded cluster of processes, or a scheduler that is there."""

from __future__ import annotations

import json
import logging
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, TypedDict, Unpack, cast

from twin.errors import TwinError
from twin.files import Tree
from twin.scenario.overrides import Documents
from twin.sweep.identity import identity_of
from twin.sweep.plan import Point, Sweep, columns, plan
from twin.sweep.table import SweepFolder, flattened

if TYPE_CHECKING:
    from distributed import Client, Future

_LEAST_IN_FLIGHT = 16
_WORKERS_WAIT_S = 60


class Options(TypedDict, total=False):
    """How a sweep is run.

    workers: local processes, None for one per core. scheduler: address of a Dask scheduler, in place of local ones.
    resume: keep the points that are done. progress: called with points done and points in all.
    """

    workers: int | None
    scheduler: str | None
    resume: bool
    progress: Callable[[float, float], None] | None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a sweep came to."""

    table: Path
    n_points: int
    n_failed: int


@dataclass(frozen=True, slots=True)
class Task:
    """One point as plain data on its way to a worker."""

    point: Point
    documents: bytes  # packed JSON of scenario, layout and sheets: a worker needs no files but traces and own sheets
    scenario_path: str
    hours: float | None


def execute(sweep: Sweep, sweep_path: Path, folder: Path, **options: Unpack[Options]) -> Outcome:
    """Run all points into `folder` (sweep.parquet, sweep.json, points/); see Options.

    A point that fails is a row with its error. Ctrl-C leaves the finished points and their table, and goes on up.
    Errors: TwinError where the sweep, the folder or the scheduler is not what it must be; nothing has run then.
    """
    from twin.sim.run import load_documents

    scenario_path = (sweep_path.parent / sweep.scenario).resolve()
    documents = load_documents(scenario_path)
    points = plan(sweep)
    # A path that leads nowhere is refused before a thousand points fail on it; the first point sets them all.
    documents.changed(points[0].overrides)
    place = SweepFolder(folder, identity_of(points, sweep.hours, documents, scenario_path.parent))
    head = {"format": "twin-sweep-result", "version": 1, "sweep": sweep.model_dump(mode="json", by_alias=True)}
    place.begin(head, len(points), resume=options.get("resume", False))
    done = {index for index, row in place.rows().items() if row["status"] == "ok"}
    packed = pack(documents)
    tasks = [Task(point, packed, str(scenario_path), sweep.hours) for point in points if point.index not in done]
    show = options.get("progress") or (lambda done, total: None)
    try:
        with _client(options.get("workers"), options.get("scheduler"), len(tasks)) as client:
            for n_done, (point, row) in enumerate(_finished(client, tasks), len(done) + 1):
                place.put(point.index, row)
                show(n_done, len(points))
    finally:
        rows = list(place.rows().values())
        place.write_table(rows, columns(sweep), sweep.record)
    return Outcome(place.table, len(points), sum(row["status"] == "failed" for row in rows))


def run_point(task: Task) -> Tree:
    """The row of one point; a mistake in its files is a failed row."""
    from twin.sim.run import simulate

    try:
        documents = unpack(task.documents, Path(task.scenario_path).parent).changed(task.point.overrides)
        # Only the summary is wanted: one row of telemetry an hour keeps a year small.
        documents.scenario["record"] = {"every_s": 3600.0, "racks": False, "requests": False}
        result = simulate(documents, Path(task.scenario_path), None, task.hours, task.point.seed)
    except TwinError as error:
        return _failed(task.point, " ".join(str(error).split()))
    return {**_row(task.point, result.summary.get("seed")), "summary": flattened(result.summary)}


def pack(documents: Documents) -> bytes:
    """Documents as bytes that cost little to send with every point."""
    trees = {"scenario": documents.scenario, "layout": documents.layout, "sheets": documents.sheets}
    return zlib.compress(json.dumps(trees).encode())


@lru_cache(maxsize=1)
def unpack(packed: bytes, folder: Path) -> Documents:
    """Documents from their bytes; a worker that runs one sweep unpacks them once. `changed` copies them."""
    trees = json.loads(zlib.decompress(packed))
    return Documents(trees["scenario"], trees["layout"], trees["sheets"], folder)


def _row(point: Point, seed: object) -> Tree:
    values = [override.value for override in point.overrides]
    return {"index": point.index, "values": values, "seed": seed, "status": "ok", "error": None}


def _failed(point: Point, error: str) -> Tree:
    return {**_row(point, point.seed), "status": "failed", "error": error}


def _finished(client: Client, tasks: Sequence[Task]) -> Iterator[tuple[Point, Tree]]:
    """Points with their rows as they finish."""
    suspects: list[Task] = []
    for task, future in _completed(client, tasks):
        if _is_worker_dead(future):
            suspects.append(task)
        else:
            yield task.point, _row_of(future, task.point)
    # A worker takes the points that wait on it along when it dies. Alone, each shows whether it was the cause.
    for task in suspects:
        for _, future in _completed(client, [task]):
            yield task.point, _row_of(future, task.point)


def _completed(client: Client, tasks: Sequence[Task]) -> Iterator[tuple[Task, Future]]:
    """Tasks as they end; only so many are under way that a long sweep stays small in memory."""
    from distributed import as_completed

    waiting = iter(tasks)
    running: dict[Future, Task] = {}

    def submitted(n: int) -> list[Future]:
        fresh = {client.submit(run_point, task, pure=False): task for task in islice(waiting, n)}
        running.update(fresh)
        return list(fresh)

    completed = as_completed(submitted(max(_LEAST_IN_FLIGHT, 4 * sum(client.nthreads().values()))))
    for future in completed:
        yield running.pop(future), future
        for fresh in submitted(1):
            completed.add(fresh)


def _is_worker_dead(future: Future) -> bool:
    from distributed.scheduler import KilledWorker

    return future.status == "error" and isinstance(future.exception(), KilledWorker)


def _row_of(future: Future, point: Point) -> Tree:
    """What came back; a crash of the point or of its worker is a failed row too."""
    if future.status == "finished":
        return cast(Tree, future.result())
    if future.status == "cancelled":
        return _failed(point, "cancelled by the scheduler")
    if _is_worker_dead(future):
        return _failed(point, "the worker died on this point: out of memory, or a crash in a library")
    error = future.exception()
    return _failed(point, f"{type(error).__name__}: {error}")


@contextmanager
def _client(workers: int | None, scheduler: str | None, n_tasks: int) -> Iterator[Client]:
    """A client of the scheduler at that address, or of an embedded cluster of one-threaded processes."""
    from dask import config
    from dask.system import CPU_COUNT
    from distributed import Client, LocalCluster

    if scheduler is not None:
        with _reached(scheduler) as client:
            yield client
        return
    n_workers = max(1, min(workers or CPU_COUNT, n_tasks))
    with (
        # A point whose worker died is not sent to the next one; `_finished` tries it alone.
        config.set({"distributed.scheduler.allowed-failures": 0}),
        LocalCluster(
            n_workers=n_workers,
            threads_per_worker=1,
            processes=True,
            dashboard_address="127.0.0.1:0",
            silence_logs=logging.CRITICAL,
        ) as cluster,
        Client(cluster) as client,
    ):
        yield client


@contextmanager
def _reached(address: str) -> Iterator[Client]:
    from distributed import Client

    try:
        client = Client(address, timeout=10)
    except (OSError, ValueError) as error:
        raise TwinError(
            f"no Dask scheduler answers: {error}", address, "start one with `dask scheduler`, or leave --scheduler out"
        ) from error
    with client:
        try:
            client.wait_for_workers(1, timeout=_WORKERS_WAIT_S)
        except TimeoutError as error:
            raise TwinError(
                f"the scheduler has had no worker for {_WORKERS_WAIT_S} s", address, f"start `dask worker {address}`"
            ) from error
        yield client
