"""Checks are read exactly, answered to their sender only, and everything else is refused."""

import random

import pytest
from aioice import stun

from media.relay.stun import REQUEST_LIMIT, StunError, canonical, parse_request, success
from tests.media.relay.peer import check

PASSWORD = "0123456789abcdef01234567"
GOOD = check("ours", "theirs", PASSWORD)


def test_reads_a_check() -> None:
    request = parse_request(GOOD)
    assert (request.local_ufrag, request.username) == ("ours", "ours:theirs")
    assert request.use_candidate
    assert request.verify(PASSWORD)
    assert not request.verify(PASSWORD + "x")
    assert not parse_request(check("ours", "theirs", PASSWORD, nominate=False)).use_candidate


@pytest.mark.parametrize("host", ["192.0.2.7", "2001:db8::7"])
def test_the_answer_is_one_another_implementation_takes(host: str) -> None:
    request = parse_request(GOOD)
    reply = success(request, host, 4711, PASSWORD)
    message = stun.parse_message(reply)
    assert message.message_class is stun.Class.RESPONSE
    assert message.transaction_id == request.transaction
    assert message.attributes["XOR-MAPPED-ADDRESS"] == (host, 4711)
    assert message.check_message_integrity(PASSWORD.encode())
    assert "FINGERPRINT" in message.attributes
    assert len(reply) <= len(GOOD)


def test_an_address_is_told_as_the_peer_knows_it() -> None:
    assert str(canonical("::ffff:192.0.2.7")) == "192.0.2.7"
    assert str(canonical("fe80::1%eth0")) == "fe80::1"
    mapped = success(parse_request(GOOD), "::ffff:192.0.2.7", 4711, PASSWORD)
    assert stun.parse_message(mapped).attributes["XOR-MAPPED-ADDRESS"] == ("192.0.2.7", 4711)


def _message(kind: stun.Class = stun.Class.REQUEST, **attributes: object) -> bytes:
    message = stun.Message(message_method=stun.Method.BINDING, message_class=kind)
    for name, value in attributes.items():
        message.attributes[name.replace("_", "-")] = value
    message.add_message_integrity(PASSWORD.encode())
    message.add_fingerprint()
    return bytes(message)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        GOOD[:19],
        GOOD[:20],
        GOOD[:-1],
        GOOD[:-4],
        GOOD + b"\x00\x00\x00\x00",
        b"\x00\x01\x00\x00" + GOOD[4:20],
        GOOD[:4] + b"\x00\x00\x00\x00" + GOOD[8:],
        GOOD[:-1] + bytes([GOOD[-1] ^ 1]),
        check("ours", "theirs", PASSWORD, fingerprint=False),
        _message(PRIORITY=1),
        _message(USERNAME="ours:theirs", ICE_CONTROLLED=1),
        _message(kind=stun.Class.RESPONSE, USERNAME="ours:theirs"),
        _message(kind=stun.Class.INDICATION, USERNAME="ours:theirs"),
        _message(USERNAME="ours:theirs", REALM="x"),
        check("o" * 600, "theirs", PASSWORD),
        bytes(REQUEST_LIMIT + 1),
    ],
)
def test_refuses_everything_else(data: bytes) -> None:
    with pytest.raises(StunError):
        parse_request(data)


def test_no_broken_byte_gets_through_and_none_raises_anything_else() -> None:
    """Every byte of a check changed and every cut made; and noise behind a good header."""
    for position in range(len(GOOD)):
        broken = bytearray(GOOD)
        broken[position] ^= 0x55
        with pytest.raises(StunError):
            parse_request(bytes(broken))
        with pytest.raises(StunError):
            parse_request(GOOD[:position])
    noise = random.Random(5)
    for _ in range(2000):
        size = 4 * noise.randrange(0, 40)
        data = b"\x00\x01" + size.to_bytes(2, "big") + GOOD[4:20] + noise.randbytes(size)
        with pytest.raises(StunError):
            parse_request(data)
