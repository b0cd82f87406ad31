"""ICE restarts of a viewer whose network changes, and all else that a PATCH may ask of a relay."""

from collections.abc import AsyncIterator, Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from aiortc.codecs.h264 import h264_depayload
from aiortc.sdp import SessionDescription

from media.control.command import Refused
from media.control.feeds import Answer, Patched
from media.control.relay import CloseViewer, PatchViewer
from media.fragment import BadFragment
from media.relay.relay import Relay
from media.relay.viewer import RESTARTS_BURST
from tests.media.relay.feed import RED, Encoder, Feed
from tests.media.relay.guests import (
    PARAMETERS,
    UFRAG,
    VIDEO,
    FakeClock,
    Peer,
    Watcher,
    connect,
    open_viewer,
    round_trip,
    serving,
)
from tests.media.relay.peer import check
from tests.media.relay.process import RelayProcess
from tests.support.waiting import until

CANDIDATE = (
    "m=video 9 UDP/TLS/RTP/SAVPF 0\r\na=mid:0\r\na=candidate:1 1 udp 2130706431 192.0.2.1 54321 typ host\r\n"
)


@pytest.fixture
async def relay(tmp_path: Path) -> AsyncIterator[Relay]:
    feed = await Feed.open(RelayProcess(tmp_path).bus("m1"), Encoder(RED, session=1))
    async with serving(tmp_path, FakeClock()) as opened:
        yield opened
    await feed.close()


@pytest.fixture
def peers(relay: Relay) -> Iterator[list[Peer]]:
    made = [Peer(relay.port) for _ in range(3)]
    yield made
    for peer in made:
        peer.socket.close()


def named(ufrag: str) -> str:
    """A fragment of the ICE session in which the player calls itself ``ufrag``."""
    return f"a=ice-ufrag:{ufrag}\r\na=ice-pwd:{'p' * 24}\r\n{CANDIDATE}"


async def patch(relay: Relay, answer: Answer, ufrag: str, tag: str = "*") -> Patched:
    return await relay.patch_viewer(
        PatchViewer(session=answer.session, fragment=named(ufrag), tags=[tag.strip('"')])
    )


def credentials(sdp: str) -> tuple[str, str]:
    """Ours, as an answer or a fragment says them."""
    lines = [line.partition(":") for line in sdp.split("\r\n")]
    values = {name: value for name, _, value in lines}
    return values["a=ice-ufrag"], values["a=ice-pwd"]


def arrived(peer: Peer) -> Iterator[bytes]:
    """What came and was not looked at."""
    with suppress(BlockingIOError):
        while True:
            yield peer.socket.recv(2048)


async def test_candidates_change_nothing(relay: Relay, peers: list[Peer]) -> None:
    answer = await open_viewer(relay, peers[0])
    assert await patch(relay, answer, UFRAG, answer.etag) == Patched()
    assert await patch(relay, answer, UFRAG, "*") == Patched()
    unnamed = PatchViewer(session=answer.session, fragment=CANDIDATE, tags=[answer.etag.strip('"')])
    assert await relay.patch_viewer(unnamed) == Patched()
    await round_trip(relay, peers[0], answer)


async def test_pictures_go_on_through_a_restart_on_another_network(relay: Relay, peers: list[Peer]) -> None:
    before, after = peers[:2]
    answer = await connect(relay, before)
    watcher = Watcher(before)
    await watcher.sees(RED)
    result = await patch(relay, answer, "new1")
    assert result.etag not in ("", answer.etag)
    assert result.etag[0] == result.etag[-1] == '"'
    ufrag, password = credentials(result.sdp)
    assert (ufrag, password) != credentials(answer.sdp)
    await watcher.sees(RED, pictures=5)
    after.dtls = before.dtls
    after.send(check(ufrag, "new1", password))
    watcher = Watcher(after)
    await watcher.sees(RED, pictures=30)
    while not before.silent():
        pass
    before.send(before.check(answer))
    await watcher.sees(RED, pictures=10)
    assert before.silent(), "the session before has ended"
    assert relay.status().viewers == {"m1": 1}
    await patch(relay, answer, "new2")
    assert credentials(answer.sdp)[0] not in relay._roster._by_ufrag


async def test_a_restart_needs_no_nomination(relay: Relay, peers: list[Peer]) -> None:
    """Chromium nominates another path only when the one before has been silent for seconds."""
    before, after, elsewhere = peers
    answer = await connect(relay, before)
    watcher = Watcher(before)
    await watcher.sees(RED)
    elsewhere.send(check(credentials(answer.sdp)[0], UFRAG, credentials(answer.sdp)[1], nominate=False))
    await elsewhere.receive()
    await watcher.sees(RED, pictures=5)
    assert elsewhere.silent(), "without a restart a path that is only looked at is none to go by"
    (viewer,) = relay._roster
    await until(lambda: viewer.delivery and not viewer.delivery.behind, "the first group to be sent")
    newest = (await watcher.picture_packet()).sequence_number

    result = await patch(relay, answer, "new1")
    ufrag, password = credentials(result.sdp)
    after.dtls = before.dtls
    after.send(check(ufrag, "new1", password, nominate=False))
    watcher = Watcher(after)
    first = await watcher.picture_packet()
    assert PARAMETERS in h264_depayload(first.payload)
    for packet in arrived(before):
        newest = int.from_bytes(packet[2:4], "big") if packet[1] & 0x7F == VIDEO else newest
    assert (newest - first.sequence_number) & 0xFFFF < 0x8000, "the kept group comes without being asked for"
    elsewhere.send(check(ufrag, "new1", password, nominate=False))
    await elsewhere.receive()
    await watcher.sees(RED, pictures=30)
    assert elsewhere.silent()


async def test_the_answer_to_a_restart_is_a_fragment(relay: Relay, peers: list[Peer]) -> None:
    answer = await open_viewer(relay, peers[0])
    sdp = (await patch(relay, answer, "new1")).sdp
    assert sdp.startswith("a=ice-lite\r\na=group:BUNDLE 0 1\r\nm=video ")
    parsed = SessionDescription.parse(f"v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\n{sdp}").media
    assert [media.rtp.muxId for media in parsed] == ["0"]
    assert [(one.ip, one.port) for one in parsed[0].ice_candidates] == [("127.0.0.1", relay.port)]
    assert parsed[0].ice_candidates_complete


async def test_a_restart_that_is_not_used_ends_nothing(relay: Relay, peers: list[Peer]) -> None:
    """RFC 9725 section 4.3.3: the session before goes on, and another restart may follow."""
    guest, stranger = peers[:2]
    answer = await connect(relay, guest)
    given_up = await patch(relay, answer, "new1")
    await round_trip(relay, guest, answer)
    second = await patch(relay, answer, "new2")
    stranger.send(check(credentials(given_up.sdp)[0], "new1", credentials(given_up.sdp)[1]))
    await round_trip(relay, guest, answer)
    assert stranger.silent()
    guest.send(check(credentials(second.sdp)[0], "new2", credentials(second.sdp)[1]))
    await Watcher(guest).sees(RED)


async def test_an_answer_that_was_lost_is_given_again(relay: Relay, peers: list[Peer]) -> None:
    answer = await open_viewer(relay, peers[0])
    first = await patch(relay, answer, "new1")
    assert await patch(relay, answer, "new1") == first
    assert await patch(relay, answer, "new1", first.etag) == Patched()


async def test_refusals(relay: Relay, peers: list[Peer]) -> None:
    answer = await open_viewer(relay, peers[0])
    with pytest.raises(Refused) as refusal:
        await patch(relay, answer, UFRAG, "other")
    assert refusal.value.code == "stale"
    await patch(relay, answer, "new1")
    with pytest.raises(Refused) as refusal:
        await patch(relay, answer, "new1", answer.etag)
    assert refusal.value.code == "stale"
    with pytest.raises(BadFragment):
        await relay.patch_viewer(PatchViewer(session=answer.session, fragment="hello", tags=["*"]))
    with pytest.raises(Refused) as refusal:
        await relay.patch_viewer(PatchViewer(session="none", fragment=CANDIDATE, tags=["*"]))
    assert refusal.value.code == "no_session"


async def test_restarts_have_a_rate(relay: Relay, peers: list[Peer]) -> None:
    answer = await open_viewer(relay, peers[0])
    for number in range(int(RESTARTS_BURST)):
        await patch(relay, answer, f"new{number}")
    with pytest.raises(Refused) as refusal:
        await patch(relay, answer, "more")
    assert refusal.value.code == "too_many"
    assert len(relay._roster._by_ufrag) == 2


async def test_delete_revokes_consent_at_once(relay: Relay, peers: list[Peer]) -> None:
    """RFC 7675 section 5.2: not one packet to where somebody no longer wants any."""
    guest, other = peers[:2]
    answer = await connect(relay, guest)
    unused = await patch(relay, answer, "new1")
    await relay.close_viewer(CloseViewer(session=answer.session))
    bystander = await open_viewer(relay, other)
    await round_trip(relay, other, bystander)
    while not guest.silent():
        pass
    guest.send(guest.check(answer))
    guest.send(check(credentials(unused.sdp)[0], "new1", credentials(unused.sdp)[1]))
    await other.shake()
    await Watcher(other).sees(RED, pictures=5)
    assert guest.silent()
    assert list(relay._roster._by_ufrag) == [credentials(bystander.sdp)[0]]
