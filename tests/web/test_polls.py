"""Polls on the page and in files, without scripts."""

import csv
import io
import json

import pytest

from tests.hub.webinar import hold
from tests.web.conftest import Site

OPTIONS = ["Time", "=Money"]


@pytest.fixture
async def poll(site: Site) -> int:
    site.house = await hold(site.house)
    made = await site.house.do("poll.create", text="What helps?", kind="single", options=OPTIONS)
    return int(made["poll_id"])


async def vote(site: Site, poll: int, *choices: str, prefix: str = "") -> tuple[int, str]:
    path = f"{prefix}{site.meeting}/polls/{poll}/vote"
    form = [("choice", choice) for choice in choices]
    async with site.client.post(path, data=form, allow_redirects=False) as response:
        return response.status, response.headers.get("Location") or await response.text()


@pytest.mark.parametrize("prefix", ["", "/cy"])
async def test_a_form_answers_once(site: Site, poll: int, prefix: str) -> None:
    assert "What helps?" not in await site.text(f"{prefix}{site.meeting}")
    await site.house.do("poll.open", poll_id=poll)
    assert 'type="radio"' in await site.text(f"{prefix}{site.meeting}")
    status, text = await vote(site, poll, prefix=prefix)
    assert (status, 'role="alert"' in text) == (422, True)
    status, place = await vote(site, poll, "2", prefix=prefix)
    assert (status, place) == (303, f"{prefix}{site.meeting}#poll-{poll}")
    text = await site.text(f"{prefix}{site.meeting}")
    assert f"{prefix}{site.meeting}/polls/{poll}/vote" not in text, "no form any more"
    assert "<progress" not in text
    await vote(site, poll, "1", prefix=prefix)
    await site.house.do("poll.show", poll_id=poll)
    shown = await site.text(f"{prefix}{site.meeting}")
    assert '<progress aria-hidden="true" max="1" value="1">' in shown
    assert shown.count("<progress") == len(OPTIONS)


async def test_several_choices_are_boxes_to_tick(site: Site, poll: int) -> None:
    made = await site.house.do("poll.create", text="Which?", kind="multiple", options=["A", "B", "C"])
    await site.house.do("poll.open", poll_id=made["poll_id"])
    assert 'type="checkbox"' in await site.text(site.meeting)
    assert (await vote(site, made["poll_id"], "1", "3"))[0] == 303


async def test_what_is_no_answer_is_told(site: Site, poll: int) -> None:
    await site.house.do("poll.open", poll_id=poll)
    for choices in (("x",), ("3",), ("1", "2"), ("-1",), ("9" * 50,)):
        assert (await vote(site, poll, *choices))[0] == 422
    assert (await vote(site, 4711, "1"))[0] == 404
    await site.house.do("poll.close", poll_id=poll)
    status, text = await vote(site, poll, "1")
    assert (status, "<progress" in text) == (403, False)


async def test_files_are_for_officers(site: Site, poll: int) -> None:
    await site.house.do("poll.open", poll_id=poll)
    await vote(site, poll, "2")
    for name in ("polls.json", "polls.csv"):
        assert "What helps?" not in await site.text(f"/console{site.meeting}/{name}", 401)
    await site.sign_in()
    rows = list(csv.DictReader(io.StringIO(await site.text(f"/console{site.meeting}/polls.csv"))))
    assert [(line["option"], line["votes"]) for line in rows] == [("Time", "0"), ("'=Money", "1")]
    whole = json.loads(await site.text(f"/console{site.meeting}/polls.json"))
    assert (whole["polls"][0]["counts"], whole["polls"][0]["people"]) == ([0, 1], 1)
