"""The sound a remote speaker hears: the programme without their own voice."""

import asyncio
from collections import deque
from fractions import Fraction
from typing import TYPE_CHECKING

import av
import numpy as np
from aiortc import MediaStreamTrack
from aiortc.mediastreams import MediaStreamError

from media.sources.return_encoder import ReturnEncoder
from media.sources.sound_buffer import RATE, Sound

if TYPE_CHECKING:
    from av.packet import Packet
    from av.stream import Stream

MOST_WAITING = 5
"""Blocks of 20 ms; the oldest gives way."""


class ReturnTrack(MediaStreamTrack):
    """Fed by the mixer, one block of 20 ms at a time, on the event loop's thread."""

    kind = "audio"

    def __init__(self, *, encoded: bool = False) -> None:
        """``encoded``: give Opus packets, which aiortc sends as they are, in place of samples."""
        super().__init__()
        self._encoded = encoded
        self._encoder: ReturnEncoder | None = None
        self._blocks: deque[Sound] = deque(maxlen=MOST_WAITING)
        self._filled = asyncio.Event()
        self._position = 0

    def offer(self, sound: Sound) -> None:
        """Hand over float32 of shape (960, 2). Never blocks."""
        self._blocks.append(sound)
        self._filled.set()

    def clear(self) -> None:
        """Forget what waits, and what an encoder keeps of what was."""
        self._blocks.clear()
        self._encoder = None

    def stop(self) -> None:
        """End; who waits in ``recv`` is let go, and so are the encoder's threads."""
        super().stop()
        self.clear()
        self._filled.set()

    async def recv(self) -> "av.AudioFrame | Packet[Stream]":
        """The next block. Raises ``MediaStreamError`` after the end."""
        while not self._blocks and self.readyState == "live":
            self._filled.clear()
            await self._filled.wait()
        if self.readyState != "live":
            raise MediaStreamError
        sound = self._blocks.popleft()
        position, self._position = self._position, self._position + len(sound)
        if not self._encoded:
            return _frame(sound, position)
        self._encoder = self._encoder or ReturnEncoder()
        return self._encoder.encode(sound, position)


def _frame(sound: Sound, position: int) -> av.AudioFrame:
    """16 bit, 48 kHz, stereo: what aiortc's encoders take."""
    samples = np.clip(sound * 32767.0, -32768, 32767).astype(np.int16).reshape(1, -1)
    frame = av.AudioFrame.from_ndarray(samples, "s16", "stereo")
    frame.sample_rate = RATE
    frame.pts = position
    frame.time_base = Fraction(1, RATE)
    return frame
