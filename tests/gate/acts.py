"""What may happen in a round: moves of the gate, and everything else that people and machines do."""

import asyncio
import random
import signal
import time
from collections import Counter
from collections.abc import Callable, Coroutine
from contextlib import suppress
from functools import partial

from aiohttp import ClientError

from media.control.command import Disconnected, Refused
from media.control.picture import LayoutName, SetCaptions, SetLayout, SetOnAir
from media.control.studio import AdmitPrivately, GateState, GetStatus, SetGate, SlateText
from media.gate.words import BEHIND_SECONDS
from tests.gate.cast import ADMITTED, CHAMBER, GUESTS, INTERPRETER, SHARE, SIGN, Cast
from tests.gate.judge import Judge
from tests.gate.marks import PUBLIC_LINE, SECRET
from tests.gate.meeting import PACKAGER, RECORDER, RELAY, STUDIO, Meeting, RefusedByHub
from tests.gate.projection import PRIVATE_PAGE, PUBLIC_PAGE, Projection
from tests.gate.search import Search
from tests.gate.sources import Room
from tests.media.sources.children import decoders
from tests.support.processes import send
from tests.support.waiting import until

Act = Callable[[], Coroutine[None, None, None]]
Weighted = tuple[str, int, Act]
AWAY = (Refused, Disconnected, RefusedByHub, ClientError, OSError, TimeoutError)
STARVED_SECONDS = 2.0
SPOKEN_SECONDS = 10.0
HUB, REDIS = "hub", "Redis"
VICTIMS = (STUDIO, PACKAGER, RECORDER, RELAY, HUB)
WITHOUT_REDIS = (0.1, 2.0)
"""Seconds."""


class Acts:
    """``stay``: wait until everybody is where they should be."""

    def __init__(
        self,
        meeting: Meeting,
        chance: random.Random,
        room: Room,
        cast: Cast,
        projection: Projection,
        judge: Judge,
        search: Search,
        stay: Act,
    ) -> None:
        self._meeting = meeting
        self._chance = chance
        self._room = room
        self._cast = cast
        self._projection = projection
        self._judge = judge
        self._search = search
        self._stay = stay
        self._caption = ""
        self._said = False
        self.killed: Counter[str] = Counter()
        """Processes that a SIGKILL has reached."""

    async def kill(self, victim: str) -> None:
        """Kill one that is there, however long that takes."""
        before = self.killed[victim]
        while self.killed[victim] == before:
            await self._meeting.until_hub()
            await self._kill(victim)()
            await asyncio.sleep(0.05)

    def possible(self) -> list[Weighted]:
        """Names, weights and acts, as things stand."""
        return [
            *(self._openings() if self._judge.is_closed else self._closings()),
            ("layout", 6, self._layout),
            ("on air", 7, self._on_air),
            ("admit", 4, self._admit),
            ("captions", 3, self._captions),
            ("line", 8, self._line),
            ("page", 2, self._page),
            ("no page", 1, self._no_page),
            ("rewind", 4, self._rewind),
            ("viewer again", 2, self._viewer_again),
            ("speaker again", 2, self._speaker_again),
            ("chamber again", 2, self._chamber_again),
            ("guest", 4, self._guest),
            ("everybody speaks", 0, self._everybody_speaks),
            ("interpreter", 0, partial(self._cast.come_or_go, INTERPRETER)),
            ("screen share", 0, partial(self._cast.come_or_go, SHARE)),
            ("signer", 0, partial(self._cast.come_or_go, SIGN)),
            ("kill studio", 1, self._kill(STUDIO)),
            ("kill packager", 1, self._kill(PACKAGER)),
            ("kill recorder", 1, self._kill(RECORDER)),
            ("kill relay", 1, self._kill(RELAY)),
            ("kill hub", self._if_hub(1), self._kill(HUB)),
            ("kill Redis", 2 if self._meeting.has_redis else 0, self._kill(REDIS)),
            ("stay", 1, self._stay),
        ]

    def _openings(self) -> list[Weighted]:
        return [
            ("open", self._if_hub(40), self._return),
            ("open while the studio is starved", self._if_hub(1), self._return_starved),
            ("open and kill studio", self._if_hub(2), self._return_and_kill),
            ("open and kill decoders", self._if_hub(1), self._return_and_kill_decoders),
            ("private again", 2, self._close("meeting.private", reason=SECRET)),
            ("technical again", 2, self._close("meeting.technical")),
            ("kill studio while closed", 2, self._kill(STUDIO)),
        ]

    def _closings(self) -> list[Weighted]:
        return [
            ("private", 6, self._close("meeting.private", reason=SECRET)),
            ("adjourn", 2, self._close("meeting.adjourn", drop=True)),
            ("suspend", 2, self._close("meeting.suspend", reason="disturbance")),
            ("technical", 2, self._close("meeting.technical")),
            ("emergency", 3, self._close("gate.cut")),
            ("cut at the machine", 3, self._cut_at_the_machine),
            ("cut by file", 2, self._cut_by_file),
            ("cut at the studio", 2, self._cut_at_the_studio),
            ("kill studio and cut", 3, self._kill_and_cut),
            ("cut and kill studio", 3, self._cut_and_kill),
            ("kill hub and cut", self._if_hub(1), self._kill_hub_and_cut),
            ("kill Redis and cut", 3 if self._meeting.has_redis else 0, self._kill_redis_and_cut),
            *(self._closings_that_let_out_the_rest() if self._judge.delay else ()),
        ]

    def _closings_that_let_out_the_rest(self) -> list[Weighted]:
        """What was said before them is seen to its end, as late as everything."""
        return [
            ("adjourn, and let out the rest", 5, self._close("meeting.adjourn", drop=False)),
            (
                "private, and let out the rest",
                5,
                self._close("meeting.private", reason=SECRET, drop=False),
            ),
        ]

    def _if_hub(self, weight: int) -> int:
        return weight if self._meeting.hub_lives else 0

    # Moves of the gate

    async def _closed(self, *, drop: bool = True) -> None:
        """Somebody was told that the gate is closed. From now on the room says what nobody outside may know.

        The room may be behind the gate even earlier: from the moment at which the gate itself says it closed.
        Without ``drop`` the public see the rest first, until a moment that the gate names.
        """
        told = time.time()
        self._room.private = True
        shut = told if drop else told + self._judge.delay
        try:
            with suppress(*AWAY):
                gate = (await self._meeting.studio(GetStatus())).gate
                if gate.state is not GateState.OPEN and self._judge.opened_at < gate.since_ms / 1000 < told:
                    shut = max(gate.since_ms, gate.held_until_ms) / 1000
        finally:
            self._judge.closed(shut)

    def _close(self, command: str, **payload: object) -> Act:
        async def close() -> None:
            if not self._meeting.hub_lives:
                await self._cut_at_the_machine()
                return
            await self._meeting.do(command, **payload)
            await self._closed(drop=payload.get("drop") is not False)

        return close

    async def _cut_at_the_machine(self) -> None:
        outcome = await self._meeting.at_the_machine()
        assert outcome.code in (0, 2), outcome
        await self._closed()

    async def _cut_by_file(self) -> None:
        await self._meeting.by_file()
        await self._closed()

    async def _cut_at_the_studio(self) -> None:
        slate = SlateText(title="Cut")
        await self._meeting.studio(SetGate(state=GateState.PRIVATE, slate=slate, reason="", by="test"))
        await self._closed()

    async def _kill_and_cut(self) -> None:
        await self._kill(STUDIO)()
        await self._chance.choice(
            (self._close("meeting.private"), self._cut_at_the_machine, self._cut_by_file)
        )()

    async def _cut_and_kill(self) -> None:
        act = self._chance.choice((self._close("gate.cut"), self._cut_at_the_machine))
        cut = asyncio.create_task(act(), name="cut")
        await asyncio.sleep(self._chance.uniform(0, 0.02))
        await self._kill(STUDIO)()
        await cut

    async def _kill_hub_and_cut(self) -> None:
        await self._kill(HUB)()
        await self._cut_at_the_machine()

    async def _kill_redis_and_cut(self) -> None:
        await self._kill(REDIS)()
        await self._chance.choice(
            (self._close("gate.cut"), self._close("meeting.private"), self._cut_at_the_machine)
        )()

    async def _return(self) -> None:
        """The private part is over, the clerk looks around and presses the button."""
        await self._meeting.until_hub()
        await self._clear_up()
        self._room.private = False
        # Whatever comes of it, from now on the public may have the room.
        self._judge.opening(time.time())
        try:
            await self._meeting.do("meeting.return", confirmed=True)
        except RefusedByHub:
            # The hub has not yet noticed a cut at the machine.
            await self._meeting.do("gate.cut")
            await self._meeting.do("meeting.return", confirmed=True)

    async def _return_and_kill(self) -> None:
        """The next studio gets what an encoder sent before the opening."""
        await self._return()
        await asyncio.sleep(self._chance.uniform(0, 0.02))
        await self._kill(STUDIO)()

    async def _return_and_kill_decoders(self) -> None:
        """The next ones get what waited for those that died."""
        await self._return()
        for studio in self._meeting.pids(STUDIO):
            send(signal.SIGKILL, decoders(studio))

    async def _return_starved(self) -> None:
        """The studio gets a tenth of its time: what was said in private waits where it reads."""
        starving = asyncio.create_task(self._starve(), name="starve the studio")
        try:
            await asyncio.sleep(STARVED_SECONDS)
            await self._return()
            await asyncio.sleep(STARVED_SECONDS / 2)
        finally:
            starving.cancel()
            await asyncio.gather(starving, return_exceptions=True)

    async def _starve(self) -> None:
        pids = self._meeting.pids(STUDIO)
        try:
            while True:
                send(signal.SIGSTOP, pids)
                await asyncio.sleep(0.18)
                send(signal.SIGCONT, pids)
                await asyncio.sleep(0.02)
        finally:
            send(signal.SIGCONT, pids)

    async def _clear_up(self) -> None:
        """What was put up behind a closed gate is taken away; after a private session the program does it."""
        if self._caption:
            await self._meeting.do("captions.chamber", text="")
            self._caption = ""
        if self._projection.page == PRIVATE_PAGE:
            if not (await self._meeting.studio(GetStatus())).gate.secret:
                await self._projection.hide()
            self._projection.page = 0

    # Everything else

    async def _layout(self) -> None:
        layout = self._chance.choice([None, *LayoutName])
        transition = self._chance.choice(("cut", "dissolve"))
        await self._meeting.studio(SetLayout(layout=layout, transition=transition))

    async def _on_air(self) -> None:
        speakers = [name for name in self._cast.speakers if self._chance.random() < 0.6]
        await self._meeting.studio(SetOnAir(speakers=speakers))

    async def _everybody_speaks(self) -> None:
        """All who are here, until the public see and hear them: by chance that may never come about."""
        await self._meeting.studio(SetLayout(layout=None, transition="cut"))
        await self._meeting.studio(SetOnAir(speakers=self._cast.speakers))
        await until(self._search.has_the_room, "the public to see and hear the room", SPOKEN_SECONDS)

    async def _admit(self) -> None:
        await self._meeting.studio(AdmitPrivately(speakers=[ADMITTED]))

    async def _captions(self) -> None:
        visible = self._chance.random() < 0.7
        if self._judge.is_closed and self._meeting.by_hub:
            await self._meeting.until_told()
            self._caption = SECRET
            await self._meeting.do("captions.chamber", text=SECRET)
        else:
            texts = {CHAMBER: "Councillor Nia Prosser, Chair", ADMITTED: "Sam Lee, resident"}
            await self._meeting.studio(SetCaptions(visible=visible, texts=texts))

    async def _line(self) -> None:
        """A captioner writes what was said. Soon after an opening that is still of the private session."""
        if self._judge.is_closed or time.time() < self._judge.opened_at + BEHIND_SECONDS / 2:
            with suppress(Refused):
                await self._meeting.say(SECRET)
            return
        await self._meeting.say(PUBLIC_LINE)
        if not self._said:
            # Once at least it must have come out.
            self._said = True
            await asyncio.sleep(self._judge.delay)

    async def _page(self) -> None:
        await self._projection.show(PRIVATE_PAGE if self._judge.is_closed else PUBLIC_PAGE)

    async def _no_page(self) -> None:
        if self._projection.page:
            await self._projection.hide()

    async def _rewind(self) -> None:
        await self._search.hls.rewind(self._chance.randrange(10_000))

    async def _viewer_again(self) -> None:
        for viewer in self._search.viewers:
            viewer.reconnect()

    async def _speaker_again(self) -> None:
        self._cast.lost({self._chance.choice(self._cast.speakers)})

    async def _chamber_again(self) -> None:
        self._cast.lost({CHAMBER})

    async def _guest(self) -> None:
        await self._cast.come_or_go(self._chance.choice(GUESTS))

    def _kill(self, victim: str) -> Act:
        async def kill() -> None:
            if victim == HUB:
                self.killed[HUB] += await self._meeting.kill_hub()
            elif victim == REDIS:
                seconds = self._chance.uniform(*WITHOUT_REDIS)
                self.killed[REDIS] += await self._meeting.kill_redis(seconds)
            else:
                self.killed[victim] += self._meeting.kill(victim)
            if victim == STUDIO:
                self._cast.lost()
            elif victim == RELAY:
                await self._viewer_again()

        return kill
