"""The parts of a meeting that the public did not see: when, and in which words they were told why.

An edit of a public record that nobody is told of is what residents suspect. So every time at which the gate
was closed is listed, live and for as long as the recording is kept.
"""

from collections.abc import Sequence
from datetime import datetime
from itertools import zip_longest

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from hub.domain.models import Meeting, StateChange, key
from hub.domain.snapshots import Snapshot
from hub.domain.states.meeting import CLOSED


class WithheldView(Snapshot):
    """One time at which the public had a slate and silence in place of the meeting."""

    state: str
    """``private``, ``adjourned``, ``suspended`` or ``technical``."""
    since: datetime
    until: datetime | None
    """None: it goes on."""
    title: str
    lines: list[str]
    """The words on the slate."""


async def load_withheld(session: AsyncSession, meeting: Meeting) -> list[WithheldView]:
    """Those of a meeting, in order."""
    changes = select(StateChange).where(StateChange.meeting_id == key(meeting))
    return withheld((await session.exec(changes.order_by(col(StateChange.id)))).all())


def withheld(changes: Sequence[StateChange]) -> list[WithheldView]:
    """The closed ones among states that followed each other."""
    return [
        WithheldView(
            state=change.state,
            since=change.since,
            until=following.since if following is not None else None,
            title=change.title,
            lines=change.lines,
        )
        for change, following in zip_longest(changes, changes[1:])
        if change.state in CLOSED
    ]
