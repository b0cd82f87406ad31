"""LL-HLS as the public get it: every part and segment that any playlist ever lists, kept and searched."""

import asyncio
import re
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from itertools import cycle

from tests.gate.judge import Judge
from tests.gate.ways import AWAY, Way

LOOK_SECONDS = 0.3
"""Parts are listed for several seconds."""
SLOW_SECONDS = 5.0
"""Who looks at a playlist less often than that may miss what it lists."""
KILLED_SECONDS = 3.0
"""So long before something is seen to be listed may a process have died that had it: what the hub hands out
may be a second old."""
URI = re.compile(r'URI="([^"]+)"')
GAP = re.compile(r"^#EXT-X-GAP\n(?:#.*\n)*[^#\s].*$|^#EXT-X-PART:.*,GAP=YES$", re.MULTILINE)
"""A part or segment that nobody can have (RFC 8216bis, 4.4.4.7), such as the one in which a packager died."""
ENTRY = re.compile(r'^#EXT-X-(MAP|PART):.*?URI="([^"]+)"|^([^#\s].*)$', re.MULTILINE)


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


class Listed:
    """What one playlist listed and nobody has searched yet, by the time at which it was first listed."""

    def __init__(self) -> None:
        self.waiting: dict[str, float] = {}
        self.looked_at = time.monotonic()

    def note(self, names: Sequence[str], searched: set[str], now: float) -> float:
        """Take in what is listed now; seconds since the look before."""
        since, self.looked_at = now - self.looked_at, now
        for name in names:
            if name not in searched:
                self.waiting.setdefault(name, now)
        return since

    def gone(self, names: Sequence[str], searched: set[str]) -> dict[str, float]:
        """What is listed no more and was never searched."""
        for name in searched & self.waiting.keys():
            del self.waiting[name]
        return {name: self.waiting.pop(name) for name in self.waiting.keys() - set(names)}


class HlsKeeper:
    """Fetches every playlist, by every way in turn, and all that it ever lists, and searches that.

    ``kills``: when anything was killed that makes them, of the monotonic clock.
    """

    def __init__(self, ways: Sequence[Way], judge: Judge, kills: Callable[[], Sequence[float]]) -> None:
        self._ways = tuple(ways)
        self._turns = cycle(self._ways)
        self._judge = judge
        self._kills = kills
        self._digests: dict[str, bytes] = {}
        """Of everything that was ever fetched."""
        self._files: dict[str, bytes] = {}
        """What is still needed."""
        self._growing: dict[str, list[Piece]] = {}
        """Of the segment that grows, by playlist."""
        self._searched: set[str] = set()
        self._listed: dict[tuple[str, str], Listed] = {}
        """By way and playlist: what is handed out to many may be a second older than at its origin."""
        self.followed: set[str] = set()
        """Media playlists from which something was searched."""
        self.fetched: Counter[str] = Counter()
        """Parts and segments by the way on which they came."""
        self.missed: Counter[str] = Counter()
        """What was listed and never searched, by the reason why it could not be had."""

    @property
    def found(self) -> list[str]:
        """What the judge was told, here and elsewhere."""
        return self._judge.verdict.found

    @property
    def searched(self) -> int:
        """How many parts and segments were."""
        return len(self._searched)

    async def keep_looking(self) -> None:
        """For ever."""
        while True:
            await self.look()
            await asyncio.sleep(LOOK_SECONDS)

    async def look(self) -> None:
        """Once at everything. A packager that is dead or just starting gives nothing."""
        way = next(self._turns)
        try:
            for name in playlists((await way.fetch("main.m3u8") or b"").decode()):
                text = await way.fetch(name)
                if text is not None:
                    await self._playlist(way, name, text.decode())
        except AWAY:
            await way.hang_up()

    async def rewind(self, number: int) -> None:
        """Ask again for something that was listed: it is the same, or it has left the window."""
        names = sorted(self._digests)
        if not names:
            return
        name = names[number % len(names)]
        way = next(self._turns)
        try:
            data = await way.fetch(name)
        except AWAY:
            await way.hang_up()
            return
        if data and _digest(data) != self._digests[name]:
            self._judge.accuse(f"{name} is not what it was: {len(data)} bytes by {way.name}")

    async def finish(self) -> None:
        """Search what never became a whole segment."""
        for _ in self._ways:
            await self.look()
        for playlist, pieces in self._growing.items():
            await self._search_parts(playlist, pieces)
        for (_, playlist), listed in self._listed.items():
            self._miss(playlist, listed.gone((), self._searched), time.monotonic() - listed.looked_at)
        for way in self._ways:
            await way.hang_up()

    async def _playlist(self, way: Way, name: str, text: str) -> None:
        entries = ENTRY.findall(GAP.sub("", text))
        names = [uri or segment for tag, uri, segment in entries if tag != "MAP"]
        listed = self._listed.setdefault((way.name, name), Listed())
        since = listed.note(names, self._searched, time.monotonic())
        init = ""
        pieces: list[Piece] = []
        for tag, uri, segment in entries:
            if tag == "MAP":
                init = uri
            elif tag == "PART":
                pieces.append(Piece(init, uri))
            else:
                await self._segment(way, name, init, segment, pieces)
                pieces = []
        for piece in pieces:
            await self._get(way, piece.init)
            await self._get(way, piece.name)
        await self._grow(name, pieces)
        self._miss(name, listed.gone(names, self._searched), since)

    async def _grow(self, playlist: str, pieces: list[Piece]) -> None:
        """``pieces``: of the segment that grows, as a way lists them: an older copy lacks the newest."""
        before = self._growing.get(playlist, [])
        if not any(piece in pieces for piece in before):
            await self._search_parts(playlist, before)
            before = []
        self._growing[playlist] = max(before, pieces, key=len)

    async def _segment(self, way: Way, playlist: str, init: str, name: str, pieces: list[Piece]) -> None:
        if name in self._searched:
            return
        head, data = await self._get(way, init), await self._get(way, name)
        parts = [await self._get(way, piece.name) for piece in pieces]
        if data:
            # Captions that span parts are in each of them, and once in the segment.
            whole = not name.endswith(".vtt")
            if whole and parts and all(parts) and b"".join(parts) != data:
                self._judge.accuse(f"{playlist} {name} is not the sum of its parts")
            await self._search(playlist, name, head + data)
            done = {name, *(piece.name for piece in pieces)}
            self._searched |= done
            for one in done:
                self._files.pop(one, None)
        elif any(parts):
            await self._search_parts(playlist, pieces)
        self._growing[playlist] = [one for one in self._growing.get(playlist, []) if one not in pieces]

    async def _search_parts(self, playlist: str, pieces: list[Piece]) -> None:
        new = [piece for piece in pieces if piece.name not in self._searched and self._files.get(piece.name)]
        if new:
            data = self._files.get(new[0].init, b"") + b"".join(self._files[piece.name] for piece in new)
            await self._search(playlist, new[0].name, data)
        self._searched |= {piece.name for piece in new}

    async def _search(self, playlist: str, name: str, data: bytes) -> None:
        self.followed.add(playlist)
        await asyncio.to_thread(self._judge.media, playlist, name, data)

    def _miss(self, playlist: str, names: dict[str, float], since: float) -> None:
        """Somebody else may have had these. ``since``: seconds since the last look at the playlist."""
        for name, listed_at in names.items():
            if any(at > listed_at - KILLED_SECONDS for at in self._kills()):
                self.missed["a kill"] += 1
            elif since > SLOW_SECONDS:
                self.missed["looked too late"] += 1
            else:
                self._judge.accuse(f"{playlist} listed {name}, and it could never be had")

    async def _get(self, way: Way, name: str) -> bytes:
        """Empty when it is not there: a later look asks again while it is listed.

        Captions need no initialisation, which then has no name.
        """
        if not name:
            return b""
        if name not in self._files:
            data = await way.fetch(name)
            if not data:
                return b""
            self.fetched[way.name] += 1
            self._digests[name] = _digest(data)
            self._files[name] = data
        return self._files[name]


def _digest(data: bytes) -> bytes:
    return blake2b(data, digest_size=16).digest()
