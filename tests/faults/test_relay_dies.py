"""The relay dies under somebody who watches in a browser: the page plays on by itself, without a press."""

import os
import signal
from pathlib import Path

import pytest
from playwright.async_api import expect

from tests.e2e.viewer import Viewer
from tests.faults.conftest import Running, attended
from tests.support.browser import chromium, visitor
from tests.support.demo import demo
from tests.support.processes import spare_of
from tests.support.sockets import signed_in
from tests.support.waiting import until

BACK_MS = 30_000
"""Three seconds on a quiet machine (docs/performance.md); two busy cores make them longer."""
WATCH = """
() => {
  const video = document.querySelector("video");
  window.gaps = [];
  let last = performance.now();
  const shown = () => {
    const now = performance.now();
    if (now - last > 500) gaps.push(now - last);
    last = now;
    video.requestVideoFrameCallback(shown);
  };
  video.requestVideoFrameCallback(shown);
}
"""


@pytest.mark.browser
@pytest.mark.timeout(240)
async def test_a_page_that_watches_plays_on_by_itself(tmp_path: Path) -> None:
    async with (
        demo(tmp_path / "hall") as hall,
        attended(hall, await signed_in(hall.links.console)) as running,
    ):
        await watch(running, tmp_path)


async def watch(running: Running, tmp_path: Path) -> None:
    """By WebRTC, and kill the relay meanwhile."""
    await until(lambda: running.demo.processes(spare_of("media.relay")), "a spare relay", 60.0)
    async with chromium(tmp_path) as browser, visitor(browser, "viewer") as person:
        viewer = Viewer(person)
        await viewer.open(running.demo.links.meeting)
        await viewer.play()
        await expect(viewer.player).to_have_attribute("data-transport", "whep")
        await person.page.evaluate(WATCH)
        killed = running.pid("media.relay")
        assert killed is not None
        os.kill(killed, signal.SIGKILL)
        await person.page.wait_for_function("() => gaps.length > 0", timeout=BACK_MS)
        await expect(viewer.player).to_have_attribute("data-transport", "whep", timeout=BACK_MS)
        await expect(viewer.player).to_have_attribute("data-phase", "playing", timeout=BACK_MS)
        gaps = await person.page.evaluate("gaps")
        print("the page had no new picture for", ", ".join(f"{gap / 1000:.2f} s" for gap in gaps))
        await person.page.evaluate("window.before = document.querySelector('video').currentTime")
        await person.page.wait_for_function("() => document.querySelector('video').currentTime > before + 1")
        assert running.pid("media.relay") not in (None, killed)
        assert not person.faults
