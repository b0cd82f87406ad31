"""Real units, a real relay process, a foreign WebRTC stack; judged by what is decoded."""

import pytest

from media.control.channel import ControlClient
from media.control.command import Refused
from media.control.relay import CloseViewer, DropMeeting, GetRelayStatus, OpenViewer
from tests.media.relay.feed import BLUE, RED, TONE_HZ, Encoder, Feed
from tests.media.relay.player import Player
from tests.media.relay.process import RelayProcess


@pytest.mark.usefixtures("red_feed")
async def test_a_viewer_sees_and_hears_the_programme(control: ControlClient) -> None:
    player = Player()
    await player.watch(control, "m1")
    frame = await player.sees(RED)
    assert (frame.width, frame.height) == (640, 360)
    assert await player.hears(TONE_HZ) > 0.9
    await player.close()
