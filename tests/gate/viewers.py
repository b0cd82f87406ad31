"""Viewers by WHEP who look at every decoded picture and sound, and come back whenever they are lost."""

import asyncio
import time
from collections import Counter, deque
from collections.abc import Sequence
from functools import partial

import av
import numpy as np
from aiohttp import ClientError
from aiortc import MediaStreamTrack, RTCConfiguration, RTCPeerConnection, RTCSessionDescription
from aiortc.mediastreams import MediaStreamError

from media.client.engine import Audio
from media.control.command import Disconnected, Refused
from media.control.relay import Rendition
from tests.gate.judge import Judge
from tests.gate.marks import TONES, Mark, Marks, Sound, level, listen, look, mono
from tests.gate.meeting import Meeting
from tests.gate.sources import Kind
from tests.support.waiting import sent_away, to_its_end

AGAIN_SECONDS = 0.2
GONE_SECONDS = 3.0
KEPT = 150
"""Pieces of sound before a finding that are kept for whoever wants to know how it came about."""


class Viewer:
    """One who chose. ``pictures``, ``sounds``: how many came; ``marks``: what was in them."""

    def __init__(
        self,
        judge: Judge,
        meeting: Meeting,
        kinds: Sequence[Kind],
        *,
        audio: Audio = "floor",
        rendition: Rendition = "auto",
    ) -> None:
        self.pictures = 0
        self.heights: Counter[int] = Counter()
        """Of the pictures."""
        self.sounds = 0
        self.marks: Counter[Mark] = Counter()
        self.came_at = 0.0
        """When anything came last, of the clock on the wall."""
        self.public_at = 0.0
        """When anything of the meeting came last."""
        self._judge = judge
        self._meeting = meeting
        self._kinds = tuple(kinds)
        self._audio: Audio = audio
        self._rendition: Rendition = rendition
        self._again = asyncio.Event()
        self._looking: set[asyncio.Task[None]] = set()
        self._heard: deque[tuple[float, Sound]] = deque(maxlen=KEPT)
        self._task = asyncio.create_task(self._stay(), name="viewer")

    @property
    def name(self) -> str:
        """What was chosen."""
        return self._audio if self._rendition == "auto" else f"{self._audio}, {self._rendition}"

    def reconnect(self) -> None:
        """Leave and come back."""
        self._again.set()

    async def close(self) -> None:
        """Leave for good."""
        await sent_away(self._task)
        for task in self._looking:
            task.cancel()
        await asyncio.gather(*self._looking, return_exceptions=True)

    async def _stay(self) -> None:
        while True:
            self._again.clear()
            connection = RTCPeerConnection(RTCConfiguration([]))
            connection.on("track", self._on_track)
            connection.on("connectionstatechange", partial(self._watch, connection))
            try:
                for kind in self._kinds:
                    connection.addTransceiver(kind, direction="recvonly")
                await connection.setLocalDescription(await connection.createOffer())
                answer = await self._meeting.viewer(
                    connection.localDescription.sdp, self._audio, self._rendition
                )
                await to_its_end(connection.setRemoteDescription(RTCSessionDescription(answer, "answer")))
                await self._again.wait()
            except (Refused, Disconnected, OSError, ClientError):
                await asyncio.sleep(AGAIN_SECONDS)
            finally:
                await to_its_end(connection.close())

    def _watch(self, connection: RTCPeerConnection) -> None:
        if connection.connectionState in ("failed", "closed"):
            self._again.set()

    def _on_track(self, track: MediaStreamTrack) -> None:
        task = asyncio.create_task(self._look(track), name=f"watch {track.kind}")
        self._looking.add(task)
        task.add_done_callback(self._looking.discard)

    async def _look(self, track: MediaStreamTrack) -> None:
        never = track.kind == "video" and self._rendition == "sound"
        while True:
            try:
                async with asyncio.timeout(None if never else GONE_SECONDS):
                    frame = await track.recv()
            except TimeoutError:
                self._again.set()
                return
            except MediaStreamError:
                return
            if isinstance(frame, av.VideoFrame):
                self.pictures += 1
                self.heights[frame.height] += 1
                self._note(track.kind, look(frame))
            elif isinstance(frame, av.AudioFrame):
                self.sounds += 1
                sound = mono(frame)
                self._heard.append((time.time(), sound))
                self._note(track.kind, listen(sound), f", {_levels(sound)}")

    def evidence(self) -> tuple[list[float], Sound]:
        """The last sounds: when each piece came, of the clock on the wall, and all of them in one."""
        pieces = [sound for _, sound in self._heard] or [np.zeros(0)]
        return [at for at, _ in self._heard], np.concatenate(pieces)

    def _note(self, kind: str, marks: Marks, more: str = "") -> None:
        self.came_at = time.time()
        self.marks.update(marks)
        if Mark.PRIVATE in marks:
            self._judge.accuse(f"WHEP, {self.name}: private {kind} at {self.came_at:.3f}{more}")
        elif marks:
            self.public_at = self.came_at


def _levels(sound: Sound) -> str:
    return ", ".join(f"{mark} {level(sound, hertz):.0f} dBFS" for mark, hertz in TONES.items())
