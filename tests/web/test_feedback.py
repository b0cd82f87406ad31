"""The feedback form at the end of a webinar, without scripts."""

import csv
import io
import json

import pytest

from tests.hub.webinar import hold
from tests.web.conftest import Site


async def post(site: Site, prefix: str = "", **form: str) -> tuple[int, str]:
    path = f"{prefix}{site.meeting}/feedback"
    async with site.client.post(path, data=form, allow_redirects=False) as response:
        return response.status, response.headers.get("Location") or await response.text()


@pytest.mark.parametrize("prefix", ["", "/cy"])
async def test_the_form_is_there_at_the_end_and_once(site: Site, prefix: str) -> None:
    site.house = await hold(site.house)
    await site.house.live()
    page = f"{prefix}{site.meeting}"
    assert 'id="feedback"' not in await site.text(page)
    assert (await post(site, prefix, rating="5"))[0] == 403
    await site.house.do("meeting.end", confirmed=True)
    assert f'action="{page}/feedback"' in await site.text(page)
    status, text = await post(site, prefix, text="What I wrote")
    assert (status, "What I wrote" in text, "rating-error" in text) == (422, True, True)
    assert await post(site, prefix, rating="4", text="=Good") == (303, f"{page}#feedback")
    assert f'action="{page}/feedback"' not in await site.text(page)
    assert (await post(site, prefix, rating="1"))[0] == 409
    for name in ("feedback.csv", "feedback.json"):
        assert "Good" not in await site.text(f"/console{site.meeting}/{name}", 401)
    await site.sign_in()
    (row,) = csv.DictReader(io.StringIO(await site.text(f"/console{site.meeting}/feedback.csv")))
    assert (row["rating"], row["text"]) == ("4", "'=Good")
    whole = json.loads(await site.text(f"/console{site.meeting}/feedback.json"))
    assert (whole["mean"], whole["people"]) == (4.0, 1)


async def test_other_meetings_have_none(site: Site) -> None:
    await site.end()
    assert 'id="feedback"' not in await site.text(site.meeting)
    assert (await post(site, rating="5"))[0] == 404
