"""The air of a room as lines of text and as JSON."""

from __future__ import annotations

from dataclasses import asdict

from twin.files import Tree
from twin.plant.airflow import AirResult, RoomAir
from twin.plant.airflow_answers import AirMetrics, extra_w, highest_supply_c, metrics, ranked_places, why_hot

METHOD = (
    "potential flow and upwind mixing, without jets and buoyancy; against CFD it is right on contained aisles "
    "(0.07 K RMS) and on row averages, not on which rack of an open aisle is hot"
)

SETTLED_METHOD = (
    "momentum with buoyancy and eddies marched to its mean, then mixing on the mean flow; against CFD of six rooms "
    "rack inlets are right within 0.0 to 0.7 K RMS, thirds within 1 K RMS"
)


def air_lines(air: RoomAir, why: str | None = None, place_w: float | None = None) -> list[str]:
    """Racks with inlet, thirds and what more they could take; coolers; figures; what not to believe."""
    result = air.solve()
    found = metrics(air, result)
    lines = [
        f"{'rack':14} {'heat':>8} {'air':>8} {'inlet':>7}  {'low / middle / upper third':^26} {'exhaust':>8} "
        f"{'more':>9}"
    ]
    for i, (name, more_w) in enumerate(zip(result.rack_ids, extra_w(air, result), strict=True)):
        if result.rack_m3_s[i] <= 0.0:
            continue
        thirds = " / ".join(f"{c:5.2f}" for c in result.thirds_c[i])
        mark = "" if result.trust.is_trusted[i] else "  ?"
        more = f"{more_w / 1e3:6.1f} kW"
        lines.append(
            f"{name:14} {result.heat_w[i] / 1e3:5.1f} kW {result.rack_m3_s[i]:6.3f}   {result.inlet_c[i]:6.2f}  "
            f"{thirds:^26} {result.exhaust_c[i]:8.2f} {more:>9}{mark}"
        )
    lines += [""] + _cooler_lines(result) + [""] + _figure_lines(air, result, found)
    if why is not None:
        lines += ["", f"air that {why} breathes:"]
        lines += [
            f"  {s.share_frac:6.1%}  {s.kind:8} {s.name:24} {s.air_c:6.2f} °C  {s.warms_k:+.2f} K"
            for s in why_hot(air, why)
        ]
    if place_w is not None:
        spots = ranked_places(air, place_w)
        lines += ["", f"places for a rack of {place_w / 1e3:g} kW, best first:" if spots else "no empty place in a row"]
        lines += [f"  {s.name:20} inlet {s.inlet_c:6.2f} °C, hottest of all {s.hottest_c:6.2f} °C" for s in spots]
    return lines


def _cooler_lines(result: AirResult) -> list[str]:
    lines = [f"{'cooler':14} {'air':>8} {'supply':>7} {'return':>7}"]
    for name, flow, supply_c, return_c in zip(
        result.cooler_ids, result.cooler_m3_s, result.supply_c, result.return_c, strict=True
    ):
        lines.append(f"{name:14} {flow:6.2f}   {supply_c:6.2f}  {return_c:6.2f}")
    return lines


def _figure_lines(air: RoomAir, result: AirResult, found: AirMetrics) -> list[str]:
    hottest = result.max_inlet_c
    beyond = ", ".join(f"{name} {n}" for name, n in found.violations.items() if n) or "none"
    return [
        f"supply over demand {found.supply_over_demand:.3f}; SHI {found.shi:.3f}, RHI {found.rhi:.3f}; "
        f"RTI {found.rti_percent:.2f} %; RCI high {found.rci_high_percent:.1f} %, low {found.rci_low_percent:.1f} %",
        f"captured: {found.cold_capture_frac:.1%} of inlet air straight from supply, {found.hot_capture_frac:.1%} of "
        "exhaust straight to returns",
        f"racks beyond the range of: {beyond}",
        f"hottest inlet {hottest:.2f} °C" if hottest is not None else "hottest inlet: not named, see below",
        f"supply may be as warm as {highest_supply_c(air, result):.2f} °C before an inlet passes 27 °C",
        f"cells of {result.cell_m:g} m; residual of the flow {result.residual:.1e}, of the heat "
        f"{result.heat_residual_frac:+.1e}",
        METHOD if air.settled is None else SETTLED_METHOD,
        *(finding.line() for finding in result.findings),
    ]


def air_json(air: RoomAir, why: str | None = None, place_w: float | None = None) -> Tree:
    """The same as a tree; temperatures in °C, heat in W."""
    result = air.solve()
    more_w = extra_w(air, result)
    racks = [
        {
            "id": name,
            "heat_w": float(result.heat_w[i]),
            "air_m3_s": float(result.rack_m3_s[i]),
            "inlet_c": float(result.inlet_c[i]),
            "thirds_c": [float(c) for c in result.thirds_c[i]],
            "exhaust_c": float(result.exhaust_c[i]),
            "extra_w": float(more_w[i]),
            "is_trusted": bool(result.trust.is_trusted[i]),
            "is_third_trusted": [bool(t) for t in result.trust.is_third_trusted[i]],
        }
        for i, name in enumerate(result.rack_ids)
        if result.rack_m3_s[i] > 0.0
    ]
    coolers = [
        {"id": name, "air_m3_s": float(v), "supply_c": float(s), "return_c": float(r)}
        for name, v, s, r in zip(result.cooler_ids, result.cooler_m3_s, result.supply_c, result.return_c, strict=True)
    ]
    tree: Tree = {
        "cell_m": result.cell_m,
        "cells": list(result.field_c.shape),
        "residual": result.residual,
        "heat_residual_frac": result.heat_residual_frac,
        "method": METHOD if air.settled is None else SETTLED_METHOD,
        "max_inlet_c": result.max_inlet_c,
        "highest_supply_c": highest_supply_c(air, result),
        "metrics": asdict(metrics(air, result)),
        "racks": racks,
        "coolers": coolers,
        "findings": [asdict(finding) for finding in result.findings],
    }
    if why is not None:
        tree["why"] = [asdict(share) for share in why_hot(air, why)]
    if place_w is not None:
        tree["places"] = [asdict(spot) for spot in ranked_places(air, place_w)]
    return tree
