"""The estimate of bandwidth that a sender is told, when its packets were gathered."""

from itertools import pairwise

import pytest
from aiortc.rate import RemoteBitrateEstimator

from media.sources.reception import ESTIMATE_SECONDS, SparingEstimator
from tests.media.studio.fakes import FakeClock

PACKETS, SIZE = 8, 1100
"""Of one picture, 25 times a second: 1.76 Mbit/s."""
SSRC = 7


class Sender:
    """Pictures in bursts of packets; a bottleneck delays them more and more while ``queue`` grows."""

    def __init__(self, *, gathered: bool) -> None:
        self.clock = FakeClock()
        self.estimator = SparingEstimator(RemoteBitrateEstimator(), self.clock)
        self.gathered = gathered
        self.told: list[tuple[float, int]] = []
        self.number = 0
        self.late = 0.0

    def send(self, seconds: float, slower: float = 0.0) -> None:
        """``slower``: seconds that each picture is later than the one before."""
        for _ in range(round(seconds * 25)):
            self.number += 1
            self.late += slower
            for packet in range(PACKETS):
                self.packet(self.number * 0.04 + packet * 0.0003)
            self.clock.advance(0.04)

    def packet(self, sent: float) -> None:
        arrival, stamp = round((sent + self.late) * 1000), round(sent * 2**18) & 0xFFFFFF
        if self.gathered and not self.estimator.due:
            self.estimator.gather(arrival, stamp, SIZE, SSRC)
        elif found := self.estimator.add(arrival, stamp, SIZE, SSRC):
            assert found[1] == [SSRC]
            self.told.append((self.clock.monotonic(), found[0]))


def both() -> tuple[Sender, Sender]:
    return Sender(gathered=True), Sender(gathered=False)


def test_it_is_told_what_it_would_be_without_gathering() -> None:
    gathered, each = both()
    gathered.send(30)
    each.send(30)
    assert gathered.told[-1][1] == pytest.approx(each.told[-1][1], rel=0.1)
    assert len(gathered.told) == pytest.approx(len(each.told), abs=5)


def test_it_is_told_twice_a_second_at_most_while_all_is_well() -> None:
    sender, _ = both()
    sender.send(20)
    times = [time for time, _ in sender.told]
    assert len(times) > 15
    assert min(after - before for before, after in pairwise(times)) >= ESTIMATE_SECONDS


def test_a_bottleneck_is_told_of_soon() -> None:
    for sender in both():
        sender.send(15)
        good = sender.told[-1][1]
        begun = sender.clock.monotonic()
        sender.send(2, slower=0.01)
        falls = [time for time, bits in sender.told if time > begun and bits < 0.9 * good]
        assert falls, "it was told to send less"
        assert falls[0] - begun < 1.0
