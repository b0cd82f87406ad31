"""Deterministic stand-ins for what the domain needs of the world, and a desk made of them."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

from sqlalchemy.exc import OperationalError
from sqlmodel.ext.asyncio.session import AsyncSession

from hub.domain.errors import Conflict, MediaUnavailable
from hub.domain.ports import Equipment, Layout, ShownPage, Slate, Transition
from hub.domain.states.meeting import MeetingState
from hub.domain.store import Store
from media.control.feeds import FeedStatus
from media.control.studio import GateStatus, StudioStatus

START = datetime(2026, 11, 26, 18, 30, tzinfo=UTC)


class FakeClock:
    """Stands still until told."""

    def __init__(self, now: datetime = START) -> None:
        self.moment = now

    def now(self) -> datetime:
        return self.moment

    def advance(self, **units: float) -> None:
        self.moment += timedelta(**units)


class CountedTokens:
    """Gives token-1, token-2 and so on."""

    def __init__(self) -> None:
        self.count = 0

    def new(self) -> str:
        self.count += 1
        return f"token-{self.count}"


class FakeStudio:
    """Does as told and writes it down. ``before`` runs before each call; ``broken`` calls are refused."""

    def __init__(self, clock: FakeClock) -> None:
        self.clock = clock
        self.calls: list[tuple[str, ...]] = []
        self.open = False
        self.rehearses = False
        self.slate: Slate | None = None
        self.on_air: list[int] = []
        self.admitted: list[int] = []
        self.delay = 0.0
        self.held_seconds = 0.0
        """How much later the public see what happens now."""
        self.epoch: datetime | None = None
        self.secret = False
        """It was private since it was last open."""
        self.page, self.pages = 0, 3
        self.has = Equipment("closed")
        """What there is for a meeting to go live."""
        self.broken: set[str] = set()
        self.before: Callable[[str], None] = lambda _: None

    def _take(self, *call: str) -> None:
        self.before(call[0])
        self.calls.append(call)
        if call[0] in self.broken:
            raise MediaUnavailable(f"The studio does not answer to {call[0]}.")

    async def open_room(self, ref: str, slate: Slate, *, rehearsal: bool) -> None:
        self._take("open_room", ref)
        self.rehearses = rehearsal
        self.epoch, self.slate = self.clock.now(), slate

    async def start_recording(self, ref: str) -> None:
        self._take("start_recording", ref)

    async def cut(
        self,
        ref: str,
        state: MeetingState,
        slate: Slate,
        *,
        by: str,
        reason: str,
        drop: bool | None = None,
    ) -> None:
        self._take("cut", state)
        self.secret = self.secret or state is MeetingState.PRIVATE
        self.open, self.slate = False, slate
        self.held_seconds = 0.0 if drop else self.delay

    async def set_delay(self, ref: str, seconds: int) -> None:
        self._take("set_delay", str(seconds))
        self.delay = float(seconds)

    async def admit_privately(self, ref: str, speakers: list[int]) -> None:
        self._take("admit_privately", *map(str, speakers))
        self.admitted = list(speakers)

    async def open_gate(self, ref: str, *, by: str, reason: str) -> None:
        self._take("open_gate", ref)
        self.open, self.slate, self.secret = True, None, False
        self.held_seconds = self.delay

    async def was_private(self, ref: str) -> bool:
        return self.secret

    async def set_on_air(self, ref: str, speakers: list[int]) -> None:
        self._take("set_on_air", *map(str, speakers))
        self.on_air = list(speakers)

    async def close_speaker(self, ref: str, speaker: int) -> None:
        self._take("close_speaker", str(speaker))

    async def set_layout(self, ref: str, layout: Layout | None, transition: Transition = "dissolve") -> None:
        self._take("set_layout", str(layout))

    async def caption_speaker(self, ref: str, speaker: int, text: str) -> None:
        self._take("caption_speaker", str(speaker), text)

    async def rename_speaker(self, ref: str, speaker: int, name: str, caption: str) -> None:
        self._take("rename_speaker", str(speaker), name, caption)

    async def caption_chamber(self, ref: str, text: str) -> None:
        self._take("caption_chamber", text)

    async def show_captions(self, ref: str, visible: bool) -> None:
        self._take("show_captions", str(visible))

    async def show_page(self, ref: str, page: int) -> ShownPage:
        self._take("show_page", str(page))
        if not 1 <= page <= self.pages:
            raise Conflict(f"The document has {self.pages} pages.")
        self.page = page
        return ShownPage("Plans", page, self.pages)

    async def turn_page(self, ref: str, by: int) -> ShownPage:
        return await self.show_page(ref, self.page + by)

    async def stop_presentation(self, ref: str) -> None:
        self._take("stop_presentation")
        self.page = 0

    async def equipment(self, ref: str) -> Equipment:
        return self.has

    async def programme_seconds(self, ref: str) -> float:
        self._take("programme_seconds", ref)
        if self.epoch is None:
            return 0.0
        return (self.clock.now() - self.epoch).total_seconds() + self.held_seconds

    async def finish(self, ref: str, slate: Slate) -> None:
        self._take("finish", ref)
        self.open, self.slate = False, slate

    def names(self) -> list[str]:
        """The calls so far, without the questions for the time."""
        return [call[0] for call in self.calls if call[0] != "programme_seconds"]


class FakeAnnouncer:
    """Counts what it was told."""

    def __init__(self) -> None:
        self.told: list[str] = []

    async def meeting_changed(self, ref: str) -> None:
        self.told.append(ref)


class BrokenStore:
    """A database that can be down altogether, or refuse to write."""

    def __init__(self, store: Store, *, reads: bool) -> None:
        self._store = store
        self._reads = reads

    @asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncSession]:
        if not self._reads:
            raise OperationalError("SELECT", {}, Exception("the database is down"))
        async with self._store.read() as session:
            yield session

    @asynccontextmanager
    async def write(self) -> AsyncIterator[AsyncSession]:
        raise OperationalError("BEGIN", {}, Exception("the database is down"))
        yield


def studio_status(gate: GateStatus, *feeds: FeedStatus) -> StudioStatus:
    """What a studio in good health says."""
    return StudioStatus(
        meeting="m",
        session=1,
        epoch_ms=0,
        gate=gate,
        layout="chamber",
        override=None,
        on_air=[],
        feeds=list(feeds),
        programme_dbfs=-20.0,
        pictures=0,
        late_ticks=0,
    )
