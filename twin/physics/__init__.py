"""Formulas that are true in any building: NumPy arrays or floats in, the same out."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
Values = float | FloatArray
