"""A source's pictures, each shown when its moment has come."""

from collections import deque

import av

from media.sources.playhead import TICK

MOST_PICTURES = 30
"""The oldest give way: what comes late is worth less than what comes new."""
HOLD_SECONDS = 0.5
"""How long the last picture stands in for the next."""
STEADY = 0.006
"""Seconds that a picture's moment may be off before the rhythm of the last ones is broken for it."""


class PictureQueue:
    """Not thread-safe: its owner holds a lock. Times are in seconds, of capture."""

    def __init__(self) -> None:
        self._waiting: deque[tuple[float, av.VideoFrame]] = deque(maxlen=MOST_PICTURES)
        self._shown: tuple[float, av.VideoFrame] | None = None
        self._turned = 0.0

    @property
    def newest(self) -> av.VideoFrame | None:
        """The picture that came last."""
        if self._waiting:
            return self._waiting[-1][1]
        return self._shown[1] if self._shown else None

    def put(self, frame: av.VideoFrame, at: float) -> None:
        """Add a picture captured at ``at``. What was to be shown at or after that gives way to it."""
        while self._waiting and self._waiting[-1][0] >= at:
            self._waiting.pop()
        self._waiting.append((at, frame))

    def at(self, position: float) -> av.VideoFrame | None:
        """The picture of a tick that begins at ``position``: the one captured nearest to its beginning.

        Asked in ascending order. With one picture a tick, one follows the other even where their moments
        waver about the middle between two ticks.
        """
        begun = 0.75 * TICK < position - self._turned < 1.5 * TICK
        while self._waiting:
            ahead = self._waiting[0][0] - position
            if ahead > TICK / 2 + (STEADY if begun else -STEADY):
                break
            self._shown = self._waiting.popleft()
            self._turned, begun = position, False
        if self._shown is None or abs(position - self._shown[0]) > HOLD_SECONDS:
            return None
        return self._shown[1]

    def clear(self) -> None:
        """Forget everything."""
        self._waiting.clear()
        self._shown = None
