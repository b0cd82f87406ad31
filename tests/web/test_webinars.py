"""Webinars on the site: the officer's form, the API, and registering without scripts."""

import re

import pytest

from hub.domain.views import list_meetings, staff_snapshot
from tests.hub.webinar import TITLE, hold
from tests.web.conftest import Site

FORM = {
    "title": TITLE,
    "day": "2026-12-01",
    "time": "18:30",
    "presenters": "Ann Ash, ann@example.org\r\nBob Birch\r\n",
    "programme": "What help there is\r\n\r\nYour questions",
    "client_id": "one",
}


async def post(site: Site, path: str, form: dict[str, str]) -> tuple[int, str]:
    async with site.client.post(path, data=form, allow_redirects=False) as response:
        return response.status, response.headers.get("Location") or await response.text()


async def test_an_officer_makes_one_by_a_form(site: Site) -> None:
    assert (await post(site, "/console/webinars/new", FORM))[0] == 401
    await site.sign_in()
    assert "New webinar" in await site.text("/console")
    assert 'name="presenters"' in await site.text("/console/webinars/new")
    status, place = await post(site, "/console/webinars/new", FORM)
    assert (status, place) == (303, "/console/meetings/2026-12-01-caring-for-somebody-at-home")
    assert await post(site, "/console/webinars/new", FORM) == (303, place)
    snapshot = await staff_snapshot(site.house.desk, place.rsplit("/", 1)[1])
    assert [(row.name, row.email) for row in snapshot.speakers] == [
        ("Ann Ash", "ann@example.org"),
        ("Bob Birch", ""),
    ]
    assert [item.title for item in snapshot.public.agenda] == ["What help there is", "Your questions"]
    assert await site.text(place)


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("title", "", "Enter the title."),
        ("day", "tomorrow", "Enter a day such as"),
        ("time", "25:00", "Enter a time such as"),
        ("day", "2020-01-01", "Choose a day and time to come."),
        ("presenters", "Ann, @", "is no e-mail address"),
    ],
)
async def test_what_is_wrong_stands_beside_its_field(site: Site, field: str, value: str, words: str) -> None:
    await site.sign_in()
    status, text = await post(site, "/console/webinars/new", FORM | {field: value})
    assert status == 422
    assert words in text
    assert f'href="#{field}"' in text
    assert not [one for one in (await list_meetings(site.house.desk)).upcoming if one.kind == "webinar"]


@pytest.mark.parametrize(
    ("typed", "fields"),
    [
        ({"title": "", "day": "", "time": ""}, ["title", "day", "time"]),
        ({"title": "", "day": "2020-01-01", "presenters": "Ann, @"}, ["title", "day", "presenters"]),
    ],
)
async def test_all_that_is_wrong_is_told_at_once(
    site: Site, typed: dict[str, str], fields: list[str]
) -> None:
    await site.sign_in()
    status, text = await post(site, "/console/webinars/new", FORM | typed)
    assert status == 422
    assert re.findall(r'<a href="#(\w+)">', text.split("govuk-error-summary__list")[1]) == fields


async def test_a_program_makes_one_by_the_api(site: Site) -> None:
    body = {
        "kind": "webinar",
        "title": TITLE,
        "starts_at": "2026-12-01T18:30:00+00:00",
        "presenters": [{"name": "Ann Ash"}],
        "client_id": "one",
    }
    async with site.client.post("/api/v1/meetings", json=body) as response:
        assert response.status == 401
    await site.sign_in()
    for _ in range(2):
        async with site.client.post("/api/v1/meetings", json=body) as response:
            assert response.status == 201
            made = await response.json()
    assert made["ref"] == "2026-12-01-caring-for-somebody-at-home"
    assert made["url"].endswith(f"/meetings/{made['ref']}")
    for wrong in ({"kind": "meeting"}, {"starts_at": "2026-12-01T18:30:00"}, {"title": ""}, {"more": 1}):
        async with site.client.post("/api/v1/meetings", json=body | {"client_id": "two"} | wrong) as response:
            assert response.status == 422
            assert (await response.json())["code"] == "invalid"


@pytest.mark.parametrize("prefix", ["", "/cy"])
async def test_anybody_registers_without_scripts(site: Site, prefix: str) -> None:
    site.house = await hold(site.house)
    path = f"{prefix}{site.meeting}/register"
    assert path in await site.text(f"{prefix}{site.meeting}")
    form = await site.text(path)
    assert 'name="email"' in form
    assert 'name="item_id"' not in form
    status, text = await post(site, path, {"name": "Sam Lee", "email": "nowhere"})
    assert status == 422
    assert "govuk-error-summary" in text
    assert 'value="Sam Lee"' in text
    status, text = await post(site, path, {"name": "", "email": ""})
    assert status == 422
    assert '<a href="#name">' in text
    assert '<a href="#email">' in text
    status, text = await post(site, path, {"name": "Sam Lee", "email": "sam@example.org"})
    assert status == 200
    assert f"{prefix}{site.meeting}" in text
    assert (await staff_snapshot(site.house.desk, site.house.ref)).attending == 1


async def test_after_it_nobody_registers(site: Site) -> None:
    site.house = await hold(site.house)
    await site.house.live()
    assert "Register for this webinar" in await site.text(site.meeting)
    await site.house.do("meeting.end", confirmed=True)
    assert "The meeting is over." in await site.text(f"{site.meeting}/register")
    status, text = await post(site, f"{site.meeting}/register", {"name": "Sam", "email": "s@example.org"})
    assert (status, "The meeting is over." in text) == (403, True)
