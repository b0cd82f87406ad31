"""Decodes one track of a WebRTC connection and hands in what comes out.

Pictures are decoded in a process of their own, which takes its source down when it crashes and not the
studio. A packet of sound takes less time than waking a thread would: it is decoded where it comes in.
"""

import math
import threading
from dataclasses import dataclass
from functools import partial
from typing import Protocol

import av
import structlog
from aiortc.codecs import get_decoder
from aiortc.codecs.base import Decoder as CodecDecoder
from aiortc.jitterbuffer import JitterFrame
from aiortc.rtcrtpparameters import RTCRtpCodecParameters

from media.sources.damage import Holes
from media.sources.decoding import Decoder, known
from media.sources.generations import Generations
from media.sources.handover import PictureAt, Trouble
from media.sources.intake import Intake
from media.sources.mailbox import CODECS, Mailbox, Unit
from media.sources.spare import SpareDecoder

log = structlog.get_logger(__name__)

MOST_CRASHES = 5
"""Of the decoder of one connection's pictures; then they themselves are the cause."""
ASK_SECONDS = 0.2
"""Between two requests for a key picture: the first may be on its way."""
CRASH_SECONDS = 5.0
"""For which the console is told of a crash."""


@dataclass(frozen=True, slots=True)
class Encoded:
    """One encoded frame. ``at``: when it was captured, monotonic seconds, if that is known.

    ``gap``: something is missing before it.
    """

    codec: RTCRtpCodecParameters
    frame: JitterFrame
    at: float | None
    gap: bool = False


class TrackDecoder(Protocol):
    """What hands in one track."""

    def put(self, encoded: Encoded) -> None:
        """Never waits."""

    def forget(self) -> None:
        """The next frame that is taken must owe nothing to any before it. From any thread."""

    def stop(self) -> None:
        """Let go of everything. May block for what is decoded at the moment."""


class SoundDecoder:
    """Hands in sound from within ``put``. ``damaged``: set when a packet could not be decoded."""

    def __init__(self, intake: Intake, damaged: threading.Event) -> None:
        self._intake = intake
        self._damaged = damaged
        self._name = ""
        self._astray = False
        self._openings = self._openings_heard = 0
        self._decoder: CodecDecoder | None = None

    def put(self, encoded: Encoded) -> None:
        """A decoder remembers: whatever comes first after an opening is decoded by a fresh one."""
        openings = self._openings
        if openings != self._openings_heard and self._intake.hears(encoded.at):
            self._decoder = None
        try:
            if self._hand_in(encoded):
                self._openings_heard = openings
        except (av.error.FFmpegError, ValueError) as error:
            # One line says it for all until the next that is good.
            if not self._astray:
                log.warning("frames_not_taken", codec=encoded.codec.name, error=str(error))
            self._astray = True
            self._damaged.set()

    def forget(self) -> None:
        """As of a ``TrackDecoder``."""
        self._openings += 1

    def stop(self) -> None:
        """Let go of the decoder."""
        self._decoder = None

    def _hand_in(self, encoded: Encoded) -> bool:
        taken = False
        for frame in self._ready(encoded.codec).decode(encoded.frame):
            at = encoded.at
            if at is not None and frame.pts is not None:
                at += (frame.pts - encoded.frame.timestamp) / encoded.codec.clockRate
            self._astray = False
            taken = self._intake.take(frame, at) or taken
        return taken

    def _ready(self, codec: RTCRtpCodecParameters) -> CodecDecoder:
        if self._decoder is None or codec.name != self._name:
            self._decoder, self._name = get_decoder(codec), codec.name
            context = getattr(self._decoder, "codec", None)
            if isinstance(context, av.CodecContext):
                # libopus has both; this is what the mixer takes.
                context.options = {"request_sample_fmt": "flt"} if codec.name == "opus" else {}
        return self._decoder


class PictureDecoder:
    """Owns a decoder process and the thread that takes pictures from it; a dead one is replaced.

    ``damaged``: set when the other side is to be asked for a key picture.
    """

    def __init__(self, intake: Intake, damaged: threading.Event, spare: SpareDecoder) -> None:
        self._intake = intake
        self._damaged = damaged
        self._spare = spare
        self._generations = Generations()
        self._holes = Holes(intake)
        self._failures = 0
        self._lock = threading.Lock()
        self._mailbox: Mailbox | None = None
        self._decoder: Decoder | None = None
        self._stopped = False
        self._over = False
        """Nothing is decoded any more: nobody need be asked for a key picture."""
        self._lost = False
        self._asked = -math.inf
        self._thread = threading.Thread(target=self._run, name="video-decoder", daemon=True)
        self._thread.start()

    @property
    def pid(self) -> int | None:
        """The process's id; ``None`` while there is none."""
        with self._lock:
            return None if self._decoder is None else self._decoder.pid

    def put(self, encoded: Encoded) -> None:
        """What does not fit in any more is lost, and with it what follows until the next key picture."""
        gap, self._lost = encoded.gap or self._lost, False
        if encoded.gap:
            self._holes.found()
        generation = self._generations.of_next(partial(self._intake.hears, encoded.at), gap=gap)
        if not self._send(encoded, generation) and not self._over:
            self._lost = True
            self._ask()

    def forget(self) -> None:
        """As of a ``TrackDecoder``."""
        self._generations.opened()

    def stop(self) -> None:
        """End the process and the thread. Blocks for a moment."""
        with self._lock:
            self._stopped = True
            if self._decoder is not None:
                self._decoder.kill()
        self._thread.join()

    def _send(self, encoded: Encoded, generation: int) -> bool:
        codec = next((codec for codec in CODECS if codec == encoded.codec.name), None)
        with self._lock:
            if self._decoder is None or self._mailbox is None or codec is None:
                return False
            data = encoded.frame.data
            slot = self._mailbox.put(data)
            due = math.nan if encoded.at is None else encoded.at
            return slot is not None and self._decoder.send(
                Unit(slot, len(data), codec, generation, encoded.frame.timestamp, due)
            )

    def _run(self) -> None:
        self._spare.enter()
        try:
            self._decode()
        except OSError as error:
            log.error("decoder_not_started", source=self._intake.name, error=str(error))
            self._intake.note("The studio could not start a decoder for this picture.", math.inf)
        finally:
            self._over = True
            self._spare.leave()

    def _decode(self) -> None:
        for crashes in range(1, MOST_CRASHES + 1):
            decoder = self._begin()
            try:
                ending = decoder.run(self._intake, self._troubled, self._came)
            finally:
                self._end()
            if ending.how == "killed":
                return
            log.error("picture_decoder_ended", source=self._intake.name, how=ending.how, crashes=crashes)
            self._intake.note(ending.sentence, CRASH_SECONDS)
        sentence = f"The decoder of this picture crashed {MOST_CRASHES} times: it is not taken any more."
        self._intake.note(sentence, math.inf)

    def _begin(self) -> Decoder:
        """Raises ``OSError``."""
        mailbox = Mailbox.create()
        try:
            decoder = Decoder("track", mailbox.fd, b"", 0.0, self._spare)
        except OSError:
            mailbox.close()
            raise
        with self._lock:
            self._mailbox, self._decoder, self._failures = mailbox, decoder, 0
            if self._stopped:
                decoder.kill()
        self._spare.prepare()
        return decoder

    def _end(self) -> None:
        with self._lock:
            mailbox, self._mailbox, self._decoder = self._mailbox, None, None
        if mailbox is not None:
            mailbox.close()

    def _came(self, frame: av.VideoFrame, message: PictureAt) -> None:
        if not self._generations.admits(message.generation):
            self._intake.passed_over()
            return
        self._generations.taken(message.generation, self._intake.take(frame, known(message.due)))

    def _troubled(self, trouble: Trouble) -> None:
        if trouble.failures > self._failures:
            self._holes.found()
        self._failures = trouble.failures
        self._ask()

    def _ask(self) -> None:
        now = self._intake.clock.monotonic()
        if now - self._asked >= ASK_SECONDS:
            self._asked = now
            self._damaged.set()
