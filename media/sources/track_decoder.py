"""Decodes one track of a WebRTC connection and hands in what comes out.

Pictures are decoded in a thread of their own. A packet of sound takes less time than waking a thread would:
it is decoded where it comes in.
"""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from queue import SimpleQueue

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


class TrackDecoder:
    """``take`` is called with each frame and its time of capture: for pictures in a thread, else in ``put``.

    ``damaged``: set when a frame could not be decoded.
    """

    def __init__(
        self, kind: str, take: Callable[[Frame, float | None], None], damaged: threading.Event
    ) -> None:
        self._take = take
        self._damaged = damaged
        self._waiting: SimpleQueue[Encoded | None] = SimpleQueue()
        self._name = ""
        self._astray = False
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
        try:
            self._hand_in(encoded)
        except (av.error.FFmpegError, ValueError) as error:
            # Until the next key frame none can be decoded: one line says it for all of them.
            if not self._astray:
                log.warning("frames_not_taken", codec=encoded.codec.name, error=str(error))
            self._astray = True
            self._damaged.set()

    def _hand_in(self, encoded: Encoded) -> None:
        for frame in self._ready(encoded.codec).decode(encoded.frame):
            at = encoded.at
            if at is not None and frame.pts is not None:
                # An encoder that reorders its pictures gets out another than went in.
                at += (frame.pts - encoded.frame.timestamp) / encoded.codec.clockRate
            self._astray = False
            self._take(frame, at)

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
