"""Following meetings by e-mail: asking for it, and stopping it. What is told when is in ``notices``."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlmodel import col, delete, select
from sqlmodel.ext.asyncio.session import AsyncSession

from hub.domain.desk import Desk
from hub.domain.digest import compare, is_wanted
from hub.domain.errors import Forbidden, Invalid, NotFound, TooMany
from hub.domain.limits import FOLLOWING
from hub.domain.meetings import find_meeting
from hub.domain.models import (
    Address,
    AgendaItem,
    Committee,
    Confirmation,
    Follow,
    FollowKind,
    key,
)
from hub.domain.services import addresses
from hub.domain.services.forgetting import forget_if_unneeded
from hub.domain.services.meetings_ahead import ahead
from hub.domain.states.meeting import RUNNING, MeetingState
from hub.domain.text import optional

MOST_FOLLOWED = 50
"""By one address."""
TOPIC_CHARACTERS = 60


@dataclass(frozen=True, slots=True)
class Person:
    """Who asks: what they typed, and what their browser shows."""

    email: str
    proof: str
    language: str
    device: str
    place: str


@dataclass(frozen=True, slots=True)
class Target:
    """What is followed."""

    kind: FollowKind
    meeting_id: int | None = None
    item_id: int | None = None
    committee_id: int | None = None
    topic: str = ""


async def follow_meeting(desk: Desk, ref: str, person: Person, *, start: bool, items: Sequence[int]) -> bool:
    """Tell when it starts, and when these items are next. True: nothing is left to be confirmed."""
    async with desk.store.write() as session:
        meeting = await find_meeting(session, ref)
        if meeting.state not in (MeetingState.SCHEDULED, *RUNNING):
            raise Forbidden("The meeting is over.")
        targets = [Target(FollowKind.START, meeting_id=key(meeting))] if start else []
        for item_id in dict.fromkeys(items):
            item = await session.get(AgendaItem, item_id)
            if item is None or item.meeting_id != meeting.id or item.heading or item.removed:
                raise Invalid("Choose an item of the agenda.", field="items")
            targets.append(Target(FollowKind.ITEM, meeting_id=key(meeting), item_id=item_id))
        if not targets:
            raise Invalid("Choose what you want to be told.", field="items")
        return await _add(desk, session, person, targets)


async def follow_meetings(desk: Desk, person: Person, *, committee_id: int | None, topic: str) -> bool:
    """Tell once a day of new and changed meetings. True: nothing is left to be confirmed."""
    words = optional(topic, "topic", "the topic", at_most=TOPIC_CHARACTERS).replace("\n", " ")
    async with desk.store.write() as session:
        if committee_id is not None and await session.get(Committee, committee_id) is None:
            raise Invalid("Choose one from the list.", field="committee")
        target = Target(FollowKind.DIGEST, committee_id=committee_id, topic=words)
        return await _add(desk, session, person, [target])


async def begin(desk: Desk, session: AsyncSession, follows: Sequence[Follow]) -> None:
    """Their owner said yes. What is planned by now is no news to a digest."""
    now = desk.clock.now()
    for follow in follows:
        follow.confirmed_at = follow.confirmed_at or now
        if follow.kind is FollowKind.DIGEST and follow.looked_at is None:
            meetings = await ahead(session, now)
            wanted = [one for one in meetings if is_wanted(one, follow.committee_id, follow.topic)]
            follow.known, follow.looked_at = compare({}, wanted)[1], now


def stop_key(desk: Desk, address: Address) -> str:
    """What stands in the link to stop e-mails; the same in all letters to an address."""
    return addresses.signed(desk, "stop", address)


async def stop(desk: Desk, shown: str, follow_id: int | None = None) -> bool:
    """Stop telling, of one thing or of everything. Raises ``NotFound``.

    True: the address is deleted, as nothing needs it any more.
    """
    async with desk.store.write() as session:
        address = await by_stop_key(desk, session, shown)
        return await _stop(session, address, follow_id)


async def stop_by_link(desk: Desk, token: str, follow_id: int) -> bool:
    """The same, behind the link with which the address was confirmed."""
    async with desk.store.write() as session:
        _, address = await addresses.by_link(session, token)
        return await _stop(session, address, follow_id)


async def by_stop_key(desk: Desk, session: AsyncSession, shown: str) -> Address:
    """Whose e-mails a link stops. Raises ``NotFound``."""
    address = await addresses.signed_for(desk, session, "stop", shown)
    if address is None:
        raise NotFound("This link is not known. What it was for may have been deleted.")
    return address


async def _stop(session: AsyncSession, address: Address, follow_id: int | None) -> bool:
    theirs = [col(Follow.address_id) == address.id]
    if follow_id is not None:
        theirs.append(col(Follow.id) == follow_id)
    await session.exec(delete(Follow).where(*theirs))
    return await forget_if_unneeded(session, address)


async def _add(desk: Desk, session: AsyncSession, person: Person, targets: Sequence[Target]) -> bool:
    known = await addresses.proven(desk, session, person.proof) if person.proof else None
    proves = known is not None and person.email.strip().casefold() in ("", known.folded)
    email = "" if proves else addresses.checked_email(person.email)
    _spend(desk, person)
    if proves and known is not None:
        rows = await _rows(desk, session, known, targets, None)
        await begin(desk, session, rows)
        return True
    address = await addresses.address_of(desk, session, email, person.language)
    confirmation = await addresses.ask(desk, session, address)
    await _rows(desk, session, address, targets, confirmation)
    return False


async def _rows(
    desk: Desk,
    session: AsyncSession,
    address: Address,
    targets: Sequence[Target],
    confirmation: Confirmation | None,
) -> list[Follow]:
    """The wishes that are not there yet, or not confirmed yet."""
    found = (await session.exec(select(Follow).where(Follow.address_id == address.id))).all()
    known = {_target(row): row for row in found}
    if len(known.keys() | set(targets)) > MOST_FOLLOWED:
        raise TooMany(f"{MOST_FOLLOWED} things at most can be followed. Stop some of them first.")
    rows = []
    for target in targets:
        row = known.get(target)
        if row is None:
            row = Follow(
                address_id=key(address),
                kind=target.kind,
                meeting_id=target.meeting_id,
                item_id=target.item_id,
                committee_id=target.committee_id,
                topic=target.topic,
                asked_at=desk.clock.now(),
            )
            session.add(row)
        if row.confirmed_at is None:
            row.confirmation_id = None if confirmation is None else key(confirmation)
            rows.append(row)
    await session.flush()
    return rows


def _target(row: Follow) -> Target:
    return Target(row.kind, row.meeting_id, row.item_id, row.committee_id, row.topic)


def _spend(desk: Desk, person: Person) -> None:
    seconds = desk.limits.spend(
        FOLLOWING, desk.clock.now(), meeting="", device=person.device, place=person.place
    )
    if seconds:
        raise TooMany(f"That was a lot at once. Try again in {seconds} seconds.", seconds=seconds)
