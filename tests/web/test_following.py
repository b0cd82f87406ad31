"""Following by e-mail, calendar and feed, without scripts."""

import re
from datetime import timedelta
from xml.etree import ElementTree as ET

import pytest
from defusedxml.ElementTree import fromstring
from sqlmodel import select

from hub.domain.models import Address, Follow
from hub.domain.services.following import stop_key
from tests.hub.fakes import START
from tests.hub.followers import Followers
from tests.web.conftest import Site


@pytest.fixture
def people(site: Site) -> Followers:
    site.house.clock.moment = START - timedelta(days=1)
    site.house.desk.sends_mail = True
    return Followers(site.house)


async def send(site: Site, path: str, status: int = 200, **form: object) -> str:
    fields = [
        (name, one) for name, value in form.items() for one in (value if isinstance(value, list) else [value])
    ]
    async with site.client.post(path, data=fields) as response:
        assert response.status == status, await response.text()
        return await response.text()


async def kinds(people: Followers) -> list[str]:
    return [follow.kind for follow in await people.follows() if follow.confirmed_at]


async def key_of(people: Followers) -> str:
    async with people.house.desk.store.read() as session:
        return stop_key(people.house.desk, (await session.exec(select(Address))).one())


async def test_the_start_and_an_item(site: Site, people: Followers) -> None:
    assert f'href="{site.meeting}/follow"' in await site.text(site.meeting)
    mill_lane = site.house.items[2]
    form = await site.text(f"{site.meeting}/follow?item={mill_lane}")
    assert re.search(rf'value="{mill_lane}"\s+checked', form)
    assert "SECRET" not in form
    page = await send(site, f"{site.meeting}/follow", email="sam@example.org", what=["start", str(mill_lane)])
    assert "We have sent an e-mail" in page
    assert await kinds(people) == []
    link = f"/address/{await people.newest_token()}"
    assert "One e-mail when item 2. Mill Lane is next: Planning Committee A" in await site.text(link)
    assert await kinds(people) == [], "looking confirms nothing"
    await send(site, link, action="confirm")
    assert await kinds(people) == ["start", "item"]
    page = await send(site, f"{site.meeting}/follow", email="", what="start")
    assert "You will be told by e-mail." in page


async def test_mistakes_are_shown_where_they_are(site: Site, people: Followers) -> None:
    path = f"{site.meeting}/follow"
    page = await send(site, path, 422, email="sam@example.org")
    assert "Choose what you want to be told." in page
    assert '<a href="#items">' in page
    page = await send(site, path, 422, email="nobody", what="start")
    assert '<a href="#email">' in page
    assert re.search(r'value="start"\s+checked', page)
    for what in ("999", "x", "-1", "1" * 30):
        assert "Choose an item of the agenda." in await send(site, path, 422, email="a@b.example", what=what)
    await send(site, "/follow", 422, email="a@b.example", committee="99", topic="")
    await send(site, "/meetings/nowhere/follow", 404, email="a@b.example", what="start")
    assert await people.follows() == []


async def test_a_daily_e_mail_about_a_committee_and_a_topic(site: Site, people: Followers) -> None:
    page = await site.text("/follow?committee=1&topic=mill+lane")
    assert 'href="/committees/1/calendar.ics?topic=mill%20lane"' in page
    assert 'name="committee" value="1"' in page
    await send(site, "/follow", email="sam@example.org", committee="1", topic="mill lane")
    link = f"/address/{await people.newest_token()}"
    words = "An e-mail a day about meetings of Planning Committee A with “mill lane” on the agenda"
    assert words in await site.text(link)
    await send(site, link, action="confirm")
    (follow,) = await people.follows()
    assert words in await send(site, link, action="stop", follow=str((follow.id or 0) + 1)), "not theirs"
    assert "Your address has been deleted" in await send(site, link, action="stop", follow=str(follow.id))
    assert await people.follows() == []


async def test_stopping_asks_when_it_is_looked_at_and_is_one_press(site: Site, people: Followers) -> None:
    await people.follow(items=[site.house.items[0]])
    link = f"/stop/{await key_of(people)}"
    for _ in range(2):
        assert "Stop all of them" in await site.text(link)
    async with site.client.head(link) as response:
        assert response.status == 200
        assert response.headers["Cache-Control"] == "no-store"
    assert await kinds(people) == ["start", "item"]
    first, _ = await people.follows()
    assert "Stop all of them" in await send(site, link, follow=str(first.id))
    assert await kinds(people) == ["item"]
    assert "Your address has been deleted" in await send(site, link)
    assert await people.follows() == []
    await site.text(link, 404)


async def test_a_mail_program_stops_by_itself_and_is_not_redirected(site: Site, people: Followers) -> None:
    await people.follow()
    body = {"List-Unsubscribe": "One-Click"}
    async with site.client.post(
        f"/stop/{await key_of(people)}", data=body, allow_redirects=False
    ) as response:
        assert response.status == 200
    assert await people.follows() == []


@pytest.mark.parametrize("key", ["x", "token-1.x", ".", "%00.%00", "é.é", "a" * 4000])
async def test_a_guessed_link_stops_nothing(site: Site, people: Followers, key: str) -> None:
    await people.follow()
    await site.text(f"/stop/{key}", 404)
    await send(site, f"/stop/{key}", 404)
    assert await kinds(people) == ["start"]


async def test_without_a_mail_server_there_is_no_form(site: Site, people: Followers) -> None:
    site.house.desk.sends_mail = False
    for path in ("/follow", f"{site.meeting}/follow"):
        page = await site.text(path)
        assert "This council sends no e-mails from here." in page
        assert 'name="email"' not in page
    page = await site.text(site.meeting)
    assert f'href="{site.meeting}/follow"' not in page
    assert "Follow this committee, or a topic: by calendar or feed" in page
    site.house.desk.sends_mail = True
    assert f'href="{site.meeting}/follow"' in await site.text(site.meeting)


async def test_when_it_is_live_what_is_past_cannot_be_chosen(site: Site, people: Followers) -> None:
    await site.house.live()
    await site.house.next()
    page = await site.text(f"{site.meeting}/follow")
    assert 'value="start"' not in page
    assert f'value="{site.house.items[0]}"' not in page
    assert f'value="{site.house.items[2]}"' in page


async def test_the_answer_does_not_tell_who_follows(site: Site, people: Followers) -> None:
    await people.follow()
    answers = []
    for email in ("sam@example.org", "nobody@example.org"):
        site.client.session.cookie_jar.clear()
        data = {"email": email, "what": "start"}
        async with site.client.post(f"{site.meeting}/follow", data=data, allow_redirects=False) as response:
            answers.append((response.status, response.headers["Location"], await response.text()))
    assert answers[0] == answers[1]


async def test_too_often_says_when_to_try_again(site: Site, people: Followers) -> None:
    for number in range(5):
        await send(site, "/follow", email=f"{number}@example.org", committee="", topic="")
    async with site.client.post("/follow", data={"email": "x@example.org"}) as response:
        assert response.status == 429
        assert int(response.headers["Retry-After"]) > 0


async def test_the_pages_in_welsh(site: Site, people: Followers) -> None:
    for path in ("/follow", f"{site.meeting}/follow"):
        assert 'lang="cy"' in await site.text(f"/cy{path}")
    await send(site, "/cy/follow", email="sam@example.org", committee="", topic="")
    async with people.house.desk.store.read() as session:
        assert (await session.exec(select(Address))).one().language == "cy"
        assert (await session.exec(select(Follow))).one().confirmed_at is None


def titles(body: str) -> list[str]:
    channel: ET.Element | None = fromstring(body).find("channel")
    assert channel is not None
    return [item.findtext("title") or "" for item in channel.findall("item")]


async def test_feeds_and_calendars_of_a_topic(site: Site, people: Followers) -> None:
    await people.plan("other", title="Executive")
    assert titles(await site.text("/meetings.xml")) == [
        "Executive, Thursday 24 December 2026",
        "Planning Committee A, Thursday 26 November 2026",
    ]
    assert titles(await site.text("/meetings.xml?topic=MILL+lane")) == [
        "Planning Committee A, Thursday 26 November 2026"
    ]
    assert titles(await site.text("/committees/1/meetings.xml?topic=budget")) == []
    await site.text("/committees/99/meetings.xml", 404)
    assert "SECRET" not in await site.text("/meetings.xml")
    whole, narrow = await site.text("/calendar.ics"), await site.text("/committees/1/calendar.ics?topic=mill")
    assert "SUMMARY:Executive" in whole
    assert "SUMMARY:Executive" not in narrow
    assert "SUMMARY:Planning Committee A" in narrow
    await site.end()
    assert len(titles(await site.text("/feed.xml?topic=mill"))) == 1
    assert titles(await site.text("/committees/1/feed.xml?topic=budget")) == []


async def test_a_hidden_title_is_no_topic(site: Site, people: Followers) -> None:
    assert titles(await site.text("/meetings.xml?topic=SECRET-TITLE")) == []
