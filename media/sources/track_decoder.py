"""Decodes one track of a WebRTC connection and hands in what comes out.

Pictures are decoded in a thread of their own. A packet of sound takes less time than waking a thread would:
it is decoded where it comes in.

A decoder remembers: what it decodes next is made from what it decoded before. So whatever comes first after
an opening is decoded by a fresh one, or the end of a private session would ring in it, or show where a
packet was lost.
"""

import threading
from dataclasses import dataclass
from queue import SimpleQueue
from typing import Protocol

import av
import structlog
from aiortc.codecs import get_decoder
from aiortc.codecs.base import Decoder
from aiortc.jitterbuffer import JitterFrame
from aiortc.rtcrtpparameters import RTCRtpCodecParameters
from av.frame import Frame

log = structlog.get_logger(__name__)

MOST_WAITING = 100
"""Encoded frames; what comes then is lost."""


@dataclass(frozen=True, slots=True)
class Encoded:
    """One encoded frame. ``at``: when it was captured, monotonic seconds, if that is known."""

    codec: RTCRtpCodecParameters
    frame: JitterFrame
    at: float | None


class Taker(Protocol):
    """Where decoded frames go."""

    def hears(self, at: float | None) -> bool:
        """Whether something captured ``at`` would be taken now."""

    def take(self, frame: Frame, at: float | None) -> bool:
        """Hand in a frame with its time of capture, if that is known. Whether it was taken."""


class TrackDecoder:
    """Frames go to ``taker``: pictures in a thread, sound in ``put``.

    ``damaged``: set when a frame could not be decoded.
    """

    def __init__(self, kind: str, taker: Taker, damaged: threading.Event) -> None:
        self._taker = taker
        self._damaged = damaged
        self._waiting: SimpleQueue[Encoded | None] = SimpleQueue()
        self._name = ""
        self._astray = False
        self._openings = self._openings_heard = 0
        self._decoder: Decoder | None = None
        self._thread: threading.Thread | None = None
        if kind == "video":
            self._thread = threading.Thread(target=self._run, name="video-decoder", daemon=True)
            self._thread.start()

    def put(self, encoded: Encoded) -> None:
        """Never waits."""
        if self._thread is None:
            self._decode(encoded)
        elif self._waiting.qsize() < MOST_WAITING:
            self._waiting.put(encoded)

    def forget(self) -> None:
        """The next frame that is taken must owe nothing to any before it. From any thread."""
        self._openings += 1

    def stop(self) -> None:
        """End the thread and let go of the decoder. Blocks until what it decodes at the moment is done."""
        if self._thread is not None:
            self._waiting.put(None)
            self._thread.join()
        self._decoder = None

    def _run(self) -> None:
        while (encoded := self._waiting.get()) is not None:
            self._decode(encoded)

    def _decode(self, encoded: Encoded) -> None:
        openings = self._openings
        if openings != self._openings_heard and self._taker.hears(encoded.at):
            # Pictures begin again with a key picture: without one before them the others cannot be decoded.
            self._decoder = None
        try:
            if self._hand_in(encoded):
                self._openings_heard = openings
        except (av.error.FFmpegError, ValueError) as error:
            # Until the next key frame none can be decoded: one line says it for all of them.
            if not self._astray:
                log.warning("frames_not_taken", codec=encoded.codec.name, error=str(error))
            self._astray = True
            self._damaged.set()

    def _hand_in(self, encoded: Encoded) -> bool:
        taken = False
        for frame in self._ready(encoded.codec).decode(encoded.frame):
            at = encoded.at
            if at is not None and frame.pts is not None:
                # An encoder that reorders its pictures gets out another than went in.
                at += (frame.pts - encoded.frame.timestamp) / encoded.codec.clockRate
            self._astray = False
            taken = self._taker.take(frame, at) or taken
        return taken

    def _ready(self, codec: RTCRtpCodecParameters) -> Decoder:
        if self._decoder is None or codec.name != self._name:
            self._decoder, self._name = get_decoder(codec), codec.name
            context = getattr(self._decoder, "codec", None)
            if isinstance(context, av.CodecContext):
                # Without this FFmpeg keeps a thread for every core, for pictures of one slice.
                context.thread_count = 1
                # libopus has both; this is what the mixer takes.
                context.options = {"request_sample_fmt": "flt"} if codec.name == "opus" else {}
        return self._decoder
