"""A viewer whose network changes in the middle of a meeting: another address, the same session, no click."""

from pathlib import Path

import pytest
from playwright.async_api import Request, expect

from tests.e2e.viewer import Viewer
from tests.faults.test_relay_dies import WATCH
from tests.support.browser import chromium, visitor
from tests.support.demo import demo
from tests.support.network import WHY_NOT, another_network
from tests.support.waiting import until

pytestmark = [pytest.mark.browser, pytest.mark.skipif(bool(WHY_NOT), reason=WHY_NOT)]

BACK_SECONDS = 30.0
KEPT = """
globalThis.RTCPeerConnection = class extends RTCPeerConnection {
  constructor(...given) {
    super(...given);
    globalThis.connection = this;
  }
};
"""
A_CHECK_WENT_OUT = """
async () => {
  const sent = async () => {
    const reports = [...(await connection.getStats()).values()];
    return Math.max(...reports.map((report) => report.requestsSent ?? 0));
  };
  const before = await sent();
  while (await sent() === before) await new Promise((go) => requestAnimationFrame(go));
}
"""
"""Chromium sends one every two and a half seconds. The next would find the other network by itself."""


@pytest.mark.timeout(240)
async def test_a_viewer_plays_on_by_another_network(tmp_path: Path) -> None:
    async with (
        another_network() as network,
        demo(tmp_path / "hall", "--host", network.here) as running,
        chromium(tmp_path, within=network.within) as browser,
        visitor(browser, "viewer") as person,
    ):
        asked: list[str] = []

        def note(request: Request) -> None:
            if "/whep" in request.url:
                asked.append(request.method)

        person.page.on("request", note)
        await person.page.add_init_script(KEPT)
        viewer = Viewer(person)
        await viewer.open(running.links.meeting)
        await viewer.play()
        await expect(viewer.player).to_have_attribute("data-transport", "whep")
        await person.page.evaluate(WATCH)
        await person.page.evaluate(A_CHECK_WENT_OUT)
        await network.unplug(0)
        await until(lambda: len(asked) > 1, "the player to ask for something", BACK_SECONDS)
        before = await viewer.position()
        await person.page.wait_for_function(
            f"() => document.querySelector('video').currentTime > {before + 5}"
        )
        gaps = await person.page.evaluate("gaps")
        print("the page had no new picture for", ", ".join(f"{gap / 1000:.2f} s" for gap in gaps), asked)
        await expect(viewer.player).to_have_attribute("data-phase", "playing")
        await expect(viewer.player).to_have_attribute("data-transport", "whep")
        assert asked == ["POST", "PATCH"], "it is the session that it was, and asks once"
        assert not person.faults
