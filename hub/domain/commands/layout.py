"""How the programme picture is composed, and the names in it."""

from typing import Annotated, get_args

from pydantic import Field
from sqlmodel import col, select

from hub.domain.commands.core import Args, Call, Change, Words, command
from hub.domain.commands.moves import look
from hub.domain.models import AuditEntry
from hub.domain.people import Staff
from hub.domain.ports import Layout, Transition

FOLLOWS = "follows"
"""In the log: the layout follows who is there."""
_NAMES: dict[str, Layout] = {name: name for name in get_args(Layout)}


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
            before = await _last_layout(change)
            change.audit("layout.set", change.meeting.ref, before=before, after=args.layout or FOLLOWS)


def layout_called(name: str) -> Layout | None:
    """What the log calls so."""
    return None if name == FOLLOWS else _NAMES[name]


async def _last_layout(change: Change) -> str:
    """As the log has it."""
    chosen = select(AuditEntry.after).where(
        AuditEntry.meeting_id == change.meeting.id,
        col(AuditEntry.action).in_(("layout.set", "layout.undo")),
    )
    return (await change.session.exec(chosen.order_by(col(AuditEntry.id).desc()))).first() or FOLLOWS


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
