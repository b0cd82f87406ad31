"""The publisher, a process of its own: every picture is taken and encoded once and sent to all.

``python -m bench.latency.camera ADDRESS...``; each address is a URL to which an SDP offer is posted as by
WHIP, its bearer token after a ``#``. It says ``sending`` once all are connected, and goes on until killed.
"""

import asyncio
import fractions
import sys
import time

import aiohttp
import av
import numpy as np
from aiortc import (
    MediaStreamTrack,
    RTCConfiguration,
    RTCPeerConnection,
    RTCRtpSender,
    RTCSessionDescription,
)
from av.video.frame import PictureType

from bench.latency import code

RATE = 25
VIDEO_CLOCK = 90_000
BLOCK = 960


class Camera:
    """720p25, 2 Mbit/s, constrained baseline, a key picture a second."""

    def __init__(self) -> None:
        context = av.CodecContext.create("libx264", "w")
        context.width, context.height, context.pix_fmt = 1280, 720, "yuv420p"
        context.time_base = fractions.Fraction(1, VIDEO_CLOCK)
        context.framerate = fractions.Fraction(RATE)
        context.bit_rate = 2_000_000
        context.options = {
            "preset": "ultrafast",
            "tune": "zerolatency",
            "profile": "baseline",
            "x264-params": "keyint=infinite:scenecut=0:sliced-threads=0:threads=1:repeat-headers=1",
        }
        self._context = context
        self._tracks: list[Pictures] = []
        self._background = code.background()

    def track(self) -> "Pictures":
        """One more that gets the same packets."""
        track = Pictures()
        self._tracks.append(track)
        return track

    async def run(self) -> None:
        """Take pictures for ever."""
        loop = asyncio.get_running_loop()
        begin, number = loop.time(), 0
        while True:
            await asyncio.sleep(max(0.0, begin + number / RATE - loop.time()))
            for packet in await asyncio.to_thread(self._take, number):
                for track in self._tracks:
                    track.offer(packet)
            number += 1

    def _take(self, number: int) -> list["av.Packet[av.stream.Stream]"]:
        frame = code.picture(self._background, time.time(), number)
        frame.pts, frame.time_base = number * VIDEO_CLOCK // RATE, fractions.Fraction(1, VIDEO_CLOCK)
        frame.pict_type = PictureType.NONE if number % RATE else PictureType.I
        packets = self._context.encode(frame)
        for packet in packets:
            packet.time_base = fractions.Fraction(1, VIDEO_CLOCK)
        return packets


class Pictures(MediaStreamTrack):
    """Encoded pictures."""

    kind = "video"

    def __init__(self) -> None:
        super().__init__()
        self._packets: asyncio.Queue[av.Packet[av.stream.Stream]] = asyncio.Queue(5)

    def offer(self, packet: "av.Packet[av.stream.Stream]") -> None:
        """Send it, or lose it while nobody takes any."""
        if not self._packets.full():
            self._packets.put_nowait(packet)

    async def recv(self) -> "av.Packet[av.stream.Stream]":
        return await self._packets.get()


class Tone(MediaStreamTrack):
    """A steady tone, in real time."""

    kind = "audio"

    def __init__(self) -> None:
        super().__init__()
        self._position = 0
        self._begin = asyncio.get_running_loop().time()

    async def recv(self) -> av.AudioFrame:
        due = self._begin + (self._position + BLOCK) / 48_000
        await asyncio.sleep(max(0.0, due - asyncio.get_running_loop().time()))
        at = np.arange(self._position, self._position + BLOCK)
        wave = (3000 * np.sin(2 * np.pi * 440 * at / 48_000)).astype(np.int16)
        frame = av.AudioFrame.from_ndarray(np.repeat(wave, 2).reshape(1, -1), "s16", "stereo")
        frame.sample_rate, frame.pts, frame.time_base = 48_000, self._position, fractions.Fraction(1, 48_000)
        self._position += BLOCK
        return frame


async def publish(http: aiohttp.ClientSession, address: str, camera: Camera) -> RTCPeerConnection:
    """Connect to one address."""
    connection = RTCPeerConnection(RTCConfiguration([]))
    connection.addTrack(Tone())
    connection.addTrack(camera.track())
    for transceiver in connection.getTransceivers():
        transceiver.direction = "sendonly"
        if transceiver.kind == "video":
            codecs = RTCRtpSender.getCapabilities("video").codecs
            transceiver.setCodecPreferences([one for one in codecs if one.mimeType == "video/H264"])
    await connection.setLocalDescription(await connection.createOffer())
    url, _, token = address.partition("#")
    headers = {"Content-Type": "application/sdp", "Authorization": f"Bearer {token}"}
    async with http.post(url, data=connection.localDescription.sdp, headers=headers) as response:
        answer = await response.text()
        if response.status != 201:
            raise SystemExit(f"{url} answered {response.status}: {answer}")
    await connection.setRemoteDescription(RTCSessionDescription(answer, "answer"))
    return connection


async def main(addresses: list[str]) -> None:
    """Publish until killed."""
    camera = Camera()
    async with aiohttp.ClientSession() as http:
        connections = [await publish(http, address, camera) for address in addresses]
        async with asyncio.timeout(20):
            while any(connection.connectionState != "connected" for connection in connections):
                await asyncio.sleep(0.05)
        print("sending", flush=True)
        await camera.run()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1:]))
