"""The order in which speakers are called, when officers want another than the rules say."""

from pydantic import Field
from sqlmodel import col, select

from hub.domain.commands.core import Args, Call, Change, Id, command
from hub.domain.errors import Conflict
from hub.domain.models import Registration, key
from hub.domain.people import Part, Staff
from hub.domain.states.speaker import MOVABLE


class Reorder(Args):
    registration_ids: list[Id] = Field(max_length=500)
    """The whole list, the next to be called first."""


@command("speaker.reorder", Staff)
async def reorder(call: Call, args: Reorder) -> None:
    """Everybody who is ready or expected. Who is called or on air stays first, whatever the list says.

    Who is confirmed later stands behind, by the rules.
    """
    async with call.change() as change:
        rows = {key(row): row for row in await _movable(change)}
        if sorted(args.registration_ids) != sorted(rows):
            raise Conflict("Somebody came, left or was called meanwhile: look at the list again.")
        before = sorted((row for row in rows.values() if row.rank is not None), key=lambda row: row.rank or 0)
        for rank, number in enumerate(args.registration_ids, start=1):
            rows[number].rank = rank
        change.audit(
            "speaker.reorder",
            change.meeting.ref,
            before=", ".join(str(row.id) for row in before),
            after=", ".join(map(str, args.registration_ids)),
        )


async def _movable(change: Change) -> list[Registration]:
    wanted = select(Registration).where(
        Registration.meeting_id == change.meeting.id,
        col(Registration.part) == Part.SPEAKER,
        col(Registration.state).in_(MOVABLE),
    )
    return list((await change.session.exec(wanted)).all())
