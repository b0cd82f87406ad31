"""Captions in the whole program: the public read what a captioner sends, except what was said in private."""

import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import m3u8
import pytest
from aiohttp import ClientSession
from playwright.async_api import expect

from tests.e2e.viewer import Viewer
from tests.support.browser import Visitor, chromium, visitor
from tests.support.demo import Demo, demo
from tests.support.sockets import Console, console, signed_in
from tests.support.waiting import until_async

LIVE, AGAIN = "The motion is carried.", "We are back in public."
PRIVATE = "The price they offer is a secret."
SECONDS = 6
"""That each is shown: a browser on a busy machine must not miss it."""
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
        async with self.http.post(address, json={"text": line, "seconds": SECONDS}, headers=key) as response:
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

    async def recorded(self) -> None:
        async def is_there() -> bool:
            return "#EXT-X-ENDLIST" in await self.text("captions.m3u8")

        await until_async(is_there, "the recording", RECORDED_SECONDS)

    async def kept(self) -> str:
        """The captions that may be downloaded."""
        async with self.http.get(f"{self.demo.links.meeting}/captions.vtt") as response:
            return await response.text()

    async def begins(self, line: str) -> float:
        """When the recording shows a line, in seconds of playback."""
        found = re.search(rf"00:(\d\d):(\d\d\.\d{{3}}) --> \S+\n{re.escape(line)}", await self.kept())
        assert found
        return int(found[1]) * 60 + float(found[2])

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

    await hall.recorded()
    assert 'URI="captions.m3u8"' in await hall.text("main.m3u8")
    recorded = await hall.captions()
    assert LIVE in recorded
    assert AGAIN in recorded
    assert PRIVATE not in recorded
    assert re.findall(r"^[A-Z].*\.$", await hall.kept(), re.MULTILINE) == [LIVE, AGAIN]


SHOWN = """() => [...document.querySelector("#player video").textTracks]
  .filter((track) => track.mode === "showing")
  .flatMap((track) => [...track.activeCues ?? []].map((cue) => cue.text))"""


async def shows(person: Visitor, line: str) -> None:
    async def is_shown() -> bool:
        return line in await person.page.evaluate(SHOWN)

    await until_async(is_shown, f"{line!r} under the picture", PATIENCE)


@pytest.mark.browser
async def test_the_player_shows_them_to_whoever_wants_them(hall: Hall, tmp_path: Path) -> None:
    await hall.taken(LIVE)
    async with chromium(tmp_path) as browser, visitor(browser, "reader of captions") as person:
        viewer = Viewer(person)
        await viewer.open(hall.demo.links.meeting)
        await viewer.play()
        button = person.page.get_by_role("button", name="Captions", exact=True)
        await expect(viewer.player).to_have_attribute("data-transport", "whep")
        await expect(button).to_have_attribute("aria-pressed", "false")
        await button.click()
        await expect(button).to_have_attribute("aria-pressed", "true")
        await expect(viewer.player).to_have_attribute("data-transport", "hls")
        await expect(viewer.player).to_have_attribute("data-phase", "playing")
        await expect(person.page.locator(".mh-player__status")).to_contain_text("With captions")
        await hall.taken(AGAIN)
        await shows(person, AGAIN)
        await person.page.get_by_label("Size of the captions").select_option("largest")
        await expect(viewer.player).to_have_attribute("data-caption-size", "largest")
        await viewer.player.press("c")
        await expect(button).to_have_attribute("aria-pressed", "false")
        assert await person.page.evaluate(SHOWN) == []
        assert not person.faults


@pytest.mark.browser
async def test_the_player_of_a_recording_shows_them(hall: Hall, tmp_path: Path) -> None:
    await hall.taken(LIVE)
    await hall.reads(LIVE)
    await hall.clerk.call("meeting.end", confirmed=True)
    await hall.recorded()
    begins = await hall.begins(LIVE)
    async with chromium(tmp_path) as browser, visitor(browser, "reader of a recording") as person:
        viewer = Viewer(person)
        await viewer.open(hall.demo.links.meeting)
        await viewer.play()
        await person.page.get_by_role("button", name="Captions", exact=True).click()
        await person.page.evaluate(
            "(at) => { document.querySelector('#player video').currentTime = at; }", begins
        )
        await shows(person, LIVE)
        assert not person.faults
