"""Showing the document of a meeting, page by page. The layout follows by itself."""

from pydantic import Field

from hub.domain.commands.core import Args, Call, command
from hub.domain.commands.moves import look
from hub.domain.errors import IllegalTransition
from hub.domain.people import Staff
from hub.domain.ports import ShownPage
from hub.domain.states.meeting import RUNNING


class OnePage(Args):
    page: int = Field(ge=1, le=300)


class NoPage(Args):
    """No arguments."""


@command("presentation.show", Staff)
async def show(call: Call, args: OnePage) -> None:
    """Show this page of the document that was uploaded last."""
    async with call.desk.room(call.ref).turn:
        await _look(call)
        await _write_down(call, await call.desk.studio.show_page(call.ref, args.page))


@command("presentation.next", Staff)
async def turn_on(call: Call, args: NoPage) -> None:
    """The next page; the first when none is shown."""
    async with call.desk.room(call.ref).turn:
        await _look(call)
        await _write_down(call, await call.desk.studio.turn_page(call.ref, 1))


@command("presentation.previous", Staff)
async def turn_back(call: Call, args: NoPage) -> None:
    """The page before."""
    async with call.desk.room(call.ref).turn:
        await _look(call)
        await _write_down(call, await call.desk.studio.turn_page(call.ref, -1))


@command("presentation.stop", Staff)
async def stop(call: Call, args: NoPage) -> None:
    """Show no page any more."""
    async with call.desk.room(call.ref).turn:
        await _look(call)
        await call.desk.studio.stop_presentation(call.ref)
        async with call.change() as change:
            change.audit("presentation.stop", change.meeting.ref)


async def _look(call: Call) -> None:
    seen = await look(call)
    if seen.state not in RUNNING:
        raise IllegalTransition("The room is not open, so nothing can be shown in it.")


async def _write_down(call: Call, shown: ShownPage) -> None:
    async with call.change() as change:
        after = f"“{shown.title}”, page {shown.page} of {shown.pages}"
        change.audit(call.command, change.meeting.ref, after=after)
        change.answer = {"page": shown.page, "pages": shown.pages}
