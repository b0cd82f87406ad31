"""How the programme picture is composed."""

from typing import Literal

from hub.domain.commands.core import Args, Call, command
from hub.domain.commands.moves import look
from hub.domain.people import Staff


class SetLayout(Args):
    """None lets the picture follow who speaks."""

    layout: Literal["chamber", "speaker", "side_by_side"] | None


@command("layout.set", Staff)
async def set_layout(call: Call, args: SetLayout) -> None:
    """Override the layout. It shows nothing that was not on air already, so the studio goes first."""
    async with call.desk.room(call.ref).turn:
        await look(call)
        await call.desk.studio.set_layout(call.ref, args.layout)
        async with call.change() as change:
            change.audit("layout.set", change.meeting.ref, after=args.layout or "follows")
