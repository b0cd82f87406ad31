"""How the programme picture is composed, and the names in it."""

from typing import Annotated

from pydantic import Field

from hub.domain.commands.core import Args, Call, Words, command
from hub.domain.commands.moves import look
from hub.domain.people import Staff
from hub.domain.ports import Layout, Transition


class SetLayout(Args):
    """None lets the picture follow who is there."""

    layout: Layout | None
    transition: Transition = "dissolve"


class ShowCaptions(Args):
    """Whether names stand in the picture."""

    visible: bool


class NameChamber(Args):
    """Who is to be seen in the chamber: "Cllr Jane Doe, Chair". Nothing takes the name away."""

    text: Annotated[Words, Field(max_length=120)] = ""


@command("layout.set", Staff)
async def set_layout(call: Call, args: SetLayout) -> None:
    """Override the layout. It shows nothing that was not on air already, so the studio goes first."""
    async with call.desk.room(call.ref).turn:
        await look(call)
        await call.desk.studio.set_layout(call.ref, args.layout, args.transition)
        async with call.change() as change:
            change.audit("layout.set", change.meeting.ref, after=args.layout or "follows")


@command("captions.show", Staff)
async def show_captions(call: Call, args: ShowCaptions) -> None:
    """Draw the names into the picture, or do not. On the page they are in any case."""
    async with call.desk.room(call.ref).turn:
        await look(call)
        await call.desk.studio.show_captions(call.ref, args.visible)
        async with call.change() as change:
            change.audit("captions.show", change.meeting.ref, after="shown" if args.visible else "hidden")


@command("captions.chamber", Staff)
async def name_chamber(call: Call, args: NameChamber) -> None:
    """The name in the picture of the chamber, and on the page."""
    async with call.desk.room(call.ref).turn:
        await look(call)
        await call.desk.studio.caption_chamber(call.ref, args.text)
        async with call.change() as change:
            change.meeting.chamber_caption = args.text
            change.audit("captions.chamber", change.meeting.ref, after=args.text)
