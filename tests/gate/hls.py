"""LL-HLS as the public get it: every part and segment that any playlist ever lists, kept and searched."""

import asyncio
import time
from collections import Counter
from collections.abc import Callable, Coroutine, Sequence
from hashlib import blake2b
from itertools import cycle

from tests.gate.judge import Judge
from tests.gate.listing import Piece, pieces, playlists
from tests.gate.missing import NEVER_HAD, Fate, Missing
from tests.gate.ways import AWAY, Way

LOOK_SECONDS = 0.3
"""Parts are listed for several seconds."""
KILLED_SECONDS = 3.0
"""So long before something is seen to be listed may a packager have died that had it: what the hub hands out
may be a second old."""
BUS_SECONDS = 5.0
"""So long before something is seen to be listed was it on the bus: a segment, a copy that may be a
second old, and a look."""
BEHIND_SECONDS = 1.0
"""So much later than a packager may the search read the bus, on a machine that is busy with a whole proof."""
SETTLE_SECONDS = 30.0
"""In which a packager that was killed at the end is back, and can be asked."""
Replay = Callable[[str, float, float], Coroutine[None, None, list[bytes] | None]]
"""What a playlist could have had between two moments, from where the packager has it too; ``None``: it is not
all there."""


class Listed:
    """What one playlist listed and nobody has searched yet, by name, and since when."""

    def __init__(self) -> None:
        self.waiting: dict[str, tuple[Piece, float]] = {}

    def note(self, found: Sequence[Piece], searched: set[str], now: float) -> None:
        """Take in what is listed now."""
        for piece in found:
            if piece.name not in searched:
                self.waiting.setdefault(piece.name, (piece, now))

    def gone(self, found: Sequence[Piece], searched: set[str]) -> list[tuple[Piece, float]]:
        """What is listed no more and was never searched."""
        for name in searched & self.waiting.keys():
            del self.waiting[name]
        return [self.waiting.pop(name) for name in self.waiting.keys() - {piece.name for piece in found}]


class HlsKeeper:
    """Fetches every playlist, by every way in turn, and all that it ever lists, and searches that.

    ``kills`` and ``bus_kills``: when packagers were killed, and the bus, of the monotonic clock.
    """

    def __init__(
        self,
        ways: Sequence[Way],
        judge: Judge,
        kills: Callable[[], Sequence[float]],
        replay: Replay,
        bus_kills: Callable[[], Sequence[float]] = tuple,
    ) -> None:
        self._ways = tuple(ways)
        self._turns = cycle(self._ways)
        self._judge = judge
        self._kills = kills
        self._bus_kills = bus_kills
        self._replay = replay
        self._digests: dict[str, bytes] = {}
        """Of everything that was ever fetched."""
        self._files: dict[str, bytes] = {}
        """What is still needed."""
        self._growing: dict[str, list[Piece]] = {}
        """Of the segment that grows, by playlist."""
        self._searched: set[str] = set()
        self._segments: dict[str, list[Piece]] = {}
        """Those that were searched, by playlist."""
        self._listed: dict[tuple[str, str], Listed] = {}
        """By way and playlist: what is handed out to many may be a second older than at its origin."""
        self._missing: dict[str, Missing] = {}
        """What is listed no more and was not had yet, by name."""
        self.followed: set[str] = set()
        """Media playlists from which something was searched."""
        self.fetched: Counter[str] = Counter()
        """Parts and segments by the way on which they came."""
        self.fates: Counter[Fate] = Counter()
        """What became of each piece that was not had while it was listed."""

    @property
    def found(self) -> list[str]:
        """What the judge was told, here and elsewhere."""
        return self._judge.verdict.found

    @property
    def searched(self) -> int:
        """How many parts and segments were."""
        return len(self._searched) - sum(self.fates[fate] for fate in NEVER_HAD)

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
            await self._ask_again(way)
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
        """Search what never became a whole segment, and account for all that was listed and not had."""
        for _ in self._ways:
            await self.look()
        for playlist, growing in self._growing.items():
            await self._search_parts(playlist, growing)
        for (_, playlist), listed in self._listed.items():
            self._miss(playlist, listed.gone((), self._searched))
        end = time.monotonic() + SETTLE_SECONDS
        while self._missing and time.monotonic() < end:
            await self.look()
            await asyncio.sleep(LOOK_SECONDS)
        for missing in self._missing.values():
            self._judge.accuse(f"{missing}, and nobody says what became of it")
        for way in self._ways:
            await way.hang_up()

    async def _playlist(self, way: Way, name: str, text: str) -> None:
        found = list(pieces(text))
        listed = self._listed.setdefault((way.name, name), Listed())
        listed.note(found, self._searched, time.monotonic())
        parts: list[Piece] = []
        for piece in found:
            if piece.whole:
                await self._segment(way, name, piece, parts)
                parts = []
            else:
                parts.append(piece)
        for part in parts:
            await self._get(way, part.init)
            await self._get(way, part.name)
        await self._grow(name, parts)
        self._miss(name, listed.gone(found, self._searched))

    async def _grow(self, playlist: str, parts: list[Piece]) -> None:
        """``parts``: of the segment that grows, as a way lists them: an older copy lacks the newest."""
        before = self._growing.get(playlist, [])
        if not any(part in parts for part in before):
            await self._search_parts(playlist, before)
            before = []
        self._growing[playlist] = max(before, parts, key=len)

    async def _segment(self, way: Way, playlist: str, segment: Piece, parts: list[Piece]) -> None:
        if segment.name in self._searched:
            return
        head, data = await self._get(way, segment.init), await self._get(way, segment.name)
        found = [await self._get(way, part.name) for part in parts]
        if data:
            # Captions that span parts are in each of them, and once in the segment.
            whole = not segment.name.endswith(".vtt")
            if whole and found and all(found) and b"".join(found) != data:
                self._judge.accuse(f"{playlist} {segment.name} is not the sum of its parts")
            await self._search(playlist, segment.name, head + data)
            self._segments.setdefault(playlist, []).append(segment)
            done = {segment.name, *(part.name for part in parts)}
            self._searched |= done
            for one in done:
                self._files.pop(one, None)
        elif any(found):
            await self._search_parts(playlist, parts)
        self._growing[playlist] = [one for one in self._growing.get(playlist, []) if one not in parts]

    async def _search_parts(self, playlist: str, parts: list[Piece]) -> None:
        new = [part for part in parts if part.name not in self._searched and self._files.get(part.name)]
        if new and not new[0].independent:
            # What it goes on from was not had, or was searched without it: a decoder would see nothing.
            self._miss(playlist, [(part, time.monotonic()) for part in new])
            return
        if new:
            data = self._files.get(new[0].init, b"") + b"".join(self._files[part.name] for part in new)
            await self._search(playlist, new[0].name, data)
        self._searched |= {part.name for part in new}

    async def _search(self, playlist: str, name: str, data: bytes) -> None:
        self.followed.add(playlist)
        await asyncio.to_thread(self._judge.media, playlist, name, data)

    # What was listed and not had

    def _miss(self, playlist: str, gone: list[tuple[Piece, float]]) -> None:
        for piece, listed_at in gone:
            self._missing.setdefault(piece.name, Missing(playlist, piece, listed_at))

    async def _ask_again(self, way: Way) -> None:
        """As anybody may who was told of it, until it is had or every way says that it is gone."""
        for missing in list(self._missing.values()):
            name = missing.piece.name
            if name in self._searched:
                self._settle(missing, Fate.LATER)
            elif any(segment.holds(missing.piece) for segment in self._segments.get(missing.playlist, ())):
                self._settle(missing, Fate.IN_ITS_SEGMENT)
            elif data := await self._get(way, name):
                await self._had_later(missing, await self._get(way, missing.piece.init) + data)
            else:
                missing.refused_by.add(way.name)
                if missing.refused_by >= {one.name for one in self._ways}:
                    await self._give_up(missing)

    async def _had_later(self, missing: Missing, data: bytes) -> None:
        if missing.piece.independent:
            await self._search(missing.playlist, missing.piece.name, data)
            self._settle(missing, Fate.LATER)
        else:
            await self._search_by_the_bus(missing)

    async def _give_up(self, missing: Missing) -> None:
        """It is nowhere: nothing but the death of a packager makes that, and what it had came by the bus."""
        if any(at > missing.listed_at - KILLED_SECONDS for at in self._kills()):
            await self._search_by_the_bus(missing)
        else:
            self._judge.accuse(f"{missing}, and it could never be had")
            self._settle(missing, Fate.ACCUSED)

    async def _search_by_the_bus(self, missing: Missing) -> None:
        piece = missing.piece
        again = await self._replay(missing.playlist, piece.begin, piece.end)
        for data in again or ():
            await self._search(missing.playlist, f"{piece.name}, by the bus,", data)
        self._settle(missing, Fate.BY_THE_BUS if again is not None else self._lost(missing.listed_at))

    def _lost(self, listed_at: float) -> Fate:
        died = any(-BUS_SECONDS < at - listed_at < BEHIND_SECONDS for at in self._bus_kills())
        return Fate.WITH_THE_BUS if died else Fate.UNSEEN

    def _settle(self, missing: Missing, fate: Fate) -> None:
        del self._missing[missing.piece.name]
        self._searched.add(missing.piece.name)
        self._files.pop(missing.piece.name, None)
        self.fates[fate] += 1

    async def _get(self, way: Way, name: str) -> bytes:
        """Empty when it is not there: a later look asks again.

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
