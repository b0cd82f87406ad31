"""A relay on a real UDP socket, met by peers that build every byte themselves; the clock is the test's."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from aiortc.sdp import SessionDescription

from media.control.command import Refused
from media.control.relay import CloseViewer, DropMeeting, OpenViewer
from media.relay import relay as relay_module
from media.relay import roster
from media.relay.relay import Relay
from media.relay.viewer import CONSENT_SECONDS, HANDSHAKE_SECONDS
from tests.media.relay.feed import RED, Encoder, Feed
from tests.media.relay.guests import (
    DEADLINE,
    UFRAG,
    FakeClock,
    Peer,
    connect,
    open_viewer,
    round_trip,
    serving,
)
from tests.media.relay.peer import check
from tests.media.relay.process import RelayProcess
from tests.support.waiting import until


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
async def relay(tmp_path: Path, clock: FakeClock) -> AsyncIterator[Relay]:
    async with serving(tmp_path, clock, capacity=3) as opened:
        yield opened


@pytest.fixture
async def feed(tmp_path: Path) -> AsyncIterator[Feed]:
    opened = await Feed.open(RelayProcess(tmp_path).bus("m1"), Encoder(RED, session=1))
    yield opened
    await opened.close()


@pytest.fixture
def peers(relay: Relay) -> Iterator[list[Peer]]:
    made = [Peer(relay.port) for _ in range(6)]
    yield made
    for peer in made:
        peer.socket.close()


@pytest.mark.usefixtures("feed")
async def test_strangers_get_silence(relay: Relay, peers: list[Peer]) -> None:
    guest, stranger = peers[:2]
    answer = await open_viewer(relay, guest)
    ice = SessionDescription.parse(answer.sdp).media[0].ice
    assert ice is not None
    ufrag, password = str(ice.usernameFragment), str(ice.password)
    for data in (
        check(ufrag, UFRAG, "wrong" * 6),
        check(ufrag, "other", password),
        check("nobody", UFRAG, password),
        check(ufrag, UFRAG, password)[:-8],
        check(ufrag, UFRAG, password, fingerprint=False),
        *stranger.dtls.hello(),
        b"\x80" * 50,
        b"\xff",
        b"GET / HTTP/1.1\r\n",
    ):
        stranger.send(data)
    await round_trip(relay, guest, answer)
    assert stranger.silent()


@pytest.mark.usefixtures("feed")
async def test_a_handshake_begins_only_from_an_address_with_a_good_check(
    relay: Relay, peers: list[Peer]
) -> None:
    guest, racer = peers[:2]
    answer = await open_viewer(relay, guest)
    for datagram in racer.dtls.hello():
        racer.send(datagram)
    guest.send(guest.check(answer))
    await guest.receive()
    for datagram in racer.dtls.hello():
        racer.send(datagram)
    await guest.shake()
    assert guest.dtls.profile == b"SRTP_AEAD_AES_128_GCM"
    assert racer.silent()


@pytest.mark.usefixtures("feed")
async def test_media_and_goodbye_reach_the_viewer(relay: Relay, peers: list[Peer]) -> None:
    guest = peers[0]
    answer = await connect(relay, guest)
    receiving, _ = guest.dtls.sessions()
    kinds: set[int] = set()
    while not kinds >= {96 + 12, 111}:
        data = await guest.receive()
        if 128 <= data[0] < 192 and not 192 <= data[1] <= 223:
            kinds.add(receiving.unprotect(data)[1] & 0x7F)
    await relay.close_viewer(CloseViewer(session=answer.session))
    while True:
        data = await guest.receive()
        if 20 <= data[0] < 64:
            guest.dtls.receive(data)
            break
    assert guest.dtls.goodbye_received()
    assert relay.status().viewers == {}
    with pytest.raises(Refused) as refusal:
        await relay.close_viewer(CloseViewer(session=answer.session))
    assert refusal.value.code == "no_session"


@pytest.mark.usefixtures("feed")
async def test_a_viewers_goodbye_ends_the_session(relay: Relay, peers: list[Peer]) -> None:
    guest = peers[0]
    answer = await connect(relay, guest)
    for datagram in guest.dtls.farewell():
        guest.send(datagram)
    await until(lambda: not relay.status().viewers, "the viewer to be forgotten", DEADLINE)
    await relay.close_viewer(CloseViewer(session=answer.session))  # browsers say both
    with pytest.raises(Refused):
        await relay.close_viewer(CloseViewer(session=answer.session))


@pytest.mark.usefixtures("feed")
async def test_silence_ends_the_session(relay: Relay, peers: list[Peer], clock: FakeClock) -> None:
    guest = peers[0]
    answer = await connect(relay, guest)
    clock.now += CONSENT_SECONDS - 1
    await round_trip(relay, guest, answer)
    clock.now += CONSENT_SECONDS - 1
    relay.tick()
    assert relay.status().viewers == {"m1": 1}
    clock.now += 2
    relay.tick()
    assert relay.status().viewers == {}


@pytest.mark.usefixtures("feed")
async def test_a_handshake_that_does_not_come_frees_the_place(
    relay: Relay, peers: list[Peer], clock: FakeClock
) -> None:
    answers = [await open_viewer(relay, peer) for peer in peers[:3]]
    with pytest.raises(Refused) as refusal:
        await open_viewer(relay, peers[3])
    assert refusal.value.code == "full"
    await round_trip(relay, peers[0], answers[0])
    clock.now += HANDSHAKE_SECONDS + 1
    relay.tick()
    with pytest.raises(Refused):
        await relay.close_viewer(CloseViewer(session=answers[0].session))
    await open_viewer(relay, peers[3])


@pytest.mark.usefixtures("feed")
async def test_one_neighbourhood_cannot_have_all_handshakes(
    relay: Relay, peers: list[Peer], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(roster, "NEIGHBOURS", 1)
    answers = [await open_viewer(relay, peer) for peer in peers[:2]]
    await round_trip(relay, peers[0], answers[0])
    peers[1].send(peers[1].check(answers[1]))
    await round_trip(relay, peers[0], answers[0])
    assert peers[1].silent()


@pytest.mark.usefixtures("feed")
async def test_a_session_has_few_addresses_and_follows_its_owner(relay: Relay, peers: list[Peer]) -> None:
    answer = await connect(relay, peers[0])
    for peer in peers[1:]:
        peer.send(peers[0].check(answer))
        await peer.receive()
    assert len(relay._roster._viewers[answer.session].addresses) == 4
    assert len(relay._roster._by_address) == 4
    data = await peers[5].receive()
    assert 128 <= data[0] < 192


@pytest.mark.usefixtures("feed")
async def test_checks_have_a_rate(relay: Relay, peers: list[Peer]) -> None:
    guest = peers[0]
    answer = await open_viewer(relay, guest)
    await round_trip(relay, guest, answer)
    other = await open_viewer(relay, peers[1])
    for _ in range(200):
        guest.send(guest.check(answer))
    await round_trip(relay, peers[1], other)
    replies = 0
    while not guest.silent():
        replies += 1
    assert 0 < replies < 70


@pytest.mark.usefixtures("feed")
async def test_the_bus_is_left_after_the_last_viewer(
    relay: Relay, peers: list[Peer], clock: FakeClock
) -> None:
    answer = await connect(relay, peers[0])
    programme = relay._programmes["m1"]
    await relay.close_viewer(CloseViewer(session=answer.session))
    async with asyncio.timeout(DEADLINE):
        while relay._programmes or not programme.failed:  # it follows nothing any more
            clock.now += 2
            await asyncio.sleep(0.05)
    await connect(relay, peers[1])


@pytest.mark.usefixtures("feed")
async def test_a_dropped_meeting_lets_everybody_go(relay: Relay, peers: list[Peer]) -> None:
    await connect(relay, peers[0])
    await relay.drop_meeting(DropMeeting(meeting="m1"))
    assert relay.status().viewers == {}
    await relay.drop_meeting(DropMeeting(meeting="m1"))


async def test_those_who_ask_again_before_it_begins_are_not_kept_waiting(
    relay: Relay, peers: list[Peer], clock: FakeClock, tmp_path: Path
) -> None:
    first = asyncio.create_task(open_viewer(relay, peers[0]))
    await asyncio.sleep(0)
    clock.now += relay_module.PROGRAMME_SECONDS
    with pytest.raises(Refused) as refusal:
        await open_viewer(relay, peers[1])
    assert refusal.value.code == "no_programme"
    assert not first.done()
    feed = await Feed.open(RelayProcess(tmp_path).bus("m1"), Encoder(RED, session=1))
    assert (await first).sdp.startswith("v=0")
    await open_viewer(relay, peers[1])
    await feed.close()


@pytest.mark.parametrize("meeting", ["nothing-here", "../../etc/passwd", ""])
async def test_a_meeting_without_a_programme_is_refused(
    relay: Relay, peers: list[Peer], meeting: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(relay_module, "PROGRAMME_SECONDS", 0.01)
    with pytest.raises(Refused) as refusal:
        await relay.open_viewer(OpenViewer(meeting=meeting, sdp=peers[0].offer()))
    assert refusal.value.code == "no_programme"
