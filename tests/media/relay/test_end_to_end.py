"""Real units, a real relay process, a foreign WebRTC stack; judged by what is decoded."""

import asyncio
import re
import sys
from pathlib import Path

import pytest

from media.control.channel import ControlClient
from media.control.command import Refused
from media.control.relay import CloseViewer, DropMeeting, GetRelayStatus, OpenViewer, ViewersChanged
from tests.media.relay.feed import BLUE, RED, TONE_HZ, Encoder, Feed
from tests.media.relay.lossy import LossyPath
from tests.media.relay.player import Player
from tests.media.relay.process import DEADLINE, RelayProcess


@pytest.mark.usefixtures("red_feed")
async def test_a_viewer_sees_and_hears_the_programme(control: ControlClient) -> None:
    player = Player()
    answer = await player.watch(control, "m1")
    frame = await player.sees(RED)
    assert (frame.width, frame.height) == (640, 360)
    assert await player.hears(TONE_HZ) > 0.9
    status = await control.call(GetRelayStatus())
    assert status.viewers == {"m1": 1}
    assert status.packets_sent > 100
    await control.call(CloseViewer(session=answer.session))
    await player.ended()
    await player.close()


@pytest.mark.usefixtures("red_feed")
async def test_hubs_are_told_the_number_of_viewers(control: ControlClient) -> None:
    player = Player()
    await player.watch(control, "m1")
    async with asyncio.timeout(DEADLINE):
        events = control.events()
        event = await anext(events)
        assert isinstance(event, ViewersChanged)
        assert event.status.viewers == {"m1": 1}
        await player.close()
        event = await anext(events)
        assert isinstance(event, ViewersChanged)
        assert event.status.viewers == {}


@pytest.mark.usefixtures("red_feed")
async def test_a_listener_hears(control: ControlClient) -> None:
    player = Player(kinds=("audio",))
    await player.watch(control, "m1")
    assert await player.hears(TONE_HZ) > 0.9
    await player.close()


@pytest.mark.usefixtures("red_feed")
async def test_a_deaf_viewer_sees(control: ControlClient) -> None:
    player = Player(kinds=("video",))
    await player.watch(control, "m1")
    await player.sees(RED)
    await player.close()


async def test_viewers_stay_through_a_studio_restart_and_late_ones_join(
    relay: RelayProcess, control: ControlClient, red_feed: Feed
) -> None:
    early, late = Player(), Player()
    await early.watch(control, "m1")
    before = await early.sees(RED)
    await red_feed.close()
    feed = await Feed.open(relay.bus("m1"), Encoder(BLUE, session=2, start=40))
    after = await early.sees(BLUE)
    assert after.pts is not None
    assert before.pts is not None
    assert 38 < (after.pts - before.pts) / 90_000 < 60
    await late.watch(control, "m1")
    await late.sees(BLUE)
    assert await early.hears(TONE_HZ) > 0.9
    assert await late.hears(TONE_HZ) > 0.9
    await feed.close()
    await early.close()
    await late.close()


async def test_meetings_do_not_mix(relay: RelayProcess, control: ControlClient, red_feed: Feed) -> None:
    blue_feed = await Feed.open(relay.bus("m2"), Encoder(BLUE, session=5))
    players = {"m1": Player(), "m2": Player()}
    for meeting, player in players.items():
        await player.watch(control, meeting)
    await players["m1"].sees(RED)
    await players["m2"].sees(BLUE)
    await control.call(DropMeeting(meeting="m1"))
    await players["m1"].ended()
    assert (await control.call(GetRelayStatus())).viewers == {"m2": 1}
    await players["m2"].sees(BLUE)
    for player in players.values():
        await player.close()
    await blue_feed.close()
    await red_feed.close()


@pytest.mark.usefixtures("red_feed")
async def test_lost_packets_are_repaired(control: ControlClient) -> None:
    """A picture with a missing packet does not decode; with one in 15 lost hardly a second would be whole."""
    player = Player()
    answer = await control.call(OpenViewer(meeting="m1", sdp=await player.offer()))
    found = re.search(r" (\d+) typ host", answer.sdp)
    assert found is not None
    path = await LossyPath.open(int(found[1]), nth=15)
    await player.accept(answer.sdp.replace(f" {found[1]} typ host", f" {path.port} typ host"))
    for _ in range(40):
        await player.sees(RED)
    assert len(path.lost) > 20
    assert path.repaired > len(path.lost) // 2
    await player.close()
    path.close()


async def test_refusals_have_codes_and_sentences(control: ControlClient) -> None:
    player = Player()
    offer = await player.offer()
    for sdp, meeting, code in (("hello", "m1", "bad_offer"), (offer, "nothing", "no_programme")):
        with pytest.raises(Refused) as refusal:
            await control.call(OpenViewer(meeting=meeting, sdp=sdp))
        assert refusal.value.code == code
        assert refusal.value.message.endswith(".")
    with pytest.raises(Refused) as refusal:
        await control.call(CloseViewer(session="none"))
    assert refusal.value.code == "no_session"
    await player.close()


async def test_goes_when_no_hub_came_back(tmp_path: Path) -> None:
    process = RelayProcess(tmp_path, linger_seconds=0.2)
    await process.start()
    control = await process.connect()
    await control.call(GetRelayStatus())
    await control.close()
    assert await process.ended() == 0
    assert not process.config.control_socket.exists()


async def test_a_wrong_configuration_is_named(tmp_path: Path) -> None:
    file = tmp_path / "relay.json"
    file.write_text('{"control_socket": "/x", "bus_url_pattern": "unix:/x", "capacity": "many"}')
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "media.relay", str(file), stderr=asyncio.subprocess.PIPE
    )
    _, errors = await process.communicate()
    assert process.returncode != 0
    assert b"capacity" in errors
