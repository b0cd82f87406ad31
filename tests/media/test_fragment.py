"""SDP fragments of real clients are read; everything else is refused by name, in bounded time."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from media.fragment import (
    CANDIDATES_LIMIT,
    FRAGMENT_LIMIT,
    LINES_LIMIT,
    BadFragment,
    Candidate,
    read_fragment,
)
from tests.support.fuzz import fuzz

HOST = "a=candidate:1387637174 1 udp 2122260223 192.0.2.1 61764 typ host generation 0 ufrag EsAw network-id 1"
NAMES = "a=ice-ufrag:EsAw\r\na=ice-pwd:P2uYro0UCOQ4zxjKXaWCBui1\r\n"
SECTION = "m=audio 9 UDP/TLS/RTP/SAVPF 0\r\na=mid:0\r\n"
GOOD = f"a=group:BUNDLE 0 1\r\n{SECTION}{NAMES}{HOST}\r\na=end-of-candidates\r\n"


def test_reads_names_and_candidates() -> None:
    fragment = read_fragment(GOOD)
    assert (fragment.ufrag, fragment.password) == ("EsAw", "P2uYro0UCOQ4zxjKXaWCBui1")
    assert fragment.candidates == (Candidate("0", "1387637174", 2122260223, "192.0.2.1", 61764, "host"),)


def test_names_may_come_before_the_sections_or_not_at_all() -> None:
    assert read_fragment(NAMES + SECTION + HOST).ufrag == "EsAw"
    assert read_fragment(SECTION + HOST.replace("udp", "UDP")).ufrag is None
    assert read_fragment((SECTION + HOST).replace("\r\n", "\n")).candidates[0].port == 61764
    both = SECTION + HOST + "\r\nm=video 9 UDP/TLS/RTP/SAVPF 0\r\na=mid:1\r\n" + HOST
    assert [candidate.mid for candidate in read_fragment(both).candidates] == ["0", "1"]


@pytest.mark.parametrize(
    "line",
    [
        HOST.replace("192.0.2.1", "3b7f1c9e.local"),
        HOST.replace("192.0.2.1", "999.0.2.1"),
        HOST.replace(" udp ", " tcp "),
        HOST.replace(" 1 udp", " 2 udp"),
        HOST.replace("61764", "0"),
        HOST.replace("61764", "70000"),
        HOST.replace("2122260223", "9999999999"),
        HOST.replace("typ host", "typ house"),
        "a=candidate:",
    ],
)
def test_candidates_of_which_nothing_can_be_made_are_left_out(line: str) -> None:
    assert [one.port for one in read_fragment(f"{SECTION}{line}\r\n{HOST}").candidates] == [61764]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "not a fragment"),
        ("hello", "not a fragment"),
        ("<html>", "not a fragment"),
        ("{}", "not a fragment"),
        (GOOD + "é", "not a fragment"),
        (GOOD + "a=\0", "not a fragment"),
        (GOOD.replace("a=ice-pwd", "a=ice-nothing"), "comes with its password"),
        (GOOD.replace("EsAw", "E"), "cannot be one"),
        (GOOD.replace("EsAw", "Es w"), "cannot be one"),
        (GOOD.replace("P2uY", "P2 Y"), "cannot be one"),
        (GOOD.replace("mid:0", "mid:0 1"), "cannot be one"),
        (GOOD + NAMES.replace("EsAw", "Other"), "more than one ice-ufrag"),
        (GOOD + (HOST + "\r\n") * CANDIDATES_LIMIT, "candidates"),
        ("a=x\r\n" * (LINES_LIMIT + 1), "lines"),
        ("a=" + "x" * FRAGMENT_LIMIT, "longer than 16 KB"),
    ],
)
def test_refuses_in_a_sentence(text: str, sentence: str) -> None:
    with pytest.raises(BadFragment, match=sentence) as refusal:
        read_fragment(text)
    assert refusal.value.code == "bad_fragment"
    assert refusal.value.message.endswith(".")


def judge(text: str) -> None:
    """No exception but the named one, and nothing out of bounds."""
    try:
        fragment = read_fragment(text)
    except BadFragment:
        return
    assert len(fragment.candidates) <= CANDIDATES_LIMIT
    assert all(0 < one.port < 65_536 and 0 < one.priority < 2**32 for one in fragment.candidates)
    assert (fragment.ufrag is None) == (fragment.password is None)


@fuzz
@given(st.text(max_size=400))
def test_any_text(text: str) -> None:
    judge(text)


@fuzz
@given(st.integers(0, len(GOOD)), st.integers(0, len(GOOD)), st.text(max_size=20))
def test_any_change_of_a_good_one(start: int, end: int, put: str) -> None:
    judge(GOOD[:start] + put + GOOD[end:])


@fuzz
@given(
    st.lists(
        st.sampled_from([*GOOD.split("\r\n"), "m=", "a=mid:", "a=candidate:1 1 udp 1 ::1 1 typ host"]),
        max_size=LINES_LIMIT,
    )
)
def test_any_order_of_lines(lines: list[str]) -> None:
    judge("\r\n".join(lines))
