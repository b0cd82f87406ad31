"""What one viewer may have again: what they were sent, not too often, not too much."""

from collections.abc import Iterable, Mapping

from media.relay.lane import Lane
from media.relay.limits import TokenBucket
from media.relay.stream import Format, Packet

RATE = 75.0
"""Packets a second that one viewer may ask for again: about a quarter of a programme."""
BURST = 200.0
SECONDS = 0.05
"""A packet is not repeated to one viewer sooner than this: the first repetition may still be under way."""


class Resends:
    """Answers for one viewer."""

    def __init__(self, lanes: Mapping[int, Lane]) -> None:
        self._lanes = lanes
        self._budget = TokenBucket(RATE, BURST)
        self._sent: dict[tuple[int, int], float] = {}

    def answer(self, lost: Iterable[tuple[int, int]], now: float) -> list[tuple[Packet, Format]]:
        """The packets for a NACK, each in the format in which it was sent first."""
        return [found for ssrc, sequence in lost if (found := self._one(ssrc, sequence, now))]

    def _one(self, ssrc: int, sequence: int, now: float) -> tuple[Packet, Format] | None:
        lane = self._lanes.get(ssrc)
        found = lane.find(sequence) if lane else None
        if found is None or now - self._sent.get((ssrc, sequence), float("-inf")) < SECONDS:
            return None
        if not self._budget.take(now):
            return None
        if len(self._sent) >= 2 * BURST:
            self._sent.clear()
        self._sent[ssrc, sequence] = now
        return found
