"""The form as each committee's rules have it, and what becomes of what was sent, without scripts."""

import re
from datetime import datetime, timedelta

import pytest
from sqlmodel import select

from hub.domain.local_time import LONDON
from hub.domain.models import Meeting, Registration
from hub.domain.people import Resident
from hub.domain.rules import YORK, Consent, Mode, RuleSet, Wish, parse
from hub.domain.services.registration import register
from hub.domain.services.rules import set_rules
from hub.domain.states.speaker import SpeakerState
from hub.rules import names, scheme
from tests.hub.fakes import START
from tests.web.conftest import Site
from tests.web.test_forms import GOOD

COMMITTEE = "Planning Committee A"


async def give(site: Site, rules: RuleSet, now: datetime = START - timedelta(days=40)) -> None:
    """The committee's rules, and a meeting whose deadlines follow from them."""
    await set_rules(site.house.desk, COMMITTEE, rules, "tests")
    async with site.house.desk.store.write() as session:
        (await session.get_one(Meeting, site.house.meeting_id)).registration_closes_at = None
    site.house.clock.advance(seconds=(now - site.house.clock.now()).total_seconds())


async def send(site: Site, status: int = 200, prefix: str = "", **form: str) -> str:
    async with site.client.post(f"{prefix}{site.meeting}/register", data=GOOD | form) as response:
        page = await response.text()
        assert response.status == status, page
        return page


def link_of(page: str) -> str:
    found = re.search(r'id="personal-link" href="[^"]+(/speak/[^"]+)"', page)
    assert found is not None
    return found[1]


async def states(site: Site) -> dict[str, SpeakerState]:
    async with site.house.desk.store.read() as session:
        rows = (await session.exec(select(Registration))).all()
    return {row.name: row.state for row in rows if row.name != "Pat Planted"}


def radios(page: str, name: str) -> list[str]:
    return re.findall(rf'<input[^>]*name="{name}"[^>]*type="radio"[^>]*value="([^"]*)"', page)


async def test_the_deadline_is_a_day_and_a_time_with_what_happens_after(site: Site) -> None:
    await give(site, YORK)
    for path in (site.meeting, f"{site.meeting}/register"):
        page = await site.text(path)
        assert "Register by 5pm on Tuesday 24 November 2026." in page, path
        assert "After that nobody can register for it any more." in page
    page = await site.text(f"{site.meeting}/register")
    assert "There are 10 places at the meeting." in page
    assert "you go on a waiting list" in page
    welsh = await site.text(f"/cy{site.meeting}/register")
    assert "Cofrestrwch cyn 17:00, Dydd Mawrth 24 Tachwedd 2026." in welsh
    assert "Ar ôl hynny ni all neb gofrestru" in welsh


async def test_what_the_chair_decides_can_be_sent_after_the_deadline(site: Site) -> None:
    await give(site, scheme("wiltshire"), datetime(2026, 11, 25, 17, 30, tzinfo=LONDON))
    page = await site.text(f"{site.meeting}/register")
    assert "After that the chair decides whether there is time for you." in page
    assert radios(page, "kind") == ["question", "speak"], "statements are closed"
    page = await send(site, kind="question", text="Why?", mode="remote")
    assert "The deadline has passed. The chair decides" in page
    assert "chair decides" in await site.text(link_of(page))
    assert await states(site) == {"Sam Lee": SpeakerState.WAITING_LIST}


async def test_who_registers_while_the_meeting_is_on_is_not_sent_into_the_past(site: Site) -> None:
    page = await send(site)
    assert "ten minutes before" in page
    await site.house.live()
    page = await send(site, name="Ann Late", email="ann@example.org")
    assert "The meeting is on: open the link now" in page
    assert "ten minutes before" not in page


async def test_after_the_last_deadline_there_is_no_form(site: Site) -> None:
    await give(site, YORK, datetime(2026, 11, 24, 17, 0, tzinfo=LONDON))
    page = await site.text(f"{site.meeting}/register")
    assert "Registration closed on 24 November 2026 at 17:00." in page
    assert "<form method" not in page.split("<main")[1]
    await send(site, 403)


@pytest.mark.parametrize("name", names())
@pytest.mark.parametrize("prefix", ["", "/cy"])
async def test_every_field_of_every_scheme_has_a_label(site: Site, name: str, prefix: str) -> None:
    await give(site, scheme(name), datetime(2026, 10, 1, 9, tzinfo=LONDON))
    page = (await site.text(f"{prefix}{site.meeting}/register")).split("<main")[1]
    fields = re.findall(r"<(?:input|textarea)\b([^>]*)>", page)
    ids = [re.search(r'id="([^"]+)"', field) for field in fields if 'type="hidden"' not in field]
    assert len(ids) > 5
    for found in ids:
        assert found is not None
        assert f'for="{found[1]}"' in page, found[1]
    groups = re.findall(r"<fieldset[^>]*>.*?</fieldset>", page, re.DOTALL)
    assert all("<legend" in group for group in groups)
    radio_names = set(re.findall(r'name="([^"]+)"[^>]*type="radio"', page))
    assert len([group for group in groups if 'type="radio"' in group]) == len(radio_names)


async def test_the_form_asks_what_the_rules_ask(site: Site) -> None:
    await give(site, scheme("dorset_planning"))
    page = await site.text(f"{site.meeting}/register")
    assert radios(page, "side") == ["for", "against", "applicant", "mp", "parish"]
    assert radios(page, "mode") == ["in_person", "remote"]
    assert radios(page, "consent") == ["picture_and_sound", "sound_only", "read_out"]
    assert radios(page, "kind") == [], "there is one kind only"
    assert "Something else that the meeting deals with" not in page
    assert 'name="may_share"' not in page
    await give(site, scheme("barnet_planning"))
    page = await site.text(f"{site.meeting}/register")
    assert radios(page, "mode") == []
    assert 'name="may_share"' in page
    await give(site, scheme("rhondda_cynon_taf"))
    page = await site.text(f"{site.meeting}/register")
    assert radios(page, "consent") == []
    assert "Who takes part agrees to be broadcast and recorded, picture and sound." in page
    await give(site, scheme("austin"))
    assert radios(await site.text(f"{site.meeting}/register"), "access_point")[1] == "Carver Branch"
    await give(site, scheme("reigate_and_banstead"))
    assert "Ni allwch ddangos lluniau" in await site.text(f"/cy{site.meeting}/register")


async def test_what_was_asked_is_kept(site: Site) -> None:
    await give(site, scheme("barnet_planning"))
    item = str(site.house.items[2])
    await send(
        site,
        kind="",
        mode="",
        item_id=item,
        side="against",
        consent="sound_only",
        access_needs="A loop",
        spokesperson_for="Friends",
        may_share="yes",
    )
    async with site.house.desk.store.read() as session:
        row = (await session.exec(select(Registration).where(Registration.name == "Sam Lee"))).one()
    assert (row.side, row.mode, row.consent) == ("against", "in_person", "sound_only")
    assert (row.access_needs, row.spokesperson_for, row.may_share) == ("A loop", "Friends", True)


@pytest.mark.parametrize(
    ("form", "field", "sentence"),
    [
        ({"kind": ""}, "kind", "Choose what you want to do."),
        ({"kind": "sing"}, "kind", "Choose one from the list."),
        ({"mode": ""}, "mode", "Say how you want to take part."),
        ({"mode": "by pigeon"}, "mode", "Choose one from the list."),
        ({"consent": ""}, "consent", "Say how you may be broadcast."),
        ({"consent": "read_out"}, "text", "Enter your statement."),
        ({"kind": "statement"}, "text", "Enter your statement."),
        ({"side": "for"}, "side", "Say from which side you speak."),
        ({"access_needs": "x" * 1001}, "access_needs", "Shorten what you need to 1000 characters"),
    ],
)
async def test_what_is_missing_is_told_beside_its_field(
    site: Site, form: dict[str, str], field: str, sentence: str
) -> None:
    await give(site, YORK, datetime(2026, 10, 1, 9, tzinfo=LONDON))
    page = await send(site, 422, **form)
    assert f'<a href="#{field}">{sentence}' in page
    if field != "side":
        assert f'id="{field}-error"' in page
    assert 'value="Sam Lee"' in page
    assert await states(site) == {}


async def test_all_that_is_missing_is_told_at_once_from_top_to_bottom(site: Site) -> None:
    await give(site, YORK, datetime(2026, 10, 1, 9, tzinfo=LONDON))
    person = {"name": "", "email": "", "phone": "1"}
    page = await send(site, 422, mode="", consent="", **person)
    assert summary(page) == ["mode", "name", "phone", "consent"]
    page = await send(site, 422, kind="", **person)
    assert summary(page) == ["kind", "name", "phone"]
    page = await send(site, 422, consent="")
    assert summary(page) == ["consent"]
    assert await states(site) == {}


def summary(page: str) -> list[str]:
    """Where the sentences above the form lead."""
    return re.findall(r'<a href="#(\w+)">', page.split("govuk-error-summary__list")[1].split("</ul>")[0])


async def test_a_chosen_radio_stays_chosen(site: Site) -> None:
    await give(site, YORK)
    page = await send(site, 422, name="", mode="phone", consent="sound_only")
    for value in ("phone", "sound_only"):
        assert re.search(rf'value="{value}"[^>]*checked', page)


async def test_beyond_the_places_the_statement_is_offered_and_what_was_typed_is_kept(site: Site) -> None:
    """Of two places, one is held by Pat, whom every test of pages finds in the database."""
    rules = YORK.model_dump(mode="json") | {"places": {"meeting": 2, "waiting_list": False}}
    await give(site, parse(rules), datetime(2026, 10, 1, 9, tzinfo=LONDON))
    await register(
        site.house.desk,
        site.house.ref,
        name="First",
        email="first@example.org",
        wish=Wish(mode=Mode.REMOTE, consent=Consent.SOUND_ONLY),
    )
    page = await send(site, 409, text="The limes should stay.")
    assert "All places are taken. You can send a written statement instead." in page
    assert "The limes should stay.</textarea>" in page
    page = await send(site, kind="statement", text="The limes should stay.", mode="", consent="")
    assert "You need not be at the meeting." in page


async def test_who_wrote_has_a_page_without_devices_and_can_take_it_back(site: Site) -> None:
    await give(site, YORK, datetime(2026, 10, 1, 9, tzinfo=LONDON))
    link = link_of(await send(site, consent="read_out", text="The limes should stay."))
    async with site.client.get(link) as response:
        page = await response.text()
        assert "camera=()" in response.headers["Permissions-Policy"]
        assert "microphone=()" in response.headers["Permissions-Policy"]
    assert "What you wrote has arrived. An officer will confirm it." in page
    assert "speaker.js" not in page
    assert "Continue on this device" not in page
    async with site.client.post(link, data={"action": "withdraw"}) as response:
        assert "You have taken back what you wrote." in await response.text()
    assert await states(site) == {"Sam Lee": SpeakerState.WITHDRAWN}


async def test_sound_only_is_not_asked_for_a_camera(site: Site) -> None:
    link = link_of(await send(site, consent="sound_only"))
    async with site.client.post(link, data={"action": "continue"}) as response:
        policy = response.headers["Permissions-Policy"]
    assert "camera=()" in policy
    assert "microphone=(self)" in policy


async def test_giving_up_a_place_by_the_link_alone_lets_somebody_move_up(site: Site) -> None:
    await give(site, parse(YORK.model_dump(mode="json") | {"places": {"meeting": 2}}))
    pages = [await send(site, name=name) for name in ("A", "B", "C")]
    found = await states(site)
    assert SpeakerState.WAITING_LIST in found.values()
    first = next(name for name in found if found[name] is SpeakerState.SUBMITTED)
    link = link_of(pages["ABC".index(first)])
    assert "Give up my place" in await site.text(link), "on the page before the device is chosen"
    waiting_before = [name for name in found if found[name] is SpeakerState.WAITING_LIST]
    async with site.client.post(link, data={"action": "withdraw"}) as response:
        assert "You have given up your place." in await response.text()
    after = await states(site)
    assert after[first] is SpeakerState.WITHDRAWN
    assert after[waiting_before[0]] is SpeakerState.SUBMITTED


async def test_looking_at_a_link_never_gives_up_a_place(site: Site) -> None:
    link = link_of(await send(site))
    for _ in range(3):
        await site.text(f"{link}?action=withdraw")
    assert await states(site) == {"Sam Lee": SpeakerState.SUBMITTED}


async def test_another_device_that_gives_up_the_place_hangs_up_the_first(site: Site) -> None:
    registered, resident = await site.house.waiting()
    await site.house.live()
    await site.house.do("speaker.call", registration_id=registered.registration_id)
    async with site.client.post(f"/speak/{registered.token}", data={"action": "withdraw"}) as response:
        assert response.status == 200
    row = await site.house.speaker(registered.registration_id)
    assert row.state is SpeakerState.WITHDRAWN
    assert isinstance(resident, Resident)
    assert row.device != resident.device
    assert ("close_speaker", str(registered.registration_id)) in site.house.studio.calls
