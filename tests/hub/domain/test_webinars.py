"""A webinar comes into being, people register for it, and presenters are invited."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import select

from hub.domain.errors import Conflict, Forbidden, IllegalTransition, Invalid, NotFound, TooMany
from hub.domain.limits import ATTENDING
from hub.domain.models import Mail, MailKind, Registration
from hub.domain.people import Capacity, Part, Resident
from hub.domain.services import attending
from hub.domain.services.attending import attend
from hub.domain.services.registration import register, take_slot
from hub.domain.services.webinars import NewWebinar, Presenter, create_webinar
from hub.domain.states.speaker import SpeakerState
from hub.domain.views import calendar, checklist, list_meetings, meeting_page, public_snapshot, staff_snapshot
from tests.hub.conftest import House
from tests.hub.fakes import START
from tests.hub.webinar import TITLE, hold

SOON = START + timedelta(days=3)


async def create(house: House, client_id: str = "one", **changes: Any) -> str:
    wanted = replace(NewWebinar(TITLE, SOON), **changes)
    return await create_webinar(house.desk, house.clerk, wanted, client_id)


async def registrations(house: House) -> list[Registration]:
    async with house.desk.store.read() as session:
        found = select(Registration).where(Registration.meeting_id == house.meeting_id)
        return list((await session.exec(found)).all())


async def test_an_officer_makes_one_and_the_same_form_makes_no_second(house: House) -> None:
    first = await create(house)
    assert await create(house, title="Another") == first == "2026-11-29-caring-for-somebody-at-home"
    assert await create(house, "two") == f"{first}-2"
    card = (await list_meetings(house.desk)).upcoming[-1]
    assert (card.kind, card.title, card.committee) == ("webinar", TITLE, "Webinars")
    assert (await public_snapshot(house.desk, house.ref)).kind == "meeting"


async def test_it_has_presenters_parts_and_open_questions(house: House) -> None:
    webinar = await hold(house, presenters=("Ann Ash", "Bob Birch"))
    snapshot = await staff_snapshot(house.desk, webinar.ref)
    assert [(row.name, row.capacity, row.state) for row in snapshot.speakers] == [
        ("Ann Ash", "presenter", "confirmed"),
        ("Bob Birch", "presenter", "confirmed"),
    ]
    assert snapshot.stream_keys.keys() == {"chamber", "sign"}
    public = snapshot.public
    assert (public.kind, public.questions_open, public.questions_moderated) == ("webinar", True, True)
    assert [item.title for item in public.agenda] == ["What help there is", "Your questions"]
    assert "chair" not in [line.about for line in (await checklist(house.desk, webinar.ref)).lines]
    assert snapshot.audit[0].action == "webinar.create"


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"title": " "}, "title"),
        ({"title": "x" * 121}, "title"),
        ({"starts_at": START}, "starts_at"),
        ({"presenters": [Presenter(" ")]}, "presenters"),
        ({"presenters": [Presenter("Ann", "no address")]}, "presenters"),
        ({"presenters": [Presenter(f"P{number}") for number in range(21)]}, "presenters"),
        ({"programme": ["x" * 201]}, "programme"),
        ({"programme": ["x"] * 51}, "programme"),
    ],
)
async def test_what_is_no_webinar_is_refused(house: House, wrong: dict[str, Any], field: str) -> None:
    with pytest.raises(Invalid) as caught:
        await create(house, **wrong)
    assert caught.value.field == field
    assert len((await list_meetings(house.desk)).upcoming) == 1


async def test_anybody_registers_until_it_is_over_and_without_a_deadline(house: House) -> None:
    webinar = await hold(house)
    page = await meeting_page(house.desk, webinar.ref)
    assert (page.registration_closed_because, page.card.registration_closes_at) == ("", None)
    found = await calendar(house.desk)
    assert [one.deadlines for one in found if one.ref == webinar.ref] == [[]]
    await attend(house.desk, webinar.ref, webinar.viewer(), name="Sam Lee", email="sam@example.org")
    await webinar.live()
    await attend(house.desk, webinar.ref, webinar.viewer("b"), name="Ida", email="ida@example.org")
    snapshot = await staff_snapshot(house.desk, webinar.ref)
    assert (snapshot.attending, [row.name for row in snapshot.speakers]) == (2, ["Ann Ash"])
    assert "sam@example.org" not in snapshot.public.model_dump_json()
    await webinar.do("meeting.end", confirmed=True)
    with pytest.raises(Forbidden, match="over"):
        await attend(house.desk, webinar.ref, webinar.viewer("c"), name="Late", email="late@example.org")


async def test_who_registers_twice_is_told_the_same_and_written_to_once(house: House) -> None:
    webinar = await hold(house)
    for name, email in (("Sam Lee", "sam@example.org"), ("Sam", "SAM@example.org")):
        await attend(house.desk, webinar.ref, webinar.viewer(), name=name, email=email)
    (row,) = [one for one in await registrations(webinar) if one.part is Part.ATTENDEE]
    assert (row.name, row.state) == ("Sam Lee", SpeakerState.CONFIRMED)
    async with house.desk.store.read() as session:
        (mail,) = (await session.exec(select(Mail))).all()
    assert (mail.registration_id, mail.kind, mail.times) == (row.id, MailKind.REGISTERED, 1)


async def test_registering_has_limits(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    webinar = await hold(house)

    async def come(number: int, device: str = "a") -> None:
        await attend(
            house.desk, webinar.ref, webinar.viewer(device), name="Sam", email=f"s{number}@example.org"
        )

    for number in range(ATTENDING.device.burst):
        await come(number)
    with pytest.raises(TooMany):
        await come(99)
    monkeypatch.setattr(attending, "MOST_ATTENDING", ATTENDING.device.burst)
    with pytest.raises(TooMany, match="places are taken"):
        await come(99, "b")
    for name, email in (("", "a@example.org"), ("Sam", ""), ("Sam", "nowhere"), ("x" * 81, "a@example.org")):
        with pytest.raises(Invalid):
            await attend(house.desk, webinar.ref, webinar.viewer("c"), name=name, email=email)


async def test_the_two_ways_to_register_are_not_each_others(house: House) -> None:
    webinar = await hold(house)
    with pytest.raises(Forbidden, match="do not take part"):
        await register(house.desk, webinar.ref, name="Sam", email="sam@example.org")
    with pytest.raises(NotFound):
        await attend(house.desk, house.ref, house.viewer(), name="Sam", email="sam@example.org")


async def test_who_attends_is_no_speaker(house: House) -> None:
    webinar = await hold(house)
    await attend(house.desk, webinar.ref, webinar.viewer(), name="Sam", email="sam@example.org")
    await webinar.live()
    (row,) = [one for one in await registrations(webinar) if one.part is Part.ATTENDEE]
    for command in ("speaker.link", "speaker.new_link", "speaker.call", "invitation.revoke"):
        with pytest.raises(NotFound):
            await webinar.do(command, registration_id=row.id)


async def presenter(webinar: House, name: str = "Cleo Cox") -> Resident:
    """Invited, with their page open."""
    answer = await webinar.do("presenter.invite", name=name)
    await take_slot(webinar.desk, answer["token"], "laptop")
    return Resident(answer["registration_id"], webinar.meeting_id, "laptop")


async def test_a_presenter_who_arrives_is_called_at_once_and_seen_when_admitted(house: House) -> None:
    webinar = await hold(house)
    cleo = await presenter(webinar)
    await webinar.live()
    await webinar.do("speaker.check_in", cleo)
    assert (await webinar.speaker(cleo.registration_id)).state is SpeakerState.CALLED
    await webinar.do("speaker.admit", registration_id=cleo.registration_id)
    snapshot = await public_snapshot(house.desk, webinar.ref)
    assert [one.name for one in snapshot.on_air] == ["Cleo Cox"]
    assert snapshot.index[-1].label == "Cleo Cox, presenter"
    caption = ("caption_speaker", str(cleo.registration_id), "Cleo Cox, presenter")
    assert caption in house.studio.calls


async def test_before_the_room_is_open_a_presenter_waits_like_others(house: House) -> None:
    webinar = await hold(house)
    cleo = await presenter(webinar)
    await webinar.do("speaker.check_in", cleo)
    assert (await webinar.speaker(cleo.registration_id)).state is SpeakerState.CHECKED_IN


async def test_a_resident_is_called_by_an_officer_only(house: House) -> None:
    await house.live()
    _, sam = await house.waiting()
    row = await house.speaker(sam.registration_id)
    assert (row.state, row.capacity) == (SpeakerState.CHECKED_IN, Capacity.RESIDENT)


async def test_presenters_are_for_webinars_and_the_link_is_told_once(house: House) -> None:
    with pytest.raises(IllegalTransition, match="Only webinars"):
        await house.do("presenter.invite", name="Ann Ash")
    webinar = await hold(house)
    with pytest.raises(Conflict, match="Ann Ash is invited"):
        await webinar.do("presenter.invite", name="Ann Ash")
    with pytest.raises(Forbidden):
        await webinar.do("presenter.invite", webinar.viewer(), name="Mallory")
    first = await webinar.do("presenter.invite", name="Dan", email="dan@example.org", client_id="same")
    again = await webinar.do("presenter.invite", name="Dan", email="dan@example.org", client_id="same")
    assert first["token"]
    assert again == {"registration_id": first["registration_id"], "token": None}
    shown = await webinar.do("speaker.link", registration_id=first["registration_id"])
    assert shown["token"] == first["token"]
    await webinar.live()
    await webinar.do("meeting.end", confirmed=True)
    with pytest.raises(IllegalTransition, match="over"):
        await webinar.do("presenter.invite", name="Eve")
