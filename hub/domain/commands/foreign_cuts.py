"""A gate that was closed past the hub (``moothall cut``, or while the database was down) is taken down too.

Until then the pages would say that the meeting is live, and show what the console writes for the public.
"""

from datetime import datetime

from hub.domain.commands.closing import bring_forward
from hub.domain.commands.core import Change
from hub.domain.commands.moves import move
from hub.domain.desk import Desk
from hub.domain.meetings import find_meeting
from hub.domain.people import House
from hub.domain.ports import Slate
from hub.domain.programme import wall_seconds
from hub.domain.states.meeting import MeetingEvent, MeetingState
from hub.domain.titles import PRIVATE_SESSION

LABELS = {
    MeetingEvent.FAULT: "Broadcast interrupted",
    MeetingEvent.ADJOURN: "Adjourned",
    MeetingEvent.GO_PRIVATE: PRIVATE_SESSION,
}
REASON = "The gate was closed past the console."


async def take_down(desk: Desk, ref: str, event: MeetingEvent, slate: Slate, since: datetime) -> bool:
    """Write down a cut that nobody wrote down; whether there was one. The studio is not troubled.

    ``slate`` is what the public see since ``since``. Raises ``NotFound`` and the database's errors.
    """
    async with desk.store.write() as session:
        meeting = await find_meeting(session, ref, lock=True, rehearsals=True)
        if meeting.state is not MeetingState.LIVE:
            return False
        change = Change(session, meeting, House(), desk.clock.now())
        seconds = wall_seconds(meeting.epoch_ms, since)
        move(change, event, slate, REASON, since)
        await bring_forward(change, seconds)
        change.stamp("gate", LABELS[event], seconds)
        meeting.version += 1
    await desk.announcer.meeting_changed(ref)
    return True
