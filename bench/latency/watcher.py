"""A viewer on aiortc that reads the clock out of every decoded picture."""

import asyncio
import time
from collections.abc import Awaitable, Callable

import av
from aiortc import MediaStreamTrack, RTCConfiguration, RTCPeerConnection, RTCSessionDescription
from aiortc.mediastreams import MediaStreamError

from bench.latency import code
from media.clock import SystemClock
from media.programme.picture import planes
from media.sources.capture_clock import CaptureClock
from media.sources.hooks import attach


class Watcher:
    """Both servers' viewers are this one: a picture is decoded when its last packet is in."""

    def __init__(self) -> None:
        self.connection = RTCPeerConnection(RTCConfiguration([]))
        self.ages: list[float] = []
        """Seconds from capture to decoded picture, of every picture since ``forget``."""
        self.pictures = 0
        self._tasks: list[asyncio.Task[None]] = []
        self.connection.on("track", self._on_track)

    async def call(self, exchange: Callable[[str], Awaitable[str]]) -> None:
        """Offer to receive; ``exchange`` turns the offer into the answer."""
        self.connection.addTransceiver("audio", direction="recvonly")
        self.connection.addTransceiver("video", direction="recvonly")
        self._attach()
        await self.connection.setLocalDescription(await self.connection.createOffer())
        answer = await exchange(self.connection.localDescription.sdp)
        await self.connection.setRemoteDescription(RTCSessionDescription(answer, "answer"))

    async def answer(self, offer: str) -> str:
        """Take an offer."""
        await self.connection.setRemoteDescription(RTCSessionDescription(offer, "offer"))
        self._attach()
        await self.connection.setLocalDescription(await self.connection.createAnswer())
        return str(self.connection.localDescription.sdp)

    async def until_seen(self, pictures: int) -> None:
        """Wait for so many pictures with a code, within 30 s."""
        begun = self.pictures
        async with asyncio.timeout(30 + pictures / 20):
            while self.pictures - begun < pictures:
                await asyncio.sleep(0.02)

    def forget(self) -> None:
        """Begin to measure."""
        self.ages.clear()

    async def close(self) -> None:
        await self.connection.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _attach(self) -> None:
        capture = CaptureClock(one_clock=False)
        for transceiver in self.connection.getTransceivers():
            attach(transceiver.receiver, transceiver.kind, capture, SystemClock())

    def _on_track(self, track: MediaStreamTrack) -> None:
        self._tasks.append(asyncio.create_task(self._watch(track)))

    async def _watch(self, track: MediaStreamTrack) -> None:
        while True:
            try:
                frame = await track.recv()
            except MediaStreamError:
                return
            if isinstance(frame, av.VideoFrame) and (frame.width, frame.height) == (1280, 720):
                age = code.age(planes(frame)[0], time.time())
                if age is not None:
                    self.ages.append(age)
                    self.pictures += 1
