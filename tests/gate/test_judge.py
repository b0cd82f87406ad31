"""When the public may have had the room: with and without a delay, with and without the rest."""

import pytest

from tests.gate.judge import Judge
from tests.gate.marks import PUBLIC_LINE, SECRET

DELAY = 2
CUT, OPENED, AGAIN = 100.0, 100.5, 101.0


def judge(delay: int = DELAY) -> Judge:
    one = Judge()
    one.delay = delay
    return one


def closed(one: Judge, *seconds: float) -> list[bool]:
    return [one.was_closed(second) for second in seconds]


def test_a_cut_that_drops_is_the_end_at_once() -> None:
    one = judge()
    one.closed(CUT)
    assert closed(one, 99.9, 100.1, 200) == [False, True, True]


def test_what_is_let_out_is_public_to_its_end() -> None:
    one = judge()
    one.closed(CUT + DELAY)
    assert closed(one, 100.1, 101.9, 102.1) == [False, False, True]
    assert not judge(0).is_shut


def test_after_an_opening_the_slate_stays_for_the_delay() -> None:
    one = judge()
    one.closed(CUT)
    one.opening(110)
    assert closed(one, 109, 111.1, 112.1) == [True, True, False]
    assert not one.is_closed
    assert one.opened_at == 110


def test_between_the_rest_and_what_follows_is_the_slate_again() -> None:
    one = judge()
    one.closed(CUT + DELAY)
    one.opening(OPENED + 1)
    assert closed(one, 101.9, 102.1, 103.6) == [False, True, False]


@pytest.mark.parametrize("rest", [0, DELAY])
def test_a_second_cut_that_drops_takes_all_that_was_to_come(rest: int) -> None:
    one = judge()
    one.closed(CUT + rest)
    one.opening(OPENED)
    one.closed(AGAIN)
    assert closed(one, 101.1, 101.9, 102.6, 200) == [True] * 4
    assert closed(one, 99.9) == [False]


def test_a_closing_that_drops_behind_one_that_did_not() -> None:
    one = judge()
    one.closed(CUT + DELAY)
    one.closed(AGAIN)
    assert closed(one, 100.9, 101.1) == [False, True]


CAPTIONS = "WEBVTT\nX-TIMESTAMP-MAP=MPEGTS:0,LOCAL:00:00:00.000\n\n00:01:{:06.3f} --> 00:01:50.000\n{}\n"


@pytest.mark.parametrize(
    ("seconds", "line", "found"),
    [
        (39.9, PUBLIC_LINE, []),
        (40.1, PUBLIC_LINE, ["captions.m3u8 one: caption at 100.100 s, behind a closed gate"]),
        (39.9, f"about {SECRET}", ["captions.m3u8 one: private caption"]),
    ],
)
def test_captions_are_read_and_have_their_time(seconds: float, line: str, found: list[str]) -> None:
    one = judge()
    one.closed(CUT)
    one.media("captions.m3u8", "one", CAPTIONS.format(seconds, line).encode())
    assert one.verdict.found == found
    assert one.verdict.lines["captions.m3u8"] == (line == PUBLIC_LINE)
