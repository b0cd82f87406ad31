"""WHIP and WHEP with the reference client (npm ``whip-whep``); pictures and sound are decoded."""

from pathlib import Path

import pytest

from tests.e2e.conftest import Hall, hall
from tests.support import publishers as by
from tests.support.browser import chromium, visitor
from tests.support.clients import reference_client
from tests.support.judge import CHAMBER, SECOND
from tests.support.outputs import public_shows
from tests.support.publishers import Feed, FfmpegPublisher
from tests.support.waiting import until, until_async

__all__ = ["hall"]

pytestmark = [pytest.mark.publisher, pytest.mark.asyncio(loop_scope="module")]


@pytest.mark.browser
async def test_the_reference_client_publishes_and_trickles(hall: Hall, tmp_path: Path) -> None:
    links = hall.demo.links
    async with (
        chromium(tmp_path) as browser,
        visitor(browser, "publisher", width=640, height=400) as person,
        reference_client(person) as client,
    ):
        await client.publish(links.whip, links.whip_token, CHAMBER)
        await public_shows(hall.http, hall.meeting, CHAMBER)
        await until(lambda: ("PATCH", 204) in client.answers, "its candidates to be taken")
        assert {status for method, status in client.answers if method == "PATCH"} == {204}
        await client.stop()
        await until(lambda: ("DELETE", 200) in client.answers, "the session to be deleted")
        assert await client.get("rejected") == []
        await public_shows(hall.http, hall.meeting, CHAMBER, picture=False, heard=False)


@pytest.mark.browser
async def test_the_reference_client_plays_on_through_an_ice_restart(hall: Hall, tmp_path: Path) -> None:
    links, feed = hall.demo.links, Feed(SECOND, video=by.BASELINE, audio=by.OPUS)
    async with (
        FfmpegPublisher(feed, by.whip(links.whip, links.whip_token), tmp_path / "ffmpeg.log"),
        chromium(tmp_path) as browser,
        visitor(browser, "viewer", width=640, height=800) as person,
        reference_client(person) as client,
    ):
        await public_shows(hall.http, hall.meeting, SECOND)
        await client.view(links.whep)
        await person.sees(SECOND.colour)
        await person.hears(SECOND.hz)
        before = await client.get("transport")
        await client.restart()
        await until(lambda: ("PATCH", 200) in client.answers, "another ICE session")

        async def restarted() -> bool:
            now = await client.get("transport")
            return bool(now["ufrag"] != before["ufrag"] and now["decoded"] > before["decoded"] + 100)

        await until_async(restarted, "pictures by the new session")
        after = await client.get("transport")
        assert after["state"] == "connected"
        assert after["changes"] > before["changes"], "another pair of addresses is in use"
        await person.sees(SECOND.colour)
        # Version 1.2.0 forgets the entity tag of a WHEP session: its candidates are refused, and not needed.
        assert set(await client.get("rejected")) <= {"Request rejected with status 428"}
        await client.stop()
        await until(lambda: ("DELETE", 200) in client.answers, "the session to be deleted")
