"""The still of what the public see, as the studio gives it to the hub for ``snapshot.jpg``."""

import asyncio
import base64
from collections.abc import Callable
from contextlib import suppress

from media.control.command import Disconnected, Refused
from media.control.picture import TakePicture
from tests.gate.judge import Judge
from tests.gate.marks import Mark, look_at_still
from tests.gate.meeting import Meeting


class Stills:
    """``closed``: whether the gate has been closed for certain."""

    def __init__(self, judge: Judge, closed: Callable[[], bool]) -> None:
        self._judge = judge
        self._closed = closed
        self.count = 0

    async def take(self, meeting: Meeting) -> None:
        """Ask the studio. One that is dead gives nothing."""
        closed_before = self._closed()
        with suppress(OSError, Disconnected, Refused):
            picture = await meeting.studio(TakePicture())
            await self.search("the still", base64.b64decode(picture.jpeg), closed_before=closed_before)

    async def search(self, where: str, jpeg: bytes, *, closed_before: bool) -> None:
        """``closed_before``: the gate was closed when it was asked for."""
        marks = await asyncio.to_thread(look_at_still, jpeg)
        self.count += 1
        if Mark.PRIVATE in marks or (marks and closed_before and self._closed()):
            self._judge.accuse(f"{where} shows {', '.join(sorted(marks))}")
