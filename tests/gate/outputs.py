"""Everything that the public can have, kept from the moment it was to be had, and searched."""

import asyncio
import re
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import av
from aiohttp import ClientConnectionError, ClientError, ClientSession, UnixConnector
from aiortc import MediaStreamTrack, RTCConfiguration, RTCPeerConnection, RTCSessionDescription
from aiortc.mediastreams import MediaStreamError

from media.control.command import Disconnected, Refused
from tests.gate.marks import Shown, listen, look, mono, search, search_still
from tests.gate.sources import Offer

POLL_SECONDS = 0.25
SLACK_SECONDS = 0.01
"""Between the wall clock and the studio's own, which was set by it at the start."""
CODEC_SECONDS = 0.075
"""Sound of before a cut that codecs hold: two AAC frames of 21 ms, the look-ahead of Opus and limiter."""
URI = re.compile(r'URI="([^"]+)"')
ENTRY = re.compile(r'^#EXT-X-(MAP|PART):.*?URI="([^"]+)"|^([^#\s].*)$', re.MULTILINE)


@dataclass
class Verdict:
    """What was found, and how much was looked at: a search of nothing proves nothing."""

    found: list[str] = field(default_factory=list)
    pictures: int = 0
    public_pictures: int = 0
    sounds: int = 0
    public_sounds: int = 0
    closed_pictures: int = 0

    def note(self, shown: Shown) -> None:
        if shown.kind == "picture":
            self.pictures += 1
            self.public_pictures += shown.public
        else:
            self.sounds += 1
            self.public_sounds += shown.public


class Judge:
    """Knows when the gate was closed, by the clock on the wall."""

    def __init__(self) -> None:
        self.verdict = Verdict()
        self.epoch_ms = 0
        self._closed: list[tuple[float, float]] = []
        self._since: float | None = None

    def closed(self, at: float) -> None:
        """From this moment on the public get nothing but the slate."""
        if self._since is None:
            self._since = at

    def opening(self, at: float) -> None:
        """From this moment on they may get the room."""
        if self._since is not None:
            self._closed.append((self._since, at))
            self._since = None

    def accuse(self, where: str) -> None:
        """Private content, or the room behind a closed gate."""
        self.verdict.found.append(where)

    def media(self, where: str, data: bytes) -> None:
        """Search an MP4 whose times are programme time. Blocking: call from a thread."""
        for shown in search(data):
            self.verdict.note(shown)
            wall = self.epoch_ms / 1000 + shown.seconds
            if shown.private:
                self.accuse(f"{where}: private {shown.kind} at {shown.seconds:.3f} s")
            elif self._was_closed(wall, CODEC_SECONDS if shown.kind == "sound" else 0.0):
                self.verdict.closed_pictures += shown.kind == "picture"
                if shown.public:
                    self.accuse(
                        f"{where}: the room's {shown.kind} at {shown.seconds:.3f} s, behind a closed gate"
                    )

    def _was_closed(self, wall: float, ringing: float) -> bool:
        spans = [*self._closed, (self._since, float("inf"))] if self._since is not None else self._closed
        return any(begin + SLACK_SECONDS + ringing < wall < end - SLACK_SECONDS for begin, end in spans)


class HlsKeeper:
    """Fetches every playlist of the origin, and every part and segment it ever lists, and searches them."""

    def __init__(self, socket: Path, judge: Judge) -> None:
        self._socket = socket
        self._judge = judge
        self._files: dict[str, bytes] = {}
        self._parts: dict[str, list[tuple[str, str]]] = {}
        """Of the segment that grows: (initialisation, part), by playlist."""
        self._searched: set[str] = set()
        self.lost: list[str] = []
        self._session: ClientSession | None = None

    async def look(self) -> None:
        """Once at everything. A packager that is dead or just starting gives nothing."""
        try:
            main = (await self._fetch("main.m3u8")).decode()
            names = {*URI.findall(main), *(line for line in main.splitlines() if line and line[0] != "#")}
            for name in sorted(names):
                await self._playlist(name, (await self._fetch(name)).decode())
        except (ClientError, ClientConnectionError, OSError, TimeoutError):
            await self.close()

    async def rewind(self, number: int) -> None:
        """Ask again for something that was listed: it is the same, or it has left the window."""
        names = sorted(self._files)
        if not names:
            return
        name = names[number % len(names)]
        try:
            data = await self._fetch(name)
        except (ClientError, ClientConnectionError, OSError, TimeoutError):
            return
        if data and data != self._files[name]:
            self._judge.accuse(f"{name} is not what it was: {len(data)} bytes")

    async def finish(self) -> None:
        """Search what never became a whole segment."""
        await self.look()
        for playlist, parts in self._parts.items():
            await self._search_parts(playlist, parts)
        await self.close()

    async def close(self) -> None:
        session, self._session = self._session, None
        if session is not None:
            await session.close()

    async def _playlist(self, name: str, text: str) -> None:
        init, parts = "", []
        for tag, uri, segment in ENTRY.findall(text):
            if tag == "MAP":
                init = uri
            elif tag == "PART":
                parts.append((init, uri))
            else:
                await self._segment(name, init, segment, parts)
                parts = []
        before = self._parts.get(name, [])
        if before and not any(part in parts for part in before):
            await self._search_parts(name, before)
        for init, part in parts:
            await self._get(init)
            await self._get(part)
        self._parts[name] = parts

    async def _segment(self, playlist: str, init: str, name: str, parts: list[tuple[str, str]]) -> None:
        if name in self._searched:
            return
        self._searched.add(name)
        head, data = await self._get(init), await self._get(name)
        pieces = [await self._get(part) for _, part in parts]
        if data:
            if pieces and all(pieces) and b"".join(pieces) != data:
                self._judge.accuse(f"{playlist} {name} is not the sum of its parts")
            await asyncio.to_thread(self._judge.media, f"{playlist} {name}", head + data)
        elif any(pieces):
            await self._search_parts(playlist, parts)
        self._parts[playlist] = [part for part in self._parts.get(playlist, []) if part not in parts]

    async def _search_parts(self, playlist: str, parts: list[tuple[str, str]]) -> None:
        new = [(init, part) for init, part in parts if part not in self._searched and self._files.get(part)]
        self._searched |= {part for _, part in new}
        if new:
            data = self._files[new[0][0]] + b"".join(self._files[part] for _, part in new)
            await asyncio.to_thread(self._judge.media, f"{playlist} {new[0][1]}", data)

    async def _get(self, name: str) -> bytes:
        if name not in self._files:
            data = await self._fetch(name)
            if not data:
                self.lost.append(name)
                return b""
            self._files[name] = data
        return self._files[name]

    async def _fetch(self, name: str) -> bytes:
        if self._session is None:
            self._session = ClientSession(connector=UnixConnector(str(self._socket)))
        async with asyncio.timeout(10), self._session.get(f"http://hls/{name}") as response:
            return await response.read() if response.status == 200 else b""


class Watcher:
    """A viewer by WHEP that looks at every decoded picture and sound, and comes back whenever it is lost."""

    def __init__(self, judge: Judge, offer: Offer) -> None:
        self._judge = judge
        self._offer = offer
        self._again = asyncio.Event()
        self._looking: set[asyncio.Task[None]] = set()
        self.pictures = 0
        self.public_pictures = 0
        self._task = asyncio.create_task(self._stay(), name="viewer")

    def reconnect(self) -> None:
        """Leave and come back."""
        self._again.set()

    async def close(self) -> None:
        self._task.cancel()
        with suppress(asyncio.CancelledError):
            await self._task
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
                for kind in ("audio", "video"):
                    connection.addTransceiver(kind, direction="recvonly")
                await connection.setLocalDescription(await connection.createOffer())
                answer = await self._offer(connection.localDescription.sdp)
                await connection.setRemoteDescription(RTCSessionDescription(answer, "answer"))
                await self._again.wait()
            except (Refused, Disconnected, OSError, ClientError):
                await asyncio.sleep(0.2)
            finally:
                await connection.close()

    def _watch(self, connection: RTCPeerConnection) -> None:
        if connection.connectionState in ("failed", "closed"):
            self._again.set()

    def _on_track(self, track: MediaStreamTrack) -> None:
        task = asyncio.create_task(self._look(track), name=f"watch {track.kind}")
        self._looking.add(task)
        task.add_done_callback(self._looking.discard)

    async def _look(self, track: MediaStreamTrack) -> None:
        while True:
            try:
                frame = await asyncio.wait_for(track.recv(), 3)
            except TimeoutError:
                self._again.set()
                return
            except MediaStreamError:
                return
            if isinstance(frame, av.VideoFrame):
                public, private = look(frame)
                self.pictures += 1
                self.public_pictures += public
            else:
                assert isinstance(frame, av.AudioFrame)
                private = listen(mono(frame))[1]
            if private:
                self._judge.accuse(f"WHEP: private {track.kind}")


class Pages:
    """``snapshot.jpg``, ``state.json`` and the page, by HTTP from the hub."""

    def __init__(
        self, meeting: str, secrets: tuple[str, ...], judge: Judge, closed: Callable[[], bool]
    ) -> None:
        self._meeting = meeting
        self._secrets = secrets
        self._judge = judge
        self._closed = closed
        self.stills = 0
        self.texts = 0

    async def look(self, session: ClientSession) -> None:
        """Once. A hub that is dead gives nothing."""
        closed_before = self._closed()
        with suppress(ClientError, ClientConnectionError, OSError, TimeoutError):
            async with asyncio.timeout(10), session.get(f"{self._meeting}/snapshot.jpg") as response:
                data = await response.read()
            if data[:2] == b"\xff\xd8":
                public, private = search_still(data)
                self.stills += 1
                if private or (public and closed_before and self._closed()):
                    self._judge.accuse("snapshot.jpg shows the room")
            for address in ("/state.json", ""):
                async with asyncio.timeout(10), session.get(f"{self._meeting}{address}") as response:
                    text = await response.text()
                self.texts += 1
                for secret in self._secrets:
                    if secret in text:
                        self._judge.accuse(f"{address or 'the page'} tells {secret}")


def search_recording(folder: Path, judge: Judge) -> None:
    """Every file of a recording, whole. Blocking."""
    for path in sorted(folder.glob("*.mp4")):
        judge.media(f"recording {path.name}", path.read_bytes())
