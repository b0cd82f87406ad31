"""Notices what ``moothall import`` brought in from another process, so that open pages are told."""

import asyncio

import structlog
from sqlalchemy.exc import SQLAlchemyError

from hub.domain import views
from hub.domain.desk import Desk

log = structlog.get_logger(__name__)

LOOK_EVERY = 2.0
OVERLAP = 200
"""Audit entries that are looked at again: PostgreSQL may show a lower number after a higher one."""


class ImportWatch:
    """Looks into the audit log for imports that nobody here knows of yet."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._newest: int | None = None
        self._seen: set[int] = set()

    async def follow(self) -> None:
        """For ever. A database that is away is asked again."""
        while True:
            try:
                for ref in await self.look():
                    log.info("import_noticed", meeting=ref)
                    await self._desk.announcer.meeting_changed(ref)
            except (SQLAlchemyError, OSError) as error:
                log.warning("imports_not_looked_for", error=str(error))
            await asyncio.sleep(LOOK_EVERY)

    async def look(self) -> list[str]:
        """Refs of the meetings that were imported since the last look; none at the first."""
        before = self._newest
        self._newest = await views.newest_entry(self._desk)
        since = max(0, (self._newest if before is None else before) - OVERLAP)
        found = await views.imports_after(self._desk, since)
        new = {ref for number, ref in found.items() if number not in self._seen}
        self._seen = set(found)
        return [] if before is None else sorted(new)
