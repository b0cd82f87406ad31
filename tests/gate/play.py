"""The play: rounds of what may happen to a meeting, drawn by a seed, with the search behind each of them."""

import asyncio
import random
import time
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from aiohttp import ClientError

from media.control.command import Disconnected, Refused
from media.control.studio import (
    AdmitPrivately,
    GateState,
    GetStatus,
    LayoutName,
    SetGate,
    SetLayout,
    SetOnAir,
    SlateText,
)
from tests.gate.house import ROOT, GateHouse, RefusedByHub
from tests.gate.outputs import HlsKeeper, Judge, Pages, Verdict, Watcher, search_recording
from tests.gate.sources import Room, Source

SECRET = "XYZZY-what-was-said-in-private"
ROUND_SECONDS = (0.1, 0.35)
SEEN_SECONDS = 1.2
"""A source is let in half a second after an opening; every now and then an open round lasts until then."""
STAY_SECONDS = 2.5
"""Long enough for sources to come back to a studio that was killed."""
Act = Callable[[], Coroutine[None, None, None]]
AWAY = (Refused, Disconnected, RefusedByHub, ClientError, OSError, TimeoutError)
SPEAKERS = ("901", "902", "903")
ADMITTED = SPEAKERS[0]
"""The only one who is ever admitted to a private session."""


@dataclass
class Report:
    """What a play came to."""

    seed: int
    rounds: int = 0
    verdict: Verdict = field(default_factory=Verdict)
    actions: dict[str, int] = field(default_factory=dict)
    log: list[str] = field(default_factory=list)
    whep_pictures: int = 0
    whep_public_pictures: int = 0
    stills: int = 0
    texts: int = 0
    heard_private: dict[str, int] = field(default_factory=dict)
    seen_private: dict[str, int] = field(default_factory=dict)

    def words(self) -> str:
        """For a failure, and for whoever wants to see it again."""
        last = "\n".join(self.log[-25:])
        found = "\n".join(self.verdict.found[:20])
        return (
            f"seed {self.seed}, {self.rounds} rounds: {found or 'nothing found'}\n"
            f"again, and shorter: make test-gate SEED={self.seed} ROUNDS={self.rounds}\n"
            f"{self.actions}\nthe last of it:\n{last}"
        )


class Play:
    """One run. ``script``: what the first rounds are, instead of what the seed says."""

    def __init__(self, house: GateHouse, seed: int, script: Sequence[str] = ()) -> None:
        self._house = house
        self._script = script
        self._chance = random.Random(seed)
        self._room = Room()
        self._judge = Judge()
        self._report = Report(seed, verdict=self._judge.verdict)
        self._open = True
        self._opened_at = time.time()
        self._begun = time.monotonic()
        self._hls = HlsKeeper(house.hls_socket, self._judge)
        self._pages = Pages(house.meeting, (SECRET,), self._judge, lambda: not self._open)

    async def run(self, rounds: int) -> Report:
        """So many rounds, or up to the first finding; then a last look at everything."""
        status = await self._house.status()
        self._judge.epoch_ms = status.epoch_ms
        house = self._house
        self._chamber = Source(self._room, house.chamber)
        self._speakers = {name: Source(self._room, _as(house, name), wants_picture=True) for name in SPEAKERS}
        self._watcher = Watcher(self._judge, house.viewer)
        looking = asyncio.create_task(self._keep_looking(), name="look at HLS")
        try:
            await asyncio.sleep(SEEN_SECONDS)
            for number in range(rounds):
                await self._round(number)
                if self._judge.verdict.found:
                    break
        finally:
            looking.cancel()
            await asyncio.gather(looking, return_exceptions=True)
            await self._finish()
        return self._report

    async def _round(self, number: int) -> None:
        self._report.rounds = number + 1
        name, action = self._draw(number)
        self._report.actions[name] = self._report.actions.get(name, 0) + 1
        self._log(f"{number}: {name}")
        try:
            await action()
        except AWAY as error:
            self._log(f"    {error!r}"[:200])
        await asyncio.sleep(self._chance.uniform(*ROUND_SECONDS))
        if self._open and self._chance.random() < 0.3:
            await asyncio.sleep(SEEN_SECONDS)
        await self._pages.look(self._house.http)

    def _draw(self, number: int) -> tuple[str, Act]:
        acts = self._acts()
        names = [name for name, _, _ in acts]
        index = self._chance.choices(range(len(acts)), [weight for _, weight, _ in acts])[0]
        if number < len(self._script):
            index = names.index(self._script[number])
        return names[index], acts[index][2]

    def _acts(self) -> list[tuple[str, int, Act]]:
        return [
            *(self._closings() if self._open else self._openings()),
            ("layout", 7, self._layout),
            ("on air", 7, self._on_air),
            ("admit", 4, self._admit),
            ("rewind", 4, self._rewind),
            ("viewer again", 2, self._viewer_again),
            ("speaker again", 2, self._speaker_again),
            ("chamber again", 2, self._chamber_again),
            ("kill studio", 1, self._kill("media.studio")),
            ("kill packager", 1, self._kill("media.hls")),
            ("kill recorder", 1, self._kill("media.recorder")),
            ("kill relay", 1, self._kill("media.relay")),
            ("kill hub", 1 if self._house.hub_lives else 0, self._house.kill_hub),
            ("stay", 1, self._stay),
        ]

    def _openings(self) -> list[tuple[str, int, Act]]:
        return [
            ("open", 40 if self._house.hub_lives else 0, self._return),
            ("private again", 2, self._close("meeting.private", reason=SECRET)),
            ("technical again", 1, self._close("meeting.technical")),
            ("kill studio while closed", 2, self._kill("media.studio")),
        ]

    def _closings(self) -> list[tuple[str, int, Act]]:
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
            ("kill hub and cut", 1 if self._house.hub_lives else 0, self._kill_hub_and_cut),
        ]

    # Moves of the gate

    async def _closed(self) -> None:
        """Somebody was told that the gate is closed. From now on the room says what nobody outside may know.

        The room may be behind the gate even earlier: from the moment at which the gate itself says it closed.
        """
        told = time.time()
        self._open = False
        self._room.private = True
        with suppress(*AWAY):
            gate = (await self._house.studio(GetStatus())).gate
            if gate.state is not GateState.OPEN and self._opened_at < gate.since_ms / 1000 < told:
                told = gate.since_ms / 1000
        self._judge.closed(told)

    def _close(self, command: str, **payload: object) -> Act:
        async def close() -> None:
            if not self._house.hub_lives:
                await self._cut_at_the_machine()
                return
            await self._house.do(command, **payload)
            await self._closed()

        return close

    async def _cut_at_the_machine(self) -> None:
        outcome = await self._house.at_the_machine()
        assert outcome.code in (0, 2), outcome
        await self._closed()

    async def _cut_by_file(self) -> None:
        await self._house.by_file()
        await self._closed()

    async def _cut_at_the_studio(self) -> None:
        slate = SlateText(title="Cut")
        await self._house.studio(SetGate(state=GateState.PRIVATE, slate=slate, reason="", by="test"))
        await self._closed()

    async def _kill_and_cut(self) -> None:
        self._house.kill("media.studio")
        self._come_back()
        await self._chance.choice(
            (self._close("meeting.private"), self._cut_at_the_machine, self._cut_by_file)
        )()

    async def _cut_and_kill(self) -> None:
        act = self._chance.choice((self._close("gate.cut"), self._cut_at_the_machine))
        cut = asyncio.create_task(act(), name="cut")
        await asyncio.sleep(self._chance.uniform(0, 0.02))
        self._house.kill("media.studio")
        self._come_back()
        await cut

    async def _kill_hub_and_cut(self) -> None:
        await self._house.kill_hub()
        await self._cut_at_the_machine()

    async def _return(self) -> None:
        """The private part is over, the clerk looks around and presses the button."""
        await self._house.until_hub()
        self._room.private = False
        opening = time.time()
        try:
            await self._house.do("meeting.return", confirmed=True)
        except RefusedByHub:
            # The meeting's state does not know of a cut at the machine: the console says "press Cut first".
            await self._house.do("gate.cut")
            await self._house.do("meeting.return", confirmed=True)
        self._judge.opening(opening)
        self._open, self._opened_at = True, opening

    # Everything else

    async def _stay(self) -> None:
        await asyncio.sleep(STAY_SECONDS)

    async def _layout(self) -> None:
        await self._house.studio(SetLayout(layout=self._chance.choice([None, *LayoutName])))

    async def _on_air(self) -> None:
        speakers = [name for name in SPEAKERS if self._chance.random() < 0.6]
        await self._house.studio(SetOnAir(speakers=speakers))

    async def _admit(self) -> None:
        await self._house.studio(AdmitPrivately(speakers=[ADMITTED]))

    async def _rewind(self) -> None:
        await self._hls.rewind(self._chance.randrange(10_000))

    async def _viewer_again(self) -> None:
        self._watcher.reconnect()

    async def _speaker_again(self) -> None:
        self._speakers[self._chance.choice(SPEAKERS)].drop()

    async def _chamber_again(self) -> None:
        self._chamber.drop()

    def _kill(self, module: str) -> Act:
        async def kill() -> None:
            self._house.kill(module)
            if module == "media.studio":
                self._come_back()

        return kill

    def _come_back(self) -> None:
        """Sources notice that the studio is gone, and look for it."""
        for source in (self._chamber, *self._speakers.values()):
            source.drop()

    # The search

    async def _keep_looking(self) -> None:
        while True:
            await self._hls.look()
            await asyncio.sleep(0.25)

    async def _finish(self) -> None:
        await self._house.until_hub()
        await self._hls.finish()
        for source in (self._chamber, *self._speakers.values()):
            await source.close()
        await self._watcher.close()
        await asyncio.to_thread(search_recording, self._house.recording, self._judge)
        report = self._report
        report.whep_pictures = self._watcher.pictures
        report.whep_public_pictures = self._watcher.public_pictures
        report.stills, report.texts = self._pages.stills, self._pages.texts
        report.heard_private = {name: one.heard_private for name, one in self._speakers.items()}
        report.seen_private = {name: one.seen_private for name, one in self._speakers.items()}
        for name in SPEAKERS:
            if name != ADMITTED and (report.heard_private[name] or report.seen_private[name]):
                self._judge.accuse(f"the return of speaker {name}, whom nobody admitted")

    def _log(self, line: str) -> None:
        self._report.log.append(f"{time.monotonic() - self._begun:7.2f} {line}")


def _as(house: GateHouse, name: str) -> Callable[[str], Awaitable[str]]:
    async def offer(sdp: str) -> str:
        return await house.speaker(name, sdp)

    return offer


async def play(
    directory: Path,
    seed: int,
    rounds: int,
    *,
    delay: int = 0,
    code: Path = ROOT,
    script: Sequence[str] = (),
) -> Report:
    """A meeting from beginning to end. ``delay``: of the broadcast, in seconds."""
    async with GateHouse(directory, delay=delay, code=code) as house:
        return await Play(house, seed, script).run(rounds)
