"""Time stamps that go on evenly, whatever an encoder's clock does."""

from dataclasses import dataclass

AHEAD, BEHIND = 10_000, 3_000
"""Milliseconds by which a stamp may be off the one before: pauses and interleaved tracks."""
GAP = 40
"""Milliseconds between the last stamp before a jump and the first after it."""
_WRAP = 1 << 32


@dataclass(slots=True)
class _Stretch:
    """From one jump to the next."""

    shift: int
    last: int

    def near(self, stamp: int) -> bool:
        return -BEHIND <= _difference(stamp, self.last) <= AHEAD


class Timeline:
    """Takes the 32-bit stamps of all tracks of one encoder, in milliseconds.

    ffmpeg would correct each stamp after a jump backwards to a millisecond after the one before, for hours.
    """

    def __init__(self) -> None:
        self._now: _Stretch | None = None
        self._before: _Stretch | None = None
        self._newest: int | None = None

    def place(self, stamp: int) -> int:
        """The stamp to pass on. A track that jumps a little later than the other is still where it was."""
        stretch = self._find(stamp)
        if stretch is None:
            shift = 0 if self._newest is None else _difference(self._newest + GAP, stamp)
            stretch = _Stretch(shift, stamp)
            self._before, self._now = self._now, stretch
        if _difference(stamp, stretch.last) > 0:
            stretch.last = stamp
        placed = (stamp + stretch.shift) % _WRAP
        if self._newest is None or _difference(placed, self._newest) > 0:
            self._newest = placed
        return placed

    def _find(self, stamp: int) -> _Stretch | None:
        for stretch in (self._now, self._before):
            if stretch is not None and stretch.near(stamp):
                return stretch
        return None


def _difference(a: int, b: int) -> int:
    """How much later ``a`` is than ``b``, through a wrap."""
    return (a - b + _WRAP // 2) % _WRAP - _WRAP // 2
