"""What a packager said last. It says so once a second, and one that hangs says nothing any more."""

from media.clock import Clock
from media.control.recorder import PackagerStatus


class PackagerReports:
    """The newest of them; its newest piece grows older by our clock, since that of a hung process stands."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._last: PackagerStatus | None = None
        self._at = 0.0

    def put(self, status: PackagerStatus) -> None:
        """It said so just now."""
        self._last = status
        self._at = self._clock.monotonic()

    @property
    def silent_seconds(self) -> float:
        """For how long it has said nothing; 0 before it said anything."""
        return 0.0 if self._last is None else self._clock.monotonic() - self._at

    @property
    def status(self) -> PackagerStatus | None:
        """What it would say if it could."""
        if self._last is None or self._last.age_seconds is None:
            return self._last
        age = round(self._last.age_seconds + self.silent_seconds, 1)
        return self._last.model_copy(update={"age_seconds": age})
