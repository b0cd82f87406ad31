"""Viewers whose network lets nothing direct through: by Debian's coturn, or by HLS when that fails, too."""

from pathlib import Path

import pytest
from playwright.async_api import expect

from tests.crowded.test_help_for_residents import NO_DIRECT_PATH, path_taken, relay
from tests.e2e.viewer import Viewer
from tests.support.browser import CHROMIUM, chromium, visitor
from tests.support.demo import demo
from tests.support.judge import peak
from tests.support.turn import turn_server
from tests.support.waiting import until_async

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not CHROMIUM.exists(), reason="Chromium is not installed"),
]

NOTE_WHAT_IS_TRIED = """
  window.tried = [];
  window.RTCPeerConnection = class extends window.RTCPeerConnection {
    constructor(configuration) {
      super(configuration);
      tried.push(configuration.iceTransportPolicy);
    }
  };
"""
NOBODY_LISTENS = 9
"""The port of the discard service."""


@pytest.mark.parametrize("way", ["tcp", "tls"])
async def test_a_network_without_udp_is_left_by_tcp_or_tls(tmp_path: Path, way: str) -> None:
    """The address reaches the browser as the council wrote it, port, scheme and transport."""
    async with (
        turn_server(tmp_path) as turn,
        demo(tmp_path / "hall", environment=relay(turn.url(way))) as hall,
        chromium(tmp_path, more=[turn.trust]) as browser,
        visitor(browser, "viewer behind a strict firewall") as person,
    ):
        await person.page.add_init_script(NO_DIRECT_PATH)
        viewer = Viewer(person)
        await viewer.open(hall.links.meeting)
        await viewer.play()
        await expect(viewer.player).to_have_attribute("data-transport", "whep")
        assert await path_taken(person.page) == "relay"
        assert await person.page.evaluate("wayToRelay()") == [way, turn.url(way)]
        assert peak(await person.hear()) > -45
        assert not person.faults


async def test_the_councils_relay_is_tried_before_hls(tmp_path: Path) -> None:
    async with (
        turn_server(tmp_path) as turn,
        demo(tmp_path / "hall", environment=relay(turn.url("udp"))) as hall,
        chromium(tmp_path) as browser,
        visitor(browser, "viewer behind a firewall") as person,
        visitor(browser, "viewer with a free network") as free,
    ):
        await person.page.add_init_script(NO_DIRECT_PATH)
        for one in (person, free):
            await one.page.add_init_script(NOTE_WHAT_IS_TRIED)
        viewer = Viewer(person)
        await viewer.open(hall.links.meeting)
        await viewer.play()
        await expect(viewer.player).to_have_attribute("data-transport", "whep")
        assert await path_taken(person.page) == "relay"
        first = await person.look()
        assert first is not None

        async def moves() -> bool:
            later = await person.look()
            return later is not None and bool(abs(later.pixels.astype(int) - first.pixels).max() > 40)

        await until_async(moves, "the picture to move")
        assert peak(await person.hear()) > -45
        await viewer.show("sound")
        assert await path_taken(person.page) == "relay"
        tried = await person.page.evaluate("tried")
        assert tried == ["all", "relay", "relay"], "the way that worked is taken at once by what comes next"
        assert not person.faults

        other = Viewer(free)
        await other.open(hall.links.meeting)
        await other.play()
        assert await free.page.evaluate("tried") == ["all"]
        assert not free.faults


async def test_when_the_relay_is_not_there_the_meeting_comes_by_hls(tmp_path: Path) -> None:
    async with (
        demo(tmp_path / "hall", environment=relay(f"turn:127.0.0.1:{NOBODY_LISTENS}")) as hall,
        chromium(tmp_path) as browser,
        visitor(browser, "viewer whose network lets nothing through") as person,
    ):
        await person.page.add_init_script(NO_DIRECT_PATH)
        viewer = Viewer(person)
        await viewer.open(hall.links.meeting)
        await person.page.locator(".mh-player__start").click()
        status = person.page.locator(".mh-player__status")
        await expect(status).to_contain_text("Trying another way, by the council’s relay…")
        await expect(viewer.player).to_have_attribute("data-transport", "hls")
        await expect(viewer.player).to_have_attribute("data-phase", "playing")
        await expect(status).to_contain_text("WebRTC does not get through this network.")
        assert not person.faults
