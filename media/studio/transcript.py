"""Lines on their way from the captioner to the next tick."""

from collections import deque

from media.control.command import Refused
from media.gate.gate import PublicCaption, PublicGate
from media.gate.moment import Tick
from media.gate.words import Words

MOST_WAITING = 20
"""A tick takes all that wait: more come only while there are no ticks."""


class Transcript:
    """``say`` on the event loop's thread, ``pass_on`` in the ticker's."""

    def __init__(self, gate: PublicGate) -> None:
        self._gate = gate
        self._waiting: deque[Words] = deque()

    def say(self, text: str, seconds: float | None, said_ms: int) -> None:
        """Raises ``Refused``: ``not_public``, ``too_soon`` or ``too_many``; then nobody ever gets it."""
        words = self._gate.take_words(text, seconds, said_ms)
        if len(self._waiting) >= MOST_WAITING:
            raise Refused("too_many", "The programme takes no more lines now: this one was thrown away.")
        self._waiting.append(words)

    def pass_on(self, tick: Tick) -> tuple[PublicCaption, ...]:
        """All that came since the tick before, as far as the gate lets it. The rest is gone."""
        passed = []
        for _ in range(len(self._waiting)):
            caption = self._gate.pass_words(tick, self._waiting.popleft())
            if caption is not None:
                passed.append(caption)
        return tuple(passed)
