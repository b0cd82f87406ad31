"""The choice of sound at the relay: the floor, or the interpreter and the floor wherever there is none."""

from contextlib import AsyncExitStack
from pathlib import Path

from media.control.channel import ControlClient
from tests.media.relay.feed import INTERPRETER_HZ, RED, TONE_HZ, Encoder, Feed
from tests.media.relay.player import Player
from tests.media.relay.process import RelayProcess


async def test_each_viewer_hears_what_they_chose(control: ControlClient, tmp_path: Path) -> None:
    bus = RelayProcess(tmp_path).bus("m1")
    floor, interpreted = Player(), Player()
    async with AsyncExitStack() as players:
        for player in (floor, interpreted):
            players.push_async_callback(player.close)
        async with AsyncExitStack() as studio:
            feed = await Feed.open(bus, Encoder(RED, session=1, interpreter_comes=6))
            studio.push_async_callback(feed.close)
            await floor.watch(control, "m1")
            await interpreted.watch(control, "m1", "interpreted")
            assert await interpreted.hears(TONE_HZ) > 0.9
            assert await interpreted.hears(INTERPRETER_HZ) > 0.9
            await interpreted.sees(RED)
            assert await floor.hears(TONE_HZ) > 0.9

        feed = await Feed.open(bus, Encoder(RED, session=2, start=30))
        players.push_async_callback(feed.close)
        assert await interpreted.hears(TONE_HZ) > 0.9
