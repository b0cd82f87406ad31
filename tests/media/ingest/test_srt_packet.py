import os
import struct

import pytest

from media.attempts import BURST, EVERY_SECONDS, Attempts
from media.control.ingest import StreamKey
from media.ingest import srt_packet
from media.ingest.door import Door
from media.ingest.keys import KeyRing
from media.ingest.refusals import Refusals
from media.ingest.register import Register
from media.ingest.srt_access import COOKIE_SECONDS, Cookies, NoEntry, check
from media.ingest.srt_packet import CONCLUSION, Handshake
from tests.support.clock import HandClock

HERE = "192.0.2.1"
KEY = StreamKey(key="chamber-key", source="chamber", feeds_socket="/nowhere")


def stream_id(text: str) -> bytes:
    raw = text.encode()
    raw += bytes(-len(raw) % 4)
    swapped = b"".join(raw[at : at + 4][::-1] for at in range(0, len(raw), 4))
    return struct.pack(">HH", 5, len(raw) // 4) + swapped


def conclusion(extensions: bytes, version: int = 5) -> Handshake:
    return Handshake(0, 0, version, 0, 5, 1, 1500, 8192, CONCLUSION, 42, 7, bytes(16), extensions)


def door(clock: HandClock | None = None) -> Door:
    keys, clock = KeyRing(), clock or HandClock()
    keys.replace([KEY])
    return Door(keys, Register(), Refusals(lambda refused: None, clock), Attempts(clock))


def test_a_handshake_survives_packing() -> None:
    shaken = conclusion(stream_id("abc"))
    assert Handshake.parse(shaken.pack()) == shaken


@pytest.mark.parametrize("text", ["a", "four", "chamber-key", "#!::r=chamber-key,m=publish", "ü"])
def test_the_words_of_a_stream_id_are_turned_round(text: str) -> None:
    request = b"\x00\x01\x00\x03" + bytes(12)
    assert conclusion(request + stream_id(text)).stream_id == text


def test_a_good_key_is_found_in_both_forms() -> None:
    for text in ("chamber-key", "#!::m=publish,r=chamber-key", "#!::r=chamber-key"):
        assert check(conclusion(stream_id(text)), door(), HERE) == KEY


@pytest.mark.parametrize(
    ("handshake", "reason"),
    [
        (conclusion(stream_id("chamber-keys")), srt_packet.UNAUTHORISED),
        (conclusion(stream_id("#!::r=chamber-key,m=request")), srt_packet.BAD_MODE),
        (conclusion(b""), srt_packet.BAD_REQUEST),
        (conclusion(struct.pack(">HH", 5, 9000)), srt_packet.BAD_REQUEST),
        (conclusion(stream_id("x" * 600)), srt_packet.BAD_REQUEST),
        (conclusion(b"\x00\x03\x00\x01abcd" + stream_id("chamber-key")), srt_packet.UNSECURE),
        (conclusion(stream_id("chamber-key"), version=4), srt_packet.TOO_OLD),
    ],
)
def test_everybody_else_is_refused_for_a_reason(handshake: Handshake, reason: int) -> None:
    with pytest.raises(NoEntry) as refusal:
        check(handshake, door(), HERE)
    assert refusal.value.reason == reason
    assert "chamber-key" not in refusal.value.sentence


def test_who_is_wrong_again_and_again_is_told_to_wait() -> None:
    clock = HandClock()
    guarded, wrong = door(clock), conclusion(stream_id("chamber-keys"))

    def refusal(address: str) -> NoEntry:
        with pytest.raises(NoEntry) as refused:
            check(wrong, guarded, address)
        return refused.value

    told = [refusal(HERE) for _ in range(BURST)]
    assert {(one.reason, one.known) for one in told} == {(srt_packet.UNAUTHORISED, False)}
    last = refusal(HERE)
    assert (last.reason, last.known) == (srt_packet.OVERLOAD, True)
    assert f"Try again in {EVERY_SECONDS:.0f} seconds." in last.sentence
    assert refusal("198.51.100.1").reason == srt_packet.UNAUTHORISED, "somebody else"
    assert check(conclusion(stream_id("chamber-key")), guarded, HERE) == KEY
    clock.now += EVERY_SECONDS
    assert refusal(HERE).reason == srt_packet.UNAUTHORISED


def test_a_rejection_names_its_reason() -> None:
    said = Handshake.parse(conclusion(b"").rejection(srt_packet.UNAUTHORISED).pack())
    assert said is not None
    assert said.rejected
    assert said.type == 2401
    assert said.destination == 42


def test_a_cookie_holds_for_its_address_and_for_a_while() -> None:
    clock = HandClock()
    cookies = Cookies(clock)
    cookie = cookies.bake(("192.0.2.1", 5000))
    assert cookies.good(cookie, ("192.0.2.1", 5000))
    assert not cookies.good(cookie, ("192.0.2.1", 5001))
    clock.now += COOKIE_SECONDS
    assert cookies.good(cookie, ("192.0.2.1", 5000))
    clock.now += COOKIE_SECONDS
    assert not cookies.good(cookie, ("192.0.2.1", 5000))


def test_noise_is_no_handshake_or_a_harmless_one() -> None:
    for size in range(200):
        parsed = Handshake.parse((b"\x80\x00" + os.urandom(size))[:size])
        if parsed is not None:
            assert len(parsed.stream_id or "") <= srt_packet.LONGEST_STREAM_ID
