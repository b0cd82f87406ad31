"""Those who walk through one meeting, each at a browser of their own, and who looks over their shoulders."""

import re
import sqlite3
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Protocol

from playwright.async_api import Page, expect

from tests.e2e.clerk import Clerk
from tests.e2e.resident import Resident
from tests.e2e.viewer import Viewer
from tests.support.browser import chromium, visitor
from tests.support.demo import Demo, demo
from tests.support.judge import RESIDENT
from tests.support.mail import mail_server
from tests.support.sockets import Console, console

COMMITTEE = "Executive"
WRITER = "Mo Lea"
RECORDING_DAYS = 28


class Looker(Protocol):
    """Somebody who is shown one page after the other."""

    prefix: str
    """Before every page's path."""

    def say(self, text: str, /) -> str:
        """An English text of the pages in this one's language."""

    async def look(self, page: Page, what: str) -> None:
        """At a page of the public or of somebody with a personal link."""

    async def look_at_console(self, page: Page, what: str) -> None:
        """At a page of the officers."""


@dataclass
class Walk:
    """One meeting from its announcement to its recording, and who is at it."""

    hall: Demo
    ref: str
    eyes: Looker
    clerk: Clerk
    desk: Console
    resident: Resident
    viewer: Viewer
    wall: Page
    """The chamber's display."""
    tablet: Page
    """The chair's view."""

    def address(self, path: str) -> str:
        return f"{self.hall.links.home.rstrip('/')}{self.eyes.prefix}{path}"

    async def see(self, path: str, what: str, status: int = 200) -> None:
        """Open a page of the public and look at it."""
        response = await self.viewer.page.goto(self.address(path))
        assert response is not None
        assert response.status == status, path
        await self.eyes.look(self.viewer.page, what)

    async def leave(self) -> None:
        """Before a page of the meeting loads itself anew, while another one is opened."""
        await self.viewer.page.goto("about:blank")

    async def see_meeting(self, state: str) -> None:
        """Every page that has a state of its own."""
        await self.see(f"/meetings/{self.ref}/embed", f"embedded, {state}")
        await self.see(f"/meetings/{self.ref}", f"meeting, {state}")
        await self.eyes.look_at_console(self.clerk.page, f"console, {state}")
        await self.eyes.look_at_console(self.wall, f"display, {state}")
        await self.eyes.look_at_console(self.tablet, f"chair, {state}")

    async def register(self, **form: str) -> str:
        """As the form is sent without scripts; the personal link."""
        item = next(one["id"] for one in self.desk.public["agenda"] if "Mill Lane" in one["title"])
        home = self.hall.links.home.rstrip("/")
        answer = await self.viewer.page.request.post(
            self.address(f"/meetings/{self.ref}/register"),
            form={"name": WRITER, "email": "mo@example.org", "item_id": str(item), "kind": "speak", **form},
            headers={"Origin": home},
        )
        found = re.search(r'href="[^"]*(/speak/[^"]+)"', await answer.text())
        assert found, await answer.text()
        return home + self.eyes.prefix + found[1]

    def put_long_ago(self) -> None:
        """The meeting's recording was kept to the end of yesterday: nobody can wait for that."""
        with closing(sqlite3.connect(self.hall.database, timeout=10.0)) as database, database:
            for column in ("live_at", "ended_at"):
                was = f"SELECT {column} FROM meeting WHERE ref = ?"
                (text,) = database.execute(was, [self.ref]).fetchone()
                long_ago = datetime.fromisoformat(text) - timedelta(days=RECORDING_DAYS + 1)
                moved = [long_ago.isoformat(" ", "microseconds"), self.ref]
                database.execute(f"UPDATE meeting SET {column} = ? WHERE ref = ?", moved)

    async def dialog(self, *buttons: str) -> None:
        """Open one at the console, look at it and close it. The last button opened it."""
        page = self.clerk.page
        for button in buttons:
            named = re.compile(f"^{re.escape(button)}")  # "Undo: Private session" opens none
            await page.get_by_role("button", name=named).first.click()
        await expect(page.get_by_role("dialog")).to_be_visible()
        await page.evaluate(
            "() => document.querySelectorAll('dialog details').forEach((one) => (one.open = true))"
        )
        await self.eyes.look_at_console(page, f"dialog “{buttons[-1]}”")
        await page.evaluate("() => document.querySelector('dialog').close()")
        await expect(page.get_by_role("dialog")).to_have_count(0)


@asynccontextmanager
async def walk(
    directory: Path, eyes: Looker, program: Sequence[str] = (), *flags: str
) -> AsyncIterator[Walk]:
    """A council with a meeting that nobody has opened yet, and three people at a browser each."""
    async with (
        mail_server() as mailbox,
        demo(directory / "hall", *flags, environment=settings(mailbox.port), **started(program)) as hall,
        chromium(directory, RESIDENT) as browser,
        visitor(browser, "clerk", width=1366, height=768) as at_console,
        visitor(browser, "resident") as at_home,
        visitor(browser, "viewer") as watching,
    ):
        clerk, page = Clerk(at_console), at_console.page
        response = await page.goto(hall.links.console)
        assert response is not None
        await eyes.look_at_console(page, "sign in")
        await clerk.sign_in(hall.links.console)
        await eyes.look_at_console(page, "list of consoles")
        address = await page.get_by_role("link", name=COMMITTEE).get_attribute("href")
        assert address is not None
        ref = address.rsplit("/", 1)[1]
        await clerk.open(f"{hall.links.home}console/meetings/{ref}")
        wall, tablet = [await at_console.context.new_page() for _ in range(2)]
        await wall.goto(f"{hall.links.home}console/meetings/{ref}/display")
        await tablet.goto(f"{hall.links.home}console/meetings/{ref}/chair")
        cookies = "; ".join(f"{one['name']}={one['value']}" for one in await at_console.context.cookies())
        async with console(hall.links.home, ref, cookies) as desk:
            people = clerk, desk, Resident(at_home, eyes.say), Viewer(watching)
            yield Walk(hall, ref, eyes, *people, wall, tablet)
        assert not [*at_console.faults, *at_home.faults, *watching.faults]


def settings(port: int) -> dict[str, str]:
    return {
        "MOOTHALL_SMTP_HOST": "127.0.0.1",
        "MOOTHALL_SMTP_PORT": str(port),
        "MOOTHALL_SMTP_SECURITY": "none",
        "MOOTHALL_SMTP_FROM": "meetings@ouseby.example",
        "MOOTHALL_RECORDING_DAYS": str(RECORDING_DAYS),
    }


def started(program: Sequence[str]) -> dict[str, Sequence[str]]:
    return {"program": program} if program else {}
