"""The end of a meeting, to players that wait for its next part: nobody waits for what will not come."""

import asyncio
from pathlib import Path

import pytest
from aiohttp import ClientResponse

from media.control.channel import ControlClient
from media.control.recorder import FinishPackaging
from tests.media.hls.packaging import House, house
from tests.support.encoded import programme
from tests.support.hls_playlist import read
from tests.support.hls_rules import check
from tests.support.waiting import until
from tests.web.conftest import Site

BEGUN = 6.3


@pytest.fixture
def captions_language() -> str:
    return "en"


@pytest.fixture(autouse=True)
def patience(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is let go because it was held for long enough."""
    monkeypatch.setattr("media.hls.origin.HOLD_SECONDS", 600.0)


async def waiting(site: Site, home: House) -> list["asyncio.Task[ClientResponse]"]:
    """A player of hls.js with captions, as it waits on each of its connections."""
    hints = [read(await home.text(name)).hint for name in ("video.m3u8", "captions.m3u8")]
    directives = "_HLS_msn=3&_HLS_part=1"
    names = [f"video.m3u8?{directives}", f"captions.m3u8?{directives}", "audio.m3u8?_HLS_msn=3", *hints]

    async def ask(name: str) -> ClientResponse:
        response = await site.client.get(f"{site.meeting}/hls/{name}")
        await response.read()
        return response

    asked = [asyncio.create_task(ask(name)) for name in names]
    await until(lambda: home.packager._edge.waiting == len(asked), "all to be held")
    return asked


async def test_all_that_is_held_is_answered_when_the_meeting_ends(site: Site, tmp_path: Path) -> None:
    await site.house.live()
    async with house(tmp_path, captions="en") as home:
        site.engine.socket = home.config.http_socket
        await home.give(programme(BEGUN))
        asked = await waiting(site, home)
        client = ControlClient(home.config.control_socket)
        await client.connect()
        await client.call(FinishPackaging())
        *playlists, picture, caption = await asyncio.gather(*asked)
        for answer in playlists:
            assert answer.status == 200
            assert check(await answer.text()).ended
        assert (picture.status, caption.status) == (200, 200), "what was in hand is the last part"
        await client.close()


async def test_all_that_is_held_is_answered_when_the_packager_goes(site: Site, tmp_path: Path) -> None:
    """A player is told to come again, and keeps what it has."""
    await site.house.live()
    async with house(tmp_path, captions="en") as home:
        site.engine.socket = home.config.http_socket
        await home.give(programme(BEGUN))
        asked = await waiting(site, home)
        home.packager.stop()
        answers = await asyncio.gather(*asked)
        assert {answer.status for answer in answers} <= {200, 503}
        assert all("Retry-After" in answer.headers for answer in answers if answer.status == 503)
        texts = [await answer.text() for answer in answers[:3] if answer.status == 200]
        assert not any(check(text).ended for text in texts), "the meeting goes on"
