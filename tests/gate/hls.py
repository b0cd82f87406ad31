"""LL-HLS as the public get it: every part and segment that any playlist ever lists, kept and searched."""

import asyncio
import re
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path

from aiohttp import ClientConnectionError, ClientError, ClientSession, UnixConnector

from tests.gate.judge import Judge

LOOK_SECONDS = 0.3
"""Parts are listed for several seconds."""
URI = re.compile(r'URI="([^"]+)"')
ENTRY = re.compile(r'^#EXT-X-(MAP|PART):.*?URI="([^"]+)"|^([^#\s].*)$', re.MULTILINE)
AWAY = (ClientError, ClientConnectionError, OSError, TimeoutError)


@dataclass(frozen=True, slots=True)
class Piece:
    """A part, and the initialisation that belongs to it."""

    init: str
    name: str


def playlists(multivariant: str) -> list[str]:
    """All media playlists that a multivariant playlist names."""
    lines = multivariant.splitlines()
    named = {*URI.findall(multivariant), *(line.strip() for line in lines if line and line[0] != "#")}
    return sorted(named)


class HlsKeeper:
    """Fetches every playlist of the origin, and every part and segment it ever lists, and searches them."""

    def __init__(self, socket: Path, judge: Judge) -> None:
        self._socket = socket
        self._judge = judge
        self._digests: dict[str, bytes] = {}
        """Of everything that was ever fetched."""
        self._files: dict[str, bytes] = {}
        """What is still needed."""
        self._growing: dict[str, list[Piece]] = {}
        """Of the segment that grows, by playlist."""
        self._searched: set[str] = set()
        self._session: ClientSession | None = None
        self.followed: set[str] = set()
        """Media playlists from which something was searched."""

    async def keep_looking(self) -> None:
        """For ever."""
        while True:
            await self.look()
            await asyncio.sleep(LOOK_SECONDS)

    async def look(self) -> None:
        """Once at everything. A packager that is dead or just starting gives nothing."""
        try:
            for name in playlists((await self._fetch("main.m3u8")).decode()):
                await self._playlist(name, (await self._fetch(name)).decode())
        except AWAY:
            await self._hang_up()

    async def rewind(self, number: int) -> None:
        """Ask again for something that was listed: it is the same, or it has left the window."""
        names = sorted(self._digests)
        if not names:
            return
        name = names[number % len(names)]
        try:
            data = await self._fetch(name)
        except AWAY:
            return
        if data and _digest(data) != self._digests[name]:
            self._judge.accuse(f"{name} is not what it was: {len(data)} bytes")

    async def finish(self) -> None:
        """Search what never became a whole segment."""
        await self.look()
        for playlist, pieces in self._growing.items():
            await self._search_parts(playlist, pieces)
        await self._hang_up()

    async def _hang_up(self) -> None:
        session, self._session = self._session, None
        if session is not None:
            await session.close()

    async def _playlist(self, name: str, text: str) -> None:
        init = ""
        pieces: list[Piece] = []
        for tag, uri, segment in ENTRY.findall(text):
            if tag == "MAP":
                init = uri
            elif tag == "PART":
                pieces.append(Piece(init, uri))
            else:
                await self._segment(name, init, segment, pieces)
                pieces = []
        before = self._growing.get(name, [])
        if before and not any(piece in pieces for piece in before):
            await self._search_parts(name, before)
        for piece in pieces:
            await self._get(piece.init)
            await self._get(piece.name)
        self._growing[name] = pieces

    async def _segment(self, playlist: str, init: str, name: str, pieces: list[Piece]) -> None:
        if name in self._searched:
            return
        self._searched.add(name)
        head, data = await self._get(init), await self._get(name)
        parts = [await self._get(piece.name) for piece in pieces]
        if data:
            if parts and all(parts) and b"".join(parts) != data:
                self._judge.accuse(f"{playlist} {name} is not the sum of its parts")
            await self._search(playlist, name, head + data)
            for done in (name, *(piece.name for piece in pieces)):
                self._files.pop(done, None)
        elif any(parts):
            await self._search_parts(playlist, pieces)
        self._growing[playlist] = [one for one in self._growing.get(playlist, []) if one not in pieces]

    async def _search_parts(self, playlist: str, pieces: list[Piece]) -> None:
        new = [piece for piece in pieces if piece.name not in self._searched and self._files.get(piece.name)]
        self._searched |= {piece.name for piece in new}
        if new:
            data = self._files[new[0].init] + b"".join(self._files[piece.name] for piece in new)
            await self._search(playlist, new[0].name, data)

    async def _search(self, playlist: str, name: str, data: bytes) -> None:
        self.followed.add(playlist)
        await asyncio.to_thread(self._judge.media, playlist, name, data)

    async def _get(self, name: str) -> bytes:
        if name not in self._files:
            data = await self._fetch(name)
            if not data:
                return b""
            self._digests[name] = _digest(data)
            self._files[name] = data
        return self._files[name]

    async def _fetch(self, name: str) -> bytes:
        if self._session is None:
            self._session = ClientSession(connector=UnixConnector(str(self._socket)))
        async with asyncio.timeout(10), self._session.get(f"http://hls/{name}") as response:
            return await response.read() if response.status == 200 else b""


def _digest(data: bytes) -> bytes:
    return blake2b(data, digest_size=16).digest()
