"""A clock for tests of what depends on time."""


class HandClock:
    """Goes on when told to. Implements ``media.clock.Clock``."""

    def __init__(self) -> None:
        self.now = 1000.0

    def wall(self) -> float:
        return self.now

    def monotonic(self) -> float:
        return self.now
