"""What another process imports is noticed by a hub that runs."""

import asyncio

import pytest

from hub.domain.imported import ImportedCommittee, ImportedMeeting
from hub.domain.models import AuditEntry
from hub.domain.services.agenda import apply_meetings
from hub.domain.views import public_snapshot
from hub.imports import ImportWatch
from tests.hub.conftest import House
from tests.hub.fakes import START
from tests.support.waiting import until

OTHERS = 250
"""Entries of other business: more than are looked at twice."""


async def import_again(house: House, *modgov_ids: int) -> list[str]:
    """As ``moothall import modgov`` does."""
    meetings = [
        ImportedMeeting(
            modgov_id=number, starts_at=START, location="", status="Confirmed", items=(), attendees=()
        )
        for number in modgov_ids
    ]
    committee = ImportedCommittee(7, "Planning Committee A")
    done = await apply_meetings(
        house.desk.store, house.clock, house.desk.tokens, "https://modgov.example.org/", committee, meetings
    )
    return [meeting.ref for meeting in done]


async def other_business(house: House) -> None:
    async with house.desk.store.write() as session:
        session.add_all(
            AuditEntry(meeting_id=house.meeting_id, at=START, who="Ann", action="question.approve")
            for _ in range(OTHERS)
        )


async def test_each_import_is_noticed_once_and_nothing_else(house: House) -> None:
    await import_again(house, 70)
    watch = ImportWatch(house.desk)
    assert await watch.look() == [], "what was there before anybody looked"
    await other_business(house)
    assert await watch.look() == []
    assert await import_again(house, 70) == [house.ref]
    assert await watch.look() == [house.ref]
    assert await watch.look() == []
    await other_business(house)
    refs = await import_again(house, 70, 71, 72)
    await other_business(house)
    assert await watch.look() == sorted(refs)
    assert await watch.look() == []


async def test_everybody_is_told_and_the_snapshot_says_when(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hub.imports.LOOK_EVERY", 0)
    before = await public_snapshot(house.desk, house.ref)
    watch = ImportWatch(house.desk)
    await watch.look()
    house.clock.advance(minutes=1)
    await import_again(house, 70)
    following = asyncio.create_task(watch.follow())
    await until(lambda: house.ref in house.announcer.told, "everybody to be told")
    following.cancel()
    await asyncio.gather(following, return_exceptions=True)
    after = await public_snapshot(house.desk, house.ref)
    assert before.imported_ms is None
    assert after.imported_ms == after.server_ms
    assert after.version > before.version
