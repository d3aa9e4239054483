"""Colour scales for temperature and utilisation: lookup tables mixed in OKLab, one colour per value everywhere."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from PySide6.QtGui import QColor

N_ENTRIES = 601

# Linear sRGB to cone response and cone response to OKLab. Source: B. Ottosson, "A perceptual color space for image
# processing", 2020.
_RGB_TO_LMS = np.array(
    [
        [0.4122214708, 0.5363325363, 0.0514459929],
        [0.2119034982, 0.6806995451, 0.1073969566],
        [0.0883024619, 0.2817188376, 0.6299787005],
    ]
)
_LMS_TO_LAB = np.array(
    [
        [0.2104542553, 0.7936177850, -0.0040720468],
        [1.9779984951, -2.4285922050, 0.4505937099],
        [0.0259040371, 0.7827717662, -0.8086757660],
    ]
)

Floats = npt.NDArray[np.float64]
Bytes = npt.NDArray[np.uint8]


def oklab_of_srgb(srgb: npt.ArrayLike) -> Floats:
    """OKLab coordinates, shape (..., 3), of sRGB values 0 to 1, shape (..., 3)."""
    rgb = np.asarray(srgb, dtype=np.float64)
    linear = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
    return np.asarray(np.cbrt(linear @ _RGB_TO_LMS.T) @ _LMS_TO_LAB.T)


def srgb_of_oklab(lab: npt.ArrayLike) -> Floats:
    """SRGB values clipped to 0 to 1, shape (..., 3), of OKLab coordinates, shape (..., 3)."""
    lms = (np.asarray(lab, dtype=np.float64) @ np.linalg.inv(_LMS_TO_LAB).T) ** 3
    linear = np.clip(lms @ np.linalg.inv(_RGB_TO_LMS).T, 0.0, 1.0)
    return np.where(linear <= 0.0031308, linear * 12.92, 1.055 * linear ** (1 / 2.4) - 0.055)


def lookup_table(stops_at: Sequence[float], stops: Sequence[QColor]) -> Bytes:
    """RGBA bytes, shape (601, 4), evenly spaced from the first to the last stop, linear in OKLab between stops."""
    lab = oklab_of_srgb([[c.redF(), c.greenF(), c.blueF()] for c in stops])
    at = np.linspace(stops_at[0], stops_at[-1], N_ENTRIES)
    mixed = np.stack([np.interp(at, stops_at, lab[:, i]) for i in range(3)], axis=1)
    rgb = np.rint(srgb_of_oklab(mixed) * 255).astype(np.uint8)
    return np.concatenate([rgb, np.full((N_ENTRIES, 1), 255, np.uint8)], axis=1)


@dataclass(frozen=True)
class Scale:
    """A colour scale: `lut` has shape (601, 4), RGBA bytes, from `low` to `high` in `unit`; outside it clamps."""

    name: str
    unit: str
    low: float
    high: float
    lut: Bytes
    marks: Mapping[str, tuple[float, float]]
    isolines: tuple[float, ...]

    def index(self, values: npt.ArrayLike) -> npt.NDArray[np.intp]:
        """Rows of `lut` for values in the scale's unit, same shape; a value that is not a number gives the lowest."""
        position = (np.asarray(values, dtype=np.float64) - self.low) / (self.high - self.low)
        clamped = np.clip(np.nan_to_num(position, nan=0.0), 0.0, 1.0)
        return np.rint(clamped * (N_ENTRIES - 1)).astype(np.intp)

    def rgba(self, values: npt.ArrayLike) -> Bytes:
        """RGBA bytes, shape values.shape + (4,); a value that is not a number is fully transparent."""
        colours = self.lut[self.index(values)].copy()
        colours[np.isnan(np.asarray(values, dtype=np.float64)), 3] = 0
        return colours

    def color(self, value: float) -> QColor:
        """The colour of one value in the scale's unit."""
        red, green, blue, alpha = (int(v) for v in self.lut[self.index(value)])
        return QColor(red, green, blue, alpha)


def scale_color(scale: Scale, value: float) -> QColor:
    """The colour of one value on a scale, in the scale's unit."""
    return scale.color(value)


def mixed(under: QColor, over: QColor, over_frac: float) -> QColor:
    """An opaque colour that looks like `over` laid on `under` with the given opacity: opaque pens draw far faster."""
    keep = 1.0 - over_frac
    return QColor.fromRgbF(
        under.redF() * keep + over.redF() * over_frac,
        under.greenF() * keep + over.greenF() * over_frac,
        under.blueF() * keep + over.blueF() * over_frac,
    )


def contrast(one: QColor, other: QColor) -> float:
    """Contrast ratio 1 to 21 of two colours. Source: WCAG 2.2, definition of contrast ratio."""
    lums = sorted((_luminance(one), _luminance(other)))
    return (lums[1] + 0.05) / (lums[0] + 0.05)


def _luminance(colour: QColor) -> float:
    rgb = np.array([colour.redF(), colour.greenF(), colour.blueF()])
    linear = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
    return float(linear @ np.array([0.2126, 0.7152, 0.0722]))
