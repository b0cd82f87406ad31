"""The two databases: the schema, units of work, and many writers at once."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, event
from sqlmodel import SQLModel, col, select

import hub.domain.models
from hub.database import Database, database_url, sqlite_file
from hub.domain.commands import dispatch
from hub.domain.errors import Conflict, DomainError
from hub.domain.models import Committee, IndexPoint
from hub.domain.people import Viewer
from hub.domain.services.registration import register
from hub.domain.views import public_snapshot, staff_snapshot
from hub.migrations import configuration, migration_engine, upgrade
from tests.hub.conftest import House, furnish
from tests.support.postgres import PostgresServer

WRITERS = 50


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.distributed)])
async def url(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[str]:
    if request.param == "sqlite":
        yield sqlite_file(tmp_path / "moothall.db")
        return
    async with PostgresServer() as server:
        yield server.url


async def test_head_is_what_the_models_say_and_upgrading_again_does_nothing(url: str) -> None:
    await upgrade(url)
    await upgrade(url)

    def difference(connection: Connection) -> list[object]:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        return list(compare_metadata(context, SQLModel.metadata))

    engine = migration_engine(url)
    async with engine.connect() as connection:
        assert await connection.run_sync(difference) == []
    async with engine.begin() as connection:
        await connection.run_sync(lambda sync: command.downgrade(configuration(sync), "base"))
    await engine.dispose()
    await upgrade(url)


async def test_moments_that_were_stamped_before_know_whose_they_are(url: str) -> None:
    """Unless two residents have one name."""
    await upgrade(url)
    async with Database(url) as database:
        house = await furnish(database)
        for name, text in (("Sam Lee", ""), ("Jo", "a"), ("Jo", "b")):
            await register(house.desk, house.ref, name=name, email=f"{text}{name[0]}@example.org")
        async with database.write() as session:
            for label in ("Sam Lee, resident", "Sam Lee, resident (read out)", "Jo, resident", "Nobody"):
                session.add(IndexPoint(meeting_id=house.meeting_id, seconds=1, kind="speaker", label=label))
    engine = migration_engine(url)
    async with engine.begin() as connection:
        await connection.run_sync(lambda sync: command.downgrade(configuration(sync), "0013-1"))
    await engine.dispose()
    await upgrade(url)
    async with Database(url) as database, database.read() as session:
        points = (await session.exec(select(IndexPoint).order_by(col(IndexPoint.id)))).all()
    assert [point.registration_id is not None for point in points] == [True, True, False, False]


async def test_unit_of_work_is_all_or_nothing_and_reading_changes_nothing(url: str) -> None:
    await upgrade(url)
    async with Database(url) as database:
        with pytest.raises(DomainError):
            await _refused_unit(database)
        async with database.read() as session:
            assert (await session.exec(select(Committee))).all() == []
        async with database.write() as session:
            session.add(Committee(name="Kept"))
        async with database.read() as session:
            committee = (await session.exec(select(Committee))).one()
            committee.name = "Changed"
        async with database.read() as session:
            assert (await session.exec(select(Committee))).one().name == "Kept"


async def _refused_unit(database: Database) -> None:
    async with database.write() as session:
        session.add(Committee(name="Lost"))
        await session.flush()
        raise Conflict("no")


async def test_fifty_writers_at_once(url: str) -> None:
    """None fails, nothing is lost, and every change has its own version."""
    await upgrade(url)
    async with Database(url) as database:
        house = await furnish(database)

        async def ask(number: int) -> int:
            viewer = Viewer(f"device-{number}", house.meeting_id)
            payload = {"client_id": "q", "text": f"Question {number}"}
            answer = await dispatch(house.desk, viewer, house.ref, "question.submit", payload)
            return int(answer["question"]["id"])

        numbers = await asyncio.gather(*(ask(number) for number in range(WRITERS)))
        assert len(set(numbers)) == WRITERS
        snapshot = await staff_snapshot(house.desk, house.ref)
        assert len(snapshot.pending) == WRITERS
        assert snapshot.public.version == WRITERS


async def test_whole_meeting(url: str) -> None:
    """The same commands on both databases: races, replays and the path of a speaker."""
    await upgrade(url)
    async with Database(url) as database:
        house = await furnish(database)
        await _walk(house)


async def _walk(house: House) -> None:
    await house.live()
    version = (await house.meeting()).version
    results = await asyncio.gather(
        *(
            house.do("item.next", clerk, expected_version=version)
            for clerk in (house.clerk, house.second_clerk)
        ),
        return_exceptions=True,
    )
    assert [type(result) for result in results if isinstance(result, Exception)] == [Conflict]
    replayed = {"client_id": "twice", "text": "Once?"}
    answers = await asyncio.gather(
        *(dispatch(house.desk, house.viewer(), house.ref, "question.submit", replayed) for _ in range(5))
    )
    assert all(answer == answers[0] for answer in answers)
    registered, _ = await house.waiting()
    await register(house.desk, house.ref, name="Jo", phone="01904 551 550")
    for name in ("speaker.call", "speaker.admit", "speaker.finish"):
        await house.do(name, registration_id=registered.registration_id)
    await house.do("meeting.private", item_id=house.items[3], paragraphs=[3])
    await house.do("meeting.return", confirmed=True)
    await house.do("meeting.end", confirmed=True)
    snapshot = await public_snapshot(house.desk, house.ref)
    assert (snapshot.state, len(snapshot.index)) == ("published", 5)


async def test_sqlite_is_set_up_as_the_design_says(tmp_path: Path) -> None:
    url = sqlite_file(tmp_path / "moothall.db")
    await upgrade(url)
    async with Database(url) as database, database.write() as session:
        connection = await session.connection()
        pragmas = [
            (await connection.exec_driver_sql(f"PRAGMA {name}")).scalar()
            for name in ("journal_mode", "foreign_keys", "busy_timeout", "synchronous")
        ]
    assert pragmas == ["wal", 1, 5000, 2]


async def test_write_units_of_sqlite_begin_immediate(tmp_path: Path) -> None:
    """A deferred unit that reads before it writes would fail while another process writes."""
    url = sqlite_file(tmp_path / "moothall.db")
    await upgrade(url)
    async with Database(url) as database:
        async with database.write() as session:
            connection = await session.connection()
            statements: list[str] = []
            event.listen(
                connection.sync_engine, "before_cursor_execute", lambda *told: statements.append(told[2])
            )
        async with database.write() as session:
            await session.exec(select(Committee))
    assert statements[0] == "BEGIN IMMEDIATE"


@pytest.mark.parametrize("text", ["mysql://host/db", "sqlite://", "sqlite:///:memory:"])
def test_databases_we_do_not_take(text: str) -> None:
    with pytest.raises(ValueError, match="database"):
        database_url(text)


def test_models_are_in_the_metadata() -> None:
    assert hub.domain.models.Meeting.__tablename__ in SQLModel.metadata.tables
