"""Whoever leaves the proof's cast takes their sockets with them: the next test would fail of them."""

import asyncio

import pytest
from aiortc import RTCConfiguration, RTCPeerConnection, RTCSessionDescription

from media.sources.ice import listen_on
from tests.gate.marks import Mark
from tests.gate.sources import Room, Source
from tests.support.udp import udp_sockets
from tests.support.waiting import to_its_end, until


@pytest.mark.parametrize("steps", range(1, 8))
async def test_a_source_that_is_sent_away_while_it_hangs_up(steps: int) -> None:
    listen_on("127.0.0.1")
    before = udp_sockets()
    other = RTCPeerConnection(RTCConfiguration([]))

    async def answer(offer: str) -> str:
        await other.setRemoteDescription(RTCSessionDescription(offer, "offer"))
        await other.setLocalDescription(await other.createAnswer())
        return str(other.localDescription.sdp)

    source = Source(Room(), answer, [("audio", Mark.ROOM)])
    await until(lambda: source.connected_at is not None, "the source to connect")
    source.drop()
    for _ in range(steps):
        await asyncio.sleep(0)
    await source.close()
    await other.close()
    assert udp_sockets() == before


async def test_what_is_waited_for_to_its_end_may_fail_or_be_cancelled_itself() -> None:
    async def fails() -> None:
        raise ValueError

    async def cancelled() -> None:
        raise asyncio.CancelledError

    with pytest.raises(ValueError):  # noqa: PT011 - our own
        await to_its_end(fails())
    with pytest.raises(asyncio.CancelledError):
        await to_its_end(cancelled())


async def test_whoever_waits_is_cancelled_once_it_is_done() -> None:
    go, done = asyncio.Event(), asyncio.Event()

    async def work() -> None:
        await go.wait()
        done.set()

    waiting = asyncio.create_task(to_its_end(work()))
    for _ in range(3):
        await asyncio.sleep(0)
        waiting.cancel()
    await asyncio.sleep(0)
    assert not waiting.done()
    go.set()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    assert done.is_set()
