"""From the ticker's thread to the event loop's, one batch for each tick."""

import asyncio
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

from media.access_unit import AccessUnit
from media.control.studio import LevelsMeasured
from media.sources.return_track import ReturnTrack
from media.sources.sound_buffer import Sound
from media.studio.private_room import Handover

MOST_WAITING = 300
"""Batches: ten seconds or more. An event loop that is away for longer loses the oldest."""


@dataclass(slots=True)
class Batch:
    """What one tick made."""

    units: list[AccessUnit] = field(default_factory=list)
    returns: list[tuple[ReturnTrack, Sound]] = field(default_factory=list)
    levels: LevelsMeasured | None = None
    private: Handover | None = None


class Outbox:
    """``put`` in the ticker's thread; ``deliver`` is called on the event loop's, in order."""

    def __init__(self, loop: asyncio.AbstractEventLoop, deliver: Callable[[Batch], None]) -> None:
        self._loop = loop
        self._deliver = deliver
        self._batches: deque[Batch] = deque(maxlen=MOST_WAITING)

    def put(self, batch: Batch) -> None:
        """Never blocks."""
        self._batches.append(batch)
        self._loop.call_soon_threadsafe(self._drain)

    def _drain(self) -> None:
        while self._batches:
            self._deliver(self._batches.popleft())
