"""A resident speaks from a network without UDP: by Debian's coturn, over TCP or over TLS."""

from pathlib import Path

import pytest
from playwright.async_api import expect

from tests.crowded.test_help_for_residents import NO_DIRECT_PATH, path_taken, relay
from tests.e2e.resident import Resident
from tests.e2e.stage import SPEAKERS, stage
from tests.support.browser import CHROMIUM
from tests.support.judge import CHAMBER
from tests.support.turn import turn_server

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not CHROMIUM.exists(), reason="Chromium is not installed"),
]

ADA = SPEAKERS[0]
SHARE = 0.15
"""Of the picture, at least, for somebody who is side by side with the chamber."""
SECOND_TRY_MS = 40_000
"""What it takes to give up the direct way and go by the relay."""


@pytest.mark.parametrize("way", ["tcp", "tls"])
async def test_seen_and_heard_on_air_from_behind_a_strict_firewall(tmp_path: Path, way: str) -> None:
    async with (
        turn_server(tmp_path) as turn,
        stage(tmp_path, environment=relay(turn.url(way)), flags=[turn.trust]) as hall,
        hall.guest(ADA) as ada,
    ):
        page, viewer = ada.visitor.page, hall.viewer.visitor
        await page.add_init_script(NO_DIRECT_PATH)
        await ada.resident.arrive(ada.link)
        await hall.clerk.sees_ready(ada.name)
        await hall.clerk.call(ada.name)
        connected = "Your camera and microphone are connected"
        await expect(ada.resident.words).to_contain_text(connected, timeout=SECOND_TRY_MS)
        assert await path_taken(page) == "relay"
        assert await page.evaluate("wayToRelay()") == [way, turn.url(way)]
        await hall.clerk.admit(ada.name)
        await ada.resident.is_on_air()
        await hall.clerk.layout("Side by side")
        await viewer.sees_shares(CHAMBER, ADA, least=SHARE)
        await viewer.hears(CHAMBER.hz, ADA.hz)
        await ada.visitor.hears(CHAMBER.hz, selector=Resident.RETURN)
        await ada.visitor.does_not_hear(ADA.hz, Resident.RETURN)
        await hall.dismiss(ada)
        await viewer.sees_shares(CHAMBER, least=0.8, gone=[ADA])
        await viewer.hears_no_more(ADA.hz)
