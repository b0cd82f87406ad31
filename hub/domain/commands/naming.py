"""What a resident is called in public is the officers' to say, also while they speak and afterwards."""

from typing import Annotated

from pydantic import Field
from sqlmodel import select

from hub.domain.commands.core import Call, Change, Words, command
from hub.domain.commands.moves import look
from hub.domain.commands.one_speaker import OneSpeaker, taken_up
from hub.domain.errors import MediaUnavailable
from hub.domain.models import AgendaItem, IndexPoint, Registration
from hub.domain.people import Staff
from hub.domain.services.places import CONNECTED
from hub.domain.states.speaker import SpeakerState
from hub.domain.text import required
from hub.domain.titles import name_caption, speaker_label

MAY_STILL_SHOW = "The picture may still show the old name: hide the names, or take them off air."


class Rename(OneSpeaker):
    name: Annotated[Words, Field(max_length=80)]


@command("speaker.rename", Staff)
async def rename(call: Call, args: Rename) -> None:
    """On the page and in the index first, then in the picture: the database is what a studio is told from."""
    name = required(args.name, "name", "a name", at_most=80).replace("\n", " ")
    async with call.desk.room(call.ref).turn:
        await look(call)
        async with call.change() as change:
            registration = await taken_up(change, args)
            change.audit("speaker.rename", f"speaker {registration.id}", before=registration.name, after=name)
            registration.name = name
            await _rename_moments(change, registration)
            caption = await _caption(change, registration)
            connected = registration.state in CONNECTED and not registration.by_phone
        if not connected:
            return
        try:
            await call.desk.studio.rename_speaker(call.ref, args.registration_id, name, caption)
        except MediaUnavailable as error:
            call.answer |= {"warning": f"{MAY_STILL_SHOW} {error.message}"}


async def _rename_moments(change: Change, registration: Registration) -> None:
    theirs = select(IndexPoint).where(IndexPoint.registration_id == registration.id)
    for point in (await change.session.exec(theirs)).all():
        point.label = speaker_label(registration)


async def _caption(change: Change, registration: Registration) -> str:
    """Who is not on air has no name in the picture yet: "" for none."""
    if registration.state is not SpeakerState.ON_AIR:
        return ""
    number = registration.item_id
    item = await change.session.get(AgendaItem, number) if number is not None else None
    return name_caption(registration, item)
