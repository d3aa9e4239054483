"""A run with its band: corner runs in processes of their own beside the nominal one."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import active_children, get_context
from pathlib import Path

from twin.catalogue.spread import class_spread
from twin.files import Tree
from twin.record.result import Result
from twin.scenario.overrides import Documents
from twin.sim.band import corners, of_unknown_speed
from twin.sim.hall import Hall
from twin.sim.run import Progress, as_asked, is_flow, lived, simulate, start_run


def simulate_with_band(
    documents: Documents,
    scenario_path: Path,
    folder: Path | None = None,
    hours: float | None = None,
    seed: int | None = None,
    progress: Progress | None = None,
) -> Result:
    """As `simulate`; where devices are known by their data sheet only, four more runs span the band of the figures."""
    if is_flow(documents):  # rates, not requests: no band of speeds
        return simulate(documents, scenario_path, folder, hours, seed, progress)
    whole = as_asked(documents, hours, seed)
    run = start_run(whole, scenario_path, folder)
    with corner_runs(whole, scenario_path, run.hall) as others:
        return lived(run, scenario_path, progress, others)


@contextmanager
def corner_runs(documents: Documents, scenario_path: Path, hall: Hall) -> Iterator[list[Future[Tree]]]:
    """Summaries of the corner runs, on their way in processes of their own; none where every device was measured."""
    chips = of_unknown_speed(hall)
    if not chips:
        yield []
        return
    cases = corners(documents, chips, class_spread())
    n_workers = min(len(cases), os.cpu_count() or 1)
    strangers = set(active_children())
    # Ctrl-C in a terminal reaches the workers as well; the nominal run decides what becomes of them.
    pool = ProcessPoolExecutor(n_workers, get_context("spawn"), signal.signal, (signal.SIGINT, signal.SIG_IGN))
    futures: list[Future[Tree]] = []
    try:
        futures += [pool.submit(_corner, case, scenario_path) for case in cases]
        yield futures
    finally:
        is_needed = all(future.done() for future in futures)
        pool.shutdown(wait=is_needed, cancel_futures=True)
        if not is_needed:  # the run ended early: nobody waits for the hours they would still need
            for worker in set(active_children()) - strangers:
                worker.terminate()


def _corner(documents: Documents, scenario_path: Path) -> Tree:
    return simulate(documents, scenario_path).summary
