"""A viewer who chooses Cymraeg: on the page, live by WebRTC and by LL-HLS, and in the recording."""

from pathlib import Path

import pytest
from playwright.async_api import expect

from hub.settings import Settings
from media.control.channel import ControlClient
from media.control.studio import OpenSpeaker
from media.sources.ice import listen_on
from tests.e2e.viewer import Viewer
from tests.media.studio.publisher import Publisher, Tone
from tests.support.browser import CHROMIUM, chromium, visitor
from tests.support.demo import demo
from tests.support.sockets import console, signed_in

FLOOR, INTERPRETER = 440, 880

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not CHROMIUM.exists(), reason="Chromium is not installed"),
]


async def test_a_viewer_chooses_the_language(tmp_path: Path) -> None:
    listen_on("127.0.0.1")
    welsh = {"MOOTHALL_INTERPRETED_LANGUAGE": "cy"}
    async with (
        demo(tmp_path / "hall", environment=welsh) as hall,
        chromium(tmp_path) as browser,
        visitor(browser, "viewer") as person,
    ):
        ref = hall.links.meeting.rsplit("/", 1)[1]
        studio = ControlClient(hall.sockets / f"{Settings.media_name(ref)}.studio")
        await studio.connect()
        gwen = Publisher(Tone(INTERPRETER))
        offer = await gwen.offer()
        command = OpenSpeaker(speaker="interpreter-1", label="Gwen", sdp=offer, role="interpreter")
        await gwen.accept((await studio.call(command)).sdp)

        viewer = Viewer(person)
        await viewer.open(hall.links.meeting)
        await viewer.play()
        await person.hears(FLOOR)
        await person.does_not_hear(INTERPRETER)
        language = person.page.get_by_label("Language of the sound")
        assert await language.locator("option").all_inner_texts() == [
            "English (floor)",
            "Cymraeg (cyfieithu)",
        ]
        await language.focus()
        await person.page.keyboard.press("ArrowDown")
        await expect(language).to_have_value("cy")
        await person.hears(INTERPRETER)

        await viewer.choose("hls")
        await person.hears_no_more(FLOOR, below=-35)
        await person.hears(INTERPRETER)
        await language.select_option("")
        await person.hears_no_more(INTERPRETER)
        await person.hears(FLOOR)
        await viewer.choose("audio")
        await language.select_option("cy")
        await person.hears(INTERPRETER)
        assert not person.faults

        clerk = await signed_in(hall.links.console)
        async with console(hall.links.home, ref, clerk) as desk:
            levels = await desk.until("levels", lambda told: bool(told["sources"]), "levels")
            assert {one["source"] for one in levels["sources"]} == {"chamber", "interpreter-1"}
            await person.page.goto("about:blank")
            await desk.call("meeting.end", confirmed=True)
        await gwen.close()
        await studio.close()

        await viewer.open(hall.links.meeting)
        await viewer.play()
        await person.hears(FLOOR)
        await person.page.get_by_label("Language of the sound").select_option("cy")
        await person.hears(INTERPRETER)
        assert not person.faults
