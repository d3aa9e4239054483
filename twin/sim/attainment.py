"""Which share of the requests kept its objectives: of all, by workload and by limit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt

from twin.files import Tree
from twin.sim.hall import Served
from twin.sim.requests import RequestState

ENDED = (RequestState.DONE, RequestState.REJECTED, RequestState.LOST)


def attained(served: Sequence[Served]) -> tuple[float | None, Tree]:
    """Share of the requests of all workloads with limits that kept every one, and the same by workload.

    Counted are the requests that ended: one that was rejected or lost kept nothing. By workload that is `attained_frac`
    and for each limit `limit_s` and `attained_frac`. A share is none where nothing ended, or without any limit.
    """
    n_kept = n_ended = 0
    by_workload: Tree = {}
    for one in served:
        limits = {name: limit for name, limit in one.spec.slo.model_dump().items() if limit is not None}
        if not limits:
            continue
        columns = one.workload.requests.arrays()
        is_done, n = columns["state"] == RequestState.DONE, int(np.isin(columns["state"], ENDED).sum())
        kept = {name: _kept(columns, name, limit, is_done) for name, limit in limits.items()}
        n_all = int(np.logical_and.reduce(list(kept.values())).sum())
        by_workload[one.spec.id] = {
            "attained_frac": _share(n_all, n),
            **{name: {"limit_s": limits[name], "attained_frac": _share(int(kept[name].sum()), n)} for name in limits},
        }
        n_kept, n_ended = n_kept + n_all, n_ended + n
    return _share(n_kept, n_ended), by_workload


def _kept(
    columns: Mapping[str, npt.NDArray[np.generic]], name: str, limit: float, is_done: npt.NDArray[np.bool_]
) -> npt.NDArray[np.bool_]:
    """Which requests kept a limit; an answer of one token has no time per output token, and breaks no limit."""
    return is_done & ~(columns[name].astype(float) > limit)


def _share(n: int, n_of: int) -> float | None:
    return n / n_of if n_of else None
