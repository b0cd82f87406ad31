"""What is asked of everybody who watches before they may do something: order, and not too much at once."""

from sqlmodel import col, select

from hub.domain.commands.core import Call, Change
from hub.domain.errors import Forbidden, TooMany
from hub.domain.limits import Limit
from hub.domain.models import Removal
from hub.domain.people import Viewer


def device_of(call: Call) -> str:
    """The random id of the viewer's browser."""
    return call.actor.device if isinstance(call.actor, Viewer) else ""


async def take_part(call: Call, change: Change, limit: Limit) -> None:
    """Refuse who was removed, what is frozen, and what is too much at once."""
    await refuse_removed(call, change)
    if change.meeting.questions_frozen:
        raise Forbidden("Questions are paused for the moment. Try again in some minutes.")
    spend(call, change, limit)


async def refuse_removed(call: Call, change: Change) -> None:
    """Refuse a device that an officer has removed from the meeting."""
    removed = select(Removal).where(
        Removal.meeting_id == change.meeting.id,
        Removal.device == device_of(call),
        col(Removal.ended_at).is_(None),
    )
    if (removal := (await change.session.exec(removed)).first()) is not None:
        raise Forbidden(f"You can no longer ask or vote in this meeting. The reason: “{removal.reason}”.")


def spend(call: Call, change: Change, limit: Limit) -> None:
    """Refuse what is too much at once, and nothing else."""
    place = call.actor.place if isinstance(call.actor, Viewer) else ""
    seconds = call.desk.limits.spend(limit, change.now, meeting=call.ref, device=device_of(call), place=place)
    if seconds:
        words = f"That was a lot at once. Try again in {seconds} seconds."
        raise TooMany(words, seconds=seconds)
