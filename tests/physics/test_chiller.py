"""Chillers: exact at their reference, held inside the fit, continuous and sane outside it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from twin.physics.chiller import ChillerCurve, available_w, chiller_point, full_load_cop

Pair = tuple[float, float]
Numbers = tuple[float, ...]


def record(
    rated: Pair, reference: Pair, ranges: tuple[Pair, Pair, Pair], capacity: Numbers, eir: Numbers, fplr: Numbers
) -> ChillerCurve:
    return ChillerCurve(
        rated_w=rated[0],
        rated_cop=rated[1],
        evaporator_ref_c=reference[0],
        condenser_ref_c=reference[1],
        evaporator_range_c=ranges[0],
        condenser_range_c=ranges[1],
        part_load_range=ranges[2],
        capacity_ft=np.array(capacity),
        eir_ft=np.array(eir),
        eir_fplr=np.array(fplr),
    )


def air_cooled(
    rated: Pair, reference: Pair, ranges: tuple[Pair, Pair, Pair], capacity: Numbers, eir: Numbers, fplr: Numbers
) -> ChillerCurve:
    return replace(record(rated, reference, ranges, capacity, eir, fplr), extra_lift_k=15.0)


# lbl-srg/modelica-buildings Fluid/Chillers/Data/ElectricEIR.mo
YORK_YT = record(
    (1881.4e3, 6.77),
    (6.67, 23.89),
    ((4.44, 8.89), (12.78, 29.44), (0.09, 1.03)),
    (0.5065247, -0.004158206, -0.002681976, 0.04763436, -0.00195127, 0.003994399),
    (0.6175311, -0.03913241, 0.0006177961, 0.0277564, -0.0002151466, 0.0005514895),
    (0.06087656, 0.4842164, 0.4571519),
)
TRANE_RTHB = record(
    (1051.4e3, 5.05),
    (6.67, 29.44),
    ((4.44, 8.89), (23.89, 35.0), (0.20, 1.01)),
    (0.9482157, 0.03306737, -6.450072e-5, -0.003756522, -6.501672e-5, 0.0),
    (0.4904181, -0.005530317, 0.001209907, 0.009122333, 0.0005923591, -0.001469958),
    (0.2590465, 0.2148987, 0.5265039),
)
YORK_YK = record(
    (5464.9e3, 6.94),
    (6.67, 26.11),
    ((4.44, 8.89), (15.56, 29.44), (0.14, 1.07)),
    (0.1092441, -0.1225892, -0.002802873, 0.1324138, -0.004714937, 0.009205744),
    (0.6396022, -0.0595406, 0.0005884523, 0.03170651, -0.0005088216, 0.001460759),
    (0.2795792, 0.07872758, 0.6424321),
)
CARRIER_19XR = record(
    (1656.3e3, 8.24),
    (6.11, 12.78),
    ((6.11, 12.78), (12.78, 23.89), (0.17, 1.04)),
    (0.7611706, -0.02867067, -0.002363358, 0.04097113, -0.002343044, 0.004547017),
    (0.7730916, -0.08073559, -0.002161313, 0.06144398, -0.001953734, 0.004056527),
    (0.1982584, 0.04414042, 0.7642946),
)
# NREL/EnergyPlus datasets/AirCooledChiller.idf; their part-load curve is the straight line PLR.
MCQUAY_AGZ010 = air_cooled(
    (34.465e3, 2.67),
    (6.67, 35.0),
    ((5.56, 10.0), (23.89, 46.11), (0.15, 1.0)),
    (0.9297434402, 0.0503265306, -0.0001180758, -0.004555102, -0.0000188921, -0.0003306122),
    (0.7690169642, -0.023780081, 0.0009828809, 0.0015396954, 0.000353063, -0.0005959493),
    (0.0, 1.0, 0.0),
)
CARRIER_30RB330 = air_cooled(
    (1123.6e3, 2.8),
    (6.67, 35.0),
    ((4.44, 15.56), (29.44, 48.89), (0.15, 1.0)),
    (0.8910672657, 0.0659093516, -0.0009741955, -0.0012555691, -0.0001116722, -0.0004342452),
    (0.9184884774, -0.0259694865, 0.0017294015, -0.0135521587, 0.0006859144, -0.0008120671),
    (0.0, 1.0, 0.0),
)
ALL = [YORK_YT, TRANE_RTHB, YORK_YK, CARRIER_19XR, MCQUAY_AGZ010, CARRIER_30RB330]


@pytest.mark.parametrize("curve", ALL)
def test_a_chiller_has_its_rated_capacity_and_cop_at_its_reference(curve: ChillerCurve) -> None:
    point = chiller_point(curve, curve.rated_w, curve.evaporator_ref_c, curve.condenser_ref_c)
    assert point.available_w == pytest.approx(curve.rated_w, rel=1e-12)
    assert point.cooling_w / point.power_w == pytest.approx(curve.rated_cop, rel=1e-12)
    assert not point.is_extrapolated


def test_york_yt_at_7_and_30_c_is_within_a_percent_of_the_published_cops() -> None:
    # The bare curves, neither normalised nor held inside their fit, give COP 5.98 at full and 7.19 at half load.
    ft, fplr = YORK_YT.eir_ft, YORK_YT.eir_fplr
    eir = ft[0] + 7 * (ft[1] + 7 * ft[2]) + 30 * (ft[3] + 30 * ft[4]) + ft[5] * 7 * 30
    assert round(6.77 / (eir * fplr.sum()), 2) == 5.98
    assert round(0.5 * 6.77 / (eir * (fplr @ [1, 0.5, 0.25])), 2) == 7.19
    available = available_w(YORK_YT, 7.0, 30.0)
    point = chiller_point(YORK_YT, available * np.array([1.0, 0.5]), 7.0, 30.0)
    assert point.is_extrapolated.all()  # 30 C is 0.56 K above the fit
    assert point.cooling_w / point.power_w == pytest.approx([5.98, 7.19], rel=0.01)


@pytest.mark.parametrize("curve", ALL)
def test_cop_is_continuous_where_the_fit_ends(curve: ChillerCurve) -> None:
    x, y = curve.evaporator_range_c[1], curve.condenser_range_c[1]
    inside = full_load_cop(curve, x, y)
    assert full_load_cop(curve, x + 1e-6, y) == pytest.approx(inside, rel=1e-5)
    assert full_load_cop(curve, x, y + 1e-6) == pytest.approx(inside, rel=1e-5)


@pytest.mark.parametrize("curve", ALL)
def test_beyond_the_fit_a_warmer_condenser_costs_more_and_warmer_water_less(curve: ChillerCurve) -> None:
    hot = curve.condenser_range_c[1] + np.array([0.0, 2.0, 5.0])
    assert (np.diff(full_load_cop(curve, curve.evaporator_ref_c, hot)) < 0).all()
    warm = curve.evaporator_range_c[1] + np.array([0.0, 2.0, 5.0])
    assert (np.diff(full_load_cop(curve, warm, curve.condenser_range_c[1])) > 0).all()


@pytest.mark.parametrize("curve", ALL)
def test_no_chiller_beats_carnot(curve: ChillerCurve) -> None:
    x, y = np.meshgrid(np.linspace(5.0, 22.0, 18), np.linspace(10.0, 45.0, 36))
    cop = full_load_cop(curve, x, y)
    lift_k = np.maximum(y - x + curve.extra_lift_k, 1.0)
    assert (cop > 0).all()
    assert (cop < (x + 273.15) / lift_k).all()


@given(st.floats(0.0, 2.5e6), st.floats(4.0, 22.0), st.floats(10.0, 35.0))
def test_condenser_takes_cooling_plus_power(heat_w: float, leaving_c: float, entering_c: float) -> None:
    point = chiller_point(YORK_YT, heat_w, leaving_c, entering_c)
    assert point.condenser_w == pytest.approx(point.cooling_w + point.power_w, rel=1e-12)
    assert point.power_w >= 0
    assert point.cooling_w <= heat_w


def test_below_the_least_part_load_the_machine_cycles() -> None:
    least_w = 0.2 * available_w(TRANE_RTHB, 6.67, 29.44)
    power = chiller_point(TRANE_RTHB, least_w * np.array([0.0, 0.5, 1.0]), 6.67, 29.44).power_w
    assert power == pytest.approx(power[2] * np.array([0.0, 0.5, 1.0]))


def test_more_heat_than_there_is_capacity_is_not_taken() -> None:
    point = chiller_point(CARRIER_30RB330, 5e6, 15.0, 35.0)
    assert point.cooling_w == pytest.approx(point.available_w)
    assert point.cooling_w < 5e6
