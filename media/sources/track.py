"""The pictures of one WebRTC track, decoded one by one. Runs in the decoder process, never in the studio.

Only what a decoder can vouch for is handed over. After an error, a damaged picture or a gap it begins anew,
without a memory, and shows nothing until a picture comes that needs none: what it would make of the others
are smears.
"""

import math
import socket
from collections.abc import Iterator
from fractions import Fraction
from typing import Protocol, cast

import av
from av.error import FFmpegError
from av.video.codeccontext import VideoCodecContext
from av.video.reformatter import ColorRange

from media.sources.mailbox import UNIT_BYTES, Codec, Mailbox, Unit

CLOCK = Fraction(1, 90_000)
DECODERS: dict[Codec, str] = {"H264": "h264", "VP8": "vp8"}
WIDEST, HIGHEST = 3840, 2160
UNSPECIFIED = 2
"""Of the matrices of ITU-T H.273 table 4."""
DRY = 10
"""Pictures of which a decoder makes nothing before another key picture is asked for."""


class PictureSink(Protocol):
    """Whoever takes what was decoded."""

    def picture(self, frame: av.VideoFrame, shape: float, at: float | None, generation: int) -> None:
        """``shape``: width of a pixel by its height. ``at``: when it was captured, monotonic seconds."""

    def failed(self, *, damaged: bool) -> None:
        """Nothing can be decoded until the next key picture. ``damaged``: although there was one before."""

    def dealt(self) -> None:
        """One more picture was dealt with."""


class DecodedTrack:
    """``play`` blocks until the studio hangs up."""

    def __init__(self, connection: socket.socket, mailbox: Mailbox, sink: PictureSink) -> None:
        self._connection = connection
        self._mailbox = mailbox
        self._sink = sink
        self._codec: Codec | None = None
        self._generation = -1
        self._decoder: VideoCodecContext | None = None
        self._dry = 0
        self._shown = False
        """Whether this decoder made a picture."""

    def play(self) -> None:
        """Decode what comes."""
        while packet := self._connection.recv(UNIT_BYTES):
            unit = Unit.unpack(packet)
            self._take(unit, self._mailbox.take(unit.slot, unit.length))
            self._sink.dealt()

    def _take(self, unit: Unit, data: bytes) -> None:
        if (unit.codec, unit.generation) != (self._codec, self._generation):
            self._codec, self._generation = unit.codec, unit.generation
            self._begin_anew()
        try:
            for frame in self._decode(unit, data):
                self._hand_over(frame, unit)
        except (FFmpegError, ValueError):
            damaged = self._shown
            self._begin_anew()
            self._sink.failed(damaged=damaged)
        if self._dry and self._dry % DRY == 0:
            self._sink.failed(damaged=False)

    def _begin_anew(self) -> None:
        self._decoder, self._dry, self._shown = None, 0, False

    def _decode(self, unit: Unit, data: bytes) -> Iterator[av.VideoFrame]:
        """Raises ``FFmpegError``, ``ValueError`` for what is damaged."""
        if self._decoder is None:
            self._decoder = _decoder(unit.codec)
        packet = av.Packet(data)
        packet.pts, packet.time_base = unit.stamp, CLOCK
        frames = self._decoder.decode(packet)
        self._dry = 0 if frames else self._dry + 1
        for frame in frames:
            if frame.is_corrupt:
                raise ValueError("a picture with holes")
            if frame.width > WIDEST or frame.height > HIGHEST:
                raise ValueError(f"a picture of {frame.width} by {frame.height}")
            yield frame

    def _hand_over(self, frame: av.VideoFrame, unit: Unit) -> None:
        if unit.codec == "VP8":
            # FFmpeg's decoder names a matrix that browsers do not go by.
            frame.colorspace = UNSPECIFIED
            frame.color_range = ColorRange.MPEG
        at = None
        if math.isfinite(unit.due):
            # An encoder that reorders its pictures gets out another than went in.
            at = unit.due + float((frame.pts - unit.stamp) * CLOCK if frame.pts is not None else 0)
        shape = self._decoder.sample_aspect_ratio if self._decoder is not None else None
        self._shown = True
        self._sink.picture(frame, float(shape or 1), at, unit.generation)


def _decoder(codec: Codec) -> VideoCodecContext:
    context = cast("VideoCodecContext", av.CodecContext.create(DECODERS[codec], "r"))
    # Threads would each hold a picture back, or wait for pictures of several slices.
    context.thread_count = 1
    return context
