"""How a command is declared, checked, and made to happen once (``docs/protocol.md``).

A command is one small function. It gets a ``Call`` (who, which meeting) and its checked arguments; it makes
its change inside ``call.change()``: one unit of work, with the audit log, the version and the receipt.
"""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Annotated, Any, TypeVar

from pydantic import AfterValidator, BaseModel, ConfigDict, Field
from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession

from hub.domain.desk import Desk
from hub.domain.errors import Conflict, DeviceReplaced, NotFound, SignInNeeded
from hub.domain.meetings import find_meeting
from hub.domain.models import (
    AgendaItem,
    AuditEntry,
    IndexPoint,
    Meeting,
    Question,
    Receipt,
    Registration,
    StaffUser,
    key,
)
from hub.domain.people import Actor, House, Part, Resident, Staff, Viewer
from hub.domain.text import cleaned, is_plain

Answer = dict[str, Any]


Id = Annotated[int, Field(ge=1, le=2**31 - 1)]
"""A primary key; larger numbers are no key in any of our databases, and an error in some."""

Version = Annotated[int, Field(ge=0, le=2**31 - 1)]

Words = Annotated[str, AfterValidator(cleaned)]
"""Text from people."""


def _plain(text: str) -> str:
    if not is_plain(text):
        raise ValueError("must not have control characters")
    return text


class Args(BaseModel):
    """Common to the arguments of all commands."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    client_id: Annotated[str, AfterValidator(_plain)] = Field(min_length=1, max_length=64)


class Replayed(Exception):  # noqa: N818  (control flow between ``change`` and ``dispatch``, not an error)
    """The message was accepted before; ``answer`` is what it got then."""

    def __init__(self, answer: Answer) -> None:
        super().__init__("replayed")
        self.answer = answer


@dataclass(slots=True)
class Change:
    """One unit of work on one meeting. Everything here is committed together or not at all."""

    session: AsyncSession
    meeting: Meeting
    actor: Actor | House
    now: datetime
    answer: Answer = field(default_factory=dict)
    """What the client gets, now and when it sends the message again."""
    secret: Answer = field(default_factory=dict)
    """Added to the answer once and never stored."""

    def audit(
        self, action: str, subject: str, *, before: str = "", after: str = "", reason: str = ""
    ) -> None:
        """Take down who did what, when and why."""
        self.session.add(
            AuditEntry(
                meeting_id=self.meeting.id,
                at=self.now,
                who=who(self.actor),
                action=action,
                subject=subject,
                before=before,
                after=after,
                reason=reason,
            )
        )

    def stamp(
        self,
        kind: str,
        label: str,
        seconds: float,
        *,
        item_id: int | None = None,
        question_id: int | None = None,
        registration_id: int | None = None,
    ) -> IndexPoint:
        """Put a moment into the index."""
        point = IndexPoint(
            meeting_id=key(self.meeting),
            seconds=round(seconds, 3),
            kind=kind,
            label=label,
            created_by=who(self.actor),
            created_at=self.now,
            item_id=item_id,
            question_id=question_id,
            registration_id=registration_id,
        )
        self.session.add(point)
        return point

    async def item(self, item_id: int) -> AgendaItem:
        """An item of this meeting's agenda. Raises ``NotFound``."""
        item = await self.session.get(AgendaItem, item_id)
        if item is None or item.meeting_id != self.meeting.id or item.removed:
            raise NotFound("This meeting has no such agenda item.", field="item_id")
        return item

    async def registration(self, registration_id: int) -> Registration:
        """Somebody with a personal link to this meeting. Raises ``NotFound``."""
        registration = await self.session.get(Registration, registration_id)
        if (
            registration is None
            or registration.meeting_id != self.meeting.id
            or registration.part is Part.ATTENDEE
        ):
            raise NotFound("This meeting has no such speaker.", field="registration_id")
        return registration

    async def speaker(self, registration_id: int) -> Registration:
        """The same, of somebody who registered to speak. Raises ``NotFound``."""
        registration = await self.registration(registration_id)
        if registration.part is not Part.SPEAKER:
            raise NotFound("This meeting has no such speaker.", field="registration_id")
        return registration

    async def question(self, question_id: int, field: str = "question_id") -> Question:
        """A question of this meeting. Raises ``NotFound``."""
        question = await self.session.get(Question, question_id)
        if question is None or question.meeting_id != self.meeting.id:
            raise NotFound("This meeting has no such question.", field=field)
        return question


@dataclass(slots=True)
class Call:
    """One message: who sent it, for which meeting, and the answer it will get."""

    desk: Desk
    actor: Actor
    ref: str
    command: str
    client_id: str
    answer: Answer = field(default_factory=dict)

    @asynccontextmanager
    async def change(self) -> AsyncIterator[Change]:
        """The unit of work. Raises ``Replayed`` when the message was accepted before, and nothing is done."""
        async with self.desk.store.write() as session:
            meeting = await find_meeting(session, self.ref, lock=True, rehearsals=self.may_rehearse)
            await self.admit(session, meeting)
            await self.refuse_replay(session)
            change = Change(session, meeting, self.actor, self.desk.clock.now())
            yield change
            meeting.version += 1
            session.add(
                Receipt(
                    actor=self._sender(),
                    client_id=self.client_id,
                    command=self.command,
                    result=change.answer,
                    at=change.now,
                )
            )
        self.answer = change.answer | change.secret

    @property
    def may_rehearse(self) -> bool:
        """Whether there are rehearsals for the actor: not for those who watch."""
        return not isinstance(self.actor, Viewer)

    async def refuse_replay(self, session: AsyncSession) -> None:
        """Raise ``Replayed`` when this message was accepted before."""
        found = select(Receipt).where(Receipt.actor == self._sender(), Receipt.client_id == self.client_id)
        receipt = (await session.exec(found)).first()
        if receipt is None:
            return
        if receipt.command != self.command:
            raise Conflict(f"The client id was used for {receipt.command} before.", field="client_id")
        raise Replayed(receipt.result)

    async def admit(self, session: AsyncSession, meeting: Meeting) -> None:
        """Look again whether the actor still is who they were when they connected."""
        if isinstance(self.actor, Staff):
            user = await session.get(StaffUser, self.actor.id)
            if user is None or not user.active:
                raise SignInNeeded("Your account is closed. Sign in again.")
        elif self.actor.meeting_id != meeting.id:
            raise NotFound("There is no such meeting for you.")
        elif isinstance(self.actor, Resident):
            registration = await session.get(Registration, self.actor.registration_id)
            if registration is None or registration.meeting_id != meeting.id:
                raise NotFound("There is no such registration.")
            if registration.device != self.actor.device:
                raise DeviceReplaced("Your link was opened on another device, which took your place.")

    def _sender(self) -> str:
        return f"{sender(self.actor)}@{self.ref}"


def who(actor: Actor | House) -> str:
    """The actor in the audit log: officers by name, residents and viewers by number or not at all."""
    if isinstance(actor, Staff | House):
        return actor.name
    if isinstance(actor, Resident):
        return f"speaker {actor.registration_id}"
    return "viewer"


def sender(actor: Actor) -> str:
    """The actor as the owner of client ids."""
    if isinstance(actor, Staff):
        return f"staff:{actor.id}"
    if isinstance(actor, Resident):
        return f"registration:{actor.registration_id}"
    return f"device:{actor.device}"


ArgsT = TypeVar("ArgsT", bound=Args)
Handler = Callable[[Call, ArgsT], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Spec:
    """One command of the protocol."""

    name: str
    actor: type[Staff] | type[Resident] | type[Viewer]
    args: type[Args]
    run: Callable[[Call, Any], Awaitable[None]]


COMMANDS: dict[str, Spec] = {}


def command(
    name: str, actor: type[Staff] | type[Resident] | type[Viewer]
) -> Callable[[Handler[ArgsT]], Handler[ArgsT]]:
    """Declare a command. The type of its second parameter says what arguments it takes."""

    def declare(run: Handler[ArgsT]) -> Handler[ArgsT]:
        if name in COMMANDS:
            raise ValueError(f"there are two commands {name}")
        args: type[Args] = run.__annotations__["args"]
        COMMANDS[name] = Spec(name, actor, args, run)
        return run

    return declare
