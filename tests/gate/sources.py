"""The room: a chamber encoder and two remote speakers, each showing and sounding what the room is at.

They connect to the studio's own socket, and again by themselves whenever it was killed.
"""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
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
from aiortc.exceptions import InvalidStateError
from aiortc.mediastreams import MediaStreamError

from media.control.command import Disconnected, Refused
from media.programme.picture import blank
from tests.gate.marks import PRIVATE, PRIVATE_HZ, PUBLIC, PUBLIC_HZ, RATE, listen, look, mono

BLOCK = 960
RATE_OF_PICTURES = 15
Offer = Callable[[str], Awaitable[str]]
"""SDP in, SDP out. Raises ``Refused``, ``Disconnected`` or ``OSError``."""


class Room:
    """What is going on in it, for all sources at once."""

    def __init__(self) -> None:
        self.private = False


class Camera(MediaStreamTrack):
    """One colour, with a line that wanders so that no two pictures are the same."""

    kind = "video"

    def __init__(self, room: Room) -> None:
        super().__init__()
        self._room = room
        self._number = 0
        self._begin = asyncio.get_running_loop().time()

    async def recv(self) -> av.VideoFrame:
        await _pace(self, self._begin + self._number / RATE_OF_PICTURES)
        frame = blank(320, 180, PRIVATE if self._room.private else PUBLIC)
        frame.pts = self._number * 90_000 // RATE_OF_PICTURES
        frame.time_base = Fraction(1, 90_000)
        self._number += 1
        return frame


class Microphone(MediaStreamTrack):
    """One tone."""

    kind = "audio"

    def __init__(self, room: Room) -> None:
        super().__init__()
        self._room = room
        self._position = 0
        self._begin = asyncio.get_running_loop().time()

    async def recv(self) -> av.AudioFrame:
        await _pace(self, self._begin + self._position / RATE)
        at = np.arange(self._position, self._position + BLOCK)
        hertz = PRIVATE_HZ if self._room.private else PUBLIC_HZ
        wave = (0.15 * 32767 * np.sin(2 * np.pi * hertz * at / RATE)).astype(np.int16)
        frame = av.AudioFrame.from_ndarray(np.repeat(wave, 2).reshape(1, -1), "s16", "stereo")
        frame.sample_rate, frame.pts, frame.time_base = RATE, self._position, Fraction(1, RATE)
        self._position += BLOCK
        return frame


class Source:
    """One connection at a time. ``heard_private``, ``seen_private``: the return brought private content."""

    def __init__(self, room: Room, offer: Offer, *, wants_picture: bool = False) -> None:
        self.heard_private = 0
        self.seen_private = 0
        self._room = room
        self._offer = offer
        self._wants_picture = wants_picture
        self._ended = asyncio.Event()
        self._task = asyncio.create_task(self._stay(), name="source")
        self._listening: set[asyncio.Task[None]] = set()

    def drop(self) -> None:
        """Lose the connection; another is made at once."""
        self._ended.set()

    async def close(self) -> None:
        self._task.cancel()
        with suppress(asyncio.CancelledError):
            await self._task
        for task in self._listening:
            task.cancel()
        await asyncio.gather(*self._listening, return_exceptions=True)

    async def _stay(self) -> None:
        while True:
            connection = RTCPeerConnection(RTCConfiguration([], bundlePolicy=RTCBundlePolicy.MAX_BUNDLE))
            tracks: list[MediaStreamTrack] = [Microphone(self._room), Camera(self._room)]
            try:
                await self._connect(connection, tracks)
                await self._ended.wait()
            except (Refused, Disconnected, OSError, InvalidStateError):
                await asyncio.sleep(0.1)
            finally:
                for track in tracks:
                    track.stop()
                await connection.close()

    async def _connect(self, connection: RTCPeerConnection, tracks: list[MediaStreamTrack]) -> None:
        self._ended.clear()
        for track in tracks:
            connection.addTrack(track)
        if self._wants_picture:
            connection.addTransceiver("video", direction="recvonly")
        connection.on("track", self._on_track)
        connection.on("connectionstatechange", lambda: self._watch(connection))
        await connection.setLocalDescription(await connection.createOffer())
        answer = await self._offer(connection.localDescription.sdp)
        await connection.setRemoteDescription(RTCSessionDescription(answer, "answer"))

    def _watch(self, connection: RTCPeerConnection) -> None:
        if connection.connectionState in ("failed", "closed"):
            self._ended.set()

    def _on_track(self, track: MediaStreamTrack) -> None:
        task = asyncio.create_task(self._listen(track), name="return")
        self._listening.add(task)
        task.add_done_callback(self._listening.discard)

    async def _listen(self, track: MediaStreamTrack) -> None:
        while True:
            try:
                frame = await track.recv()
            except MediaStreamError:
                return
            if isinstance(frame, av.AudioFrame):
                self.heard_private += listen(mono(frame))[1]
            elif isinstance(frame, av.VideoFrame):
                self.seen_private += look(frame)[1]


async def _pace(track: MediaStreamTrack, due: float) -> None:
    if track.readyState != "live":
        raise MediaStreamError
    await asyncio.sleep(max(0.0, due - asyncio.get_running_loop().time()))
