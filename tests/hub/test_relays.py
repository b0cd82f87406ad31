"""The hub's own relays: viewers are spread over them, and go elsewhere when one is full or dies."""

import os
import re
import signal
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from hub.settings import Settings
from hub.supervision.load import REPORT_SECONDS, Placed
from hub.supervision.relays import Relays
from media.bus.base import BusAddress
from media.clock import SystemClock
from media.control.command import Refused
from media.control.feeds import Answer
from tests.media.relay.feed import RED, Encoder, Feed
from tests.media.relay.player import Player
from tests.media.relay.test_sdp import CHROMIUM
from tests.support.waiting import until

DEADLINE = 60.0
Start = Callable[..., Awaitable[Relays]]


@pytest.fixture
async def folder() -> AsyncIterator[Path]:
    """Short: sockets live here."""
    with TemporaryDirectory(prefix="moot") as name:
        yield Path(name)


@pytest.fixture
async def start(folder: Path) -> AsyncIterator[Start]:
    """Starts relays of a house in which the meeting m1 is red."""
    async with AsyncExitStack() as stack:

        async def begin(**wishes: int) -> Relays:
            settings = Settings(run_dir=folder, data_dir=folder / "data", **wishes)  # type: ignore[arg-type]
            feed = await Feed.open(BusAddress(settings.bus_url("m1")), Encoder(RED, session=1))
            stack.push_async_callback(feed.close)
            relays = Relays(settings, SystemClock(), lambda _: None, lambda: None)
            relays.start()
            stack.push_async_callback(relays.close, leave_running=False)
            await until(lambda: all(own.process.connected for own in relays._own), "the relays", DEADLINE)
            return relays

        yield begin


@pytest.mark.skipif(
    "[never]" in Path("/sys/kernel/mm/transparent_hugepage/enabled").read_text(), reason="the kernel has none"
)
async def test_keep_their_memory_in_large_pages(start: Start) -> None:
    relays = await start()

    child = relays._own[0].process._child
    assert child is not None
    kept = re.search(r"AnonHugePages: +(\d+) kB", Path(f"/proc/{child.pid}/smaps_rollup").read_text())
    assert kept
    assert int(kept[1]) >= 4 * 2048


async def join(relays: Relays) -> Answer:
    return await relays.open_viewer("m1", CHROMIUM)


def relay_of(answer: Answer) -> str:
    return answer.session.partition("~")[0]


def port_of(answer: Answer) -> int:
    found = re.search(r" (\d+) typ host", answer.sdp)
    assert found is not None
    return int(found[1])


def kill(folder: Path, name: str) -> int:
    pid = int((folder / f"{name}.pid").read_text())
    os.kill(pid, signal.SIGKILL)
    return pid


async def test_a_crowd_is_spread_over_all_relays(start: Start) -> None:
    relays = await start(relays=3)
    answers = [await join(relays) for _ in range(9)]
    placed = [relay_of(answer) for answer in answers]
    assert sorted(placed) == ["hub"] * 3 + ["hub-2"] * 3 + ["hub-3"] * 3
    assert len({port_of(answer) for answer in answers}) == 3
    for answer in answers:
        tag = answer.etag.strip('"')
        assert (await relays.patch_viewer(answer.session, "a=end-of-candidates", [tag])).sdp == ""
        await relays.close_viewer(answer.session)
        for gone in (answer.session, "hub-4~x", "x"):
            with pytest.raises(Refused) as refusal:
                await relays.close_viewer(gone)
            assert refusal.value.code == "no_session"


async def test_further_relays_take_the_ports_after_the_first(start: Start, folder: Path) -> None:
    relays = await start(relays=2, relay_port=47_110)
    assert {port_of(await join(relays)) for _ in range(2)} == {47_110, 47_111}


async def test_a_full_relay_sends_on_to_the_next(start: Start) -> None:
    relays = await start(relays=2, relay_capacity=2)
    assert len({relay_of(await join(relays)) for _ in range(4)}) == 2
    with pytest.raises(Refused) as refusal:
        await join(relays)
    assert refusal.value.code == "full"


async def test_a_viewer_sees_the_meeting_at_once_when_a_relay_has_died(start: Start, folder: Path) -> None:
    relays = await start(relays=2)
    players = [Player(), Player()]
    async with AsyncExitStack() as stack:
        for player in players:
            stack.push_async_callback(player.close)
        offers = [await player.offer() for player in players]
        orphan = next(one for one in [await join(relays), await join(relays)] if relay_of(one) == "hub")
        kill(folder, "relay")
        await until(lambda: not relays._own[0].process.connected, "it to be missed")
        with pytest.raises(Refused) as refusal:
            await relays.patch_viewer(orphan.session, "a=end-of-candidates", ["*"])
        assert refusal.value.code == "no_session"
        assert not relays._own[0].process.connected, "who asks does not wait for it"
        answers = [await relays.open_viewer("m1", offer) for offer in offers]
        assert relays.alarms(), "the clerk is told"
        assert [relay_of(answer) for answer in answers] == ["hub-2", "hub-2"]
        for player, answer in zip(players, answers, strict=True):
            await player.accept(answer.sdp)
            await player.sees(RED)
        await until(lambda: relays._own[0].process.connected, "it to be back", DEADLINE)
        assert relays.alarms() == []
        await until(lambda: relays._own[1].viewers == {"m1": 2}, "the count")
        assert relays.viewers("m1") == 2
        assert relay_of(await join(relays)) == "hub", "it has the fewest"


async def test_a_relay_alone_has_a_spare_that_takes_over(start: Start, folder: Path) -> None:
    relays = await start()
    assert relay_of(await join(relays)) == "hub"
    waiting = relays._own[0].process._spare
    await until(lambda: waiting._child is not None, "the spare, which is started when the relay is at work")
    spare = waiting._child
    assert spare is not None
    killed = kill(folder, "relay")
    await until(lambda: not relays._own[0].process.connected, "it to be missed")
    player = Player()
    answer = await relays.open_viewer("m1", await player.offer())
    await player.accept(answer.sdp)
    await player.sees(RED)
    await player.close()
    assert int((folder / "relay.pid").read_text()) == spare.pid != killed


def test_what_was_placed_is_remembered_until_relays_count_it() -> None:
    placed = Placed()
    placed.note("hub", 10.0)
    placed.note("hub", 12.0)
    assert placed.lately("hub", 12.0) == 2
    assert placed.lately("hub-2", 12.0) == 0
    assert placed.lately("hub", 10.0 + REPORT_SECONDS + 0.1) == 1
    assert placed.lately("hub", 99.0) == 0
