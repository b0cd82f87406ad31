"""What is wrong with a sound: silence, clipping, one channel only. Time is counted in samples."""

from collections import deque
from typing import Literal

import numpy as np

from media.silence import SILENT_DBFS, SILENT_SECONDS
from media.sources.sound import RATE, Sound

SILENT = 10.0 ** (SILENT_DBFS / 10.0)
"""Mean square below which the programme counts as silent."""
BACK = RATE // 5
"""Samples above it that end a silence; a single knock does not."""

FULL_SCALE = 0.999
CLIPPED_BLOCKS = 3
"""Clipped blocks within a second that make an alarm."""
CLIPPING_HOLDS = RATE * 5

MISSING = 10.0 ** (-30.0 / 10.0)
"""A channel so far below the other is not there."""
CARRYING = 10.0 ** (-50.0 / 10.0)
SURE = RATE * 2
"""Samples of speech on one channel only before it is put on both, and on both before that ends."""

Side = Literal["left", "right"]


class SilenceAlarm:
    """Active after a silence while live."""

    def __init__(self) -> None:
        self._quiet = 0
        self._loud = 0

    @property
    def active(self) -> bool:
        """Whether to sound the alarm."""
        return self._quiet >= SILENT_SECONDS * RATE

    def put(self, power: float, samples: int, *, live: bool) -> None:
        """The mean square of the next ``samples`` samples."""
        if not live:
            self._quiet = self._loud = 0
            return
        self._loud = self._loud + samples if power >= SILENT else 0
        self._quiet = 0 if self._loud >= BACK else self._quiet + samples


class ClippingAlarm:
    """Active when a source was recorded too hot upstream, and for five seconds more.

    Three samples in a row at full scale are a clip; one alone is only a peak.
    """

    def __init__(self) -> None:
        self._now = 0
        self._clips: deque[int] = deque(maxlen=CLIPPED_BLOCKS)
        self._until = 0

    @property
    def active(self) -> bool:
        """Whether to sound the alarm."""
        return self._now < self._until

    def put(self, sound: Sound, peak: float = 1.0) -> None:
        """The next block, as it arrives. ``peak``: its highest sample or more, which saves looking."""
        self._now += len(sound)
        if peak < FULL_SCALE:
            return
        hot = np.abs(sound) >= FULL_SCALE
        if not hot.any() or not (hot[2:] & hot[1:-1] & hot[:-2]).any():
            return
        self._clips.append(self._now)
        if len(self._clips) == CLIPPED_BLOCKS and self._now - self._clips[0] < RATE:
            self._until = self._now + CLIPPING_HOLDS


class OneChannel:
    """Finds a source that speaks on one channel only, and puts that channel on both."""

    def __init__(self) -> None:
        self.only: Side | None = None
        """The channel that carries, while it is put on both."""
        self._lonely: Side | None = None
        self._count = 0

    def mend(self, sound: Sound) -> Sound:
        """The next block: as it is, or its one good channel on both. A change is a ramp over the block."""
        before = self.only
        self._judge(sound)
        if before is None and self.only is None:
            return sound
        if before == self.only:
            return _doubled(sound, before)
        ramp = np.linspace(0.0, 1.0, len(sound), dtype=np.float32)[:, None]
        mended: Sound = _doubled(sound, before) * (1 - ramp) + _doubled(sound, self.only) * ramp
        return mended

    def _judge(self, sound: Sound) -> None:
        left, right = (float(np.dot(side, side)) / len(sound) for side in (sound[:, 0], sound[:, 1]))
        louder, fainter = max(left, right), min(left, right)
        if louder < CARRYING:
            return
        lonely: Side | None = None
        if fainter < louder * MISSING:
            lonely = "left" if left > right else "right"
        if lonely != self._lonely:
            self._lonely, self._count = lonely, 0
        self._count += len(sound)
        if self._count >= SURE:
            self.only = lonely


def _doubled(sound: Sound, only: Side | None) -> Sound:
    if only is None:
        return sound
    side = 0 if only == "left" else 1
    return np.repeat(sound[:, side : side + 1], 2, axis=1)
