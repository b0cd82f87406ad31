"""From ModGov into the database: everything is fetched and read first, then applied in one unit of work."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from hub.adapters.modgov.client import ModGovClient, Pause
from hub.adapters.modgov.errors import ModGovError
from hub.domain.clock import Clock, SystemTokens, Tokens
from hub.domain.imported import ImportedCommittee, ImportedMeeting
from hub.domain.services.agenda import AppliedMeeting, apply_meetings
from hub.domain.store import Store


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What an import did."""

    committee: str
    meetings: tuple[AppliedMeeting, ...]
    hidden: tuple[int, ...]
    """Meetings that ModGov lists and does not show."""


async def import_modgov(
    store: Store,
    clock: Clock,
    base_url: str,
    committee_id: int,
    date_from: date,
    date_to: date,
    progress: Callable[[str], None],
    *,
    tokens: Tokens | None = None,
    pause: Pause = asyncio.sleep,
) -> ImportReport:
    """Import a committee's meetings of these days, both included. Importing again updates.

    ``progress`` gets a sentence before each request. Raises ``ModGovError``, and then nothing was changed.
    """
    if date_from > date_to:
        raise ModGovError(f"The first day, {date_from}, is after the last, {date_to}.")
    async with ModGovClient(base_url, pause=pause) as client:
        progress(f"Asking {client.base_url} for the meetings of committee {committee_id}")
        title, listed = await client.meetings(committee_id, date_from, date_to)
        fetched: list[ImportedMeeting] = []
        hidden: list[int] = []
        for line in listed:
            progress(f"Reading meeting {line.modgov_id} of {line.day:%d/%m/%Y}")
            meeting = await client.meeting(line.modgov_id)
            if meeting is None:
                hidden.append(line.modgov_id)
            else:
                fetched.append(meeting)
        if not fetched:
            return ImportReport(title, (), tuple(hidden))
        committee = ImportedCommittee(committee_id, title or f"Committee {committee_id}")
        applied = await apply_meetings(
            store, clock, tokens or SystemTokens(), client.base_url, committee, fetched
        )
    return ImportReport(title, tuple(applied), tuple(hidden))
