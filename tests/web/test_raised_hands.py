"""Raising one's hand and agreeing to be on air, without scripts."""

import pytest

from hub.domain.views import staff_snapshot
from tests.hub.webinar import hold
from tests.web.conftest import Site


@pytest.fixture
async def webinar(site: Site) -> Site:
    site.house = await hold(site.house)
    await site.house.live()
    return site


async def post(site: Site, path: str, prefix: str = "", **form: str) -> tuple[int, str]:
    address = f"{prefix}{site.meeting}/hands{path}"
    async with site.client.post(address, data=form, allow_redirects=False) as response:
        return response.status, response.headers.get("Location") or await response.text()


async def hand(site: Site) -> int:
    (raised,) = (await staff_snapshot(site.house.desk, site.house.ref)).raised
    return raised.id


@pytest.mark.parametrize("prefix", ["", "/cy"])
async def test_from_the_page_to_the_personal_link(webinar: Site, prefix: str) -> None:
    page = f"{prefix}{webinar.meeting}"
    assert f'action="{page}/hands"' in await webinar.text(page)
    assert await post(webinar, "", prefix, name="Ida Poe") == (303, f"{page}#hand")
    number = await hand(webinar)
    assert f"{page}/hands/{number}/lower" in await webinar.text(page)
    await webinar.house.do("hand.ask", hand_id=number)
    assert f"{page}/hands/{number}/accept" in await webinar.text(page)
    assert (await post(webinar, f"/{number}/accept", prefix))[0] == 422
    status, place = await post(webinar, f"/{number}/accept", prefix, consent="sound_only")
    assert (status, place.startswith(f"{prefix}/speak/")) == (303, True)
    assert await post(webinar, f"/{number}/accept", prefix, consent="sound_only") == (303, place), "twice"
    assert place in await webinar.text(page)
    assert "Ida Poe" in await webinar.text(place)
    webinar.client.session.cookie_jar.clear()
    stranger = await webinar.text(page)
    assert place not in stranger
    assert "Ida Poe" not in stranger


async def test_down_again_and_no_thank_you(webinar: Site) -> None:
    await post(webinar, "", name="Ida Poe")
    assert (await post(webinar, f"/{await hand(webinar)}/lower"))[0] == 303
    await post(webinar, "", name="Ida Poe")
    number = await hand(webinar)
    await webinar.house.do("hand.ask", hand_id=number)
    assert (await post(webinar, f"/{number}/decline"))[0] == 303
    assert (await staff_snapshot(webinar.house.desk, webinar.house.ref)).raised == []
    assert "/speak/" not in await webinar.text(webinar.meeting)


async def test_what_is_wrong_is_told_beside_the_form(webinar: Site) -> None:
    status, text = await post(webinar, "", name=" ")
    assert (status, 'id="hand-error"' in text, "Enter your name." in text) == (422, True, True)
    assert (await post(webinar, "/4711/lower"))[0] == 404
    await webinar.house.do("meeting.end", confirmed=True)
    assert (await post(webinar, "", name="Ida"))[0] == 403
    assert 'id="hand"' not in await webinar.text(webinar.meeting)
