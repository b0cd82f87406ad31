"""The emergency cut's own path, and cuts that meet a studio that is away. With a real studio process."""

import os
import signal
from collections.abc import AsyncIterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from hub.cutting import cut_here, find
from hub.settings import Settings
from hub.supervision.meeting import MeetingMedia
from hub.supervision.plans import StudioWishes
from media.control.studio import GateState, GetStatus, SetGate, SlateText
from media.gate.journal import Journal
from tests.support.waiting import until

REF = "2026-11-26-planning-committee-a"
PRIVATE = SlateText(title="The public have been excluded for item 9")


class Place:
    """One meeting with a studio whose gate is open."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.media = MeetingMedia(
            REF, settings, StudioWishes(SlateText(title="Soon"), False), lambda ref: None
        )
        self.media.directory.mkdir(parents=True)

    async def open(self) -> None:
        self.media.studio.start()
        await self.media.studio.call(GetStatus(), 30)
        await self.media.move_gate(
            SetGate(state=GateState.OPEN, slate=PRIVATE, reason="", by="clerk", confirmed=True)
        )

    def kill(self) -> None:
        pid = int((self.settings.sockets / f"{self.media.name}.studio.pid").read_text())
        os.kill(pid, signal.SIGKILL)

    async def gate(self) -> tuple[GateState, str]:
        gate = (await self.media.studio.call(GetStatus(), 30)).gate
        return gate.state, gate.slate.title


@pytest.fixture
async def place(tmp_path: Path) -> AsyncIterator[Place]:
    with TemporaryDirectory(prefix="moot") as folder:
        place = Place(Settings(data_dir=tmp_path, run_dir=Path(folder)))
        await place.open()
        yield place
        await place.media.stop()


async def test_from_the_machine_to_the_studio(place: Place) -> None:
    outcome = await cut_here(place.settings, "", by="root", reason="a name was said")
    assert outcome.code == 0
    assert "The broadcast has stopped for technical reasons" in outcome.sentences[0]
    assert (await place.gate())[0] is GateState.TECHNICAL
    journal = Journal(place.media.journal)
    await until(lambda: journal.read()[-1].state is not GateState.OPEN, "the journal")
    entry = journal.read()[-1]
    assert (entry.by, entry.reason) == ("root", "a name was said")


async def test_a_closed_meeting_keeps_the_slate_that_says_why(place: Place) -> None:
    await place.media.cut(SetGate(state=GateState.PRIVATE, slate=PRIVATE, reason="", by="clerk"))
    outcome = await cut_here(place.settings, REF, by="root", reason="")
    assert (outcome.code, PRIVATE.title in outcome.sentences[0]) == (0, True)
    assert await place.gate() == (GateState.PRIVATE, PRIVATE.title)


async def test_a_cut_while_the_studio_is_dead_has_it_come_back_shut(place: Place) -> None:
    await place.media.studio.let_go()
    place.kill()
    outcome = await cut_here(place.settings, REF, by="root", reason="")
    assert (outcome.code, "comes back shut" in outcome.sentences[0]) == (2, True)
    again = Place.__new__(Place)
    again.settings = place.settings
    again.media = MeetingMedia(
        REF, place.settings, StudioWishes(SlateText(title="Soon"), False), lambda ref: None
    )
    again.media.studio.start()
    try:
        assert (await again.gate())[0] is GateState.TECHNICAL
    finally:
        await again.media.stop()


async def test_a_clerks_cut_meets_a_studio_that_is_being_restarted(place: Place) -> None:
    place.kill()
    await place.media.cut(SetGate(state=GateState.PRIVATE, slate=PRIVATE, reason="", by="clerk"))
    assert await place.gate() == (GateState.PRIVATE, PRIVATE.title)
    assert Journal(place.media.journal).read()[-1].state is GateState.PRIVATE


async def test_what_cannot_be_cut_is_said(tmp_path: Path) -> None:
    with TemporaryDirectory(prefix="moot") as folder:
        settings = Settings(data_dir=tmp_path, run_dir=Path(folder))
        for name in ("", REF, "../../etc"):
            outcome = await cut_here(settings, name, by="root", reason="")
            assert (outcome.code, outcome.sentences) == (1, ("No studio is running here.",))
        assert find(settings, REF) == []
