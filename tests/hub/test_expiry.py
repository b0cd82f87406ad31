"""Recordings that are kept for as long as the council's schedule says: no day less, and no day more."""

import asyncio
import shutil
import signal
import sys
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from sqlmodel import col, select

from hub.app import open_desk
from hub.domain.commands import expiry
from hub.domain.errors import IllegalTransition, Invalid
from hub.domain.models import AuditEntry, Committee, Meeting
from hub.domain.states.meeting import TRANSITIONS, MeetingState
from hub.domain.views import meeting_page, public_snapshot, staff_snapshot
from hub.expiry import RecordingKeeper
from hub.settings import Settings
from hub.supervision.archive import DiskArchive
from tests.hub.conftest import House

KEPT = timedelta(days=180)
ENDED = datetime(2026, 11, 26, 20, 0, tzinfo=UTC)
LAST_DAY = date(2027, 5, 25)
AFTER = datetime(2027, 5, 25, 23, 0, tzinfo=UTC)
"""The first moment of the day after, when it is summer in London."""
STAY = ("gate.jsonl", "private/private-0001.mts.sealed", "document.pdf")
GO = ("recording/index.jsonl", "recording/a1-0.mp4", "recording/captions.vtt", "hls/init.mp4")


class Killed(BaseException):
    """What a process that is killed does of what comes next: nothing."""


class Archived:
    """A meeting that is over, its files, and the keeper that looks after them."""

    def __init__(self, house: House, folder: Path) -> None:
        self.house = house
        self.folder = folder
        self.archive = DiskArchive(folder)
        self.keeper = RecordingKeeper(house.desk, self.archive)

    def write(self, ref: str | None = None) -> None:
        for name in (*STAY, *GO):
            path = self.folder / (ref or self.house.ref) / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(b"some of it")

    def files(self, ref: str | None = None) -> set[str]:
        directory = self.folder / (ref or self.house.ref)
        return {str(path.relative_to(directory)) for path in directory.rglob("*") if path.is_file()}

    def at(self, moment: datetime) -> None:
        self.house.clock.moment = moment


@pytest.fixture
async def archived(house: House, tmp_path: Path) -> Archived:
    return await over(house, tmp_path / "meetings")


async def over(house: House, folder: Path) -> Archived:
    house.desk.recordings_kept = KEPT
    house.clock.moment = ENDED - timedelta(hours=2)
    await house.live()
    house.clock.moment = ENDED
    await house.do("meeting.end", confirmed=True)
    archived = Archived(house, folder)
    archived.write()
    return archived


async def test_the_last_day_is_whole(archived: Archived) -> None:
    house = archived.house
    assert (await meeting_page(house.desk, house.ref)).recording_until == LAST_DAY
    assert (await staff_snapshot(house.desk, house.ref)).recording_until == LAST_DAY
    archived.at(AFTER - timedelta(seconds=1))
    assert await archived.keeper.look() == []
    assert await house.state() is MeetingState.PUBLISHED
    assert archived.files() == {*STAY, *GO}
    archived.at(AFTER)
    version = (await house.meeting()).version
    assert await archived.keeper.look() == [house.ref]
    assert await house.state() is MeetingState.EXPIRED
    assert (await house.meeting()).version == version + 1
    assert house.announcer.told[-1] == house.ref
    assert archived.files() == set(STAY)
    page = await meeting_page(house.desk, house.ref)
    assert (page.recording_until, page.recording_deleted_at) == (None, AFTER)
    async with house.desk.store.read() as session:
        newest = select(AuditEntry).order_by(col(AuditEntry.id).desc())
        entry = (await session.exec(newest)).first()
    assert entry is not None
    assert (entry.who, entry.action, entry.before) == ("Moot Hall", "meeting.expire", "published")
    assert entry.reason == "Kept until 2027-05-25."
    assert await archived.keeper.look() == []


async def test_on_postgresql(postgresql_house: House, tmp_path: Path) -> None:
    archived = await over(postgresql_house, tmp_path)
    archived.at(AFTER - timedelta(seconds=1))
    assert await archived.keeper.look() == []
    await archived.house.do("recording.keep", until="2027-05-26", reason="A complaint")
    archived.at(AFTER)
    assert await archived.keeper.look() == []
    archived.at(AFTER + timedelta(days=1))
    assert await archived.keeper.look() == [archived.house.ref]
    assert archived.files() == set(STAY)


async def test_without_a_schedule_they_are_kept_for_good(archived: Archived) -> None:
    house = archived.house
    house.desk.recordings_kept = None
    archived.at(AFTER + timedelta(days=36_500))
    assert await archived.keeper.look() == []
    assert archived.files() == {*STAY, *GO}
    assert (await meeting_page(house.desk, house.ref)).recording_until is None
    with pytest.raises(IllegalTransition, match="no recording"):
        await house.do("recording.keep", until="2127-01-01", reason="A complaint")


async def test_a_withheld_recording_is_no_exception(archived: Archived) -> None:
    await archived.house.do("recording.withhold", reason="A name was said")
    assert (await staff_snapshot(archived.house.desk, archived.house.ref)).recording_until == LAST_DAY
    archived.at(AFTER)
    assert await archived.keeper.look() == [archived.house.ref]
    assert archived.files() == set(STAY)


async def test_it_is_final(archived: Archived) -> None:
    archived.at(AFTER)
    await archived.keeper.look()
    assert not [start for start, _ in TRANSITIONS if start is MeetingState.EXPIRED]
    for name, payload in (
        ("recording.publish", {"confirmed": True}),
        ("recording.withhold", {"reason": "Late"}),
        ("recording.keep", {"until": "2028-01-01", "reason": "Late"}),
        ("meeting.open_room", {}),
    ):
        with pytest.raises(IllegalTransition):
            await archived.house.do(name, **payload)
    archived.house.desk.recordings_kept = None
    assert await archived.house.state() is MeetingState.EXPIRED


async def test_officers_keep_one_for_longer_and_never_for_less(archived: Archived) -> None:
    house = archived.house
    for until in ("2027-05-25", "2027-01-01", "May", ""):
        with pytest.raises(Invalid):
            await house.do("recording.keep", until=until, reason="A complaint")
    with pytest.raises(Invalid):
        await house.do("recording.keep", until="2028-01-31", reason=" ")
    assert (await house.meeting()).recording_kept_until is None
    await house.do("recording.keep", until="2028-01-31", reason="A complaint")
    assert (await meeting_page(house.desk, house.ref)).recording_until == date(2028, 1, 31)
    line = (await staff_snapshot(house.desk, house.ref)).audit[0]
    assert (line.who, line.action, line.reason) == ("Ann Clark", "recording.keep", "A complaint")
    archived.at(datetime(2028, 1, 31, 23, 59, tzinfo=UTC))
    assert await archived.keeper.look() == []
    archived.at(datetime(2028, 2, 1, 0, 0, tzinfo=UTC))
    assert await archived.keeper.look() == [house.ref]


async def test_a_longer_schedule_outlasts_what_an_officer_said(archived: Archived) -> None:
    house = archived.house
    await house.do("recording.keep", until="2027-06-01", reason="A complaint")
    house.desk.recordings_kept = timedelta(days=365)
    assert (await meeting_page(house.desk, house.ref)).recording_until == date(2027, 11, 26)


async def test_killed_before_the_files_were_touched(
    archived: Archived, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The public are told that it is deleted from the same moment on from which they get nothing of it."""

    async def killed(ref: str) -> None:
        raise Killed

    archived.at(AFTER)
    with monkeypatch.context() as patch:
        patch.setattr(archived.archive, "delete", killed)
        with pytest.raises(Killed):
            await archived.keeper.look()
    assert (await public_snapshot(archived.house.desk, archived.house.ref)).state == "expired"
    assert archived.files() == {*STAY, *GO}
    assert await RecordingKeeper(archived.house.desk, archived.archive).look() == [archived.house.ref]
    assert archived.files() == set(STAY)


@pytest.mark.parametrize("survivors", [1, 2, 3])
async def test_killed_among_the_files(
    archived: Archived, monkeypatch: pytest.MonkeyPatch, survivors: int
) -> None:
    def killed(path: Path) -> None:
        for file in sorted(path.rglob("*"))[survivors:]:
            file.unlink()
        raise Killed

    archived.at(AFTER)
    with monkeypatch.context() as patch:
        patch.setattr(shutil, "rmtree", killed)
        with pytest.raises(Killed):
            await archived.keeper.look()
    assert archived.files() > set(STAY)
    assert await RecordingKeeper(archived.house.desk, archived.archive).look() == [archived.house.ref]
    assert archived.files() == set(STAY)


async def test_files_that_went_before_the_word_did(archived: Archived) -> None:
    """The database was put back from yesterday, the disk was not."""
    shutil.rmtree(archived.folder)
    archived.at(AFTER)
    assert await archived.keeper.look() == []
    assert await archived.house.state() is MeetingState.EXPIRED


async def test_files_that_came_back(archived: Archived) -> None:
    """The disk was put back from yesterday, the database was not."""
    archived.at(AFTER)
    await archived.keeper.look()
    archived.write()
    assert await archived.keeper.look() == [archived.house.ref]
    assert archived.files() == set(STAY)


async def test_a_disk_that_refuses_is_asked_again_and_holds_up_no_other(
    archived: Archived, monkeypatch: pytest.MonkeyPatch
) -> None:
    house = archived.house
    async with house.desk.store.write() as session:
        session.add(
            Meeting(
                ref="older",
                committee_id=1,
                title="",
                starts_at=ENDED - timedelta(hours=1),
                state=MeetingState.PUBLISHED,
            )
        )
    archived.write("older")
    archived.at(AFTER)
    remove = shutil.rmtree

    def refuses(path: Path) -> None:
        if house.ref in path.parts:
            raise PermissionError(path)
        remove(path)

    with monkeypatch.context() as patch:
        patch.setattr(shutil, "rmtree", refuses)
        assert await archived.keeper.look() == ["older"]
    assert archived.files() == {*STAY, *GO}
    assert await archived.keeper.look() == [house.ref]


async def test_other_meetings_keep_theirs_and_years_are_gone_through_in_rounds(archived: Archived) -> None:
    house = archived.house
    old = [f"old-{number:02}" for number in range(expiry.AT_ONCE + 3)]
    async with house.desk.store.write() as session:
        for number, ref in enumerate(old):
            ended = ENDED - timedelta(days=1000 - number)
            session.add(
                Meeting(
                    ref=ref,
                    committee_id=1,
                    title="",
                    starts_at=ended,
                    ended_at=ended,
                    state=MeetingState.PUBLISHED,
                )
            )
    for ref in (*old, "nobody-knows-it"):
        archived.write(ref)
    archived.at(AFTER - timedelta(seconds=1))
    assert await archived.keeper.look() == []
    assert await archived.keeper.look() == []
    house.desk.recordings_kept = KEPT + 2 * expiry.NOTICE
    archived.at(AFTER - timedelta(seconds=1) + expiry.NOTICE)
    assert await archived.keeper.look() == [], "their new day is not over"
    archived.at(AFTER + expiry.NOTICE)
    assert await archived.keeper.look() == old[: expiry.AT_ONCE]
    assert await archived.keeper.look() == old[expiry.AT_ONCE :]
    assert await archived.keeper.look() == []
    assert archived.files("nobody-knows-it") == {*STAY, *GO}


async def test_a_schedule_that_is_new_gives_notice(archived: Archived) -> None:
    """Nothing that was kept for good is gone within a minute of a setting."""
    house = archived.house
    house.desk.recordings_kept = None
    noticed = AFTER + timedelta(days=100)
    archived.at(noticed)
    assert await archived.keeper.look() == []
    house.desk.recordings_kept = KEPT
    assert await archived.keeper.look() == []
    day = noticed.date() + expiry.NOTICE + timedelta(days=1)
    assert (await meeting_page(house.desk, house.ref)).recording_until == day, "it is past midnight in London"
    line = (await staff_snapshot(house.desk, house.ref)).audit[0]
    assert (line.who, line.action) == ("Moot Hall", "recording.keep")
    archived.at(noticed + expiry.NOTICE)
    assert await archived.keeper.look() == []
    assert archived.files() == {*STAY, *GO}
    archived.at(noticed + timedelta(days=40))
    assert await archived.keeper.look() == [house.ref], "once, also in a house whose hub is seldom up"


async def test_a_house_without_meetings_has_nothing_to_delete(house: House, tmp_path: Path) -> None:
    house.desk.recordings_kept = KEPT
    assert await RecordingKeeper(house.desk, DiskArchive(tmp_path / "none")).look() == []


DIES = """
import asyncio, os, shutil, signal, sys
from pathlib import Path
from hub.app import open_desk
from hub.expiry import RecordingKeeper
from hub.settings import Settings
from hub.settings import Settings
from hub.supervision.archive import DiskArchive

def die(path):
    (path / "a1-0.mp4").unlink()
    os.kill(os.getpid(), signal.SIGKILL)

async def main():
    settings = Settings(data_dir=Path(sys.argv[1]), recording_days=180)
    shutil.rmtree = die
    async with open_desk(settings) as desk:
        await RecordingKeeper(desk, DiskArchive(settings.meetings_dir)).look()

asyncio.run(main())
"""


async def test_killed_by_the_system_after_the_first_file(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path, recording_days=180)
    async with open_desk(settings) as desk:
        async with desk.store.write() as session:
            session.add(Committee(id=1, name="Planning"))
            await session.flush()
            old = datetime(2020, 1, 1, tzinfo=UTC)
            session.add(
                Meeting(
                    ref="old",
                    committee_id=1,
                    title="",
                    starts_at=old,
                    state=MeetingState.PUBLISHED,
                    recording_kept_until=date(2020, 7, 1),
                )
            )
        directory = settings.meeting_dir("old") / "recording"
        directory.mkdir(parents=True)
        for name in ("a1-0.mp4", "index.jsonl"):
            (directory / name).write_bytes(b"some of it")
        dying = await asyncio.create_subprocess_exec(sys.executable, "-c", DIES, str(tmp_path))
        assert await dying.wait() == -signal.SIGKILL
        assert [path.name for path in directory.iterdir()] == ["index.jsonl"]
        assert (await public_snapshot(desk, "old")).state == "expired"
        archive = DiskArchive(settings.meetings_dir)
        assert await RecordingKeeper(desk, archive).look() == ["old"]
        assert not directory.exists()
        assert await archive.held() == []
