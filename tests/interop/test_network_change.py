"""A viewer whose network changes in the middle of a meeting: another address, the same session, no click."""

from pathlib import Path

import pytest
from playwright.async_api import Request, expect

from tests.e2e.viewer import Viewer
from tests.faults.test_relay_dies import WATCH
from tests.support.browser import chromium, visitor
from tests.support.demo import demo
from tests.support.network import WHY_NOT, another_network

pytestmark = [pytest.mark.browser, pytest.mark.skipif(bool(WHY_NOT), reason=WHY_NOT)]

BACK_MS = 30_000


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
        viewer = Viewer(person)
        await viewer.open(running.links.meeting)
        await viewer.play()
        await expect(viewer.player).to_have_attribute("data-transport", "whep")
        await person.page.evaluate(WATCH)
        await network.unplug(0)
        await person.page.wait_for_function("() => gaps.length > 0", timeout=BACK_MS)
        gaps = await person.page.evaluate("gaps")
        print("the page had no new picture for", ", ".join(f"{gap / 1000:.2f} s" for gap in gaps), asked)
        await expect(viewer.player).to_have_attribute("data-phase", "playing", timeout=BACK_MS)
        await expect(viewer.player).to_have_attribute("data-transport", "whep")
        before = await viewer.position()
        await person.page.wait_for_function(
            f"() => document.querySelector('video').currentTime > {before + 2}"
        )
        assert asked.count("POST") == 1, "it is the session that it was"
        # Chromium may find the other address by itself before the player asks for a restart (PATCH).
        assert "DELETE" not in asked
        assert not person.faults
