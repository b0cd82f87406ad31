"""The play: rounds of what may happen to a meeting, drawn by a seed, with the search behind each of them."""

import asyncio
import random
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from tests.gate.acts import AWAY, Act, Acts
from tests.gate.cast import ADMITTED, Cast
from tests.gate.encoder import Encoder
from tests.gate.judge import Judge, Verdict
from tests.gate.marks import Mark
from tests.gate.meeting import Meeting
from tests.gate.missing import Fate
from tests.gate.projection import Projection
from tests.gate.search import Search
from tests.gate.sources import Room

ROUND_SECONDS = (0.05, 0.3)
SEEN_CHANCE = 0.4
"""How often an open gate stays so until the public have seen the room."""
SEEN_SECONDS = 2.0
SETTLE_SECONDS = 5.0
PRIVATE_SECONDS = 0.8
"""How long private things go on before everybody counts as settled behind a closed gate."""
POLL_SECONDS = 0.02
INSIST_SECONDS = 30.0
TOLD_EVERY = 100
"""Rounds."""
MOST_WITHOUT_HUB = 3
"""Rounds in a row."""


@dataclass
class Report:
    """What a play came to, and what was looked at."""

    name: str
    verdict: Verdict
    search: Search
    encoder: Encoder | None = None
    """The chamber's, where it has one."""
    rounds: int = 0
    drawn: int = 0
    """Of the rounds, those that the seed has chosen."""
    seconds: float = 0.0
    actions: Counter[str] = field(default_factory=Counter)
    killed: Counter[str] = field(default_factory=Counter)
    """Processes that a SIGKILL has reached."""
    log: list[str] = field(default_factory=list)
    heard: dict[str, Counter[Mark]] = field(default_factory=dict)
    """What came back to each source, by mark."""
    seen: dict[str, Counter[Mark]] = field(default_factory=dict)

    def words(self) -> str:
        """For a failure, and for whoever wants to see it again."""
        last = "\n".join(self.log[-40:])
        found = "\n".join(self.verdict.found[:20])
        return (
            f"{self.name}, {self.rounds} rounds: {found or 'nothing found'}\n{self.figures()}\n"
            f"the last of it:\n{last}"
        )

    def figures(self) -> str:
        """How much was looked at."""
        verdict, search = self.verdict, self.search
        pictures = sum((viewer.heights for viewer in search.viewers), Counter())
        sounds = sum(viewer.sounds for viewer in search.viewers)
        texts = search.pages.texts if search.pages is not None else 0
        encoder = f"; {self.encoder.connections} connections of the encoder" if self.encoder else ""
        return (
            f"{self.name}: {self.rounds} rounds, {self.drawn} of them drawn, in {self.seconds:.0f} s; "
            f"{verdict.pictures} pictures "
            f"({verdict.closed_pictures} behind a closed gate), {verdict.sounds} sounds; "
            f"by WHEP pictures of these heights: {_counts(pictures)}, and {sounds} sounds; "
            f"{search.stills.count} stills, {texts} texts; by HLS {search.hls.searched} parts and segments, "
            f"{_counts(search.hls.fetched)}, not had at once {_counts(search.hls.fates) or 'none'}; "
            f"seen {_counts(verdict.seen)}, heard {_counts(verdict.heard)}, in {_counts(verdict.places)}; "
            f"{_counts(self.actions)}; killed {_counts(self.killed) or 'nothing'}{encoder}"
        )


class Play:
    """One run on one meeting. ``script``: rounds before those that the seed says.

    ``dealt``: who is to be killed in which of the drawn rounds, besides what is drawn. ``thorough``: it goes
    on after a finding.
    """

    def __init__(
        self,
        meeting: Meeting,
        folder: Path,
        name: str,
        seed: str,
        script: Sequence[str] = (),
        dealt: Mapping[int, Sequence[str]] | None = None,
        *,
        thorough: bool = False,
    ) -> None:
        self._meeting = meeting
        self._folder = folder
        self._script = script
        self._dealt = dealt or {}
        self._thorough = thorough
        self._chance = random.Random(seed)
        self._judge = Judge()
        self._room = Room()
        self._begun = time.monotonic()
        self._search = Search(meeting, self._judge, lambda: self._judge.is_shut)
        self._cast = Cast(meeting, self._room)
        self._acts = Acts(
            meeting,
            self._chance,
            self._room,
            self._cast,
            Projection(meeting, folder),
            self._judge,
            self._search,
            self._settle,
        )
        self._without_hub = 0
        encoder, killed = self._cast.encoder, self._acts.killed
        self.report = Report(name, self._judge.verdict, self._search, encoder, killed=killed)

    async def run(self, rounds: int, stop: Callable[[], bool] = lambda: False) -> Report:
        """The script and so many rounds, or up to the first finding; then a last look at everything."""
        try:
            status = await self._meeting.status()
            self._judge.epoch_ms = status.epoch_ms
            self._judge.delay = status.gate.delay_seconds
            await self._settle()
            for number in range(len(self._script) + rounds):
                await self._round(number)
                if self.report.rounds % TOLD_EVERY == 0:
                    self.report.seconds = time.monotonic() - self._begun
                    print(self.report.figures(), flush=True)
                if (self._judge.verdict.found and not self._thorough) or stop():
                    break
        finally:
            self.report.seconds = time.monotonic() - self._begun
            await self._meeting.until_hub()
            await self._cast.close()
            await self._search.finish()
        self._judge_returns()
        if self._judge.verdict.found:
            self._keep_evidence()
            print(self.report.words(), flush=True)
        return self.report

    async def end(self) -> None:
        """End the meeting, and look at what is left of it."""
        await self._meeting.do("meeting.end", confirmed=True)
        await self._search.look_back()

    async def _round(self, number: int) -> None:
        self.report.rounds = number + 1
        self.report.drawn = max(0, number + 1 - len(self._script))
        for victim in self._dealt.get(number - len(self._script), ()):
            self._log(f"{number}: {victim} is to be killed")
            await self._acts.kill(victim)
        name, act = self._draw(number)
        self.report.actions[name] += 1
        self._log(f"{number}: {name}")
        await self._do(act, insist=number < len(self._script))
        await self._wait_for_hub()
        await asyncio.sleep(self._chance.uniform(*ROUND_SECONDS))
        if not self._judge.is_closed and self._chance.random() < SEEN_CHANCE:
            await self._within(SEEN_SECONDS + self._judge.delay, self._is_seen)
        await self._search.look()

    async def _do(self, act: Act, *, insist: bool) -> None:
        """``insist``: again until it is done, since what comes next in a script counts on it."""
        end = time.monotonic() + INSIST_SECONDS
        while True:
            try:
                await act()
            except AWAY as error:
                self._log(f"    {error!r}"[:200])
                if insist and time.monotonic() < end:
                    await asyncio.sleep(0.2)
                    continue
            return

    async def _wait_for_hub(self) -> None:
        """Little that matters can happen without a hub, so only some rounds do."""
        self._without_hub = 0 if self._meeting.hub_lives else self._without_hub + 1
        if self._without_hub > MOST_WITHOUT_HUB:
            await self._meeting.until_hub()

    def _draw(self, number: int) -> tuple[str, Act]:
        acts = self._acts.possible()
        if number < len(self._script):
            return next((name, act) for name, _, act in acts if name == self._script[number])
        name, _, act = self._chance.choices(acts, [weight for _, weight, _ in acts])[0]
        return name, act

    async def _settle(self) -> None:
        """Everybody is connected; the public see the room, or something private has gone on for a while."""
        begun = time.time()
        await self._within(SETTLE_SECONDS, self._cast.settled)
        if self._judge.is_closed:
            await asyncio.sleep(PRIVATE_SECONDS)
            await self._within(SEEN_SECONDS, lambda: self._search.viewer.came_at > begun)
        else:
            await self._within(SEEN_SECONDS + self._judge.delay, self._is_seen)

    def _is_seen(self) -> bool:
        return self._search.viewer.public_at > self._judge.opened_at + self._judge.delay

    async def _within(self, seconds: float, true: Callable[[], bool]) -> None:
        """Wait for it, and go on without it when it does not come: something may be dead."""
        end = time.monotonic() + seconds
        while not true() and time.monotonic() < end:
            await asyncio.sleep(POLL_SECONDS)

    def _judge_returns(self) -> None:
        self.report.heard, self.report.seen = self._cast.heard, self._cast.seen
        for kind, found in (("heard", self._cast.heard), ("saw", self._cast.seen)):
            for name, marks in found.items():
                if name != ADMITTED and marks[Mark.PRIVATE]:
                    self._judge.accuse(f"{name}, whom nobody admitted, {kind} the private session")

    def _keep_evidence(self) -> None:
        for viewer in self._search.viewers:
            times, sound = viewer.evidence()
            np.savez(self._folder / f"{self.report.name} {viewer.name}.npz", times=times, sound=sound)
        (self._folder / f"{self.report.name}.txt").write_text("\n".join(self.report.log))

    def _log(self, line: str) -> None:
        self.report.log.append(f"{time.monotonic() - self._begun:7.2f} {time.time():.3f} {line}")


def _counts(found: Counter[str] | Counter[Mark] | Counter[Fate] | Counter[int]) -> str:
    return ", ".join(f"{name}: {count}" for name, count in sorted(found.items()))
