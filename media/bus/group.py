"""The last group of pictures, and the bounded queue towards one reader."""

from collections import deque

from media.access_unit import AccessUnit, Track

UNITS_A_SECOND = 25 + 2 * (50 + 47)
"""Pictures, and the Opus packets and AAC frames of the floor and of one interpreted language."""


class KeptGroup:
    """All units of all tracks since the last key picture, for a reader that comes now.

    Without pictures it keeps the last few seconds of sound. A group that grows past ``limit`` units (an
    encoder that makes no key pictures) loses its pictures: nobody could decode them without their beginning.
    """

    def __init__(self, limit: int = 4 * UNITS_A_SECOND) -> None:
        self._limit = limit
        self._units: deque[AccessUnit] = deque()
        self._headless = True
        self._session: int | None = None

    def add(self, unit: AccessUnit) -> None:
        """Take a unit in the order of the bus."""
        if unit.session != self._session:
            self._session = unit.session
            self._restart()
        if is_picture(unit):
            if unit.key:
                self._restart()
                self._headless = False
            elif self._headless:
                return
        self._units.append(unit)
        if len(self._units) > self._limit:
            self._shorten()

    @property
    def units(self) -> tuple[AccessUnit, ...]:
        """Oldest first. The first picture among them is a key picture."""
        return tuple(self._units)

    @property
    def has_picture(self) -> bool:
        """Whether a reader could show something now."""
        return not self._headless

    def _restart(self) -> None:
        self._units.clear()
        self._headless = True

    def _shorten(self) -> None:
        if not self._headless:
            self._headless = True
            self._units = deque(unit for unit in self._units if not is_picture(unit))
        while len(self._units) > self._limit:
            self._units.popleft()


class Backlog:
    """Encoded units that wait for one reader.

    Full means the reader is too slow: all that waits is dropped, sound goes on with the newest unit, pictures
    with the next key picture.
    """

    def __init__(self, limit: int = 4 * UNITS_A_SECOND) -> None:
        self._limit = limit
        self._frames: deque[bytes] = deque()
        self._skipping = False
        self.overflows = 0

    def __len__(self) -> int:
        return len(self._frames)

    def offer(self, unit: AccessUnit, frame: bytes) -> bool:
        """Queue ``frame``, the encoded ``unit``. False when this made the queue overflow."""
        overflow = len(self._frames) >= self._limit
        if overflow:
            self._frames.clear()
            self._skipping = True
            self.overflows += 1
        if is_picture(unit):
            if unit.key:
                self._skipping = False
            elif self._skipping:
                return not overflow
        self._frames.append(frame)
        return not overflow

    def take(self) -> bytes:
        """The oldest frame. Raises ``IndexError`` when there is none."""
        return self._frames.popleft()

    def clear(self) -> None:
        """Forget all that waits."""
        self._frames.clear()


def is_picture(unit: AccessUnit) -> bool:
    """Whether the unit belongs to a video track, of any rendition."""
    return unit.track is Track.VIDEO_720 or unit.track.value.startswith("video")
