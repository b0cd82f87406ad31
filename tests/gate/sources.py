"""One source of a meeting: it sends what says whether the meeting is private, and looks at what comes back.

It connects to the studio's own socket, and again by itself whenever that was killed.
"""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from fractions import Fraction
from typing import Literal

import av
import av.stream
from aiortc import (
    MediaStreamTrack,
    RTCBundlePolicy,
    RTCConfiguration,
    RTCPeerConnection,
    RTCRtpSender,
    RTCSessionDescription,
)
from aiortc.exceptions import InvalidStateError
from aiortc.mediastreams import MediaStreamError

from media.control.command import Disconnected, Refused
from tests.gate import scenery
from tests.gate.marks import RATE, Mark, listen, look, mono
from tests.support.waiting import sent_away, to_its_end

VIDEO_CLOCK = 90_000
PICTURES_PER_SECOND = 15
SOUNDS_PER_SECOND = RATE // scenery.BLOCK
AGAIN_SECONDS = 0.1
Offer = Callable[[str], Awaitable[str]]
"""SDP in, SDP out. Raises ``Refused``, ``Disconnected`` or ``OSError``."""
Kind = Literal["video", "audio"]


class Room:
    """What is going on in it, for all sources at once."""

    def __init__(self) -> None:
        self.private = False

    def shows(self, mark: Mark) -> Mark:
        """What is sent by a source that has ``mark`` in public."""
        return Mark.PRIVATE if self.private else mark


class Sending(MediaStreamTrack):
    """Encoded pictures of one colour, or sound of one tone, in real time."""

    def __init__(self, room: Room, kind: Kind, mark: Mark) -> None:
        self.kind = kind
        super().__init__()
        self._room = room
        self._mark = mark
        self._rate = PICTURES_PER_SECOND if kind == "video" else SOUNDS_PER_SECOND
        self._clock = VIDEO_CLOCK if kind == "video" else RATE
        self._number = 0
        self._begin = asyncio.get_running_loop().time()

    async def recv(self) -> "av.Packet[av.stream.Stream]":
        if self.readyState != "live":
            raise MediaStreamError
        due = self._begin + self._number / self._rate
        await asyncio.sleep(max(0.0, due - asyncio.get_running_loop().time()))
        mark = self._room.shows(self._mark)
        if self.kind == "video":
            packet = av.Packet(scenery.picture(mark))
        else:
            tone = scenery.tone(mark)
            packet = av.Packet(tone[self._number % len(tone)])
        packet.pts = self._number * self._clock // self._rate
        packet.time_base = Fraction(1, self._clock)
        self._number += 1
        return packet


class Source:
    """One connection at a time. ``sends``: kinds of media with their marks.

    ``sees``: also asks for a picture in return. ``heard`` and ``seen``: what came back, by mark.
    """

    def __init__(
        self, room: Room, offer: Offer, sends: Sequence[tuple[Kind, Mark]], *, sees: bool = False
    ) -> None:
        self.heard: Counter[Mark] = Counter()
        self.seen: Counter[Mark] = Counter()
        self.connected_at: float | None = None
        """Of the event loop's time, while there is a connection."""
        self._room = room
        self._offer = offer
        self._sends = tuple(sends)
        self._sees = sees
        self._ended = asyncio.Event()
        self._task = asyncio.create_task(self._stay(), name="source")
        self._listening: set[asyncio.Task[None]] = set()

    def drop(self) -> None:
        """Lose the connection; another is made at once."""
        self.connected_at = None
        self._ended.set()

    async def close(self) -> None:
        """Hang up for good."""
        await sent_away(self._task)
        for task in self._listening:
            task.cancel()
        await asyncio.gather(*self._listening, return_exceptions=True)

    async def _stay(self) -> None:
        while True:
            connection = RTCPeerConnection(RTCConfiguration([], bundlePolicy=RTCBundlePolicy.MAX_BUNDLE))
            tracks = [Sending(self._room, kind, mark) for kind, mark in self._sends]
            try:
                await self._connect(connection, tracks)
                await self._ended.wait()
            except (Refused, Disconnected, OSError, InvalidStateError):
                await asyncio.sleep(AGAIN_SECONDS)
            finally:
                self.connected_at = None
                for track in tracks:
                    track.stop()
                await to_its_end(connection.close())

    async def _connect(self, connection: RTCPeerConnection, tracks: list[Sending]) -> None:
        self._ended.clear()
        for track in tracks:
            connection.addTrack(track)
        for transceiver in connection.getTransceivers():
            if transceiver.kind == "video":
                transceiver.direction = "sendonly"
                codecs = RTCRtpSender.getCapabilities("video").codecs
                transceiver.setCodecPreferences([one for one in codecs if one.mimeType == "video/H264"])
        if self._sees:
            connection.addTransceiver("video", direction="recvonly")
        connection.on("track", self._on_track)
        connection.on("connectionstatechange", lambda: self._watch(connection))
        await connection.setLocalDescription(await connection.createOffer())
        answer = await self._offer(connection.localDescription.sdp)
        await to_its_end(connection.setRemoteDescription(RTCSessionDescription(answer, "answer")))

    def _watch(self, connection: RTCPeerConnection) -> None:
        if connection.connectionState == "connected" and not self._ended.is_set():
            self.connected_at = asyncio.get_running_loop().time()
        elif connection.connectionState in ("failed", "closed"):
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
                self.heard.update(listen(mono(frame)))
            elif isinstance(frame, av.VideoFrame):
                self.seen.update(look(frame))
