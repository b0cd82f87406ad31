"""A cut that did not come by way of the hub is on the pages, in the index and in the log soon after."""

import asyncio
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import col, select

from hub.domain.errors import NotSaved
from hub.domain.models import AuditEntry, IndexPoint
from hub.domain.states.meeting import MeetingState
from hub.domain.views import public_snapshot
from hub.supervision.cuts import CutWatch
from media.control.studio import GateState, GateStatus, SlateText
from tests.hub.conftest import House
from tests.hub.fakes import BrokenStore, studio_status
from tests.support.waiting import until
from tests.web.engine import FakeEngine

STOPPED = SlateText(title="The broadcast has stopped", lines=["We are working on it."], kind="technical")


class Watched:
    """A live meeting, its gate, and the watch that looks at both."""

    def __init__(self, house: House, folder: Path) -> None:
        self.house = house
        self.engine = FakeEngine(folder)
        self.watch = CutWatch(house.desk, self.engine)
        self.changes = 1
        self.gate(GateState.OPEN)

    def gate(self, state: GateState, slate: SlateText = STOPPED) -> None:
        """The studio's gate moves now."""
        self.changes += 1
        since = round(self.house.clock.now().timestamp() * 1000)
        gate = GateStatus(state=state, slate=slate, since_ms=since, changes=self.changes)
        self.engine.studio = studio_status(gate)

    async def looks(self, after: float = 0.0) -> MeetingState:
        """The watch looks, so many seconds later; the meeting's state then."""
        self.house.clock.advance(seconds=after)
        await self.watch.look(self.house.ref)
        return await self.house.state()


@pytest.fixture
async def watched(house: House, tmp_path: Path) -> Watched:
    await house.live()
    return Watched(house, tmp_path)


CUTS = [
    (GateState.TECHNICAL, MeetingState.TECHNICAL, "Broadcast interrupted"),
    (GateState.PRIVATE, MeetingState.PRIVATE, "Private session"),
    (GateState.ADJOURNED, MeetingState.ADJOURNED, "Adjourned"),
]


@pytest.mark.parametrize(("gate", "state", "label"), CUTS)
async def test_a_cut_past_the_hub_is_taken_down(
    watched: Watched, gate: GateState, state: MeetingState, label: str
) -> None:
    house = watched.house
    house.clock.advance(minutes=10)
    watched.gate(gate)
    cut_at = house.clock.now()
    assert await watched.looks() is MeetingState.LIVE
    assert await watched.looks(after=1) is MeetingState.LIVE, "a command of ours may be writing it down"
    version = (await house.meeting()).version
    assert await watched.looks(after=2) is state
    assert (await house.meeting()).version == version + 1
    assert house.announcer.told[-1] == house.ref
    notice = (await public_snapshot(house.desk, house.ref)).notice
    assert notice is not None
    assert (notice.title, notice.lines) == ("The broadcast has stopped", ["We are working on it."])
    async with house.desk.store.read() as session:
        newest = select(AuditEntry).order_by(col(AuditEntry.id).desc())
        entry = (await session.exec(newest)).first()
        points = select(IndexPoint).where(IndexPoint.label == label)
        point = (await session.exec(points)).one()
    assert entry is not None
    assert (entry.who, entry.after, entry.reason) == (
        "Moot Hall",
        state,
        "The gate was closed past the console.",
    )
    assert house.studio.epoch is not None
    assert point.seconds == (cut_at - house.studio.epoch) / timedelta(seconds=1)
    assert "cut" not in house.studio.names(), "the studio is not troubled"
    await house.do("meeting.return", confirmed=True)
    watched.gate(GateState.OPEN)
    assert await watched.looks(after=9) is MeetingState.LIVE


async def test_a_cut_of_the_console_is_its_own(watched: Watched) -> None:
    house = watched.house
    await house.do("meeting.private", item_id=house.items[3], paragraphs=[3])
    watched.gate(GateState.PRIVATE)
    before = await house.meeting()
    await watched.looks()
    await watched.looks(after=9)
    after = await house.meeting()
    assert (after.notice_title, after.version) == (before.notice_title, before.version)


async def test_a_meeting_that_waits_is_left_alone(house: House, tmp_path: Path) -> None:
    await house.do("meeting.open_room")
    watched = Watched(house, tmp_path)
    watched.gate(GateState.WAITING)
    await watched.looks()
    assert await watched.looks(after=9) is MeetingState.PRE_SHOW


async def test_a_gate_that_opens_again_meanwhile_stays_open(watched: Watched) -> None:
    house, asked = watched.house, watched.engine.calls
    watched.gate(GateState.TECHNICAL)
    await watched.looks()
    house.clock.advance(seconds=9)
    async with house.desk.room(house.ref).turn:
        before = len(asked)
        looking = asyncio.create_task(watched.watch.look(house.ref))
        await until(lambda: len(asked) > before, "the watch to see the closed gate")
        watched.gate(GateState.OPEN)
    await looking
    assert await house.state() is MeetingState.LIVE


async def test_what_the_database_did_not_take_down_is_taken_down_later(watched: Watched) -> None:
    house = watched.house
    store = house.desk.store
    house.desk.store = BrokenStore(store, reads=False)
    with pytest.raises(NotSaved):
        await house.do("gate.cut")
    watched.gate(GateState.TECHNICAL)
    await watched.watch.look(house.ref)
    house.clock.advance(seconds=3)
    with pytest.raises(SQLAlchemyError):
        await watched.watch.look(house.ref)
    house.desk.store = store
    assert await watched.looks() is MeetingState.TECHNICAL
