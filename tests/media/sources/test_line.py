"""Bits a second and lost packets, from counts."""

import pytest

from media.sources.line import Arrived, Line, LineStatus


def looked(*counts: tuple[float, int, int, int]) -> list[LineStatus]:
    """What is told at each of these seconds, with these octets, packets expected and received."""
    line = Line()
    return [line.status(at, Arrived(octets, expected, received)) for at, octets, expected, received in counts]


def test_the_rate_is_of_the_last_five_seconds() -> None:
    steady = looked(*((float(at), 125_000 * at, 0, 0) for at in range(20)))
    assert steady[0] == LineStatus(), "nothing is known at first"
    assert {one.kilobits_per_second for one in steady[1:]} == {1000}
    ended = looked(*((float(at), 125_000 * min(at, 10), 0, 0) for at in range(20)))
    assert [one.kilobits_per_second for one in ended[10:]] == [1000, 800, 600, 400, 200, 0, 0, 0, 0, 0]


def test_who_asks_often_gets_the_same() -> None:
    often = looked(*((at / 10, 12_500 * at, 0, 0) for at in range(200)))
    assert {one.kilobits_per_second for one in often[6:]} == {1000}


def test_lost_packets_are_a_share_of_those_that_were_sent() -> None:
    told = looked((0, 0, 100, 100), (1, 1, 200, 195), (2, 2, 300, 295), (10, 3, 400, 395))
    assert [one.lost_percent for one in told] == [None, 5.0, 2.5, 0.0]


@pytest.mark.parametrize("received", [19, 25])
def test_a_few_packets_say_nothing_and_repeated_ones_are_no_gain(received: int) -> None:
    assert looked((0, 0, 0, 0), (1, 1, 19, received))[-1].lost_percent is None
    assert looked((0, 0, 0, 0), (1, 1, 20, 25))[-1].lost_percent == 0.0


def test_a_source_that_connects_anew_begins_anew() -> None:
    told = looked((0, 9000, 900, 900), (1, 10_000, 1000, 900), (2, 500, 50, 50), (3, 1000, 100, 100))
    assert told[2] == LineStatus()
    assert told[3] == LineStatus(4, 0.0)
