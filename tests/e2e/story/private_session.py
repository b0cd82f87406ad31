"""The private item, with everything that may let something of it out."""

import os
import signal
import time

from tests.e2e.modgov import RESTRICTED
from tests.e2e.story.broadcast import next_item
from tests.e2e.story.story import GUILTY, MARGIN, SLATE, Story
from tests.support.judge import (
    CHAMBER,
    PRIVATE,
    loudest,
)
from tests.support.outputs import public_shows
from tests.support.waiting import until


async def private(story: Story) -> None:
    """7. Private: slate and silence everywhere, also after ``kill -9``; coming back asks for confirmation."""
    viewer, seen = story.viewer, story.viewer.visitor
    await next_item(story, RESTRICTED.number)
    await story.clerk.go_private(RESTRICTED.number, paragraph=3)
    await seen.start_watch("private", PRIVATE)
    await the_room_speaks_in_private(story)
    await seen.sees(SLATE, MARGIN)
    await viewer.notice(f"excluded for item {RESTRICTED.number.rstrip('.')}")
    assert loudest(await seen.hear(), PRIVATE.hz) < GUILTY
    await public_shows(story.http, story.meeting, PRIVATE, picture=False, heard=False)
    await kill_the_studio(story)
    await the_room_speaks_in_private(story)
    await story.clerk.sees_state("PRIVATE")
    await seen.sees(SLATE, MARGIN)
    watched = await seen.end_watch("private")
    assert watched.frames > 50
    assert watched.guilty == 0
    assert watched.level < GUILTY
    await the_room_speaks_in_public(story)
    await story.clerk.return_to_public()
    await seen.sees(CHAMBER.colour)
    await seen.hears(CHAMBER.hz)
    await viewer.no_notice()


async def the_room_speaks_in_private(story: Story) -> None:
    assert story.encoder is not None
    await story.encoder.switch()
    await story.clerk.picture_shows(story.ref, "chamber", PRIVATE.colour)


async def the_room_speaks_in_public(story: Story) -> None:
    assert story.encoder is not None
    await story.encoder.switch_back()
    await story.clerk.picture_shows(story.ref, "chamber", CHAMBER.colour)


async def kill_the_studio(story: Story) -> None:
    """The hub starts another by itself; the chamber's encoder connects again, as encoders do."""
    (old,) = story.house.hub.processes("media.studio")
    begun = time.monotonic()
    os.kill(old, signal.SIGKILL)

    def replaced() -> bool:
        return story.house.hub.processes("media.studio") not in ([], [old])

    await until(replaced, "another studio")
    story.figures["another studio"] = round(time.monotonic() - begun, 2)
    assert story.encoder is not None
    await story.encoder.again()
    await story.clerk.sees_feed("chamber")
