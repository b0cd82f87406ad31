"""The sound a remote speaker hears: the programme without their own voice."""

import asyncio
from collections import deque
from fractions import Fraction

import av
import numpy as np
from aiortc import MediaStreamTrack
from aiortc.mediastreams import MediaStreamError

from media.sources.sound_buffer import RATE, Sound

MOST_WAITING = 5
"""Blocks of 20 ms; the oldest gives way."""


class ReturnTrack(MediaStreamTrack):
    """Fed by the mixer, one block of 20 ms at a time, on the event loop's thread."""

    kind = "audio"

    def __init__(self) -> None:
        super().__init__()
        self._blocks: deque[Sound] = deque(maxlen=MOST_WAITING)
        self._filled = asyncio.Event()
        self._position = 0

    def offer(self, sound: Sound) -> None:
        """Hand over float32 of shape (960, 2). Never blocks."""
        self._blocks.append(sound)
        self._filled.set()

    def clear(self) -> None:
        """Forget what waits."""
        self._blocks.clear()

    def stop(self) -> None:
        """End; who waits in ``recv`` is let go."""
        super().stop()
        self._filled.set()

    async def recv(self) -> av.AudioFrame:
        """The next block, 16 bit, 48 kHz, stereo. Raises ``MediaStreamError`` after the end."""
        while not self._blocks and self.readyState == "live":
            self._filled.clear()
            await self._filled.wait()
        if self.readyState != "live":
            raise MediaStreamError
        sound = self._blocks.popleft()
        samples = np.clip(sound * 32767.0, -32768, 32767).astype(np.int16).reshape(1, -1)
        frame = av.AudioFrame.from_ndarray(samples, "s16", "stereo")
        frame.sample_rate = RATE
        frame.pts = self._position
        frame.time_base = Fraction(1, RATE)
        self._position += len(sound)
        return frame
