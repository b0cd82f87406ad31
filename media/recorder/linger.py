"""How long a media process goes on when nobody seems to need it."""

from media.clock import Clock


class Linger:
    """Over after ``seconds`` with neither a hub nor units. 0: never."""

    def __init__(self, seconds: float, clock: Clock) -> None:
        self._seconds = seconds
        self._clock = clock
        self._hub = self._unit = clock.monotonic()

    def saw_hub(self) -> None:
        """A hub is connected now."""
        self._hub = self._clock.monotonic()

    def saw_unit(self) -> None:
        """A unit came now."""
        self._unit = self._clock.monotonic()

    @property
    def quiet_seconds(self) -> float:
        """Seconds since the last unit, or since the start."""
        return self._clock.monotonic() - self._unit

    @property
    def over(self) -> bool:
        """Whether to give up."""
        return 0 < self._seconds < self._clock.monotonic() - max(self._hub, self._unit)
