"""What the end-to-end tests of one module share: one running demo that waits for a real encoder."""

from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest
import pytest_asyncio
from aiohttp import ClientSession, CookieJar

from tests.support.demo import Demo, demo
from tests.support.sockets import Console, console, signed_in


@dataclass(frozen=True)
class Hall:
    """A demo without a feed, a clerk's console, and somebody who fetches things."""

    demo: Demo
    console: Console
    cookies: str
    """The clerk's session."""
    http: ClientSession

    @property
    def ref(self) -> str:
        """The live meeting."""
        return self.demo.links.meeting.rsplit("/", 1)[1]

    @property
    def address(self) -> str:
        """Without a slash at the end."""
        return self.demo.links.home.rstrip("/")

    @property
    def meeting(self) -> str:
        """Address of the live meeting's page."""
        return self.demo.links.meeting


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def hall(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Hall]:
    """``moothall demo --no-feed``, shared by a module."""
    async with (
        demo(tmp_path_factory.mktemp("hall"), "--no-feed") as running,
        ClientSession(cookie_jar=CookieJar(unsafe=True)) as http,
    ):
        cookies = await signed_in(running.links.console)
        ref = running.links.meeting.rsplit("/", 1)[1]
        async with console(running.links.home, ref, cookies) as desk:
            yield Hall(running, desk, cookies, http)
