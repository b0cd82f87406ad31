"""Everybody who sends something in one meeting: the chamber, speakers, and guests who come and go."""

import asyncio
from collections import Counter
from collections.abc import Collection
from functools import partial

from tests.gate.encoder import Encoder
from tests.gate.marks import Mark
from tests.gate.meeting import Meeting
from tests.gate.sources import Kind, Room, Source

CHAMBER, SHARE, SIGN = "chamber", "presentation", "sign"
ADMITTED, OUTSIDER, LATECOMER = SPEAKERS = ("901", "902", "903")
"""Of the speakers only the first is ever admitted to a private session."""
INTERPRETER = "701"
GUESTS = (LATECOMER, INTERPRETER, SHARE, SIGN)
DEAF_SECONDS = 0.6
"""A source is let in half a second after an opening, and after it connected."""

_ROOM: tuple[tuple[Kind, Mark], ...] = (("audio", Mark.ROOM), ("video", Mark.ROOM))
_SENDS: dict[str, tuple[tuple[Kind, Mark], ...]] = {
    INTERPRETER: (("audio", Mark.INTERPRETER),),
    SHARE: (("video", Mark.PAGE),),
    SIGN: (("video", Mark.SIGNER),),
}


class Cast:
    """Made inside a running event loop; everybody who always takes part connects at once."""

    def __init__(self, meeting: Meeting, room: Room) -> None:
        self._meeting = meeting
        self._room = room
        self.heard: dict[str, Counter[Mark]] = {}
        """What came back, by name and mark, of those who left already."""
        self.seen: dict[str, Counter[Mark]] = {}
        self.encoder = Encoder(room, meeting.encoder) if meeting.encoder else None
        """The chamber, where it has one."""
        self._here: dict[str, Source | Encoder] = {}
        for name in (CHAMBER, ADMITTED, OUTSIDER):
            self._enter(name)

    @property
    def speakers(self) -> list[str]:
        """Those who are here."""
        return [name for name in SPEAKERS if name in self._here]

    async def come_or_go(self, guest: str) -> None:
        """A guest who is not here comes, one who is leaves."""
        if guest in self._here:
            await self._leave(guest)
        else:
            self._enter(guest)

    def lost(self, names: Collection[str] = ()) -> None:
        """These lose their connection and make another: everybody but an encoder when a studio dies."""
        for name, source in self._here.items():
            if name in names if names else isinstance(source, Source):
                source.drop()

    def settled(self) -> bool:
        """Whether everybody is connected, and has been for long enough to be let in."""
        now = asyncio.get_running_loop().time()
        return all(
            source.connected_at is not None and now - source.connected_at > DEAF_SECONDS
            for source in self._here.values()
        )

    async def close(self) -> None:
        """Everybody leaves."""
        for name in list(self._here):
            await self._leave(name)

    def _enter(self, name: str) -> None:
        self._here[name] = self._made(name)

    def _made(self, name: str) -> Source | Encoder:
        if name == CHAMBER and self.encoder is not None:
            return self.encoder
        if name in SPEAKERS:
            return Source(self._room, partial(self._meeting.speaker, name), _ROOM, sees=True)
        if name == INTERPRETER:
            return Source(self._room, partial(self._meeting.interpreter, name), _SENDS[name])
        return Source(self._room, partial(self._meeting.feed, name), _SENDS.get(name, _ROOM))

    async def _leave(self, name: str) -> None:
        source = self._here.pop(name)
        await source.close()
        self.heard.setdefault(name, Counter()).update(source.heard)
        self.seen.setdefault(name, Counter()).update(source.seen)
