"""How far the elements of the power path swing in a run: highest figures of each, and events where a limit is met."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np

from twin.files import Tree
from twin.physics import FloatArray
from twin.physics.swing_sums import Swell
from twin.plant.flow import PowerFlow
from twin.plant.swings import STEP_S, PathSwell
from twin.record.frame import Severity

if TYPE_CHECKING:
    from twin.sim.bill import Bill
    from twin.sim.hall import Hall

Crossed = Callable[[str, str, str, str, Severity], None]
"""Key of the limit, kind, place, words, severity: told once for each key."""


class SwingWatch:
    """Looks at every pulse in which loads swing; all figures of an element are those of its highest peak."""

    __slots__ = ("_crossed", "_flow", "_hall", "_site_peak_w", "_worst")

    def __init__(self, hall: Hall, crossed: Crossed) -> None:
        self._hall, self._crossed = hall, crossed
        self._worst: dict[str, FloatArray] = {}  # figure -> (n,)
        self._site_peak_w = 0.0
        self._flow: PowerFlow | None = None

    def take(self, flow: PowerFlow) -> None:
        """A pulse has settled to this flow."""
        swings = self._hall.plant.power.swings
        if swings is None or swings.is_still or flow is self._flow:
            return
        found = swings.at(flow)
        if found is None:
            return
        self._flow = flow
        self._keep(flow, found)
        self._look(flow, found)

    def _keep(self, flow: PowerFlow, found: PathSwell) -> None:
        path, load = self._hall.plant.power, found.load
        figures = _figures(flow.load_w, load)
        if not self._worst:
            self._worst = {name: np.zeros(len(path.nodes)) for name in figures}
        is_higher = (figures["peak_w"] > self._worst["peak_w"]) & (load.top_w > 0.0)
        for name, values in figures.items():
            self._worst[name] = np.where(is_higher, values, self._worst[name])
        sources = [i for i, node in enumerate(path.nodes) if node.role in ("utility", "generator") and path.is_live[i]]
        self._site_peak_w = max(self._site_peak_w, float((flow.input_w + found.input.top_w)[sources].sum()))

    def _look(self, flow: PowerFlow, found: PathSwell) -> None:
        path = self._hall.plant.power
        peak_w = flow.load_w + found.load.top_w
        is_over = (peak_w > path.limit_w) & (flow.load_w <= path.limit_w) & (found.load.top_w > 0.0)
        for i in np.flatnonzero(is_over).tolist():
            text = (
                f"peaks at {peak_w[i] / 1e3:.1f} kW every swing, mean {flow.load_w[i] / 1e3:.1f} kW, "
                f"rated {path.limit_w[i] / 1e3:.1f} kW"
            )
            self._crossed(f"peak {path.ids[i]}", "power.swing_peak", path.ids[i], text, "warning")
        for i, node in enumerate(path.nodes):
            bears_w = node.step_frac * node.limit_w
            if node.role == "ups" and found.load.step_w[i] > bears_w:
                text = f"swings by {found.load.step_w[i] / 1e3:.1f} kW within {STEP_S:g} s, it bears "
                text += f"{bears_w / 1e3:.1f} kW"
                self._crossed(f"step {node.id}", "ups.swing_step", node.id, text, "warning")

    def figures(self, bill: Bill) -> Tree:
        """By element, at its highest peak; and the site: demand is billed by means, the grid sees the peak."""
        if not self._worst:
            return {}
        path = self._hall.plant.power
        elements: Tree = {}
        for i in np.flatnonzero(self._worst["peak_w"] > 0.0).tolist():
            row = {name: float(values[i]) for name, values in self._worst.items()}
            limit_w = path.limit_w[i]
            elements[path.ids[i]] = {
                **{name: value if np.isfinite(value) else None for name, value in row.items()},
                "peak_over_rating": row["peak_w"] / float(limit_w) if np.isfinite(limit_w) else None,
            }
        return {
            "elements": elements,
            "site": {
                "peak_w": self._site_peak_w,
                "demand_peak_w": max((month.peak_w for month in bill.months), default=None),
                "demand_is": "the highest mean of a quarter of an hour: swings are no part of it",
            },
        }


def _figures(mean_w: FloatArray, found: Swell) -> dict[str, FloatArray]:
    return {
        "mean_w": mean_w,
        "peak_w": mean_w + found.top_w,
        "trough_w": mean_w - found.bottom_w,
        "rms_w": np.sqrt(found.mean_square_w2),
        "rms_0p1_20hz_w": np.sqrt(found.band_w2),
        "ramp_w_s_max": found.ramp_w_s,
        "step_w": found.step_w,
    }
