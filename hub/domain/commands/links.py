"""Personal links in the officer's hand: looked at, and sent once more."""

from hub.domain.commands.core import Args, Call, Id, command
from hub.domain.errors import Conflict, IllegalTransition, Invalid
from hub.domain.models import MailKind, Registration
from hub.domain.people import Staff
from hub.domain.services.outbox import queue
from hub.domain.states.speaker import LINK_WORKS


class OneLink(Args):
    registration_id: Id


@command("speaker.link", Staff)
async def link(call: Call, args: OneLink) -> None:
    """The link that works now, to be copied. It stays as it is."""
    async with call.change() as change:
        registration = await change.speaker(args.registration_id)
        _refuse_used_up(registration)
        token = call.desk.links.of(registration)
        if token is None:
            raise Conflict("This link was made where it cannot be shown again. Make a new one instead.")
        change.audit("speaker.link", f"speaker {registration.id}")
        change.answer = {"token": None, "short_code": None}
        change.secret = {"token": token, "short_code": call.desk.links.code(registration)}


@command("speaker.send_link", Staff)
async def send_link(call: Call, args: OneLink) -> None:
    """Send the link by e-mail once more, in one press."""
    if not call.desk.sends_mail:
        raise Invalid("No mail server is set up here. Copy the link and send it yourself.")
    async with call.change() as change:
        registration = await change.speaker(args.registration_id)
        _refuse_used_up(registration)
        if not registration.email:
            raise Invalid("They gave no e-mail address. Call them, or copy the link.")
        await queue(change.session, registration, MailKind.LINK, change.now)
        change.audit("speaker.send_link", f"speaker {registration.id}")


def _refuse_used_up(registration: Registration) -> None:
    if registration.state not in LINK_WORKS:
        raise IllegalTransition(
            f"The speaker is {registration.state.replace('_', ' ')}: the link has done its work."
        )
