"""Whatever comes in from outside is read, or refused with the error that is named."""

import random
import struct
from collections.abc import AsyncIterator
from contextlib import suppress
from pathlib import Path

import pytest
from aiortc.sdp import SessionDescription
from hypothesis import given
from hypothesis import strategies as st

from media.control.command import Refused
from media.relay.answer import write_answer
from media.relay.offer import BadOffer, Offer, read_offer
from media.relay.port import DATAGRAM_BYTES
from media.relay.relay import Relay
from media.relay.rtcp import RtcpError, read_wishes
from media.relay.stun import MAGIC, REQUEST_LIMIT, BindingRequest, StunError, parse_request, success
from media.sources.offer import read_offer as read_publishers_offer
from tests.media.relay.feed import RED, Encoder, Feed
from tests.media.relay.guests import UFRAG, FakeClock, Peer, open_viewer, round_trip, serving
from tests.media.relay.peer import check
from tests.media.relay.process import RelayProcess
from tests.media.relay.test_sdp import CHROMIUM, ENDPOINT, SSRCS
from tests.support.fuzz import fuzz

PASSWORD = "0123456789abcdef01234567"
CHECK = check("ours", "theirs", PASSWORD)
LINES = CHROMIUM.split("\r\n")
KINDS = (
    0x0001,
    0x0006,
    0x0008,
    0x0009,
    0x0014,
    0x0015,
    0x0020,
    0x0024,
    0x0025,
    0x8022,
    0x8028,
    0x8029,
    0x802A,
)

attributes = st.lists(
    st.tuples(st.one_of(st.sampled_from(KINDS), st.integers(0, 0xFFFF)), st.binary(max_size=40)), max_size=12
)
rtcp_packets = st.lists(
    st.tuples(st.integers(0, 31), st.integers(198, 210), st.binary(max_size=80), st.integers(-2, 2)),
    max_size=6,
)


def judge_check(data: bytes) -> None:
    try:
        request = parse_request(data)
    except StunError:
        return
    assert isinstance(request, BindingRequest)
    assert len(data) <= REQUEST_LIMIT
    assert len(success(request, "192.0.2.1", 1, PASSWORD)) < REQUEST_LIMIT
    if request.verify(PASSWORD):
        assert request.username == "ours:theirs"


@fuzz
@given(st.binary(max_size=DATAGRAM_BYTES))
def test_any_bytes_as_a_check(data: bytes) -> None:
    judge_check(data)


@fuzz
@given(attributes, st.integers(-8, 8))
def test_any_attributes_in_a_check(parts: list[tuple[int, bytes]], wrong: int) -> None:
    body = b"".join(
        struct.pack(">HH", kind, len(value)) + value + bytes(-len(value) % 4) for kind, value in parts
    )
    length = max(0, len(body) + wrong)
    judge_check(struct.pack(">HHI12s", 1, length, MAGIC, bytes(12)) + body)


@fuzz
@given(st.integers(0, len(CHECK)), st.integers(0, len(CHECK)), st.binary(max_size=30))
def test_any_change_of_a_good_check(start: int, end: int, put: bytes) -> None:
    changed = CHECK[:start] + put + CHECK[end:]
    judge_check(changed)
    if changed != CHECK:
        with pytest.raises(StunError):
            parse_request(changed)


def judge_report(data: bytes) -> None:
    try:
        wishes = read_wishes(data)
    except RtcpError:
        return
    assert len(wishes.lost) <= 17 * len(data) / 4
    assert all(0 <= source < 2**32 and 0 <= number < 2**16 for source, number in wishes.lost)


@fuzz
@given(st.binary(max_size=DATAGRAM_BYTES))
def test_any_bytes_as_a_report(data: bytes) -> None:
    judge_report(data)


@fuzz
@given(rtcp_packets, st.booleans())
def test_any_packets_in_a_report(parts: list[tuple[int, int, bytes, int]], padded: bool) -> None:
    data = b""
    for count, kind, body, wrong in parts:
        words = max(0, (len(body) + 3) // 4 + wrong)
        data += struct.pack(">BBH", 0x80 | padded << 5 | count, kind, words) + body + bytes(-len(body) % 4)
    judge_report(data)


def judge_offer(sdp: str) -> None:
    with suppress(BadOffer):
        offer = read_offer(sdp)
        assert_fits(offer, write_answer(offer, ENDPOINT, SSRCS, "cname"))
    # The studio's way of refusing has no class of its own.
    with suppress(Refused):
        assert read_publishers_offer(sdp).kinds


def assert_fits(offer: Offer, answer: str) -> None:
    """What the offer said is nowhere more in the answer than where it belongs."""
    parsed = SessionDescription.parse(answer)
    assert [media.rtp.muxId for media in parsed.media] == [section.mid for section in offer.sections]
    assert answer.count("\r\n") == answer.count("\n") == answer.count("\r")
    assert all(media.direction == "sendonly" and len(media.rtp.codecs) == 1 for media in parsed.media)


@fuzz
@given(st.text(max_size=300))
def test_any_text_as_an_offer(text: str) -> None:
    judge_offer(text)
    judge_offer(f"v=0\r\n{text}")


@fuzz
@given(st.integers(0, len(CHROMIUM)), st.integers(0, 40), st.text(max_size=30))
def test_any_change_of_a_good_offer(start: int, length: int, put: str) -> None:
    judge_offer(CHROMIUM[:start] + put + CHROMIUM[start + length :])


@fuzz
@given(
    st.integers(0, len(LINES) - 1),
    st.integers(0, len(LINES) - 1),
    st.sampled_from(LINES),
    st.text(max_size=20),
)
def test_any_other_line_in_a_good_offer(at: int, gone: int, line: str, tail: str) -> None:
    lines = [*LINES[:at], line + tail, *LINES[at:]]
    del lines[gone]
    judge_offer("\r\n".join(lines))


@pytest.mark.parametrize(
    "line",
    [
        "a=fmtp:108 " + "a=b;" * 15_000,
        "a=candidate:" + "1 " * 30_000,
        "a=group:BUNDLE " + "0 " * 30_000,
        "a=ssrc-group:FID " + "1 " * 30_000,
        "a=extmap:" + "9" * 60_000,
        "a=rtpmap:96 " + "H" * 60_000,
        "a=ice-ufrag:" + "u" * 60_000,
        "m=audio 9 UDP/TLS/RTP/SAVPF " + "0 " * 30_000,
    ],
)
def test_the_longest_lines_are_read_in_bounded_time(line: str) -> None:
    judge_offer(f"{CHROMIUM[:2000]}\r\n{line}"[: 64 * 1024])
    judge_offer(f"v=0\r\nm=audio 9 UDP/TLS/RTP/SAVPF 0\r\n{line}\r\n{line[:9]}"[: 64 * 1024])


@pytest.fixture
async def relay(tmp_path: Path) -> AsyncIterator[Relay]:
    feed = await Feed.open(RelayProcess(tmp_path).bus("m1"), Encoder(RED, session=1))
    async with serving(tmp_path, FakeClock()) as opened:
        yield opened
    await feed.close()


async def test_strangers_get_no_answer_whatever_they_send(relay: Relay) -> None:
    guest, stranger, chance = Peer(relay.port), Peer(relay.port), random.Random(11)
    answer = await open_viewer(relay, guest)
    ufrag = answer.etag.strip('"')
    almost = check(ufrag, UFRAG, "wrong" * 6)
    for _ in range(100):
        for _ in range(30):
            stranger.send(_anything(chance, almost))
        await round_trip(relay, guest, answer) if chance.random() < 0.4 else None
    await guest.shake()
    assert stranger.silent()
    for peer in (guest, stranger):
        peer.socket.close()


def _anything(chance: random.Random, almost: bytes) -> bytes:
    """A check that is nearly right, or a datagram of any kind."""
    if chance.random() < 0.5:
        changed = bytearray(almost)
        for _ in range(chance.randrange(4)):
            changed[chance.randrange(len(changed))] = chance.randrange(256)
        return (
            bytes(changed[: chance.randrange(1, len(changed) + 1)])
            if chance.random() < 0.3
            else bytes(changed)
        )
    return bytes([chance.choice((0, 1, 20, 22, 25, 63, 64, 127, 128, 144, 191, 255))]) + chance.randbytes(
        chance.randrange(DATAGRAM_BYTES - 1)
    )
