"""Watches whose sound and picture arrive, and has the places of those kept who were lost."""

import asyncio
from collections.abc import Callable, Collection

import structlog
from sqlalchemy.exc import SQLAlchemyError

from hub.domain.desk import Desk
from hub.domain.errors import DomainError
from hub.domain.services.places import look_after
from media.client import Engine
from media.control.feeds import FeedStatus
from media.control.studio import StudioStatus

log = structlog.get_logger(__name__)

LOOK_EVERY = 1.0
"""Seconds between two looks at a meeting in which somebody is missing."""

Signature = frozenset[tuple[str, bool]]


class PlaceKeeper:
    """``here``: the registrations whose page is open, by meeting ref."""

    def __init__(self, desk: Desk, engine: Engine, here: Callable[[str], Collection[int]]) -> None:
        self._desk = desk
        self._engine = engine
        self._here = here
        self._seen: dict[str, Signature] = {}
        self._looked: dict[str, float] = {}

    async def follow(self) -> None:
        """For ever. Statuses come four times a second, so that time passes here as well."""
        async for ref in self._engine.changes():
            try:
                status = (await self._engine.snapshot(ref)).studio
                if status is not None:
                    await self.look(ref, status)
            except (DomainError, SQLAlchemyError, OSError) as error:
                log.warning("places_not_looked_after", meeting=ref, error=str(error))

    async def look(self, ref: str, status: StudioStatus) -> None:
        """Look after a meeting, if anything is new or anybody missing. Raises as ``look_after``."""
        seen = {int(feed.source): _arrives(feed) for feed in status.feeds if _is_speaker(feed)}
        signature = frozenset((str(speaker), arrives) for speaker, arrives in seen.items())
        now = asyncio.get_running_loop().time()
        overdue = self._desk.room(ref).lost and now - self._looked.get(ref, 0.0) >= LOOK_EVERY
        if signature == self._seen.get(ref) and not overdue:
            return
        await look_after(self._desk, ref, seen, self._here(ref))
        self._seen[ref], self._looked[ref] = signature, now


def _is_speaker(feed: FeedStatus) -> bool:
    return feed.kind == "speaker" and feed.source.isdecimal()


def _arrives(feed: FeedStatus) -> bool:
    return feed.state in ("live", "connecting")
