"""A webinar in the tests' council, beside its committee meeting."""

from dataclasses import replace
from datetime import timedelta

from sqlmodel import col, select

from hub.domain.models import AgendaItem
from hub.domain.services.webinars import NewWebinar, Presenter, create_webinar
from hub.domain.views import meeting_id
from tests.hub.conftest import House
from tests.hub.fakes import START

TITLE = "Caring for somebody at home"


async def hold(house: House, *, presenters: tuple[str, ...] = ("Ann Ash",)) -> House:
    """The same council, at its webinar of two parts."""
    wanted = NewWebinar(
        title=TITLE,
        starts_at=START + timedelta(days=3),
        presenters=[Presenter(name) for name in presenters],
        programme=["What help there is", "Your questions"],
    )
    ref = await create_webinar(house.desk, house.clerk, wanted, "the form")
    number = await meeting_id(house.desk, ref)
    async with house.desk.store.read() as session:
        parts = select(AgendaItem.id).where(AgendaItem.meeting_id == number)
        items = (await session.exec(parts.order_by(col(AgendaItem.position)))).all()
    return replace(house, ref=ref, meeting_id=number, items=[item for item in items if item])
