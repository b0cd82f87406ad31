"""The chamber's encoder by RTMP or SRT: real codecs, and a second behind what it shows, as encoders are.

It stays connected when the studio dies, so the next one gets the stream where it is.
"""

import asyncio
import subprocess
import threading
import time
from collections import Counter, deque
from collections.abc import Iterator
from contextlib import contextmanager
from fractions import Fraction
from typing import IO, Literal

import av
import numpy as np
from av.audio.stream import AudioStream
from av.container import OutputContainer
from av.error import FFmpegError
from av.video.stream import VideoStream

from media import ffmpeg
from media.programme.picture import blank
from tests.gate.marks import COLOURS, RATE, TONES, Mark
from tests.gate.scenery import HEIGHT, LOUDNESS, WIDTH
from tests.gate.sources import AGAIN_SECONDS, Room
from tests.support.waiting import sent_away

Protocol = Literal["rtmp", "srt"]
PROTOCOLS: tuple[Protocol, ...] = ("rtmp", "srt")
PICTURES_PER_SECOND = 15
SAMPLES = RATE // PICTURES_PER_SECOND
GROUP = 2 * PICTURES_PER_SECOND
LAG = PICTURES_PER_SECOND
"""Pictures that it is behind: a second. RTMP and SRT have two for their way (``media.sources.intake``)."""
SRT_BYTES = 7 * 188
"""Of a message: seven packets of an MPEG transport stream."""
GOODBYE_SECONDS = 2.0


class Encoder:
    """One connection at a time, by a thread; as a ``Source`` that hears and sees nothing."""

    def __init__(self, room: Room, url: str) -> None:
        self.heard: Counter[Mark] = Counter()
        self.seen: Counter[Mark] = Counter()
        self.connected_at: float | None = None
        """Of the event loop's time, while there is a connection."""
        self.connections = 0
        """That it made: one, unless it was dropped or cut off."""
        self._room = room
        self._url = url
        self._loop = asyncio.get_running_loop()
        self._hang_up = threading.Event()
        self._task = asyncio.create_task(self._stay(), name="encoder")

    def drop(self) -> None:
        """Lose the connection; another is made at once."""
        self.connected_at = None
        self._hang_up.set()

    async def close(self) -> None:
        """Hang up for good."""
        self._hang_up.set()
        await sent_away(self._task)

    async def _stay(self) -> None:
        while True:
            self._hang_up.clear()
            sending = asyncio.create_task(asyncio.to_thread(self._send))
            try:
                await asyncio.shield(sending)
            except (FFmpegError, OSError):
                await asyncio.sleep(AGAIN_SECONDS)
            finally:
                self.connected_at = None
                self._hang_up.set()
                await asyncio.gather(sending, return_exceptions=True)

    def _send(self) -> None:
        """Blocking. Raises ``FFmpegError`` and ``OSError`` when there is no connection any more.

        PyAV keeps the interpreter to itself while it connects: not to anything in this process.
        """
        with _line(self._url) as container:
            picture, sound = _streams(container)
            container.start_encoding()
            self.connections += 1
            for number, mark in enumerate(self._shown()):
                self.connected_at = self.connected_at or self._loop.time()
                container.mux(picture.encode(_picture(mark, number)))
                container.mux(sound.encode(_sound(mark, number)))

    def _shown(self) -> Iterator[Mark]:
        """What was shown a while ago, in real time."""
        kept: deque[Mark] = deque()
        begin = time.monotonic()
        number = 0
        while not self._hang_up.wait(max(0.0, begin + number / PICTURES_PER_SECOND - time.monotonic())):
            kept.append(self._room.shows(Mark.ENCODER))
            number += 1
            if len(kept) > LAG:
                yield kept.popleft()


@contextmanager
def _line(url: str) -> Iterator[OutputContainer]:
    """To be filled."""
    if url.startswith("rtmp:"):
        with av.open(url, "w", format="flv") as container:
            yield container
        return
    with _carrier(url) as pipe, av.open(pipe, "w", format="mpegts") as container:
        yield container


@contextmanager
def _carrier(url: str) -> Iterator[IO[bytes]]:
    """PyAV is built without SRT: ffmpeg carries what it writes, as it is."""
    taking = ("-f", "data", "-raw_packet_size", str(SRT_BYTES), "-i", "pipe:0")
    command = (ffmpeg.executable(), "-v", "error", *taking, "-map", "0", "-c", "copy", "-f", "data", url)
    with subprocess.Popen(command, stdin=subprocess.PIPE, stderr=subprocess.DEVNULL) as process:
        assert process.stdin is not None
        try:
            yield process.stdin
        finally:
            try:
                process.communicate(timeout=GOODBYE_SECONDS)
            except (subprocess.TimeoutExpired, OSError):
                process.kill()


def _streams(container: OutputContainer) -> tuple[VideoStream, AudioStream]:
    picture = container.add_stream("libx264", PICTURES_PER_SECOND)
    sound = container.add_stream("aac", RATE, layout="stereo")
    assert isinstance(picture, VideoStream)
    assert isinstance(sound, AudioStream)
    picture.width, picture.height, picture.pix_fmt = WIDTH, HEIGHT, "yuv420p"
    picture.codec_context.gop_size = GROUP
    picture.options = {"preset": "ultrafast", "tune": "zerolatency", "x264-params": "threads=1"}
    return picture, sound


def _picture(mark: Mark, number: int) -> av.VideoFrame:
    frame = blank(WIDTH, HEIGHT, COLOURS[mark])
    frame.pts, frame.time_base = number, Fraction(1, PICTURES_PER_SECOND)
    return frame


def _sound(mark: Mark, number: int) -> av.AudioFrame:
    at = np.arange(number * SAMPLES, (number + 1) * SAMPLES)
    wave = (LOUDNESS * np.sin(2 * np.pi * TONES[mark] * at / RATE)).astype(np.float32)
    frame = av.AudioFrame.from_ndarray(np.stack([wave, wave]), "fltp", "stereo")
    frame.sample_rate, frame.pts, frame.time_base = RATE, number * SAMPLES, Fraction(1, RATE)
    return frame
