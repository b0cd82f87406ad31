"""Carries out how long recordings are kept: once a minute, in the database first and then on the disk."""

import asyncio

import structlog
from sqlalchemy.exc import SQLAlchemyError

from hub.domain.commands.expiry import expire_due, expired_among
from hub.domain.desk import Desk
from hub.domain.ports import Archive

log = structlog.get_logger(__name__)

LOOK_EVERY = 60.0


class RecordingKeeper:
    """One for all meetings of a hub."""

    def __init__(self, desk: Desk, archive: Archive) -> None:
        self._desk = desk
        self._archive = archive

    async def follow(self) -> None:
        """For ever. A database or a disk that is away is asked again."""
        while True:
            try:
                await self.look()
            except (SQLAlchemyError, OSError) as error:
                log.warning("recordings_not_looked_through", error=str(error))
            await asyncio.sleep(LOOK_EVERY)

    async def look(self) -> list[str]:
        """Take from the public what is past its last day, and delete it. Refs of what was deleted."""
        for ref in await expire_due(self._desk):
            log.info("recording_expired", meeting=ref)
        deleted = []
        for ref in await expired_among(self._desk, await self._archive.held()):
            try:
                await self._archive.delete(ref)
            except OSError as error:
                # The public have nothing of it, and the next round tries again.
                log.error("recording_not_deleted", meeting=ref, error=str(error))
                continue
            log.info("recording_deleted", meeting=ref)
            deleted.append(ref)
        return deleted
