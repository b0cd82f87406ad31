"""What the steps of the story hand on."""

import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from aiohttp import ClientSession

from tests.e2e.clerk import Clerk
from tests.e2e.modgov import StoryModGov
from tests.e2e.resident import Resident
from tests.e2e.viewer import Viewer
from tests.support.publishers import FfmpegPublisher
from tests.support.services import House

EMAIL = "sam.lee@example.org"
QUESTION = "What will happen to the <b>allotments</b> & the footpath? 🌳"
SLATE = (29, 78, 107)
MARGIN = (0.93, 0.1, 0.99, 0.4)
COMMITTEE = "144"
GUILTY = -45.0
"""dBFS. A private tone above this was heard; the click of a change of gate stays below."""


@dataclass
class Story:
    """What the steps hand on."""

    house: House
    modgov: StoryModGov
    clerk: Clerk
    resident: Resident
    viewer: Viewer
    http: ClientSession
    directory: Path
    day: datetime
    ref: str = ""
    link: str = ""
    """The resident's personal link."""
    encoder: FfmpegPublisher | None = None
    figures: dict[str, float] = field(default_factory=dict)
    """Seconds that things took; printed at the end."""
    presses: list[float] = field(default_factory=list)
    """Seconds from each press of "next item" to the viewer's page."""

    @property
    def meeting(self) -> str:
        return f"{self.house.address}/meetings/{self.ref}"

    async def import_meetings(self) -> str:
        first, last = self.day - timedelta(days=1), self.day + timedelta(days=1)
        return await self.house.run(
            *("import", "modgov", "--base-url", self.modgov.base_url, "--committee", COMMITTEE),
            *("--from", f"{first:%d/%m/%Y}", "--to", f"{last:%d/%m/%Y}"),
        )


async def step(story: Story, work: Callable[[Story], Awaitable[None]]) -> None:
    """Take the time of one step."""
    begun = time.monotonic()
    await work(story)
    story.figures[getattr(work, "__name__", "search")] = round(time.monotonic() - begun, 1)
