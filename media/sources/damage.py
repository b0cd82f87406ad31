"""When a source arrives with holes, its line on the console says so."""

import threading
from collections import deque

from media.sources.handover import Trouble
from media.sources.intake import Intake

FEW = 3
"""Damaged pieces among ``decoder.TELL_EVERY``, or within ``DAMAGE_SECONDS``, that are worth a sentence."""
DAMAGE_SECONDS = 5.0
DAMAGED = "The feed arrives damaged: parts of it are lost or come too late. Check its network."


class Damage:
    """Tells of a feed that arrives with holes, for as long as it does."""

    def __init__(self, intake: Intake) -> None:
        self._intake = intake
        self._known = 0

    def heard(self, trouble: Trouble) -> None:
        """What the decoder counted so far."""
        lost, self._known = (
            trouble.failures + trouble.skipped - self._known,
            trouble.failures + trouble.skipped,
        )
        if lost >= FEW:
            self._intake.note(DAMAGED, DAMAGE_SECONDS)


class Holes:
    """The same of a track, whose holes are counted one by one. Thread-safe."""

    def __init__(self, intake: Intake) -> None:
        self._intake = intake
        self._lock = threading.Lock()
        self._last: deque[float] = deque(maxlen=FEW)

    def found(self) -> None:
        """Something is missing, or could not be decoded."""
        now = self._intake.clock.monotonic()
        with self._lock:
            self._last.append(now)
            many = len(self._last) == FEW and now - self._last[0] < DAMAGE_SECONDS
        if many:
            self._intake.note(DAMAGED, DAMAGE_SECONDS)
