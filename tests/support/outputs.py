"""Keeps everything that the public could fetch of a meeting, so that it can be searched afterwards."""

import asyncio
import re
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import numpy as np
from aiohttp import ClientError, ClientSession

from tests.support.judge import HEARD, Picture, Signature, Sound, find_colour, loudest, pictures, sound, still

POLL_SECONDS = 0.4
PLAYLISTS = ("video.m3u8", "video-360.m3u8", "audio.m3u8")
JPEG = b"\xff\xd8"
ENTRY = re.compile(r'^#EXT-X-(MAP|PART):.*?URI="([^"]+)"|^([^#\s].*)$', re.MULTILINE)


@dataclass
class Kept:
    """All that one playlist ever listed, in its order. Parts and segments carry the same moments."""

    inits: dict[str, bytes] = field(default_factory=dict)
    parts: dict[str, tuple[str, bytes]] = field(default_factory=dict)
    """Name → (name of its init segment, bytes)."""
    segments: dict[str, tuple[str, bytes]] = field(default_factory=dict)

    def media(self, fragments: dict[str, tuple[str, bytes]]) -> list[bytes]:
        """Decodable files: one for each init segment, with its fragments behind it."""
        return [
            init + b"".join(data for of, data in fragments.values() if of == name)
            for name, init in self.inits.items()
            if any(of == name for of, _ in fragments.values())
        ]


@dataclass(frozen=True)
class Evidence:
    """One public output, decoded."""

    name: str
    pictures: list[Picture]
    sound: Sound

    def shows(self, source: Signature) -> list[float]:
        """Times of the pictures in which a source's colour occurs."""
        return find_colour(self.pictures, source.colour)

    def level(self, source: Signature) -> float:
        """The highest level of a source's tone, in dBFS."""
        return loudest(self.sound, source.hz)


def decoded(name: str, media: bytes) -> Evidence:
    """All pictures and all sound of one file."""
    return Evidence(name, list(pictures(media)), sound(media))


@dataclass
class PublicOutputs:
    """What one meeting gave to the public while this looked."""

    meeting: str
    """Address of the meeting's page."""
    session: ClientSession
    playlists: dict[str, Kept] = field(default_factory=lambda: {name: Kept() for name in PLAYLISTS})
    stills: list[Picture] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)
    """Every snapshot of the state, every page, every list of chapters."""
    lost: list[str] = field(default_factory=list)
    """What was listed and could not be fetched."""

    async def collect(self) -> None:
        """Look at everything once."""
        for name, kept in self.playlists.items():
            await self._collect_playlist(name, kept)
        jpeg = await self._fetch("/snapshot.jpg")
        if jpeg is not None and jpeg.startswith(JPEG):  # without a studio there is an icon instead
            self.stills.append(await asyncio.to_thread(still, jpeg))
        for address in ("/state.json", "", "/chapters.vtt"):
            text = await self._fetch(address)
            if text is not None and text.decode() not in self.texts[-4:]:
                self.texts.append(text.decode())

    def evidence(self) -> list[Evidence]:
        """Everything decoded, once. Takes about a third of the time that it lasts."""
        found = [Evidence("snapshots", self.stills, np.zeros(0, np.float32))]
        for name, kept in self.playlists.items():
            for kind, fragments in (("parts", kept.parts), ("segments", kept.segments)):
                found += [decoded(f"{kind} of {name}", media) for media in kept.media(fragments)]
        return found

    async def _collect_playlist(self, name: str, kept: Kept) -> None:
        text = await self._fetch(f"/hls/{name}")
        if text is None:
            return
        init = ""
        for tag, uri, segment in ENTRY.findall(text.decode()):
            if tag == "MAP":
                init = uri
                if uri not in kept.inits:
                    kept.inits[uri] = await self._listed(uri)
            else:
                fragments = kept.parts if tag == "PART" else kept.segments
                if (uri or segment) not in fragments:
                    fragments[uri or segment] = init, await self._listed(uri or segment)

    async def _listed(self, uri: str) -> bytes:
        data = await self._fetch(f"/hls/{uri}")
        if data is None:
            self.lost.append(uri)
        return data or b""

    async def _fetch(self, address: str) -> bytes | None:
        try:
            async with self.session.get(f"{self.meeting}{address}") as response:
                return await response.read() if response.status == 200 else None
        except ClientError:
            return None


async def live_edge(session: ClientSession, meeting: str, segments: int = 1) -> bytes:
    """The last complete segments by LL-HLS, decodable; empty while there are none."""
    async with session.get(f"{meeting}/hls/video.m3u8") as response:
        text = await response.text() if response.status == 200 else ""
    entries = ENTRY.findall(text)
    init = [uri for tag, uri, _ in entries if tag == "MAP"][-1:]
    names = init + [segment for _, _, segment in entries if segment][-segments:]
    fetched = []
    for name in names if len(names) > 1 else []:
        async with session.get(f"{meeting}/hls/{name}") as response:
            fetched.append(await response.read())
    return b"".join(fetched)


async def public_shows(
    session: ClientSession,
    meeting: str,
    source: Signature,
    *,
    picture: bool = True,
    heard: bool = True,
    seconds: float = 20.0,
) -> Picture:
    """Wait until the newest segment ends with a source's colour and has its tone; the last picture of it.

    ``picture`` and ``heard`` say which of both must be there; the other must not.
    """
    told = "nothing"
    try:
        async with asyncio.timeout(seconds):
            while True:
                media = await live_edge(session, meeting)
                if media:
                    last = deque(pictures(media), maxlen=1)[0]
                    level = loudest(sound(media), source.hz)
                    told = f"{last.mean()} and {source.hz} Hz at {level:.0f} dBFS"
                    if last.shows(source.colour) == picture and (level > HEARD) == heard:
                        return last
                await asyncio.sleep(POLL_SECONDS)
    except TimeoutError:
        raise AssertionError(f"waited for the {source.name} and the public have {told}") from None


@asynccontextmanager
async def collecting(meeting: str) -> AsyncIterator[PublicOutputs]:
    """Look at everything about twice a second until the body ends."""
    async with ClientSession() as session:
        outputs = PublicOutputs(meeting, session)
        stop = asyncio.Event()
        task = asyncio.create_task(_until(stop, outputs), name="collect public outputs")
        try:
            yield outputs
        finally:
            stop.set()
            await task


async def _until(stop: asyncio.Event, outputs: PublicOutputs) -> None:
    while not stop.is_set():
        await outputs.collect()
        try:
            async with asyncio.timeout(POLL_SECONDS):
                await stop.wait()
        except TimeoutError:
            continue
