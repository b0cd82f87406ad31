"""What is taken first after an opening owes nothing to what was decoded before, judged by what is decoded."""

import os
import random
import signal
import threading
from collections.abc import AsyncIterator, Callable, Sequence
from fractions import Fraction
from typing import Self

import av
import numpy as np
import pytest
from aiortc.jitterbuffer import JitterFrame
from aiortc.rtcrtpparameters import RTCRtpCodecParameters
from av.frame import Frame

from media.programme.picture import blank, planes
from media.sources.intake import STALL_SECONDS, TRANSIT_SECONDS, Intake
from media.sources.mailbox import SLOTS
from media.sources.spare import SpareDecoder
from media.sources.track_decoder import MOST_CRASHES, Encoded, PictureDecoder, SoundDecoder, TrackDecoder
from tests.gate import scenery
from tests.gate.marks import Mark, Sound, level, mono
from tests.media.sources.children import decoders, spare_decoders
from tests.media.studio.fakes import FakeClock
from tests.support.waiting import until

PRIVATE_HERTZ = 2700
RATES = {"opus": 48_000, "G722": 8000, "PCMU": 8000, "PCMA": 8000}
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

    decoder: TrackDecoder

    def __init__(self, codec: RTCRtpCodecParameters) -> None:
        self.clock = FakeClock()
        self.intake = Listener(self.clock)
        self.damaged = threading.Event()
        self._codec = codec
        self._number = 0

    @classmethod
    def of_sound(cls) -> Self:
        line = cls(OPUS)
        line.decoder = SoundDecoder(line.intake, line.damaged)
        return line

    def send(self, frames: Sequence[bytes], seconds: float, *, gap: bool = False) -> None:
        for data in frames:
            self.clock.advance(seconds)
            self._number += 1
            stamp = round(self._number * seconds * self._codec.clockRate)
            self.decoder.put(Encoded(self._codec, JitterFrame(data, stamp), self.clock.monotonic(), gap))

    def open(self) -> None:
        """The public are let in, and nothing comes until everything that was on its way would have come."""
        self.intake.flush()
        self.decoder.forget()
        self.clock.advance(TRANSIT_SECONDS["whip"] + 0.1)


def heard(before_opening: Callable[[Line], None]) -> Sound:
    """What is taken of the room's tone after a private session, in a line that was silent in between."""
    line = Line.of_sound()
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
    line = Line.of_sound()
    line.send(scenery.tone(Mark.ROOM)[:20], 0.02)
    return np.concatenate([mono(frame) for frame in line.intake.taken if isinstance(frame, av.AudioFrame)])


@pytest.mark.parametrize("name", RATES)
@pytest.mark.parametrize("seed", range(4))
def test_any_bytes_may_come_as_sound(name: str, seed: int) -> None:
    """It is decoded in the studio itself: nothing but good samples may come of it."""
    chance = random.Random(seed)
    line = Line(RTCRtpCodecParameters(mimeType=f"audio/{name}", clockRate=RATES[name], payloadType=96))
    line.decoder = SoundDecoder(line.intake, line.damaged)
    good = scenery.tone(Mark.ROOM)[:20]
    for _ in range(500):
        packet = bytearray(chance.choice(good))
        match chance.randrange(4):
            case 0:
                packet = bytearray(chance.randbytes(chance.randrange(1, 1500)))
            case 1:
                del packet[chance.randrange(1, len(packet)) :]
            case 2:
                for _ in range(8):
                    packet[chance.randrange(len(packet))] = chance.randrange(256)
            case _:
                packet[0] = chance.randrange(256)
        line.send([bytes(packet)], 0.02)
        assert np.isfinite(line.intake.take_sound(960)).all()
    line.send(good, 0.02)
    assert any(isinstance(frame, av.AudioFrame) for frame in line.intake.taken)


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


class Pictures(Line):
    """Pictures, and the process that decodes them."""

    def __init__(self) -> None:
        super().__init__(H264)
        self.spare = SpareDecoder()
        self.pictures = PictureDecoder(self.intake, self.damaged, self.spare)
        self.decoder = self.pictures

    async def ready(self, other_than: int | None = None) -> int:
        """The id of the process."""

        def there() -> int | None:
            return None if self.pictures.pid == other_than else self.pictures.pid

        pid = await until(there, "a decoder")
        assert pid is not None
        return pid

    def wait_for(self, pictures: int) -> None:
        for _ in range(pictures):
            assert self.intake.came.acquire(timeout=20)

    @property
    def lumas(self) -> list[int]:
        frames = [frame for frame in self.intake.taken if isinstance(frame, av.VideoFrame)]
        return [round(float(planes(frame)[0].mean())) for frame in frames]


@pytest.fixture
async def line() -> AsyncIterator[Pictures]:
    line = Pictures()
    await line.ready()
    yield line
    line.decoder.stop()
    line.spare.close()
    assert decoders() == spare_decoders() == []


async def test_one_picture_in_is_one_picture_out(line: Pictures) -> None:
    for picture in film([30, 90, 150]):
        line.send([picture], 0.04)
        line.wait_for(1)
    assert line.lumas == [30, 90, 150]
    assert not line.damaged.is_set()


async def test_after_a_gap_nothing_is_shown_that_refers_to_what_is_lost(line: Pictures) -> None:
    pictures = film([60] * 8)
    line.send(pictures[:3], 0.04)
    line.wait_for(3)
    line.send(pictures[4:5], 0.04, gap=True)
    assert line.damaged.wait(20), "nobody asked for a key picture"
    line.send(pictures[5:], 0.04)
    line.send(film([120] * 2), 0.04)
    line.wait_for(2)
    assert line.lumas == [60] * 3 + [120] * 2


@pytest.mark.parametrize("number", [signal.SIGSEGV, signal.SIGXCPU])
async def test_a_dead_decoder_is_told_and_replaced(line: Pictures, number: signal.Signals) -> None:
    line.send(film([60] * 3), 0.04)
    line.wait_for(3)
    dead = await line.ready()
    os.kill(dead, number)
    await line.ready(other_than=dead)
    line.send(film([60] * 5)[3:], 0.04)
    assert line.damaged.wait(20), "nobody asked for a key picture"
    line.send(film([120] * 2), 0.04)
    line.wait_for(2)
    assert line.lumas == [60] * 3 + [120] * 2
    sentence = line.intake.status().sentence
    assert ("got stuck" if number is signal.SIGXCPU else f"crashed (signal {int(number)})") in sentence


async def test_what_crashes_every_decoder_is_given_up(line: Pictures) -> None:
    line.send(film([60]), 0.04)
    line.wait_for(1)
    pid = None
    for _ in range(MOST_CRASHES):
        pid = await line.ready(other_than=pid)
        os.kill(pid, signal.SIGKILL)
    await until(lambda: "not taken any more" in line.intake.status().sentence, "the sentence")
    line.pictures.stop()
    line.damaged.clear()
    line.send(film([60]), 1.0)
    assert line.pictures.pid is None
    assert not line.damaged.is_set(), "a key picture is of no use"
    line.clock.advance(STALL_SECONDS)
    status = line.intake.status()
    assert status.state == "stalled"
    assert "not taken any more" in status.sentence


async def test_more_than_can_wait_is_lost_and_asked_for(line: Pictures) -> None:
    pid = await line.ready()
    os.kill(pid, signal.SIGSTOP)
    line.send(film([60] * (SLOTS + 1)), 0.04)
    assert line.damaged.is_set()
    os.kill(pid, signal.SIGCONT)
    line.wait_for(SLOTS)
    line.send(film([60] * 3)[1:], 0.04)
    line.send(film([120]), 0.04)
    line.wait_for(1)
    assert line.lumas[-2:] == [60, 120]


async def test_pictures_begin_again_with_a_key_picture(line: Pictures) -> None:
    private, public = film([200] * 10), film([60] * 10)
    line.send(private, 0.04)
    line.wait_for(10)
    line.open()
    line.intake.taken.clear()
    # The line lost the key picture: what comes refers to pictures of the private session.
    line.send(public[1:5], 0.04)
    assert line.damaged.wait(20), "nobody asked for a key picture"
    line.send(film([90] * 5), 0.04)
    line.wait_for(5)
    assert line.lumas == [90] * 5
