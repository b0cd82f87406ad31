"""The clock is passed in, so that tests can drive it."""

import time
from typing import Protocol


class Clock(Protocol):
    """Wall time for stamping and monotonic time for measuring, both in seconds."""

    def wall(self) -> float:
        """Unix time in seconds."""

    def monotonic(self) -> float:
        """Seconds that never go back."""


class SystemClock:
    """The machine's own clock."""

    def wall(self) -> float:
        return time.time()

    def monotonic(self) -> float:
        return time.monotonic()
