"""The invented council of ``moothall demo``: everything one needs to walk through a meeting."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from hub.domain.desk import Desk
from hub.domain.errors import Conflict
from hub.domain.hashes import hashed
from hub.domain.local_time import LONDON
from hub.domain.models import AgendaItem, Attendee, Committee, Document, Meeting, Registration, key
from hub.domain.people import Role, Staff
from hub.domain.services.accounts import add_user, new_sign_in_link, staff_by_email
from hub.domain.services.agenda import free_ref
from hub.domain.services.stream_keys import SOURCES, ensure_key
from hub.domain.states.meeting import RUNNING, MeetingState
from hub.domain.states.speaker import LINK_WORKS, SpeakerState
from hub.domain.working_days import is_working_day

COUNCIL = "Ouseby City Council"
AGENDA_SYSTEM = "https://democracy.ouseby.example"
CLERK = "clerk@ouseby.example"
REGISTRATION_HOURS = 3
"""Registration for the demo's live meeting stays open while it runs, so that one can try the form."""
_FIRST_ID = 900_000
"""Numbers in the invented agenda system, far from those of real ones."""


@dataclass(frozen=True, slots=True)
class Seed:
    """What the demo prints."""

    meeting_ref: str
    sign_in_token: str
    speaker_token: str
    stream_key: str
    clerk: Staff


@dataclass(frozen=True, slots=True)
class _Item:
    number: str
    title: str
    text: str = ""
    paper: str = ""
    speak: bool = False
    restricted: bool = False


_AGENDA = (
    _Item("1.", "Apologies for absence"),
    _Item(
        "2.",
        "Declarations of interest",
        "Members are asked to declare any interest that is not in the register.",
    ),
    _Item(
        "3.", "Minutes of the last meeting", "To approve the minutes as a correct record.", "Draft minutes"
    ),
    _Item("4.", "Public participation", "Residents who have registered may speak for three minutes each."),
    _Item(
        "5.",
        "Mill Lane: twelve homes and a footpath",
        "Full application on the former coal yard, with a footpath to the river.",
        "Officer's report: Mill Lane",
        speak=True,
    ),
    _Item(
        "6.",
        "The Old Library: change of use to a community kitchen",
        "Change of use, with a new ramp to Castle Street.",
        "Officer's report: the Old Library",
        speak=True,
    ),
    _Item(
        "7.", "Tree preservation order: Ousegate limes", "To confirm the order.", "Plan and schedule of trees"
    ),
    _Item("8.", "Appeals and enforcement, quarterly report", "", "Quarterly report"),
    _Item("9.", "Exempt report (paragraph 3)", restricted=True, paper="Exempt report"),
)
_MEMBERS = (
    ("Councillor Nia Prosser", "Chair", "Present", "Independent", "Castle"),
    ("Councillor Tom Ibbotson", "Vice-Chair", "Present", "Labour", "Ousegate"),
    ("Councillor Ruth Adeyemi", "Committee Member", "Present", "Liberal Democrat", "Mill Lane"),
    ("Councillor George Hale", "Committee Member", "Apologies", "Conservative", "Northfield"),
)


async def seed(desk: Desk) -> Seed:
    """Fill the database, or find again what is there: links are made anew, nothing is doubled."""
    clerk = await _ensure_clerk(desk)
    async with desk.store.write() as session:
        now = desk.clock.now()
        planning = await _committee(session, "Planning Committee A", _FIRST_ID + 1)
        executive = await _committee(session, "Executive", _FIRST_ID + 2)
        meeting = await _meeting_now(session, planning, now)
        coming = [
            await _upcoming(session, executive, now + timedelta(days=9)),
            await _upcoming(session, planning, now + timedelta(days=14)),
        ]
        for one in (meeting, *coming):
            for source in SOURCES:
                await ensure_key(session, desk.tokens, one, source)
        token = desk.tokens.new()
        await _residents(session, meeting, token, now)
        stream_key = await ensure_key(session, desk.tokens, meeting)
    return Seed(meeting.ref, await new_sign_in_link(desk, CLERK), token, stream_key, clerk)


async def _ensure_clerk(desk: Desk) -> Staff:
    try:
        return await add_user(desk, CLERK, "Ann Clark", Role.ADMIN)
    except Conflict:
        return await staff_by_email(desk, CLERK)  # From an earlier run.


async def _committee(session: AsyncSession, name: str, modgov_id: int) -> Committee:
    found = (await session.exec(select(Committee).where(Committee.modgov_id == modgov_id))).first()
    if found is None:
        found = Committee(name=name, modgov_id=modgov_id, base_url=AGENDA_SYSTEM)
        session.add(found)
        await session.flush()
    return found


async def _meeting_now(session: AsyncSession, committee: Committee, now: datetime) -> Meeting:
    """Today's meeting: the one that is under way after a restart, or a new one."""
    unfinished = select(Meeting).where(
        Meeting.committee_id == committee.id,
        col(Meeting.rehearsal_of).is_(None),
        col(Meeting.state).in_({MeetingState.SCHEDULED, *RUNNING}),
        Meeting.starts_at > now - timedelta(hours=12),
        Meeting.starts_at <= now,
    )
    meeting = (await session.exec(unfinished.order_by(col(Meeting.id).desc()))).first()
    if meeting is None:
        starts = now.replace(second=0, microsecond=0)
        closes = starts + timedelta(hours=REGISTRATION_HOURS)
        meeting = await _new_meeting(session, committee, starts, closes)
    return meeting


async def _upcoming(session: AsyncSession, committee: Committee, day: datetime) -> Meeting:
    evening = day.astimezone(LONDON).date()
    while not is_working_day(evening):
        evening += timedelta(days=1)
    starts = datetime.combine(evening, time(18, 30), LONDON)
    later = select(Meeting).where(
        Meeting.committee_id == committee.id,
        col(Meeting.rehearsal_of).is_(None),
        Meeting.starts_at > day - timedelta(days=7),
    )
    found = (await session.exec(later)).first()
    return found or await _new_meeting(session, committee, starts)


async def _new_meeting(
    session: AsyncSession, committee: Committee, starts: datetime, closes: datetime | None = None
) -> Meeting:
    meeting = Meeting(
        ref=await free_ref(session, starts, committee.name),
        committee_id=key(committee),
        title=committee.name,
        location="The Guildhall, St Helen's Square",
        agenda_status="Confirmed",
        starts_at=starts,
        registration_closes_at=closes,
    )
    session.add(meeting)
    await session.flush()
    meeting.modgov_id = _FIRST_ID + key(meeting)
    for position, planned in enumerate(_AGENDA, start=1):
        await _new_item(session, meeting, position, planned)
    for name, role, attendance, party, ward in _MEMBERS:
        session.add(
            Attendee(
                meeting_id=key(meeting), name=name, role=role, attendance=attendance, party=party, ward=ward
            )
        )
    return meeting


async def _new_item(session: AsyncSession, meeting: Meeting, position: int, planned: _Item) -> None:
    item = AgendaItem(
        meeting_id=key(meeting),
        position=position,
        number=planned.number,
        title=planned.title,
        text_html=f"<p>{planned.text}</p>" if planned.text else "",
        restricted=planned.restricted,
        public_can_speak=planned.speak,
    )
    session.add(item)
    await session.flush()
    item.modgov_id = _FIRST_ID + key(item)
    if planned.paper:
        number = _FIRST_ID + key(item)
        address = "" if planned.restricted else f"{AGENDA_SYSTEM}/documents/s{number}/report.pdf"
        session.add(
            Document(
                item_id=key(item),
                modgov_id=number,
                title="" if planned.restricted else planned.paper,
                url=address,
                restricted=planned.restricted,
            )
        )


async def _residents(session: AsyncSession, meeting: Meeting, token: str, now: datetime) -> None:
    """Sam is confirmed and gets the link; Priya's registration waits for the clerk."""
    items = select(AgendaItem).where(AgendaItem.meeting_id == meeting.id, col(AgendaItem.public_can_speak))
    mill_lane, library = (await session.exec(items.order_by(col(AgendaItem.position)))).all()
    mine = select(Registration).where(
        Registration.meeting_id == meeting.id,
        Registration.email == "sam.lee@example.org",
        col(Registration.state).in_(LINK_WORKS),
    )
    sam = (await session.exec(mine)).first()
    if sam is not None:
        sam.token_hash = hashed(token)
        return
    places = select(Registration.place).where(Registration.meeting_id == meeting.id)
    place = max((await session.exec(places)).all(), default=0)
    session.add(
        Registration(
            meeting_id=key(meeting),
            item_id=mill_lane.id,
            name="Sam Lee",
            email="sam.lee@example.org",
            summary="The footpath to the river should be open before the first home is sold.",
            state=SpeakerState.CONFIRMED,
            token_hash=hashed(token),
            place=place + 1,
            submitted_at=now,
        )
    )
    if place == 0:
        session.add(
            Registration(
                meeting_id=key(meeting),
                item_id=library.id,
                name="Priya Nair",
                phone="01632 960 001",
                summary="For the kitchen, on behalf of the Castle Street residents.",
                token_hash=hashed(f"priya {token}"),
                place=2,
                submitted_at=now,
            )
        )
