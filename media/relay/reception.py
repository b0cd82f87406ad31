"""What a viewer's receiver reports add up to, second by second.

Browsers put a report beside every request to send something again: one lost packet of three is a third, and
means nothing. What is lost is counted by the totals, and what was repaired is not lost.
"""

from media.relay.rtcp import Received

SECONDS = 0.7
"""From one sum to the next: reports that come once a second, more or less, are one each."""
TELLING_PACKETS, TELLING_SHARE = 60, 0.25
"""Where a queue has grown as well, so many and so large a share are no accident: nothing is waited for.
Without one it may have been a hole of a quarter of a second, and most of it comes again."""
SILENCE_SECONDS = 2.5
"""After so long without a report there was an outage, and what was lost in it says nothing of the line. If it
is always so long, then it is the reports that are slow."""


class Reception:
    """One viewer's, of one source at a time."""

    def __init__(self) -> None:
        self._since: float | None = None
        self._heard: float | None = None
        self._forgiven = False
        self._block: Received | None = None

    def take(self, block: Received, now: float, *, queued: bool = False) -> float | None:
        """The share of packets lost since the last sum; ``None`` while there is none to be made.

        ``queued``: the viewer is further behind than usual on this line.
        """
        silent = self._heard is None or now - self._heard > SILENCE_SECONDS
        forgiven, self._forgiven = silent and not self._forgiven, silent
        self._heard = now
        before = self._block
        if forgiven or before is None or self._since is None or before.ssrc != block.ssrc:
            self._since, self._block = now, block
            return None
        lost, share = _between(before, block)
        telling = queued and lost >= TELLING_PACKETS and share >= TELLING_SHARE
        if now - self._since < SECONDS and not telling:
            return None
        self._since, self._block = now, block
        return share


def _between(before: Received, after: Received) -> tuple[int, float]:
    """How many packets were lost, and which share."""
    expected = (after.highest - before.highest) & 0xFFFFFFFF
    if not 0 < expected < 0x80000000:
        return 0, 0.0
    lost = max(0, after.lost - before.lost)
    return lost, min(1.0, lost / expected)
