"""A WebRTC publisher for tests: a solid colour and a tone by stock aiortc."""

import asyncio
from collections.abc import Callable
from fractions import Fraction

import av
import numpy as np
from aiortc import (
    MediaStreamTrack,
    RTCBundlePolicy,
    RTCConfiguration,
    RTCPeerConnection,
    RTCSessionDescription,
)
from aiortc.mediastreams import MediaStreamError

from media.programme.picture import blank
from media.sources.sound_buffer import RATE
from tests.support.waiting import until

BLOCK = 960


class Colour(MediaStreamTrack):
    """25 pictures a second of one colour, given as Y, U and V."""

    kind = "video"

    def __init__(self, colour: tuple[int, int, int], width: int = 1280, height: int = 720) -> None:
        super().__init__()
        self._frame = blank(width, height, colour)
        self._number = 0
        self._begin = asyncio.get_running_loop().time()

    def paint(self, colour: tuple[int, int, int], width: int = 0, height: int = 0) -> None:
        """Another colour from now on, and another size if one is given."""
        self._frame = blank(width or self._frame.width, height or self._frame.height, colour)

    async def recv(self) -> av.VideoFrame:
        await _pace(self, self._begin + self._number / 25)
        self._frame.pts = self._number * 3600
        self._frame.time_base = Fraction(1, 90_000)
        self._number += 1
        return self._frame


class Tone(MediaStreamTrack):
    """A sine in blocks of 20 ms."""

    kind = "audio"

    def __init__(self, hertz: float, peak: float = 0.2) -> None:
        super().__init__()
        self._hertz = hertz
        self._peak = peak
        self._position = 0
        self._begin = asyncio.get_running_loop().time()

    async def recv(self) -> av.AudioFrame:
        await _pace(self, self._begin + self._position / RATE)
        at = np.arange(self._position, self._position + BLOCK)
        wave = self._peak * 32767 * np.sin(2 * np.pi * self._hertz * at / RATE)
        frame = av.AudioFrame.from_ndarray(
            np.repeat(wave.astype(np.int16), 2).reshape(1, -1), "s16", "stereo"
        )
        frame.sample_rate = RATE
        frame.pts = self._position
        frame.time_base = Fraction(1, RATE)
        self._position += BLOCK
        return frame


class Publisher:
    """One connection. ``heard`` gathers what comes back, float64 of shape (samples,), left channel."""

    def __init__(self, *tracks: MediaStreamTrack) -> None:
        self.connection = RTCPeerConnection(RTCConfiguration([], bundlePolicy=RTCBundlePolicy.MAX_BUNDLE))
        for track in tracks:
            self.connection.addTrack(track)
        self._tracks = tracks
        self._heard: list[np.ndarray[tuple[int], np.dtype[np.float64]]] = []
        self._listening: asyncio.Task[None] | None = None
        self.connection.on("track", self._on_track)

    async def offer(self) -> str:
        await self.connection.setLocalDescription(await self.connection.createOffer())
        return self.connection.localDescription.sdp

    async def accept(self, answer: str) -> None:
        await self.connection.setRemoteDescription(RTCSessionDescription(answer, "answer"))

    async def close(self) -> None:
        await self.connection.close()
        for track in self._tracks:
            track.stop()
        if self._listening is not None:
            self._listening.cancel()
            await asyncio.gather(self._listening, return_exceptions=True)

    def heard(self, seconds: float) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
        """The last seconds of what came back; fewer when there is less."""
        if not self._heard:
            return np.zeros(0)
        return np.concatenate(self._heard)[-round(seconds * RATE) :]

    def forget_heard(self) -> None:
        self._heard.clear()

    async def until_heard(self, seconds: float, enough: Callable[[], bool] = lambda: True) -> None:
        """Wait for so much sound, within 20 s."""
        await until(
            lambda: len(self.heard(seconds)) >= round(seconds * RATE) and enough(), "what is to be heard", 20
        )

    def _on_track(self, track: MediaStreamTrack) -> None:
        if track.kind == "audio":
            self._listening = asyncio.create_task(self._listen(track))

    async def _listen(self, track: MediaStreamTrack) -> None:
        while True:
            try:
                frame = await track.recv()
            except MediaStreamError:
                return
            assert isinstance(frame, av.AudioFrame)
            samples = frame.to_ndarray().reshape(-1, len(frame.layout.channels))
            self._heard.append(samples[:, 0].astype(np.float64) / 32768)


async def _pace(track: MediaStreamTrack, due: float) -> None:
    if track.readyState != "live":
        raise MediaStreamError
    await asyncio.sleep(max(0.0, due - asyncio.get_running_loop().time()))
