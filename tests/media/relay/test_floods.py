"""Guests who want too much: what they cost is bounded, and somebody else's pictures go on.

The clock stands still unless told, so budgets fill again when the test wants, and their bounds are exact.
"""

import asyncio
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from aiortc.rtp import RTCP_PSFB_FIR, RTCP_PSFB_PLI, RTCP_RTPFB_NACK, RtcpPsfbPacket, RtcpRtpfbPacket

from media.control.command import Refused
from media.control.relay import OpenViewer
from media.relay import resend
from media.relay.door import HALF_OPEN_NEIGHBOURS
from media.relay.relay import Relay
from media.relay.viewer import DATAGRAMS_BURST
from tests.media.relay.feed import RED, Encoder, Feed
from tests.media.relay.guests import (
    VIDEO,
    FakeClock,
    Peer,
    Watcher,
    connect,
    open_viewer,
    round_trip,
    serving,
)
from tests.media.relay.process import RelayProcess
from tests.support.waiting import until

BYSTANDER, GREEDY, OTHER = 0, 1, 2
ROUNDS = 20
PICTURES = 50
"""Two seconds: what waits in a queue would have been missed by then."""


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
async def relay(tmp_path: Path, clock: FakeClock) -> AsyncIterator[Relay]:
    feed = await Feed.open(RelayProcess(tmp_path).bus("m1"), Encoder(RED, session=1))
    async with serving(tmp_path, clock) as opened:
        yield opened
    await feed.close()


@pytest.fixture
def peers(relay: Relay) -> Iterator[list[Peer]]:
    made = [Peer(relay.port) for _ in range(4)]
    yield made
    for peer in made:
        peer.socket.close()


@pytest.fixture
async def bystander(relay: Relay, peers: list[Peer]) -> Watcher:
    """Somebody who watches and wants nothing more."""
    await connect(relay, peers[BYSTANDER])
    watcher = Watcher(peers[BYSTANDER])
    await watcher.sees(RED)
    return watcher


async def join(relay: Relay, peer: Peer, viewers: int) -> Watcher:
    """Connect as one more viewer."""
    answer = await relay.open_viewer(OpenViewer(meeting="m1", sdp=peer.offer()))
    peer.send(peer.check(answer))
    await peer.receive()
    await peer.shake()
    while relay.status().viewers != {"m1": viewers}:
        await peer.receive()
    return Watcher(peer)


async def whole(watcher: Watcher) -> None:
    """The pictures go on, and no packet of them is missing or came twice."""
    numbers: list[int] = []
    ends = 0
    while ends < PICTURES:
        packet = await watcher.packet()
        if packet.payload_type == VIDEO:
            numbers.append(packet.sequence_number)
            ends += packet.marker
    assert numbers == list(range(numbers[0], numbers[0] + len(numbers)))


async def repetitions(watcher: Watcher, numbers: set[int]) -> int:
    """How many packets of pictures came again, until ``PICTURES`` new ones have ended."""
    again = ends = 0
    while ends < PICTURES:
        payload_type, number, last = await watcher.header()
        if payload_type != VIDEO:
            continue
        if number in numbers:
            again += 1
        else:
            numbers.add(number)
            ends += last
    return again


async def test_one_who_asks_for_everything_again(
    relay: Relay, peers: list[Peer], bystander: Watcher, clock: FakeClock
) -> None:
    greedy, numbers = await join(relay, peers[GREEDY], 2), set[int]()
    await asyncio.gather(repetitions(greedy, numbers), whole(bystander))
    stream = (await greedy.picture_packet()).ssrc
    nack = bytes(RtcpRtpfbPacket(fmt=RTCP_RTPFB_NACK, ssrc=1, media_ssrc=stream, lost=sorted(numbers)))
    other = await open_viewer(relay, peers[OTHER])

    async def ask() -> None:
        for _ in range(ROUNDS):
            greedy.ask(nack)
            await round_trip(relay, peers[OTHER], other)
            clock.now += resend.SECONDS * 1.1

    again, *_ = await asyncio.gather(repetitions(greedy, numbers), whole(bystander), ask())
    allowed = resend.BURST + resend.RATE * resend.SECONDS * 1.1 * ROUNDS
    assert 0 < again <= allowed < ROUNDS * len(numbers) / 4


async def test_one_who_asks_for_pictures_without_end(
    relay: Relay, peers: list[Peer], bystander: Watcher
) -> None:
    greedy, numbers = await join(relay, peers[GREEDY], 2), set[int]()
    again, _ = await asyncio.gather(repetitions(greedy, numbers), whole(bystander))
    assert again == 0
    two_seconds = len(numbers)
    asks = [
        bytes(RtcpPsfbPacket(fmt=RTCP_PSFB_PLI, ssrc=1, media_ssrc=1)),
        bytes(RtcpPsfbPacket(fmt=RTCP_PSFB_FIR, ssrc=1, media_ssrc=0, fci=bytes(8))),
    ]
    for number in range(int(2 * DATAGRAMS_BURST)):
        greedy.ask(asks[number % 2])
    again, _ = await asyncio.gather(repetitions(greedy, numbers), whole(bystander))
    assert 0 < again < 0.7 * two_seconds, "one group, which is a second"


async def test_one_who_never_reads(relay: Relay, peers: list[Peer], bystander: Watcher) -> None:
    peers[GREEDY].socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    await join(relay, peers[GREEDY], 2)
    sent = relay.status().packets_sent
    await whole(bystander)
    assert relay.status().packets_sent > sent
    (deaf,) = [viewer for viewer in relay._roster if peers[GREEDY].address in viewer.addresses]
    await until(lambda: deaf.delivery and not deaf.delivery.behind, "nothing to be kept for it")


async def test_a_crowd_of_joins_from_one_address(relay: Relay, peers: list[Peer], bystander: Watcher) -> None:
    offer = peers[GREEDY].offer()
    for _ in range(HALF_OPEN_NEIGHBOURS):
        await relay.open_viewer(OpenViewer(meeting="m1", sdp=offer, caller="203.0.113.9"))
    for number in range(3 * HALF_OPEN_NEIGHBOURS):
        with pytest.raises(Refused) as refusal:
            await relay.open_viewer(OpenViewer(meeting="m1", sdp=offer, caller=f"203.0.113.{number}"))
        assert refusal.value.code == "too_many"
    await whole(bystander)
    answer = await relay.open_viewer(
        OpenViewer(meeting="m1", sdp=peers[OTHER].offer(), caller="198.51.100.9")
    )
    peers[OTHER].send(peers[OTHER].check(answer))
    await peers[OTHER].receive()
    await peers[OTHER].shake()
    await Watcher(peers[OTHER]).sees(RED)


async def test_noise_from_a_viewers_own_address(relay: Relay, peers: list[Peer], bystander: Watcher) -> None:
    """Handshake records, reports that do not decrypt, media that nobody asked for."""
    greedy = await join(relay, peers[GREEDY], 2)
    for number in range(1000):
        kind = (20, 22, 23, 128, 129, 144, 191)[number % 7]
        peers[GREEDY].send(bytes([kind, 200 + number % 8]) + number.to_bytes(60, "big"))
    await whole(bystander)
    with suppress(TimeoutError):
        await greedy.sees(RED)
    assert relay.status().viewers["m1"] >= 1
