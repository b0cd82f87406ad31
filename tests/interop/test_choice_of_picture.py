"""The viewer chooses the picture and the way it comes; judged by the frames that Chromium decodes."""

from collections.abc import AsyncIterator

import numpy as np
import pytest
import pytest_asyncio
from playwright.async_api import Browser, expect

from tests.e2e.resident import Resident
from tests.e2e.viewer import Picture, Viewer, Way
from tests.support.browser import Visitor, chromium, visitor
from tests.support.demo import Demo, demo
from tests.support.judge import peak
from tests.support.waiting import until_async

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="module")]

FULL, SMALL = (1280, 720), (640, 360)
SECONDS = 40.0
"""Two busy cores make everything longer."""
NEXT_FRAME = """(selector) => new Promise((resolve, reject) => {
  setTimeout(() => reject(new Error("no frame came")), 20000);
  const video = document.querySelector(selector);
  video.requestVideoFrameCallback((_, frame) => resolve([frame.width, frame.height]));
})"""


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def browser(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Browser]:
    async with chromium(tmp_path_factory.mktemp("browser")) as one:
        yield one


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def running(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Demo]:
    """A meeting that has a small picture."""
    small = {"MOOTHALL_SMALL_RENDITION": "true"}
    async with demo(tmp_path_factory.mktemp("demo"), environment=small) as one:
        yield one


async def sees_frames_of(person: Visitor, size: tuple[int, int], selector: str = "video") -> None:
    """Wait until the decoded frames have that size, and see that there is a picture in them that moves."""

    async def has_size() -> bool:
        return tuple(await person.page.evaluate(NEXT_FRAME, selector)) == size

    await until_async(has_size, f"frames of {size}", SECONDS)
    first = await person.look(selector)
    assert first is not None

    async def moved() -> bool:
        later = await person.look(selector)
        return later is not None and bool(np.abs(later.pixels.astype(int) - first.pixels).max() > 40)

    await until_async(moved, "the picture to move", SECONDS)
    assert await has_size(), "and it stays"


@pytest.mark.parametrize("way", ["whep", "hls"])
async def test_the_small_picture_and_back(browser: Browser, running: Demo, way: Way) -> None:
    async with visitor(browser, f"chooser by {way}") as person:
        viewer = Viewer(person)
        await viewer.open(running.links.meeting)
        await viewer.play()
        if way == "hls":
            await viewer.choose("hls")
        await sees_frames_of(person, FULL)
        picture = person.page.get_by_label("Picture", exact=True)
        await expect(picture.locator("option").first).to_have_text("Automatic (720p)")
        await viewer.show("360p")
        await sees_frames_of(person, SMALL)
        await viewer.show("720p")
        await sees_frames_of(person, FULL)
        await picture.focus()
        await person.page.keyboard.press("ArrowDown")
        await expect(picture).to_have_value("360p")
        await sees_frames_of(person, SMALL)
        await viewer.show("auto")
        await sees_frames_of(person, FULL)
        await expect(viewer.player).to_have_attribute("data-transport", way)
        assert peak(await person.hear()) > -45
        assert not person.faults


async def test_the_choice_goes_along_from_one_way_to_the_other(browser: Browser, running: Demo) -> None:
    async with visitor(browser, "chooser before play", width=320, height=640) as person:
        viewer = Viewer(person)
        await viewer.open(running.links.meeting)
        await person.page.get_by_label("Picture", exact=True).select_option("360p")
        await expect(person.page.locator(".mh-player__start")).to_contain_text("300 MB")
        await viewer.play()
        ways: tuple[Way, ...] = ("whep", "hls", "whep")
        for way in ways:
            await viewer.choose(way)
            await sees_frames_of(person, SMALL)
        assert await person.page.evaluate("document.documentElement.scrollWidth") <= 320
        assert not person.faults


async def test_sound_alone_by_webrtc_and_a_picture_again(browser: Browser, running: Demo) -> None:
    async with visitor(browser, "listener by WebRTC") as person:
        viewer = Viewer(person)
        await viewer.open(running.links.meeting)
        await viewer.play()
        await viewer.show("sound")
        await expect(person.page.locator(".mh-player__status")).to_contain_text("sound only")
        await expect(viewer.player).to_have_attribute("data-transport", "whep")
        assert peak(await person.hear()) > -45
        assert await person.page.evaluate("document.querySelector('video').videoWidth") == 0
        small: Picture = "360p"
        await viewer.show(small)
        await sees_frames_of(person, SMALL)
        assert not person.faults


async def test_residents_who_wait_see_the_small_picture(browser: Browser, running: Demo) -> None:
    async with visitor(browser, "resident") as person:
        await Resident(person).arrive(running.links.speaker)
        await expect(person.page.locator(Resident.PROGRAMME)).to_be_visible()
        await sees_frames_of(person, SMALL, Resident.PROGRAMME)
        assert not person.faults
