"""Presenters of a webinar: seen and heard like speakers, invited by an officer."""

from typing import Annotated

from pydantic import Field

from hub.domain.commands.core import Args, Call, Words, command
from hub.domain.errors import IllegalTransition
from hub.domain.kind import MeetingKind
from hub.domain.people import Staff
from hub.domain.services.webinars import Presenter, checked_presenter, invite_presenter
from hub.domain.states.meeting import OVER


class Invite(Args):
    name: Annotated[Words, Field(max_length=80)]
    email: Annotated[Words, Field(max_length=254)] = ""


@command("presenter.invite", Staff)
async def invite(call: Call, args: Invite) -> None:
    """A personal link for one presenter; with an address it is sent to them."""
    presenter = checked_presenter(Presenter(args.name, args.email))
    async with call.change() as change:
        if change.meeting.kind is not MeetingKind.WEBINAR:
            raise IllegalTransition("Only webinars have presenters who are seen and heard.")
        if change.meeting.state in OVER:
            raise IllegalTransition("The meeting is over: nobody can be invited to it.")
        number, token = await invite_presenter(
            change.session, call.desk.links, call.desk.tokens, change.meeting, presenter, change.now
        )
        change.audit("presenter.invite", f"speaker {number}")
        change.answer = {"registration_id": number, "token": None}
        change.secret = {"token": token}
