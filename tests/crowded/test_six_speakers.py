"""Six people speak from six browsers, on however few cores there are.

The browsers stand behind the program in the queue for the processors, since in life each has its own.
"""

from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from tests.e2e.resident import Resident
from tests.e2e.stage import SPEAKERS, Guest, Stage, stage
from tests.support.browser import CHROMIUM
from tests.support.judge import CHAMBER

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not CHROMIUM.exists(), reason="Chromium is not installed"),
    pytest.mark.timeout(600),
]

BEHIND = 10
"""Niceness of the browsers."""
SHARE = 0.05
"""Of the picture, at least, for each of seven in the grid."""
SECONDS = 10
PICTURES = 25
LATE = 0.02
"""Ticks of the programme that may come late while all speak."""


async def test_six_speakers_are_seen_and_heard_and_hear_each_other(tmp_path: Path) -> None:
    async with stage(tmp_path, nice=BEHIND) as hall, AsyncExitStack() as hallway:
        guests = [await hallway.enter_async_context(hall.guest(source)) for source in SPEAKERS]
        await hall.bring(*guests)
        seen = hall.viewer.visitor
        await seen.sees_shares(CHAMBER, *SPEAKERS, least=SHARE)
        for source in (CHAMBER, *SPEAKERS):
            await seen.hears(source.hz)
        for guest in guests:
            await hears_the_others(guest, guests)
        await the_programme_keeps_time(hall)
        await hall.dismiss(*guests)
        await seen.sees_shares(CHAMBER, least=0.8, gone=SPEAKERS)


async def hears_the_others(guest: Guest, guests: list[Guest]) -> None:
    """The chamber and all who speak, without their own voice."""
    person = guest.visitor
    for source in (CHAMBER, *(other.source for other in guests if other is not guest)):
        await person.hears(source.hz, Resident.RETURN)
    await person.does_not_hear(guest.source.hz, Resident.RETURN)


async def the_programme_keeps_time(hall: Stage) -> None:
    """All its pictures come, with hardly one late, while everybody is on air."""
    before = await hall.desk.fresh()
    await hall.desk.ticks(SECONDS * PICTURES)
    after = await hall.desk.fresh()
    late = (after["late_ticks"] - before["late_ticks"]) / (after["pictures"] - before["pictures"])
    print(f"of the programme's ticks {late:.1%} came late")
    assert late < LATE
