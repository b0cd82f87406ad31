"""“Can’t hear?”: the commonest failure of a webcast, reported by those who notice it first."""

from sqlmodel import select

from hub.domain.commands.core import Args, Call, command
from hub.domain.commands.moves import look
from hub.domain.errors import IllegalTransition, TooMany
from hub.domain.limits import HEARING
from hub.domain.models import HearingReport, key
from hub.domain.people import Staff, Viewer
from hub.domain.programme import seconds_now
from hub.domain.states.meeting import MeetingState

NOT_ON_AIR = "The meeting is not being broadcast just now, so there is nothing to hear."


class Report(Args):
    pass


@command("hearing.report", Viewer)
async def report(call: Call, args: Report) -> None:
    """Say that one cannot hear the meeting. A device counts once a minute, however often it says so."""
    seconds = await seconds_now(call.desk, call.ref, (await look(call)).epoch_ms)
    async with call.change() as change:
        if change.meeting.state is not MeetingState.LIVE:
            raise IllegalTransition(NOT_ON_AIR)
        device, place = ("", "")
        if isinstance(call.actor, Viewer):
            device, place = call.actor.device, call.actor.place
        wait = call.desk.limits.spend(HEARING, change.now, meeting=call.ref, device=device, place=place)
        if wait:
            raise TooMany(f"That was a lot at once. Try again in {wait} seconds.", seconds=wait)
        minute = int(change.now.timestamp() // 60)
        mine = HearingReport.meeting_id == change.meeting.id, HearingReport.device == device
        said = select(HearingReport).where(*mine, HearingReport.minute == minute)
        if (await change.session.exec(said)).first() is None:
            change.session.add(
                HearingReport(
                    meeting_id=key(change.meeting),
                    device=device,
                    minute=minute,
                    at=change.now,
                    seconds=round(seconds, 3),
                )
            )


@command("hearing.clear", Staff)
async def clear(call: Call, args: Report) -> None:
    """An officer has taken note: what comes from now on is news again."""
    async with call.change() as change:
        change.meeting.hearing_seen_at = change.now
        change.audit("hearing.clear", change.meeting.ref)
