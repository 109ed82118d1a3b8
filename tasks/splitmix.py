"""SplitMix64 (Steele, Lea and Flood 2014): 64-bit numbers spread so that sums, minima and ranks of them look random."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

STEP = np.uint64(0x9E3779B97F4A7C15)  # what it counts in; an odd number near the golden ratio of 2^64


def finalised(values: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Each value spread over all bits; no two values give the same."""
    values = (values ^ (values >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    values = (values ^ (values >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return values ^ (values >> np.uint64(31))
