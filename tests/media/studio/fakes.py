"""Deterministic stand-ins for what the outside gives."""


class FakeClock:
    """Time that passes when told to."""

    def __init__(self, wall: float = 1_795_500_000.0) -> None:
        self._wall = wall
        self._monotonic = 100.0

    def wall(self) -> float:
        return self._wall

    def monotonic(self) -> float:
        return self._monotonic

    def advance(self, seconds: float) -> None:
        self._wall += seconds
        self._monotonic += seconds
