"""The last group of pictures of each video track, and the bounded queue towards one reader."""

from collections import deque

from media.access_unit import AccessUnit, Track

UNITS_A_SECOND = 2 * 30 + 2 * (50 + 47)
"""Pictures of two renditions at most, the Opus packets and AAC frames of the floor and of one interpreted
language."""


class KeptGroup:
    """Each video track since its last key picture, and all else since the first of these, for a new reader.

    Without pictures it keeps the last few seconds of sound. A group that grows past ``limit`` units (an
    encoder that makes no key pictures) loses the pictures of the track whose key picture is oldest: nobody
    could decode them without their beginning.
    """

    def __init__(self, limit: int = 4 * UNITS_A_SECOND) -> None:
        self._limit = limit
        self._units: deque[AccessUnit] = deque()
        self._headed: set[Track] = set()
        self._session: int | None = None

    def add(self, unit: AccessUnit) -> None:
        """Take a unit in the order of the bus."""
        if unit.session != self._session:
            self._session = unit.session
            self._units.clear()
            self._headed.clear()
        if unit.track.is_video and not unit.key and unit.track not in self._headed:
            return
        self._units.append(unit)
        if unit.track.is_video and unit.key:
            self._begin(unit)
        if len(self._units) > self._limit:
            self._shorten()

    @property
    def units(self) -> tuple[AccessUnit, ...]:
        """Oldest first. The first picture of each track is a key picture."""
        return tuple(self._units)

    @property
    def has_picture(self) -> bool:
        """Whether a reader could show something now."""
        return bool(self._headed)

    def _begin(self, key: AccessUnit) -> None:
        if key.track in self._headed:
            self._units = deque(unit for unit in self._units if unit.track is not key.track or unit is key)
        self._headed.add(key.track)
        while not self._units[0].track.is_video:
            self._units.popleft()

    def _shorten(self) -> None:
        if self._headed:
            oldest = next(unit.track for unit in self._units if unit.track.is_video)
            self._headed.discard(oldest)
            self._units = deque(unit for unit in self._units if unit.track is not oldest)
        while len(self._units) > self._limit:
            self._units.popleft()


class Backlog:
    """Encoded units that wait for one reader.

    Full means the reader is too slow: all that waits is dropped, sound goes on with the newest unit, each
    video track with its next key picture.
    """

    def __init__(self, limit: int = 4 * UNITS_A_SECOND) -> None:
        self._limit = limit
        self._frames: deque[bytes] = deque()
        self._skipped: set[Track] = set()
        self.overflows = 0

    def __len__(self) -> int:
        return len(self._frames)

    def offer(self, unit: AccessUnit, frame: bytes) -> bool:
        """Queue ``frame``, the encoded ``unit``. False when this made the queue overflow."""
        overflow = len(self._frames) >= self._limit
        if overflow:
            self._frames.clear()
            self._skipped = {track for track in Track if track.is_video}
            self.overflows += 1
        if unit.key:
            self._skipped.discard(unit.track)
        elif unit.track in self._skipped:
            return not overflow
        self._frames.append(frame)
        return not overflow

    def take(self) -> bytes:
        """The oldest frame. Raises ``IndexError`` when there is none."""
        return self._frames.popleft()

    def take_together(self, size: int) -> bytes:
        """The oldest frames in one, until they are so many bytes or more."""
        frames: list[bytes] = []
        while self._frames and size > 0:
            frames.append(self.take())
            size -= len(frames[-1])
        return b"".join(frames)

    def clear(self) -> None:
        """Forget all that waits."""
        self._frames.clear()
