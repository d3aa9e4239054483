"""Moist air: saturation, humidity ratio, dew point, wet bulb, enthalpy and density."""

from __future__ import annotations

import numpy as np

from twin.physics import Values

STANDARD_PRESSURE_PA = 101_325.0
ZERO_C_K = 273.15
TRIPLE_POINT_C = 0.01
_MOLAR_RATIO = 0.621945
_WATER = (-5.8002206e3, 1.3914993, -4.8640239e-2, 4.1764768e-5, -1.4452093e-8, 0.0, 6.5459673)
_ICE = (-5.6745359e3, 6.3925247, -9.677843e-3, 6.2215701e-7, 2.0747825e-9, -9.484024e-13, 4.1635019)


def _ln_saturation(t_k: Values, c: tuple[float, ...]) -> Values:
    return c[0] / t_k + c[1] + t_k * (c[2] + t_k * (c[3] + t_k * (c[4] + t_k * c[5]))) + c[6] * np.log(t_k)


def _ln_saturation_slope(t_k: Values, c: tuple[float, ...]) -> Values:
    return -c[0] / t_k**2 + c[2] + t_k * (2 * c[3] + t_k * (3 * c[4] + t_k * 4 * c[5])) + c[6] / t_k


def saturation_pressure_pa(temperature_c: Values) -> Values:
    """Vapour pressure over water, or over ice below the triple point.

    ln p = C1/T + C2 + C3 T + C4 T^2 + C5 T^3 + C6 T^4 + C7 ln T, T in kelvin.

    temperature_c: (n,). Valid for -100 to 200 C.
    Source: Hyland and Wexler 1983, as in ASHRAE Handbook Fundamentals 2017 ch. 1 eq. 5 and 6; 3169 Pa at 25 C.

    >>> round(float(saturation_pressure_pa(25.0)))
    3169
    """
    t_k = np.asarray(temperature_c, dtype=float) + ZERO_C_K
    is_ice = np.asarray(temperature_c) <= TRIPLE_POINT_C
    return np.exp(np.where(is_ice, _ln_saturation(t_k, _ICE), _ln_saturation(t_k, _WATER)))


def standard_pressure_pa(elevation_m: Values) -> Values:
    """Pressure of the standard atmosphere: 101325 (1 - 2.25577e-5 z)^5.2559.

    elevation_m: (n,) above sea level. Valid for -5000 to 11000 m.
    Source: ASHRAE Handbook Fundamentals 2017 ch. 1 eq. 3; table 1 gives 89.875 kPa at 1000 m.

    >>> round(float(standard_pressure_pa(1000.0)) / 1e3, 2)
    89.87
    """
    return STANDARD_PRESSURE_PA * (1.0 - 2.25577e-5 * elevation_m) ** 5.2559


def humidity_ratio(dry_bulb_c: Values, humidity_frac: Values, pressure_pa: Values = STANDARD_PRESSURE_PA) -> Values:
    """Kilograms of vapour per kilogram of dry air: W = 0.621945 pw / (p - pw), pw = rh pws(T).

    dry_bulb_c: (n,); humidity_frac: (n,) relative humidity 0 to 1; pressure_pa: (n,).
    Valid for -100 to 60 C.
    Source: ASHRAE Handbook Fundamentals 2017 ch. 1 eq. 20 and 22.

    >>> round(float(humidity_ratio(25.0, 0.5)), 6)
    0.009881
    """
    vapour_pa = humidity_frac * saturation_pressure_pa(dry_bulb_c)
    return _MOLAR_RATIO * vapour_pa / (pressure_pa - vapour_pa)


def dew_point_c(dry_bulb_c: Values, humidity_frac: Values) -> Values:
    """Temperature at which the vapour of the air saturates: pws(Td) = rh pws(T), by Newton on ln pws.

    dry_bulb_c: (n,); humidity_frac: (n,) above 0 (values under 1e-6 count as 1e-6).
    Valid for -60 to 60 C.
    Source: ASHRAE Handbook Fundamentals 2017 ch. 1; psychrolib 2.5.0 gives 13.864 C.

    >>> round(float(dew_point_c(25.0, 0.5)), 3)
    13.864
    """
    ln_p = np.log(np.maximum(humidity_frac, 1e-6) * saturation_pressure_pa(dry_bulb_c))
    is_ice = ln_p <= _ln_saturation(TRIPLE_POINT_C + ZERO_C_K, _ICE)
    # Magnus' inverse is within 0.5 K where dew points lie; five Newton steps then reach rounding error.
    magnus = ln_p - np.log(611.2)
    t_k = ZERO_C_K + 243.12 * magnus / (17.62 - magnus)
    for _ in range(5):
        value = np.where(is_ice, _ln_saturation(t_k, _ICE), _ln_saturation(t_k, _WATER))
        slope = np.where(is_ice, _ln_saturation_slope(t_k, _ICE), _ln_saturation_slope(t_k, _WATER))
        t_k = t_k - (value - ln_p) / slope
    return t_k - ZERO_C_K


def _ratio_at_wet_bulb(dry_bulb_c: Values, wet_bulb_c: Values, pressure_pa: Values) -> Values:
    saturated = humidity_ratio(wet_bulb_c, 1.0, pressure_pa)
    cooling = 1.006 * (dry_bulb_c - wet_bulb_c)
    over_water = ((2501.0 - 2.326 * wet_bulb_c) * saturated - cooling) / (
        2501.0 + 1.86 * dry_bulb_c - 4.186 * wet_bulb_c
    )
    over_ice = ((2830.0 - 0.24 * wet_bulb_c) * saturated - cooling) / (2830.0 + 1.86 * dry_bulb_c - 2.1 * wet_bulb_c)
    return np.where(np.asarray(wet_bulb_c) >= 0.0, over_water, over_ice)


def wet_bulb_c(dry_bulb_c: Values, humidity_frac: Values, pressure_pa: Values = STANDARD_PRESSURE_PA) -> Values:
    """Thermodynamic wet-bulb temperature: W(Twb) of the adiabatic saturation balance equals W, by bisection.

    dry_bulb_c: (n,); humidity_frac: (n,) relative humidity 0 to 1; pressure_pa: (n,).
    Valid for -60 to 60 C; around 0 C the ice and water balances differ and the answer may be off by 0.6 K.
    Source: ASHRAE Handbook Fundamentals 2017 ch. 1 eq. 33 and 35; psychrolib 2.5.0 gives 17.889 C.

    >>> round(float(wet_bulb_c(25.0, 0.5)), 3)
    17.889
    """
    ratio = humidity_ratio(dry_bulb_c, humidity_frac, pressure_pa)
    low = np.minimum(dew_point_c(dry_bulb_c, humidity_frac), dry_bulb_c) + 0.0 * ratio
    high = np.asarray(dry_bulb_c, dtype=float) + 0.0 * ratio
    # 32 halvings of at most 100 K leave less than 1e-7 K.
    for _ in range(32):
        middle = 0.5 * (low + high)
        is_wetter = _ratio_at_wet_bulb(dry_bulb_c, middle, pressure_pa) > ratio
        low, high = np.where(is_wetter, low, middle), np.where(is_wetter, middle, high)
    return 0.5 * (low + high)


def enthalpy_j_kg(dry_bulb_c: Values, ratio: Values) -> Values:
    """Enthalpy of moist air per kilogram of dry air: h = 1006 T + W (2501000 + 1860 T), zero for dry air at 0 C.

    dry_bulb_c: (n,); ratio: (n,) humidity ratio in kg/kg. Valid for -60 to 60 C.
    Source: ASHRAE Handbook Fundamentals 2017 ch. 1 eq. 30; psychrolib 2.5.0 gives 50.322 kJ/kg at 25 C, 50 %.

    >>> round(float(enthalpy_j_kg(25.0, humidity_ratio(25.0, 0.5))) / 1e3, 2)
    50.32
    """
    return 1006.0 * dry_bulb_c + ratio * (2_501_000.0 + 1860.0 * dry_bulb_c)


def air_density_kg_m3(dry_bulb_c: Values, ratio: Values, pressure_pa: Values = STANDARD_PRESSURE_PA) -> Values:
    """Kilograms of moist air (dry air and vapour) per cubic metre: (1 + W) p / (287.042 T (1 + 1.607858 W)).

    dry_bulb_c: (n,); ratio: (n,) humidity ratio in kg/kg; pressure_pa: (n,). Valid for -60 to 60 C.
    Source: ASHRAE Handbook Fundamentals 2017 ch. 1 eq. 26; 0.858 m3 per kg of dry air at 25 C, 50 %.

    >>> w = humidity_ratio(25.0, 0.5)
    >>> round(float((1 + w) / air_density_kg_m3(25.0, w)), 3)
    0.858
    """
    volume_m3_kg = 287.042 * (dry_bulb_c + ZERO_C_K) * (1.0 + 1.607858 * ratio) / pressure_pa
    return (1.0 + ratio) / volume_m3_kg
