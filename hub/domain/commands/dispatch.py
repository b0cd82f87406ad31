"""The one door for everything that people do to a meeting."""

from collections.abc import Mapping

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from hub.domain.commands.core import COMMANDS, Answer, Args, Call, Replayed, Spec
from hub.domain.desk import Desk
from hub.domain.device import check_device
from hub.domain.errors import Forbidden, Invalid, NotFound
from hub.domain.people import Actor, Staff

_SENTENCES = {
    "missing": "{field} is missing.",
    "extra_forbidden": "{field} is not known here.",
    "string_too_long": "{field} can have {max_length} characters at most.",
    "string_too_short": "{field} must not be empty.",
    "string_type": "{field} must be text.",
    "int_type": "{field} must be a whole number.",
    "bool_type": "{field} must be true or false.",
    "too_long": "{field} can have {max_length} entries at most.",
}


async def dispatch(
    desk: Desk, actor: Actor, meeting_ref: str, name: str, payload: Mapping[str, object]
) -> Answer:
    """Do the command; return what the client gets beside ``ok``. Raises ``DomainError``: nothing changed.

    The change is committed before this returns. The same ``client_id`` again gets the first answer again.
    """
    spec = COMMANDS.get(name)
    if spec is None:
        raise NotFound(f"There is no command {name[:64]!r}.")
    if not isinstance(actor, spec.actor):
        raise Forbidden("You may not do this.")
    if not isinstance(actor, Staff):
        check_device(actor.device)
    args = checked(spec, payload)
    call = Call(desk, actor, meeting_ref, name, args.client_id)
    try:
        await spec.run(call, args)
    except Replayed as replay:
        return replay.answer
    await desk.announcer.meeting_changed(meeting_ref)
    return call.answer


def checked(spec: Spec, payload: Mapping[str, object]) -> Args:
    """The payload as the command's arguments. Raises ``Invalid`` with the field at fault."""
    try:
        return spec.args.model_validate(payload)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        raise Invalid(_sentence(first), field=_field(first)) from None


def _field(error: ErrorDetails) -> str:
    return str(error["loc"][0]) if error["loc"] else "payload"


def _sentence(error: ErrorDetails) -> str:
    field = _field(error)
    template = _SENTENCES.get(error["type"])
    if template is None:
        return f"{field}: {error['msg'].removeprefix('Value error, ')}."
    return template.format(field=field, **error.get("ctx", {}))
