"""Which cells before a rack belong to which third of its height."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from twin.physics import FloatArray
from twin.physics.airflow.room_flow import RoomFlow


def height_weights(flow: RoomFlow, tops_m: Sequence[float]) -> FloatArray:
    """(n, 3) area of each port cell that lies in each third of its rack's height, m2; 0 for all but fronts.

    tops_m: height of each rack. n: cells of all ports, as in the port table.
    """
    table, grid = flow.table, flow.grid
    top_m = np.zeros(len(table.port_m3_s))
    has_front = flow.i_front >= 0
    top_m[flow.i_front[has_front]] = np.array(tops_m)[has_front]
    of_cell = top_m[table.port_of_cell]
    area_m2 = np.concatenate([port.area_m2 for port in grid.ports])
    low_m = (table.cells % grid.shape[2]) * grid.h_m + grid.origin_m[2]
    weights = np.zeros((len(low_m), 3))
    for k in range(3):
        overlap = np.minimum(low_m + grid.h_m, of_cell * (k + 1) / 3) - np.maximum(low_m, of_cell * k / 3)
        weights[:, k] = area_m2 * np.clip(overlap, 0.0, None) / grid.h_m
    return weights
