import aioice.stun
import pytest

from media.sources.ice import announce, is_local, reject_broken_stun

ANSWER = "\r\n".join(
    (
        "v=0",
        "a=candidate:1 1 udp 2130706431 192.0.2.2 5000 typ host",
        "a=candidate:2 1 udp 2130706431 fd00::2 5001 typ host",
        "a=candidate:3 1 udp 1694498815 198.51.100.7 5002 typ srflx raddr 192.0.2.2 rport 5000",
        "",
    )
)


def test_an_address_of_ours_stays_and_a_translated_one_is_written_in() -> None:
    assert is_local("127.0.0.1")
    assert not is_local("203.0.113.9")
    assert announce(ANSWER, "127.0.0.1") == ANSWER
    assert announce(ANSWER, "0.0.0.0") == ANSWER
    lines = announce(ANSWER, "203.0.113.9").split("\r\n")
    assert lines[1] == "a=candidate:1 1 udp 2130706431 203.0.113.9 5000 typ host"
    assert lines[2:] == ANSWER.split("\r\n")[2:]


def test_a_short_stun_attribute_is_a_value_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(aioice.stun, "parse_message", aioice.stun.parse_message)
    reject_broken_stun()
    short_priority = b"\x00\x24\x00\x02\xff\xff\x00\x00"
    header = b"\x00\x01" + len(short_priority).to_bytes(2, "big") + b"\x21\x12\xa4\x42" + bytes(12)
    with pytest.raises(ValueError, match="too short"):
        aioice.stun.parse_message(header + short_priority)
