"""Raised hands: all that are up for officers, and each one's own for who raised it."""

from collections.abc import Collection

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from hub.domain.clock import milliseconds
from hub.domain.desk import Desk
from hub.domain.kind import MeetingKind
from hub.domain.meetings import find_meeting
from hub.domain.models import Meeting, RaisedHand, Registration, key
from hub.domain.snapshots import OwnHand, RaisedHandView
from hub.domain.states.meeting import RUNNING
from hub.domain.states.raised_hand import UP
from hub.domain.states.speaker import LINK_WORKS


async def load_raised(session: AsyncSession, meeting: Meeting) -> list[RaisedHandView]:
    """Those that are up, who waits longest first."""
    if meeting.kind is not MeetingKind.WEBINAR or meeting.state not in RUNNING:
        return []
    up = select(RaisedHand).where(RaisedHand.meeting_id == meeting.id, col(RaisedHand.state).in_(UP))
    return [
        RaisedHandView(id=key(hand), name=hand.name, state=hand.state, raised_ms=milliseconds(hand.raised_at))
        for hand in await session.exec(up.order_by(col(RaisedHand.id)))
    ]


async def own_hands(desk: Desk, ref: str, devices: Collection[str]) -> dict[str, OwnHand]:
    """The last hand of each of these devices, with the personal link that came of it, for nobody else.

    Nothing outside a webinar that is on. Raises ``NotFound``.
    """
    async with desk.store.read() as session:
        meeting = await find_meeting(session, ref)
        if meeting.kind is not MeetingKind.WEBINAR or meeting.state not in RUNNING or not devices:
            return {}
        raised = (
            select(RaisedHand, Registration)
            .join(Registration, col(Registration.id) == RaisedHand.registration_id, isouter=True)
            .where(RaisedHand.meeting_id == meeting.id)
        )
        rows = (await session.exec(raised.order_by(col(RaisedHand.id)))).all()
    return {hand.device: _own(desk, hand, speaker) for hand, speaker in rows if hand.device in devices}


def _own(desk: Desk, hand: RaisedHand, speaker: Registration | None) -> OwnHand:
    works = speaker is not None and speaker.state in LINK_WORKS
    token = desk.links.of(speaker) if speaker is not None and works else None
    return OwnHand(id=key(hand), name=hand.name, state=hand.state, token=token)
