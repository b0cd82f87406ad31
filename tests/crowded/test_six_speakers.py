"""Six people speak from six browsers, on two cores.

The browsers stand behind the program in the queue for the processors, since in life each has its own; and
these people choose to do without the programme's picture, as one does with an old telephone.
"""

from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from tests.e2e.resident import Resident
from tests.e2e.stage import SPEAKERS, Guest, stage
from tests.support.browser import CHROMIUM, SMALLEST
from tests.support.judge import CHAMBER

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not CHROMIUM.exists(), reason="Chromium is not installed"),
    pytest.mark.timeout(600),
]

BEHIND = 5
"""Niceness of the browsers."""
SHARE = 0.05
"""Of the picture, at least, for each of seven in the grid."""


async def test_six_speakers_are_seen_and_heard_and_hear_each_other(tmp_path: Path) -> None:
    async with stage(tmp_path, BEHIND, SMALLEST) as hall, AsyncExitStack() as hallway:
        guests = [await hallway.enter_async_context(hall.guest(source)) for source in SPEAKERS]
        for guest in guests:
            await hall.bring(guest, on_air=False)
            await guest.resident.does_without_the_picture()
        for guest in guests:
            await hall.clerk.admit(guest.name)
            await guest.resident.is_on_air()
        seen = hall.viewer.visitor
        await seen.sees_shares(CHAMBER, *SPEAKERS, least=SHARE)
        studio = await hall.desk.fresh()
        assert (studio["layout"], len(studio["on_air"])) == ("grid", len(SPEAKERS))
        await seen.hears(*(source.hz for source in (CHAMBER, *SPEAKERS)))
        for guest in guests:
            await hears_the_others(guest, guests)
        await seen.sees_shares(CHAMBER, *SPEAKERS, least=SHARE)
        await hall.dismiss(*guests)
        await seen.sees_shares(CHAMBER, least=0.8, gone=SPEAKERS)


async def hears_the_others(guest: Guest, guests: list[Guest]) -> None:
    """The chamber and all who speak, without their own voice."""
    person = guest.visitor
    others = (CHAMBER, *(other.source for other in guests if other is not guest))
    await person.hears(*(other.hz for other in others), selector=Resident.RETURN)
    await person.does_not_hear(guest.source.hz, Resident.RETURN)
