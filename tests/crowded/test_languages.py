"""A viewer who chooses Cymraeg: on the page, live by WebRTC and by LL-HLS, and in the recording."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from playwright.async_api import expect

from hub.settings import Settings
from media.control.feeds import OpenSpeaker
from media.sources.ice import listen_on
from tests.e2e.viewer import Viewer
from tests.media.studio.publisher import Publisher, Tone
from tests.support.browser import CHROMIUM, chromium, visitor
from tests.support.channel import ask
from tests.support.demo import Demo, demo
from tests.support.judge import loudest
from tests.support.sockets import console, signed_in

FLOOR, INTERPRETER = 440, 880
UNDER_THE_INTERPRETER = 10
"""dB. It is 15 while they speak, and less between their words."""

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
        interpreting(hall),
    ):
        ref = hall.links.meeting.rsplit("/", 1)[1]
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
        await person.hears(INTERPRETER)
        under = loudest(await person.hear(), FLOOR)
        await language.select_option("")
        await person.hears_no_more(INTERPRETER)
        await person.hears(FLOOR, above=under + UNDER_THE_INTERPRETER)
        await viewer.show("sound")
        await language.select_option("cy")
        await person.hears(INTERPRETER)
        assert not person.faults

        clerk = await signed_in(hall.links.console)
        async with console(hall.links.home, ref, clerk) as desk:
            levels = await desk.until("levels", lambda told: bool(told["sources"]), "levels")
            assert {one["source"] for one in levels["sources"]} == {"chamber", "interpreter-1"}
            await person.page.goto("about:blank")
            await desk.call("meeting.end", confirmed=True)
        await viewer.open(hall.links.meeting)
        await viewer.play()
        await person.hears(FLOOR)
        await person.page.get_by_label("Language of the sound").select_option("cy")
        await person.hears(INTERPRETER)
        assert not person.faults


@asynccontextmanager
async def interpreting(hall: Demo) -> AsyncIterator[None]:
    """Somebody interprets with a tone, until the meeting or the test has ended."""
    ref = hall.links.meeting.rsplit("/", 1)[1]
    gwen = Publisher(Tone(INTERPRETER))
    command = OpenSpeaker(speaker="interpreter-1", label="Gwen", sdp=await gwen.offer(), role="interpreter")
    answer = await ask(hall.sockets / f"{Settings.media_name(ref)}.studio", command)
    await gwen.accept(answer.sdp)
    try:
        yield
    finally:
        await gwen.close()
