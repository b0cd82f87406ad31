"""The outbox of addresses: what is due, how each letter stands now, and what came of it (see ``outbox``)."""

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from hub.domain.desk import Desk
from hub.domain.letters import AddressLetter
from hub.domain.models import Address, AddressMail, Confirmation, Meeting, Post, Topic
from hub.domain.services.delivery import Outcome, end, note
from hub.domain.states.mail import MailEvent, MailState
from hub.domain.states.post import PostState


async def due(desk: Desk, at_most: int) -> list[int]:
    """The numbers of letters to be tried now, those that wait longest first."""
    waiting = select(AddressMail.id).where(
        AddressMail.state == MailState.WAITING, AddressMail.next_at <= desk.clock.now()
    )
    async with desk.store.read() as session:
        numbers = (await session.exec(waiting.order_by(col(AddressMail.next_at)).limit(at_most))).all()
    return [number for number in numbers if number is not None]


async def letter(desk: Desk, number: int) -> AddressLetter | None:
    """A letter as it has to be written now. None: it is not wanted any more, which is noted."""
    async with desk.store.write() as session:
        mail = await session.get(AddressMail, number)
        if mail is None or mail.state is not MailState.WAITING:
            return None
        address = await session.get_one(Address, mail.address_id)
        written = await _confirm(desk, session, mail, address)
        if written is None:
            end(mail, MailEvent.GIVE_UP, "It was not needed any more.", desk.clock.now())
        return written


async def settle(desk: Desk, sent: AddressLetter, outcome: Outcome) -> None:
    """Note what came of it; nothing, when the address was forgotten meanwhile."""
    async with desk.store.write() as session:
        mail = await session.get(AddressMail, sent.number)
        if mail is None or mail.state is not MailState.WAITING or mail.times != sent.times:
            return
        note(mail, outcome, desk.clock.now())
        meeting = await _shows_it(session, sent.meeting_ref)
        if meeting is not None:
            meeting.version += 1
    if sent.meeting_ref:
        await desk.announcer.meeting_changed(sent.meeting_ref)


async def _shows_it(session: AsyncSession, ref: str) -> Meeting | None:
    """The meeting whose console shows what became of the letter."""
    return (await session.exec(select(Meeting).where(Meeting.ref == ref).with_for_update())).first()


async def _confirm(
    desk: Desk, session: AsyncSession, mail: AddressMail, address: Address
) -> AddressLetter | None:
    confirmation = await session.get(Confirmation, mail.subject_id)
    if confirmation is None or confirmation.confirmed_at is not None:
        return None
    waiting = select(Topic, Meeting).where(
        Post.confirmation_id == confirmation.id,
        Post.state == PostState.UNCONFIRMED,
        Post.topic_id == Topic.id,
        Topic.meeting_id == Meeting.id,
    )
    found = (await session.exec(waiting)).first()
    if found is None:
        return None
    topic, meeting = found
    return AddressLetter(
        number=mail.id or 0,
        times=mail.times,
        kind=mail.kind,
        to=address.email,
        language=address.language,
        token=desk.links.of(confirmation) or desk.links.renew(confirmation, desk.tokens),
        meeting_ref=meeting.ref,
        meeting_title=meeting.title,
        starts_at=meeting.starts_at,
        topic=topic.title,
    )
