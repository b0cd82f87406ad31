import pytest

from hub.domain.errors import Conflict, DomainError, Forbidden, IllegalTransition, Invalid, MediaUnavailable
from hub.domain.views import staff_snapshot
from tests.hub.conftest import House


async def actions(house: House) -> list[str]:
    return [line.action for line in (await staff_snapshot(house.desk, house.ref)).audit]


async def test_pages_are_shown_turned_and_stopped(house: House) -> None:
    await house.do("meeting.open_room")
    assert await house.do("presentation.next") == {"page": 1, "pages": 3}
    assert await house.do("presentation.show", page=3) == {"page": 3, "pages": 3}
    assert await house.do("presentation.previous") == {"page": 2, "pages": 3}
    await house.do("presentation.stop")
    assert house.studio.page == 0
    assert (await actions(house))[:4] == [
        "presentation.stop",
        "presentation.previous",
        "presentation.show",
        "presentation.next",
    ]


async def test_a_page_that_does_not_exist_changes_nothing(house: House) -> None:
    await house.do("meeting.open_room")
    await house.do("presentation.show", page=3)
    with pytest.raises(Conflict, match="3 pages"):
        await house.do("presentation.next")
    for page in (0, -1, 301, "2", None):
        with pytest.raises(Invalid):
            await house.do("presentation.show", page=page)
    assert house.studio.page == 3
    assert (await actions(house)).count("presentation.next") == 0


async def test_a_page_turned_twice_by_one_message_is_turned_once(house: House) -> None:
    await house.do("meeting.open_room")
    for _ in range(2):
        assert await house.do("presentation.next", client_id="once") == {"page": 1, "pages": 3}
    assert house.studio.page == 1


async def test_nothing_is_shown_before_the_room_is_open(house: House) -> None:
    for name in ("presentation.next", "presentation.stop"):
        with pytest.raises(IllegalTransition):
            await house.do(name)


async def test_only_officers_show_pages(house: House) -> None:
    await house.do("meeting.open_room")
    _, resident = await house.resident()
    for actor in (resident, house.viewer()):
        with pytest.raises(Forbidden):
            await house.do("presentation.next", actor)


async def test_a_studio_that_does_not_answer_is_told(house: House) -> None:
    await house.do("meeting.open_room")
    house.studio.broken = {"show_page", "stop_presentation"}
    for name in ("presentation.next", "presentation.stop"):
        with pytest.raises(DomainError) as refusal:
            await house.do(name)
        assert isinstance(refusal.value, MediaUnavailable)
    assert not [action for action in await actions(house) if action.startswith("presentation.")]
