"""Formulas that are true in any building: NumPy arrays or floats in, the same out."""

from __future__ import annotations

from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

FloatArray: TypeAlias = NDArray[np.float64]
# A float or an array of floats. NumPy's broadcasting decides which comes out, and no type but Any says so without a
# cast at every call: a union would forbid indexing the array one has put in.
Values: TypeAlias = Any
