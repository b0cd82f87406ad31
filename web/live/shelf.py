"""What an LL-HLS origin answered, for all who ask for the same: fetched once, kept as long as it may be."""

import asyncio
import re
from collections import Counter, OrderedDict
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeAlias

from media.clock import Clock

Key: TypeAlias = tuple[str, ...]
"""Which origin, which file, with which directives, in which encoding."""

KEPT_BYTES = 64 * 1024 * 1024
"""The last half a minute of all renditions of several meetings, and places to which many rewind."""
AT_ONCE = 64
"""Answers that are given before others have their turn."""
WAITING_LIMIT = 20_000
"""Requests that may wait at one time, of all meetings."""
PLACE_SHARE = 0.25
"""Of these, for one address: a hall full of people may be behind one, and may never keep all others out."""
_MAX_AGE = re.compile(r"(?:^|[\s,])max-age=(\d{1,9})")


class TooManyWait(Exception):  # noqa: N818  it is a state of the house, not a mistake
    """As many requests as the hub will hold are held already, in all or of one address."""


@dataclass(slots=True)
class Kept:
    """One answer, whole, for many."""

    status: int
    headers: dict[str, str]
    body: bytes
    since: float
    """When it came, by the monotonic clock."""
    head: bytes = b""
    """Its headers as they go to viewers, once they have been written down."""

    @property
    def seconds(self) -> int:
        """For how long it may be given to others (Cache-Control)."""
        said = self.headers.get("Cache-Control", "")
        found = _MAX_AGE.search(said)
        return int(found[1]) if found and "no-store" not in said else 0


Fetch: TypeAlias = Callable[[], Coroutine[Any, Any, Kept]]


class Shelf:
    """Answers by key. Those who ask while one is being fetched wait for that one."""

    def __init__(self, clock: Clock, limit: int = KEPT_BYTES) -> None:
        self._clock = clock
        self._limit = limit
        self._kept: OrderedDict[Key, Kept] = OrderedDict()
        self._size = 0
        self._waiting: dict[Key, list[asyncio.Future[Kept]]] = {}
        self._errands: dict[Key, asyncio.Task[Kept]] = {}
        self._held: Counter[str] = Counter()
        """How many wait, by where they are."""
        self._held_in_all = 0

    async def get(self, key: Key, fetch: Fetch, place: str = "") -> Kept:
        """The answer that is kept, or what ``fetch`` brings. Raises what that raises, and ``TooManyWait``.

        ``place``: the address that asks.
        """
        kept = self._kept.get(key)
        if kept is not None and self.age(kept) < kept.seconds:
            self._kept.move_to_end(key)
            return kept
        if self._held_in_all >= WAITING_LIMIT or self._held[place] >= WAITING_LIMIT * PLACE_SHARE:
            raise TooManyWait
        if key not in self._errands:
            self._waiting[key] = []
            self._errands[key] = asyncio.create_task(fetch())
            self._errands[key].add_done_callback(partial(self._arrived, key))
        answer: asyncio.Future[Kept] = asyncio.get_running_loop().create_future()
        self._waiting[key].append(answer)
        with self._holding(place):
            return await answer

    @contextmanager
    def _holding(self, place: str) -> Iterator[None]:
        self._held_in_all += 1
        self._held[place] += 1
        try:
            yield
        finally:
            self._held_in_all -= 1
            self._held[place] -= 1
            if not self._held[place]:
                del self._held[place]

    def received(self, status: int, headers: dict[str, str], body: bytes) -> Kept:
        """An answer that came now."""
        return Kept(status, headers, body, self._clock.monotonic())

    def age(self, kept: Kept) -> float:
        """Seconds since it came."""
        return self._clock.monotonic() - kept.since

    async def close(self) -> None:
        """Stop all errands: whoever waits is told."""
        errands = list(self._errands.values())
        for errand in errands:
            errand.cancel()
        await asyncio.gather(*errands, return_exceptions=True)

    def _arrived(self, key: Key, errand: asyncio.Task[Kept]) -> None:
        """Whoever asks from now on does so anew. A fault is heard by those who still wait, if any do."""
        del self._errands[key]
        answers = [answer for answer in self._waiting.pop(key) if not answer.done()]
        if errand.cancelled():
            for answer in answers:
                answer.cancel()
        elif (fault := errand.exception()) is not None:
            for answer in answers:
                answer.set_exception(fault)
        else:
            self._keep(key, errand.result())
            self._give(errand.result(), answers)

    def _give(self, kept: Kept, answers: list[asyncio.Future[Kept]]) -> None:
        """Others of the hub's, such as a press of “private”, have their turn between hundreds of answers."""
        for answer in answers[:AT_ONCE]:
            if not answer.done():
                answer.set_result(kept)
        if len(answers) > AT_ONCE:
            asyncio.get_running_loop().call_soon(self._give, kept, answers[AT_ONCE:])

    def _keep(self, key: Key, kept: Kept) -> None:
        if (old := self._kept.pop(key, None)) is not None:
            self._size -= len(old.body)
        if not kept.seconds:
            return
        self._kept[key] = kept
        self._size += len(kept.body)
        while self._size > self._limit:
            self._size -= len(self._kept.popitem(last=False)[1].body)
