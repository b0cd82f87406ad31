"""A desk on a real database in a temporary file, and a meeting to play with."""

import asyncio
import shutil
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from hub.database import Database, sqlite_file
from hub.domain.commands import dispatch
from hub.domain.desk import Desk
from hub.domain.links import LinkKey
from hub.domain.models import AgendaItem, Committee, Document, Meeting, Registration, key
from hub.domain.people import Actor, Resident, Role, Staff, Viewer
from hub.domain.services.accounts import add_user
from hub.domain.services.registration import Registered, register, take_slot
from hub.domain.states.meeting import MeetingState
from hub.migrations import upgrade
from tests.hub.fakes import START, CountedTokens, FakeAnnouncer, FakeClock, FakeStudio
from tests.support.postgres import PostgresServer

REF = "2026-11-26-planning-committee-a"


@dataclass(frozen=True)
class Council:
    """What is in the database of a house."""

    clerk: Staff
    second_clerk: Staff
    meeting_id: int
    items: tuple[int, ...]


@dataclass(frozen=True)
class Furnished:
    """A database file with a council, to be copied: founding it takes longer than most of these tests."""

    path: Path
    council: Council


@dataclass
class House:
    """A council with one meeting of five items, two officers and nobody else."""

    desk: Desk
    clock: FakeClock
    studio: FakeStudio
    announcer: FakeAnnouncer
    clerk: Staff
    second_clerk: Staff
    meeting_id: int
    items: list[int]
    ref: str = REF
    sent: int = field(default=0)

    async def do(self, name: str, /, actor: Actor | None = None, **payload: Any) -> dict[str, Any]:
        """Send a command with a fresh client id, as the clerk unless told otherwise."""
        self.sent += 1
        payload.setdefault("client_id", f"message-{self.sent}")
        return await dispatch(self.desk, actor or self.clerk, self.ref, name, payload)

    async def meeting(self) -> Meeting:
        async with self.desk.store.read() as session:
            return await session.get_one(Meeting, self.meeting_id)

    async def state(self) -> MeetingState:
        return (await self.meeting()).state

    async def live(self) -> None:
        await self.do("meeting.open_room")
        await self.do("meeting.go_live", confirmed=True)

    async def next(self) -> None:
        await self.do("item.next", expected_version=(await self.meeting()).version)

    def viewer(self, device: str = "device-1") -> Viewer:
        return Viewer(device, self.meeting_id)

    async def ask(self, text: str = "Why?", device: str = "device-1") -> int:
        answer = await self.do("question.submit", self.viewer(device), text=text)
        return int(answer["question"]["id"])

    async def resident(self, name: str = "Sam Lee") -> tuple[Registered, Resident]:
        """Registered, confirmed, and on a device."""
        registered = await register(self.desk, self.ref, name=name, email="sam@example.org")
        await self.do("speaker.confirm", registration_id=registered.registration_id)
        await take_slot(self.desk, registered.token, "phone")
        return registered, Resident(registered.registration_id, self.meeting_id, "phone")

    async def waiting(self, name: str = "Sam Lee") -> tuple[Registered, Resident]:
        """The same, checked in."""
        registered, resident = await self.resident(name)
        await self.do("speaker.check_in", resident)
        return registered, resident

    async def speaker(self, registration_id: int) -> Registration:
        async with self.desk.store.read() as session:
            return await session.get_one(Registration, registration_id)


@pytest.fixture(scope="session")
def empty_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated database file, to be copied: migrating takes longer than most of these tests."""
    path = tmp_path_factory.mktemp("database") / "empty.db"
    asyncio.run(upgrade(sqlite_file(path)))
    return path


@pytest.fixture(scope="session")
def furnished(empty_database: Path, tmp_path_factory: pytest.TempPathFactory) -> Furnished:
    """The same with the council in it."""
    path = tmp_path_factory.mktemp("database") / "furnished.db"
    shutil.copy(empty_database, path)

    async def fill() -> Council:
        async with Database(sqlite_file(path)) as database:
            return await found(database)

    return Furnished(path, asyncio.run(fill()))


@pytest.fixture
async def house(furnished: Furnished, tmp_path: Path) -> AsyncIterator[House]:
    path = tmp_path / "moothall.db"
    shutil.copy(furnished.path, path)
    async with Database(sqlite_file(path)) as database:
        yield house_of(database, furnished.council)


@pytest.fixture
async def postgresql_house() -> AsyncIterator[House]:
    """The same on PostgreSQL, which is strict about types and references."""
    async with PostgresServer() as server:
        await upgrade(server.url)
        async with Database(server.url) as database:
            yield await furnish(database)


async def furnish(database: Database) -> House:
    """Fill an empty database."""
    return house_of(database, await found(database))


def house_of(database: Database, council: Council) -> House:
    """Everything that is not in the database is new."""
    clock = FakeClock()
    studio, announcer = FakeStudio(clock), FakeAnnouncer()
    return House(
        desk=_desk(database, clock, studio, announcer),
        clock=clock,
        studio=studio,
        announcer=announcer,
        clerk=council.clerk,
        second_clerk=council.second_clerk,
        meeting_id=council.meeting_id,
        items=list(council.items),
    )


async def found(database: Database) -> Council:
    """The council, in an empty database."""
    async with database.write() as session:
        committee = Committee(
            name="Planning Committee A", modgov_id=7, base_url="https://modgov.example.org/"
        )
        session.add(committee)
        await session.flush()
        meeting = Meeting(
            ref=REF,
            committee_id=key(committee),
            modgov_id=70,
            title="Planning Committee A",
            starts_at=START,
            registration_closes_at=START + timedelta(days=1),
        )
        session.add(meeting)
        await session.flush()
        agenda = [
            AgendaItem(meeting_id=key(meeting), number=number, title=title, position=position)
            for position, (number, title) in enumerate(
                [
                    ("1.", "Apologies"),
                    ("", "Public business"),
                    ("2.", "Mill Lane"),
                    ("9.", ""),
                    ("10.", "Urgent"),
                ]
            )
        ]
        agenda[1].heading = True
        agenda[2].modgov_id = 18833
        agenda[3].restricted = True
        session.add_all(agenda)
        await session.flush()
        session.add(
            Document(
                item_id=key(agenda[3]),
                title="SECRET-TITLE",
                url="https://modgov.example.org/SECRET-LINK",
                restricted=True,
            )
        )
        session.add(
            Document(item_id=key(agenda[2]), title="Report", url="https://modgov.example.org/report.pdf")
        )
        items = tuple(key(item) for item in agenda)
    clock = FakeClock()
    desk = _desk(database, clock, FakeStudio(clock), FakeAnnouncer())
    clerk = await add_user(desk, "ann@example.org", "Ann Clark", Role.CLERK)
    second = await add_user(desk, "bob@example.org", "Bob Dene", Role.CLERK)
    return Council(clerk, second, key(meeting), items)


def _desk(database: Database, clock: FakeClock, studio: FakeStudio, announcer: FakeAnnouncer) -> Desk:
    return Desk(
        store=database,
        clock=clock,
        tokens=CountedTokens(),
        studio=studio,
        announcer=announcer,
        links=LinkKey(b"key of the tests"),
        council="Ouseby City Council",
        public_url="https://meetings.example.org",
    )
