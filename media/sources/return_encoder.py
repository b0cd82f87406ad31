"""What a speaker hears, as Opus: one channel at 64 kbit/s, which costs a third of what two would."""

from fractions import Fraction
from typing import TYPE_CHECKING

import av
import numpy as np
from av.audio.codeccontext import AudioCodecContext

from media.sources.sound import RATE, Sound

if TYPE_CHECKING:
    from av.packet import Packet
    from av.stream import Stream

BITS = 64_000
TIME_BASE = Fraction(1, RATE)
# lowdelay: transform coding only, with 2.5 ms of look-ahead, not 6.5; enough for speech.
_OPTIONS = {"application": "lowdelay", "frame_duration": "20", "compression_level": "3"}


class ReturnEncoder:
    """Blocks of 20 ms become packets, one each (RFC 7587)."""

    def __init__(self) -> None:
        context = AudioCodecContext.create("libopus", "w")
        context.sample_rate, context.format, context.layout = RATE, "flt", "mono"
        context.bit_rate, context.time_base, context.options = BITS, TIME_BASE, _OPTIONS
        self._context = context

    def encode(self, sound: Sound, position: int) -> "Packet[Stream]":
        """960 samples, shape (960, 2), that begin at ``position``.

        Raises ``av.error.FFmpegError``, and ``ValueError`` for a block of another length.
        """
        samples = np.ascontiguousarray((sound[:, 0] + sound[:, 1]) * np.float32(0.5)).reshape(1, -1)
        frame = av.AudioFrame.from_ndarray(samples, "flt", "mono")
        frame.sample_rate, frame.pts, frame.time_base = RATE, position, TIME_BASE
        packets = self._context.encode(frame)
        if len(packets) != 1:
            raise ValueError(f"{len(sound)} samples became {len(packets)} packets")
        # The encoder counts its look-ahead in.
        packets[0].pts, packets[0].time_base = position, TIME_BASE
        return packets[0]
