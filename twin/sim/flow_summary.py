"""Figures that only a whole year has: hours of free cooling, the band of its PUE, the month that binds."""

from __future__ import annotations

from typing import Protocol

import numpy as np

from twin.files import Tree
from twin.physics import FloatArray
from twin.plant.plant import Plant
from twin.plant.year import YearHours
from twin.sim.flow_it import FlowPool
from twin.units import J_PER_KWH

PUE_BANDS: tuple[tuple[str, float, float], ...] = (
    ("best sites of large operators (Google best 1.06, AWS best 1.04)", 1.0, 1.08),
    (
        "fleets of large operators (Meta 1.08, Google 1.10, Microsoft new 1.12, AWS 1.15, Microsoft fleet 1.18)",
        1.08,
        1.2,
    ),
    ("between large operators and the industry's mean", 1.2, 1.4),
    ("the industry's mean (Uptime Institute 2024, about 1.5)", 1.4, 1.65),
    ("above the industry's mean", 1.65, np.inf),
)
"""Annual PUE by kind of site. Sources: statements of operators for 2023 (DCD); survey of the Uptime Institute 2024."""


class HourLengths(Protocol):
    """Lengths of the hours and the air outside."""

    wet_c: FloatArray
    dry_c: FloatArray
    dew_c: FloatArray

    @property
    def lasted_s(self) -> FloatArray: ...


def annual_figures(plant: Plant, year: YearHours, hours: HourLengths, pools: list[FlowPool]) -> Tree:
    """The `annual` part of a summary."""
    lasted_h = hours.lasted_s / 3600.0
    heat_w = year.plant.removed_w.sum(axis=0) + year.room.outdoor_w
    free_w = year.plant.free_w.sum(axis=0) + year.room.outdoor_w
    is_all, is_some = free_w >= heat_w * (1.0 - 1e-9), free_w > 0.0
    is_all &= heat_w > 0.0
    peak = int(year.grid_w.argmax())
    pue = float(year.grid_w @ lasted_h / (year.it_w @ lasted_h)) if year.it_w.any() else float("nan")
    return {
        "hours": float(lasted_h.sum()),
        "n_racks": len(plant.racks.ids),
        "rounds": year.rounds,
        "free_cooling_h": float(lasted_h[is_all].sum()),
        "partly_free_cooling_h": float(lasted_h[is_some & ~is_all].sum()),
        "free_cooling_frac_of_heat": _share(free_w @ lasted_h, heat_w @ lasted_h),
        "cooling_kwh": {
            "air_cooler_fans": float(year.fans.fan_w.sum(axis=0) @ lasted_h) / 1e3,
            **_by_item(plant, year, lasted_h),
            "coolant_units": float(year.cdu_w @ lasted_h) / 1e3,
        },
        "peak": {
            "facility_kw": float(year.grid_w[peak]) / 1e3,
            "at_h": float(np.cumsum(lasted_h)[peak] - lasted_h[peak]),
            "dry_bulb_c": float(hours.dry_c[peak]),
            "wet_bulb_c": float(hours.wet_c[peak]),
        },
        "humidity": _humidity(year, lasted_h),
        "pue_band": pue_band(pue),
        "unmet_heat_kwh": float((year.plant.unmet_w.sum(axis=0) + year.room.unmet_w) @ hours.lasted_s) / J_PER_KWH,
        "pools": {
            pool.id: {
                "requests": float(pool.rate_per_s @ hours.lasted_s),
                "served": float(pool.served_per_s @ hours.lasted_s),
                "output_tokens": float(pool.served_per_s @ hours.lasted_s) * pool.spec_tokens[1],
            }
            for pool in pools
        },
    }


def _humidity(year: YearHours, lasted_h: FloatArray) -> Tree:
    """Dew point of the hall, humidity of its supply air, hours outside the recommended range, condensate.

    Recommended: a dew point of -9 to 15 C and at most 60 %, ASHRAE TC 9.9 (2021), thermal guidelines.
    """
    humid = year.humid
    dew_c, frac = humid.dew_point_c, humid.supply_frac
    if not len(dew_c) or np.isnan(dew_c).any():
        return {}
    outside = (dew_c < -9.0) | (dew_c > 15.0) | (frac > 0.6)
    return {
        "dew_point_c": {
            "min": float(dew_c.min()),
            "mean": float(dew_c @ lasted_h / lasted_h.sum()),
            "max": float(dew_c.max()),
        },
        "supply_humidity_frac": {
            "min": float(frac.min()),
            "mean": float(frac @ lasted_h / lasted_h.sum()),
            "max": float(frac.max()),
        },
        "outside_recommended_h": float(lasted_h[outside].sum()),
        "condensate_l": float(humid.condensate_kg_s @ lasted_h) * 3600.0,
        "latent_kwh": float(humid.latent_w.sum(axis=0) @ lasted_h) / 1e3,
    }


def pue_band(pue: float) -> str:
    """The kind of site whose published annual PUE this is like; nothing was tuned to it.

    >>> pue_band(1.5)
    "the industry's mean (Uptime Institute 2024, about 1.5)"
    """
    return next((name for name, low, high in PUE_BANDS if low <= pue < high), "none: no IT energy")


def _by_item(plant: Plant, year: YearHours, lasted_h: FloatArray) -> Tree:
    kwh = year.plant.item_w @ lasted_h / 1e3
    return {name: float(value) for name, value in zip(plant.cooling.plant.item_ids, kwh, strict=True)}


def _share(part: float, whole: float) -> float | None:
    return float(part / whole) if whole else None
