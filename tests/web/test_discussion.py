"""Discussions before a meeting, without scripts: from the form to the meeting's page."""

import re
from datetime import timedelta

import pytest

from tests.hub.discussions import Hall, open_hall
from tests.hub.fakes import START
from tests.web.conftest import Site

GOOD = {"name": "Sam Lee", "email": "sam@example.org", "text": "Keep the limes."}


@pytest.fixture
async def hall(site: Site) -> Hall:
    return await open_hall(site.house)


def place(site: Site, hall: Hall) -> str:
    return f"{site.meeting}/discussion/{hall.topic_id}"


async def send(site: Site, hall: Hall, status: int = 200, **changed: str) -> str:
    """Send the form; the page that the browser is led to."""
    async with site.client.post(place(site, hall), data=GOOD | changed) as response:
        assert response.status == status, await response.text()
        return await response.text()


async def newest(hall: Hall) -> int:
    return max(post.id for post in (await hall.console()).posts)


async def press(site: Site, path: str, **form: str) -> str:
    async with site.client.post(path, data=form) as response:
        assert response.status == 200, await response.text()
        return await response.text()


async def test_the_whole_way_of_a_post(site: Site, hall: Hall) -> None:
    assert "Open until 5pm on Wednesday 25 November 2026." in await site.text(site.meeting)
    site.house.desk.sends_mail = True
    page = await send(site, hall)
    assert "We have sent an e-mail" in page
    assert "It waits for you to open the link" in page
    post_id = await newest(hall)
    link = f"/address/{await hall.token(post_id)}"
    for _ in range(3):
        assert "Yes, this was me" in await site.text(link)
    async with site.client.head(link) as response:
        assert response.status == 200
    assert (await hall.row(post_id)).state == "unconfirmed", "looking confirms nothing"
    assert "An officer will read it" in await press(site, link, action="confirm")
    assert "Keep the limes." not in await site.text(site.meeting)
    await site.house.do("post.approve", post_id=post_id)
    assert "It is published." in await site.text(place(site, hall))
    site.client.session.cookie_jar.clear()
    assert "Keep the limes." in await site.text(place(site, hall))
    site.house.clock.moment = START - timedelta(hours=1)
    assert "Send" not in await site.text(place(site, hall))
    await site.house.do("discussion.summarise", topic_id=hall.topic_id, text="The limes are liked.")
    for path in (site.meeting, f"/cy{site.meeting}"):
        meeting = await site.text(path)
        assert "The limes are liked." in meeting
        assert "Keep the limes." in meeting
        assert "sam@example.org" not in meeting


async def test_the_browser_that_confirmed_leaves_the_address_out(site: Site, hall: Hall) -> None:
    await send(site, hall)
    await press(site, f"/address/{await hall.token(await newest(hall))}", action="confirm")
    (cookie,) = [one for one in site.client.session.cookie_jar if one.key == "address"]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    assert "sam@example.org" not in await site.text(place(site, hall)), "not even on its own device"
    assert "An officer will read it." in await send(site, hall, email="", text="Second")
    assert await hall.states() == {"Keep the limes.": "pending", "Second": "pending"}


async def test_a_mistake_keeps_what_was_typed_and_says_what_is_wrong(site: Site, hall: Hall) -> None:
    page = await send(site, hall, 422, email="not an address", text="<b>Trees</b>")
    assert '<a href="#email">' in page
    assert 'value="not an address"' in page
    assert "&lt;b&gt;Trees&lt;/b&gt;" in page
    page = await send(site, hall, 422, text="x" * 1001)
    assert "it has 1001, 1 too many" in page
    assert '<a href="#text">' in page
    assert "Enter your name." in await send(site, hall, 422, name=" ")
    assert await hall.states() == {}
    assert await hall.addresses() == []


async def test_the_same_form_sent_twice_is_one_post(site: Site, hall: Hall) -> None:
    found = re.search(r'name="client_id" value="([^"]+)"', await site.text(place(site, hall)))
    assert found is not None
    await send(site, hall, client_id=found[1])
    await send(site, hall, client_id=found[1])
    assert len((await hall.console()).posts) == 1


async def test_taking_it_back(site: Site, hall: Hall) -> None:
    await send(site, hall)
    assert "You took it back." in await press(
        site, f"{place(site, hall)}/posts/{await newest(hall)}/withdraw"
    )
    site.client.session.cookie_jar.clear()
    await send(site, hall, text="Another")
    site.client.session.cookie_jar.clear()
    async with site.client.post(f"{place(site, hall)}/posts/{await newest(hall)}/withdraw") as response:
        assert response.status == 404


async def test_behind_the_link_only_a_browser_that_may_take_back_is_offered_it(
    site: Site, hall: Hall
) -> None:
    await send(site, hall)
    link = f"/address/{await hall.token(await newest(hall))}"
    assert "Take it back" in await press(site, link, action="confirm")
    site.client.session.cookie_jar.clear()
    page = await site.text(link)
    assert "Keep the limes." in page
    assert "Take it back" not in page


async def test_the_owner_deletes_the_address(site: Site, hall: Hall) -> None:
    await send(site, hall)
    link = f"/address/{await hall.token(await newest(hall))}"
    await press(site, link, action="confirm")
    assert "sam@example.org" in await site.text(link)
    assert "Your address has been deleted" in await press(site, link, action="forget")
    assert not [one for one in site.client.session.cookie_jar if one.key == "address"]
    assert await hall.addresses() == []
    assert "This link is not known" in await site.text(link, 404)


@pytest.mark.parametrize("token", ["x", "token-1", "%00", "a" * 5000, "stop"])
async def test_a_guessed_link_opens_nothing(site: Site, hall: Hall, token: str) -> None:
    await send(site, hall)
    await site.text(f"/address/{token}", 404)
    async with site.client.post(f"/address/{token}", data={"action": "confirm"}) as response:
        assert response.status == 404


async def test_a_link_is_told_what_to_do(site: Site, hall: Hall) -> None:
    await send(site, hall)
    link = f"/address/{await hall.token(await newest(hall))}"
    async with site.client.post(link, data={"action": "sell"}) as response:
        assert response.status == 422
    async with site.client.post(
        link, data={"action": "confirm"}, headers={"Sec-Fetch-Site": "cross-site"}
    ) as response:
        assert response.status == 403
    assert await hall.states() == {"Keep the limes.": "unconfirmed"}


async def test_a_discussion_that_is_not_there(site: Site, hall: Hall) -> None:
    await site.text(f"{site.meeting}/discussion/999", 404)
    await site.text(f"/meetings/other/discussion/{hall.topic_id}", 404)


async def test_too_much_at_once_says_when_to_try_again(site: Site, hall: Hall) -> None:
    for number in range(3):
        await send(site, hall, email=f"{number}@example.org")
    async with site.client.post(place(site, hall), data=GOOD) as response:
        assert response.status == 429
        assert int(response.headers["Retry-After"]) > 0
        assert "Keep the limes." in await response.text()


async def test_the_page_in_welsh(site: Site, hall: Hall) -> None:
    page = await site.text(f"/cy{place(site, hall)}")
    assert 'lang="cy"' in page
    assert "Anfon" in page
    async with site.client.post(f"/cy{place(site, hall)}", data=GOOD | {"email": ""}) as response:
        assert "Rhowch eich cyfeiriad" in await response.text()


async def test_nothing_of_it_is_public_that_should_not_be(site: Site, hall: Hall) -> None:
    await send(site, hall, text="UNREAD-POST")
    await press(site, f"/address/{await hall.token(await newest(hall))}", action="confirm")
    site.client.session.cookie_jar.clear()
    for path in (
        "",
        f"/discussion/{hall.topic_id}",
        "/state.json",
        "/embed",
        "/calendar.ics",
    ):
        text = await site.text(site.meeting + path)
        assert "UNREAD-POST" not in text
        assert "sam@example.org" not in text
    api = await site.text(f"/api/v1{site.meeting}")
    assert "Trees on Mill Lane" in api
    assert "UNREAD-POST" not in api


async def test_the_records_are_for_officers(site: Site, hall: Hall) -> None:
    await send(site, hall, text="=1+1")
    names = ("discussion.json", "discussion.csv", "discussion-log.csv")
    for name in names:
        await site.text(f"/console{site.meeting}/{name}", 401)
    await site.sign_in()
    whole, posts, log = [await site.text(f"/console{site.meeting}/{name}") for name in names]
    assert '"Trees on Mill Lane"' in whole
    assert "'=1+1" in posts
    assert "discussion.open" in log
    assert "sam@example.org" not in whole + posts + log
