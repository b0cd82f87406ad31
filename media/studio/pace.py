"""Whether the machine keeps up with the programme: how many of its latest pictures were late and left out."""

from collections import deque
from collections.abc import Iterator

from media.control.alarm import Alarm

WINDOW_SECONDS = 10.0
BUSY, KEEPS_UP = 0.2, 0.05
"""Shares of the pictures of a window: a fifth left out is seen by all, a twentieth by hardly anybody."""


class Pace:
    """``too_busy`` begins with a share of ``BUSY`` in one window and ends with ``KEEPS_UP``.

    ``period``: seconds from picture to picture. Any thread may ask; one tells.
    """

    def __init__(self, period: float) -> None:
        self.too_busy = False
        self._window = round(WINDOW_SECONDS / period)
        self._latest: deque[bool] = deque()
        self._left_out = 0

    def alarms(self) -> Iterator[Alarm]:
        """What the clerk should know."""
        if self.too_busy:
            yield Alarm(
                code="too_busy",
                sentence="This machine is too busy: it leaves out many of the programme’s pictures. What the "
                "public see jerks; its sound goes on. End what else runs on the machine.",
            )

    def put(self, *, left_out: bool) -> None:
        """The next picture of the programme, or that there is none."""
        if len(self._latest) == self._window:
            self._left_out -= self._latest.popleft()
        self._latest.append(left_out)
        self._left_out += left_out
        share = self._left_out / self._window
        self.too_busy = share > (KEEPS_UP if self.too_busy else BUSY)
