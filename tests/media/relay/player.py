"""A player made of aiortc: a full WebRTC stack that is not ours."""

import asyncio
from typing import Literal

import numpy as np
from aiortc import RTCConfiguration, RTCPeerConnection, RTCSessionDescription
from aiortc.mediastreams import MediaStreamError, MediaStreamTrack
from av.audio.frame import AudioFrame
from av.video.frame import VideoFrame

from media.control.channel import ControlClient
from media.control.feeds import Answer
from media.control.relay import OpenViewer

DEADLINE = 30.0
Rgb = tuple[int, int, int]


class Player:
    """Receives one meeting. ``close`` it."""

    def __init__(self, kinds: tuple[str, ...] = ("audio", "video")) -> None:
        self.connection = RTCPeerConnection(RTCConfiguration(iceServers=[]))
        self.kinds = kinds
        self.tracks: dict[str, MediaStreamTrack] = {}
        self.answer: Answer | None = None
        self.connection.on("track", self._track)

    async def offer(self) -> str:
        """Write the offer."""
        for kind in self.kinds:
            self.connection.addTransceiver(kind, direction="recvonly")
        await self.connection.setLocalDescription(await self.connection.createOffer())
        return self.connection.localDescription.sdp

    async def watch(
        self, control: ControlClient, meeting: str, audio: Literal["floor", "interpreted"] = "floor"
    ) -> Answer:
        """Open a session at the relay and begin to receive."""
        self.answer = await control.call(OpenViewer(meeting=meeting, sdp=await self.offer(), audio=audio))
        await self.accept(self.answer.sdp)
        return self.answer

    async def accept(self, sdp: str) -> None:
        """Take the answer."""
        await self.connection.setRemoteDescription(RTCSessionDescription(sdp=sdp, type="answer"))

    async def sees(self, colour: Rgb) -> VideoFrame:
        """Wait until a decoded picture has this colour below its noisy strip. Raises ``TimeoutError``."""
        async with asyncio.timeout(DEADLINE):
            while True:
                frame = await self.tracks["video"].recv()
                assert isinstance(frame, VideoFrame)
                if near(lower_half(frame), colour):
                    return frame

    async def hears(self, hz: float) -> float:
        """Wait until the tone is the loudest twice in a row; its share of all power the second time.

        The first time, it may have begun in the middle.
        """
        before = False
        async with asyncio.timeout(DEADLINE):
            while True:
                wave = np.concatenate([await self._samples() for _ in range(25)])
                power = np.abs(np.fft.rfft(wave * np.hanning(len(wave)))) ** 2
                strongest = float(np.argmax(power)) * 48_000 / len(wave)
                around = slice(int((hz - 20) * len(wave) / 48_000), int((hz + 20) * len(wave) / 48_000) + 1)
                found = bool(power.sum() > 0 and abs(strongest - hz) < 10)
                if found and before:
                    return float(power[around].sum() / power.sum())
                before = found

    async def ended(self) -> None:
        """Wait until the relay said goodbye."""
        async with asyncio.timeout(DEADLINE):
            while True:
                try:
                    await next(iter(self.tracks.values())).recv()
                except MediaStreamError:
                    return

    async def close(self) -> None:
        """Hang up."""
        await self.connection.close()

    async def _samples(self) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
        frame = await self.tracks["audio"].recv()
        assert isinstance(frame, AudioFrame)
        return frame.to_ndarray().reshape(-1, 2)[:, 0].astype(np.float64)

    def _track(self, track: MediaStreamTrack) -> None:
        self.tracks[track.kind] = track


def lower_half(frame: VideoFrame) -> Rgb:
    """Mean RGB of the lower half of a picture."""
    half = frame.to_ndarray(format="rgb24")[frame.height // 2 :]
    red, green, blue = half.reshape(-1, 3).mean(axis=0)
    return int(red), int(green), int(blue)


def near(seen: Rgb, wanted: Rgb, tolerance: int = 25) -> bool:
    """Whether two colours are the same to the eye, after 4:2:0 and quantisation."""
    return all(abs(one - other) <= tolerance for one, other in zip(seen, wanted, strict=True))
