"""What is taken first after an opening owes nothing to what was decoded before, judged by what is decoded."""

import threading
from collections.abc import Callable, Sequence
from fractions import Fraction

import av
import numpy as np
from aiortc.jitterbuffer import JitterFrame
from aiortc.rtcrtpparameters import RTCRtpCodecParameters
from av.frame import Frame

from media.programme.picture import blank, planes
from media.sources.intake import TRANSIT_SECONDS, Intake
from media.sources.track_decoder import Encoded, TrackDecoder
from tests.gate import scenery
from tests.gate.marks import Mark, Sound, level, mono
from tests.media.studio.fakes import FakeClock

PRIVATE_HERTZ = 2700
NOTHING_DBFS = -110.0
OPUS = RTCRtpCodecParameters(mimeType="audio/opus", clockRate=48_000, channels=2, payloadType=96)
H264 = RTCRtpCodecParameters(mimeType="video/H264", clockRate=90_000, payloadType=97)


class Listener(Intake):
    """Keeps what was taken."""

    def __init__(self, clock: FakeClock) -> None:
        super().__init__("chamber", "whip", "Chamber", clock)
        self.taken: list[Frame] = []
        self.came = threading.Semaphore(0)

    def take(self, frame: object, at: float | None) -> bool:
        taken = super().take(frame, at)
        if taken:
            assert isinstance(frame, Frame)
            self.taken.append(frame)
        self.came.release()
        return taken


class Line:
    """Encoded frames on their way into a decoder, on a clock that is driven."""

    def __init__(self, kind: str, codec: RTCRtpCodecParameters) -> None:
        self.clock = FakeClock()
        self.intake = Listener(self.clock)
        self.damaged = threading.Event()
        self.decoder = TrackDecoder(kind, self.intake, self.damaged)
        self._codec = codec
        self._number = 0

    def send(self, frames: Sequence[bytes], seconds: float) -> None:
        for data in frames:
            self.clock.advance(seconds)
            self._number += 1
            stamp = round(self._number * seconds * self._codec.clockRate)
            self.decoder.put(Encoded(self._codec, JitterFrame(data, stamp), self.clock.monotonic()))

    def open(self) -> None:
        """The public are let in, and nothing comes until everything that was on its way would have come."""
        self.intake.flush()
        self.decoder.forget()
        self.clock.advance(TRANSIT_SECONDS["whip"] + 0.1)


def heard(before_opening: Callable[[Line], None]) -> Sound:
    """What is taken of the room's tone after a private session, in a line that was silent in between."""
    line = Line("audio", OPUS)
    line.send(scenery.tone(Mark.PRIVATE)[:20], 0.02)
    before_opening(line)
    line.intake.taken.clear()
    line.send(scenery.tone(Mark.ROOM)[:20], 0.02)
    return np.concatenate([mono(frame) for frame in line.intake.taken if isinstance(frame, av.AudioFrame)])


def private_level(sound: Sound) -> float:
    """The loudest 20 ms of the private tone."""
    return max(level(sound[at : at + 960], PRIVATE_HERTZ) for at in range(0, 1920, 48))


def test_a_decoder_that_goes_on_rings_with_what_was_before() -> None:
    sound = heard(lambda line: line.clock.advance(1.0))
    assert private_level(sound) > -60, "then there would be nothing to forget"


def test_nothing_of_a_private_session_rings_in_the_first_public_sound() -> None:
    sound = heard(Line.open)
    assert len(sound) >= 19 * 960
    assert level(sound[-960:], 1000) > -20
    quiet = heard_alone()
    assert private_level(sound) <= private_level(quiet) + 1, "more than the room's own click at its beginning"


def heard_alone() -> Sound:
    """The room's tone with nothing before it."""
    line = Line("audio", OPUS)
    line.send(scenery.tone(Mark.ROOM)[:20], 0.02)
    return np.concatenate([mono(frame) for frame in line.intake.taken if isinstance(frame, av.AudioFrame)])


def film(lumas: Sequence[int]) -> list[bytes]:
    """One key picture, then pictures that say what changed."""
    context = av.CodecContext.create("libx264", "w")
    context.width, context.height, context.pix_fmt = 64, 64, "yuv420p"
    context.time_base, context.framerate = Fraction(1, 25), Fraction(25)
    context.options = {
        "preset": "ultrafast",
        "tune": "zerolatency",
        "x264-params": "keyint=1000:scenecut=0:threads=1",
    }
    packets = []
    for number, luma in enumerate(lumas):
        frame = blank(64, 64, (luma, 128, 128))
        frame.pts = number
        packets += [bytes(packet) for packet in context.encode(frame)]
    assert len(packets) == len(lumas)
    return packets


def test_pictures_begin_again_with_a_key_picture() -> None:
    line = Line("video", H264)
    private, public = film([200] * 10), film([60] * 10)
    line.send(private, 0.04)
    for _ in private:
        assert line.intake.came.acquire(timeout=10)
    line.open()
    line.intake.taken.clear()
    # The line lost the key picture: what comes refers to pictures of the private session.
    line.send(public[1:5], 0.04)
    assert line.damaged.wait(10), "nobody asked for a key picture"
    line.send(film([90] * 5), 0.04)
    for _ in range(5):
        assert line.intake.came.acquire(timeout=10)
    line.decoder.stop()
    lumas = [int(planes(frame)[0].mean()) for frame in line.intake.taken if isinstance(frame, av.VideoFrame)]
    assert lumas == [90] * 5
