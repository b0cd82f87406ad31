"""Captions in the whole program: the public read what a captioner sends, except what was said in private."""

import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import m3u8
import pytest
from aiohttp import ClientSession

from tests.support.demo import Demo, demo
from tests.support.sockets import Console, console, signed_in
from tests.support.waiting import until_async

LIVE, AGAIN = "The motion is carried.", "We are back in public."
PRIVATE = "The price they offer is a secret."
PATIENCE = 30.0
RECORDED_SECONDS = 30.0


@dataclass
class Hall:
    """A demo whose meetings have captions, its clerk, and somebody who reads and writes."""

    demo: Demo
    clerk: Console
    http: ClientSession

    async def send(self, line: str) -> tuple[int, str]:
        """Status and code of what a captioner gets."""
        links = self.demo.links
        address = f"{links.home}captions/{links.meeting.rsplit('/', 1)[1]}"
        key = {"Authorization": f"Bearer {links.whip_token}"}
        async with self.http.post(address, json={"text": line}, headers=key) as response:
            return response.status, "" if response.status == 204 else (await response.json())["code"]

    async def taken(self, line: str) -> None:
        """Send a line until it is early enough no more: what a test may do and a captioner may not."""

        async def accepted() -> bool:
            return await self.send(line) == (204, "")

        await until_async(accepted, f"{line!r} to be taken", PATIENCE)

    async def text(self, name: str) -> str:
        """A playlist or file of the meeting's HLS."""
        async with self.http.get(f"{self.demo.links.meeting}/hls/{name}") as response:
            return await response.text() if response.status == 200 else ""

    async def captions(self) -> str:
        """Everything that the captions' playlist lists, parts included."""
        playlist = m3u8.loads(await self.text("captions.m3u8"))
        parts = [part.uri for segment in playlist.segments for part in segment.parts]
        return "".join([await self.text(uri) for uri in (*parts, *playlist.files) if uri])

    async def reads(self, line: str) -> None:
        async def is_there() -> bool:
            return line in await self.captions()

        await until_async(is_there, f"{line!r} in the captions", PATIENCE)


@pytest.fixture
async def hall(tmp_path: Path) -> AsyncIterator[Hall]:
    async with (
        demo(tmp_path, environment={"MOOTHALL_CAPTIONS_LANGUAGE": "en"}) as running,
        ClientSession() as http,
    ):
        links = running.links
        cookies = await signed_in(links.console)
        async with console(links.home, links.meeting.rsplit("/", 1)[1], cookies) as clerk:
            yield Hall(running, clerk, http)


async def test_what_is_said_in_public_is_read_live_and_later_and_nothing_else(hall: Hall) -> None:
    await hall.taken(LIVE)
    assert 'URI="captions.m3u8"' in await hall.text("main.m3u8")
    await hall.reads(LIVE)

    await hall.clerk.call("meeting.private", reason="commercial")
    assert await hall.send(PRIVATE) == (409, "not_public")
    await hall.clerk.call("meeting.return", confirmed=True)
    assert await hall.send(PRIVATE) == (409, "too_soon")
    await hall.taken(AGAIN)
    await hall.reads(AGAIN)
    live = await hall.captions()
    assert PRIVATE not in live
    assert LIVE in live, "it can be rewound to"

    await hall.clerk.call("meeting.end", confirmed=True)
    assert await hall.send(AGAIN) == (409, "no_meeting")

    async def is_recorded() -> bool:
        return "#EXT-X-ENDLIST" in await hall.text("captions.m3u8")

    await until_async(is_recorded, "the recording", RECORDED_SECONDS)
    assert 'URI="captions.m3u8"' in await hall.text("main.m3u8")
    recorded = await hall.captions()
    assert LIVE in recorded
    assert AGAIN in recorded
    assert PRIVATE not in recorded
    async with hall.http.get(f"{hall.demo.links.meeting}/captions.vtt") as response:
        assert re.findall(r"^[A-Z].*\.$", await response.text(), re.MULTILINE) == [LIVE, AGAIN]
