"""What sound is inside of the studio."""

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

RATE = 48_000

Sound: TypeAlias = NDArray[np.float32]
"""Shape (samples, 2), full scale ±1."""
