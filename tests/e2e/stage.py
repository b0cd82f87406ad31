"""A live meeting with the chamber's encoder, an officer at the console, a viewer, and six who may speak."""

import asyncio
import re
import uuid
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from aiohttp import ClientSession

from tests.e2e.clerk import Clerk
from tests.e2e.resident import Resident
from tests.e2e.viewer import Viewer
from tests.support.browser import SMALL, Chromiums, Size, Visitor, chromium_that_shares, visitor
from tests.support.demo import Demo, demo
from tests.support.judge import CHAMBER, PRIVATE, Signature
from tests.support.publishers import Feed, FfmpegPublisher, rtmp
from tests.support.sockets import Console, Told, console

SLIDES = "Slides for Mill Lane"
"""Title of the tab that the officer's browser shares."""
SPEAKERS = (
    Signature("Ada", (216, 128, 16), 700.0),
    Signature("Ben", (24, 168, 64), 1000.0),
    Signature("Cleo", (200, 32, 32), 1450.0),
    Signature("Dev", (208, 200, 40), 1900.0),
    Signature("Eve", (96, 24, 120), 2450.0),
    Signature("Finn", (40, 180, 190), 3100.0),
)
CHAMBER_FEED = Feed(CHAMBER, PRIVATE)
AT_ONCE = 2
"""Who arrive at the same time: a page that begins keeps a core busy."""


@dataclass(frozen=True)
class Guest:
    """Somebody who registered to speak, at a browser of their own."""

    source: Signature
    name: str
    link: str
    resident: Resident

    @property
    def visitor(self) -> Visitor:
        return self.resident.visitor


@dataclass(frozen=True)
class Stage:
    """What the tests of one module share."""

    demo: Demo
    clerk: Clerk
    """At the console in a browser."""
    desk: Console
    """The same console without a browser, for figures."""
    viewer: Viewer
    encoder: FfmpegPublisher
    browsers: Chromiums
    http: ClientSession

    @property
    def ref(self) -> str:
        return self.demo.links.meeting.rsplit("/", 1)[1]

    @asynccontextmanager
    async def guest(self, source: Signature) -> AsyncIterator[Guest]:
        """One more speaker is registered and confirmed, and sits at a browser that shows nothing yet."""
        name = f"{source.name} {uuid.uuid4().hex[:6]}"
        link = await self._register(name)
        await self.clerk.confirm(name)
        async with self.at_browser(source) as person:
            yield Guest(source, name, link, Resident(person))
            assert not person.faults

    @asynccontextmanager
    async def at_browser(self, source: Signature) -> AsyncIterator[Visitor]:
        """A fresh page at a speaker's browser: another device, as far as the program knows."""
        browser = await self.browsers.of(source)
        async with visitor(browser, source.name, width=480, height=360) as person:
            yield person

    async def bring(self, *guests: Guest, on_air: bool = True) -> None:
        """Let them arrive, then call them and put them on air one after the other.

        Who arrives moves the console's rows: nothing is pressed there before everybody is ready.
        """
        turn = asyncio.Semaphore(AT_ONCE)

        async def arrive(guest: Guest) -> None:
            async with turn:
                await guest.resident.arrive(guest.link)
                await self.clerk.sees_ready(guest.name)

        await asyncio.gather(*(arrive(guest) for guest in guests))
        for guest in guests:
            await self.clerk.call(guest.name)
            await guest.resident.is_called()
        for guest in guests if on_air else ():
            await self.clerk.admit(guest.name)
            await guest.resident.is_on_air()

    async def dismiss(self, *guests: Guest) -> None:
        """Take them off air."""
        for guest in guests:
            await self.clerk.finish(guest.name)
            await guest.resident.is_off_air()

    async def go_to(self, title: str) -> None:
        """Make the agenda item that has this in its title the current one."""
        item = next(one["id"] for one in self.desk.public["agenda"] if title in one["title"])
        await self.desk.call("item.go", item_id=item, expected_version=self.desk.public["version"])

    def row(self, guest: Guest) -> Told:
        """A speaker as the console has them."""
        rows: list[Told] = self.desk.told["state"]["speakers"]
        return next(row for row in rows if row["name"] == guest.name)

    async def clear(self) -> None:
        """Nobody on air or called, in public, the layout left to itself: whatever a test has left."""
        state = self.desk.told["state"]
        if state["public"]["state"] != "live":
            await self.encoder.switch_back()
            await self.clerk.picture_shows(self.ref, "chamber", CHAMBER.colour)
            await self.desk.call("meeting.return", confirmed=True)
        for row in state["speakers"]:
            command = {"on_air": "speaker.finish", "called": "speaker.stand_back"}.get(row["state"])
            if command is not None:
                await self.desk.call(command, registration_id=row["id"])
        await self.desk.call("layout.set", layout=None)

    async def _register(self, name: str) -> str:
        items = self.desk.public["agenda"]
        item = next(one["id"] for one in items if "Mill Lane" in one["title"])
        form = {"name": name, "email": "speaker@example.org", "item_id": str(item)}
        form |= {"kind": "speak", "mode": "remote", "consent": "picture_and_sound"}
        origin = {"Origin": self.demo.links.home.rstrip("/")}
        address = f"{self.demo.links.meeting}/register"
        async with self.http.post(address, data=form, headers=origin) as response:
            page = await response.text()
            assert response.status == 200, page
        found = re.search(
            r'id="personal-link"[^>]*href="([^"]+)"|href="([^"]+)"[^>]*id="personal-link"', page
        )
        assert found, page
        return found[1] or found[2]


@asynccontextmanager
async def stage(
    directory: Path,
    nice: int = 0,
    size: Size = SMALL,
    *,
    feed: Feed = CHAMBER_FEED,
    options: Sequence[str] = (),
    environment: Mapping[str, str] | None = None,
    flags: Sequence[str] = (),
) -> AsyncIterator[Stage]:
    """A demo that is live, with everybody in place and nobody on air; the viewer already watches.

    ``nice``: how far the speakers' browsers stay behind it. ``size``: of their cameras. ``options`` and
    ``environment``: of the demo. ``flags``: of the speakers' browsers.
    """
    async with (
        demo(directory / "hall", "--no-feed", *options, environment=environment) as hall,
        FfmpegPublisher(feed, rtmp(hall.links.rtmp), directory / "chamber.log") as encoder,
        chromium_that_shares(SLIDES) as staff,
        Chromiums(directory, nice, size, flags) as browsers,
        visitor(staff, "clerk", width=1366, height=768) as at_console,
        visitor(staff, "viewer") as watching,
        ClientSession() as http,
    ):
        clerk, viewer = Clerk(at_console), Viewer(watching)
        ref = hall.links.meeting.rsplit("/", 1)[1]
        await clerk.sign_in(hall.links.console)
        await clerk.open(f"{hall.links.home}console/meetings/{ref}")
        await clerk.sees_feed("chamber")
        await viewer.open(hall.links.meeting)
        await viewer.play()
        cookies = "; ".join(f"{one['name']}={one['value']}" for one in await at_console.context.cookies())
        async with console(hall.links.home, ref, cookies) as desk:
            yield Stage(hall, clerk, desk, viewer, encoder, browsers, http)
        assert not [*at_console.faults, *watching.faults]
