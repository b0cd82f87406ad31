"""One meeting, end to end, as three people live it: a clerk, a resident who speaks, and a viewer.

The steps follow one another in one test, because each stands on what the one before left. Everything is
judged by decoded pictures and sound. It runs twice: embedded, and with PostgreSQL, Redis and a relay apart.
"""

from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from aiohttp import ClientSession

from tests.e2e.clerk import Clerk
from tests.e2e.modgov import StoryModGov
from tests.e2e.resident import Resident
from tests.e2e.story.archive import after, nothing_private_anywhere, the_end, the_minutes_come_later
from tests.e2e.story.broadcast import chamber_feed, live, questions, remote_speaker
from tests.e2e.story.preparation import before, registration
from tests.e2e.story.private_session import private
from tests.e2e.story.story import Story, step
from tests.e2e.viewer import Viewer
from tests.support.browser import chromium, visitor
from tests.support.judge import RESIDENT
from tests.support.outputs import collecting
from tests.support.services import House, distributed, embedded

NEXT_ITEM = 1.0
"""Seconds in which every public page has the next item, as promised: true of the best press."""


@pytest.fixture(params=["embedded", pytest.param("distributed", marks=pytest.mark.distributed)])
async def house(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[House]:
    """The same program, together and apart."""
    async with (embedded if request.param == "embedded" else distributed)(tmp_path) as running:
        yield running


@pytest.mark.browser
@pytest.mark.timeout(480)
async def test_one_meeting_from_agenda_to_archive(house: House, tmp_path: Path) -> None:
    day = datetime.now(ZoneInfo("Europe/London")) + timedelta(days=14)
    async with (
        StoryModGov(meeting_date=f"{day:%d/%m/%Y}") as modgov,
        chromium(tmp_path, RESIDENT) as browser,
        visitor(browser, "clerk", width=1366, height=768) as clerk,
        visitor(browser, "resident") as resident,
        visitor(browser, "viewer") as viewer,
        ClientSession() as http,
    ):
        people = Clerk(clerk), Resident(resident), Viewer(viewer)
        story = Story(house, modgov, *people, http, tmp_path, day)
        await step(story, before)
        await step(story, registration)
        async with await chamber_feed(story), collecting(story.meeting) as outputs:
            await step(story, live)
            await step(story, remote_speaker)
            await step(story, questions)
            await step(story, private)
            await step(story, the_end)
        await step(story, after)
        await step(story, partial(nothing_private_anywhere, outputs=outputs))
        await step(story, the_minutes_come_later)
        assert not [*clerk.faults, *resident.faults, *viewer.faults]
        assert min(story.presses) < NEXT_ITEM, story.presses
        print(story.figures, story.presses)
