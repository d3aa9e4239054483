"""Where the instant picture of the air is known to be weak, against CFD of nine rooms."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from twin.layout.finding import Finding
from twin.physics import FloatArray
from twin.physics.airflow.ports import BoolArray
from twin.physics.airflow.settled import Settled
from twin.plant.airflow_aisles import without_outlet
from twin.plant.airflow_room import RoomParts

LEAST_SUPPLY_OVER_DEMAND = 0.9
"""Below it buoyancy and jets decide which rack is hot. Source: CFD reference, open_sd80 with and without gravity."""
MOST_UNEVEN_FRAC = 0.1
"""Difference of cooler flows from their mean beyond which they count as unequal. Source: CFD reference, crahfail."""
ROW_END_RACKS = 2
"""Racks at each open end of a row that CFD puts 1 to 5 K warmer than potential flow does."""
BEARABLE_C = 45.0
"""The highest inlet any ASHRAE class allows (A4)."""
SETTLED_ERROR = (
    "momentum with buoyancy, marched to its mean; against CFD of six rooms, on cells of 0.3 m, inlets are right within "
    "0.0 to 0.4 K RMS, 0.7 K with a failed cooler, the worst rack within 1.4 K, thirds within 1 K RMS; on 0.15 m 0.8, "
    "1.8 and 1.3 K"
)
"""Source: twin validate, airflow cases."""
MOST_DRIFT_K = 1.0
"""Beyond it a moving mean says nothing of single racks. Estimate: the CFD means themselves move by 0.2-0.8 K."""
NEIGHBOUR_M = 0.35
"""Racks closer than this stand in one row."""


@dataclass(frozen=True, slots=True)
class Trust:
    """is_contained, is_row_end, is_trusted: (n_racks,). is_third_trusted: (n_racks, 3) from the floor up.

    findings: why not. has_maximum: whether the hottest inlet may be named at all.
    """

    is_contained: BoolArray
    is_row_end: BoolArray
    is_trusted: BoolArray
    is_third_trusted: BoolArray
    has_maximum: bool
    findings: tuple[Finding, ...]


def trust(parts: RoomParts) -> Trust:
    """What the instant tier may be believed on in this room."""
    moves = parts.racks.flow_m3_s > 0.0
    is_contained = _contained(parts)
    is_row_end = _row_ends(parts) & ~is_contained & moves
    flows = np.array([cooler.flow_m3_s for cooler in parts.coolers])
    findings = _room_findings(parts, flows)
    is_room_trusted = not findings
    findings += [_lidless(name) for name in without_outlet(parts.floor, parts.openings())]
    is_trusted = is_room_trusted & ~is_row_end
    is_third = np.repeat(is_trusted[:, None], 3, axis=1)
    is_third[:, 2] &= is_contained
    is_open = moves & ~is_contained
    if is_open.any() and is_room_trusted:
        findings.append(
            Finding(
                "airflow.open_aisle",
                "note",
                "room",
                f"{np.count_nonzero(is_open)} racks breathe from open aisles, {np.count_nonzero(is_row_end)} at the "
                "ends of rows: potential flow misses CFD by 1 K RMS there, by up to 2 K at row ends and 3 K in the "
                "upper third, so no hottest rack is named",
                "wait for the settled picture, or contain the aisle",
            )
        )
    has_maximum = is_room_trusted and not is_open.any()
    return Trust(is_contained, is_row_end, is_trusted, is_third, has_maximum, tuple(findings))


def settled_trust(parts: RoomParts, settled: Settled) -> Trust:
    """What the settled tier may be believed on: every rack within its error, and less where its mean still moves."""
    is_contained = _contained(parts)
    is_row_end = _row_ends(parts) & ~is_contained & (parts.racks.flow_m3_s > 0.0)
    findings = [Finding("airflow.settled_error", "note", "room", SETTLED_ERROR, "take it as the error of every inlet")]
    if not settled.is_steady:
        what = (
            f"inlets still differ by {settled.drift_k:.2f} K between the halves of {settled.simulated_s:.0f} s of "
            "marching: the air of this room moves slowly back and forth"
        )
        findings.append(_unsteady(what, settled.drift_k))
    is_told = settled.is_steady or settled.drift_k <= MOST_DRIFT_K
    n = len(parts.racks.flow_m3_s)
    is_trusted, is_third = np.full(n, is_told), np.full((n, 3), is_told)
    return Trust(is_contained, is_row_end, is_trusted, is_third, is_told, tuple(findings))


def _unsteady(what: str, drift_k: float) -> Finding:
    if drift_k <= MOST_DRIFT_K:
        return Finding("airflow.unsteady", "note", "room", what, "add the difference to the error")
    way_out = "take means over rows, not single racks; larger cells and contained aisles settle sooner"
    return Finding("airflow.unsteady", "warning", "room", what, way_out)


def doubted(believed: Trust, names: tuple[str, ...], inlet_c: FloatArray) -> Trust:
    """Nothing is believed of a room in which inlets pass what any equipment bears.

    Potential flow has no jets and no buoyancy to break up air that goes from a rear round to its own front.
    """
    i = int(np.argmax(inlet_c)) if len(inlet_c) else -1
    if i < 0 or inlet_c[i] <= BEARABLE_C:
        return believed
    n = int(np.count_nonzero(inlet_c > BEARABLE_C))
    what = (
        f"{n} inlets pass {BEARABLE_C:g} °C, up to {inlet_c[i]:.0f} °C: air goes round from rear to front with little "
        "fresh air, which jets and buoyancy, left out here, would break up; no figure of this room is to be believed"
    )
    finding = Finding("airflow.short_circuit", "warning", names[i], what, "wait for the settled picture, or contain")
    nobody = np.zeros(len(inlet_c), bool)
    thirds = np.zeros((len(inlet_c), 3), bool)
    return replace(
        believed, is_trusted=nobody, is_third_trusted=thirds, has_maximum=False, findings=(*believed.findings, finding)
    )


def _room_findings(parts: RoomParts, flows: FloatArray) -> list[Finding]:
    found = []
    demand = float(parts.racks.flow_m3_s.sum())
    if demand > 0.0 and flows.sum() < LEAST_SUPPLY_OVER_DEMAND * demand:
        found.append(
            Finding(
                "airflow.short_supply",
                "warning",
                "coolers",
                f"coolers move {flows.sum():.2f} m3/s and racks {demand:.2f} m3/s, {flows.sum() / demand:.2f} of it: "
                f"below {LEAST_SUPPLY_OVER_DEMAND:g} potential flow does not know which rack is hot (3.3 K RMS "
                "against CFD)",
                "add air, or wait for the settled picture",
            )
        )
    if len(flows) > 1 and flows.max() - flows.min() > 2 * MOST_UNEVEN_FRAC * flows.mean():
        slow = parts.coolers[int(np.argmin(flows))].id
        found.append(
            Finding(
                "airflow.uneven_coolers",
                "warning",
                slow,
                f"moves {flows.min():.2f} m3/s and the others up to {flows.max():.2f} m3/s: with a failed or weak unit "
                "potential flow is wrong by up to 12 K beside it (4.8 K RMS against CFD)",
                "wait for the settled picture",
            )
        )
    return found


def _lidless(name: str) -> Finding:
    what = "has a roof, and neither a ceiling plenum nor a cooler draws from it: taken as open on top"
    return Finding("airflow.no_outlet", "warning", name, what, "draw a ceiling plenum, or put an in-row unit into it")


def _contained(parts: RoomParts) -> BoolArray:
    """Racks whose front lies in a closed cold aisle or whose rear lies in a closed hot aisle."""
    found = np.zeros(len(parts.pieces), bool)
    lidless = without_outlet(parts.floor, parts.openings())
    for spec in parts.floor.layout.containments:
        if (
            spec.id in lidless
            or spec.kind == "curtain"
            or (spec.kind == "cold_aisle" and not (spec.has_roof and spec.has_doors))
        ):
            continue
        kind = "rack_front" if spec.kind == "cold_aisle" else "rack_rear"
        x, y = spec.x_m + spec.width_m / 2, spec.y_m + spec.depth_m / 2
        half = spec.width_m / 2 + 0.01, spec.depth_m / 2 + 0.01
        for i, piece in enumerate(parts.pieces):
            for o in piece.openings:
                middle, ahead = (o.span_m[0] + o.span_m[1]) / 2, o.at_m + 0.1 * o.side
                at = (ahead, middle) if o.axis == 0 else (middle, ahead)
                if o.kind == kind and abs(at[0] - x) <= half[0] and abs(at[1] - y) <= half[1]:
                    found[i] = True
    return found


def _row_ends(parts: RoomParts) -> BoolArray:
    """The first racks from each end of each row, as they stand: side by side, fronts in one plane."""
    rows: dict[tuple[int, int, float], list[tuple[float, float, int]]] = {}
    for i, piece in enumerate(parts.pieces):
        o = piece.openings[0]
        rows.setdefault((o.axis, o.side, round(o.at_m, 1)), []).append((o.span_m[0], o.span_m[1], i))
    found = np.zeros(len(parts.pieces), bool)
    for row in rows.values():
        row.sort()
        stretch: list[int] = []
        for k, (low, _, i) in enumerate(row):
            if k and low - row[k - 1][1] > NEIGHBOUR_M:
                found[_ends(stretch)] = True
                stretch = []
            stretch.append(i)
        found[_ends(stretch)] = True
    return found


def _ends(stretch: list[int]) -> list[int]:
    return stretch[:ROW_END_RACKS] + stretch[-ROW_END_RACKS:]
