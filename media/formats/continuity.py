"""Whether a unit follows the one before it."""

from enum import Enum, auto

from media.access_unit import AccessUnit, Track


class Step(Enum):
    """How a unit relates to the last one of its track."""

    NEXT = auto()
    REPEATED = auto()
    """Seen before: the bus replays its kept group after a reconnection. Leave it out."""
    LOST = auto()
    """Units are missing, or time jumped."""
    SESSION = auto()
    """The first unit of another studio session."""


class Continuity:
    """Watches the sequence numbers and the time of each track."""

    def __init__(self, jump_seconds: float = 0.5) -> None:
        self._jump = jump_seconds
        self._session: int | None = None
        self._last: dict[Track, AccessUnit] = {}

    def step(self, unit: AccessUnit) -> Step:
        """Judge a unit and remember it. The very first unit begins a session."""
        if unit.session != self._session:
            self._session = unit.session
            self._last = {unit.track: unit}
            return Step.SESSION
        last = self._last.get(unit.track)
        if last is not None and (unit.sequence <= last.sequence or unit.pts <= last.pts):
            return Step.REPEATED
        self._last[unit.track] = unit
        if last is None:
            return Step.NEXT
        late = unit.pts - last.pts - last.duration
        if unit.sequence != last.sequence + 1 or late > self._jump * unit.track.clock_rate:
            return Step.LOST
        return Step.NEXT
