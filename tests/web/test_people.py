"""Officers signing in, the console, and residents with a personal link."""

import json
import re

import pytest

from hub.domain.services.accounts import new_sign_in_link
from hub.domain.services.registration import register
from media.attempts import BURST, EVERY_SECONDS
from media.control.command import Disconnected
from tests.web.conftest import Site, record
from tests.web.engine import JPEG


def page_data(page: str) -> dict[str, object]:
    found = re.search(r'<script type="application/json" id="page-data">(.*?)</script>', page, re.DOTALL)
    assert found is not None
    data = json.loads(found[1])
    assert isinstance(data, dict)
    return data


async def test_a_sign_in_link_asks_first_and_works_once(site: Site) -> None:
    link = f"/sign-in/{await new_sign_in_link(site.house.desk, 'ann@example.org')}"
    for _ in range(2):
        assert "Continue" in await site.text(link)
    async with site.client.post(link, allow_redirects=False) as response:
        assert response.status == 303
        assert response.headers["Location"] == "/console"
        cookie = response.headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "Planning Committee A" in await site.text("/console")
    site.client.session.cookie_jar.clear()
    async with site.client.post(link) as response:
        assert response.status == 401
        assert "has been used" in await response.text()


async def test_unknown_and_expired_links(site: Site) -> None:
    link = f"/sign-in/{await new_sign_in_link(site.house.desk, 'ann@example.org')}"
    site.house.clock.advance(hours=25)
    for path, words in (("/sign-in/unknown", "not known"), (link, "expired")):
        async with site.client.post(path) as response:
            assert response.status == 401
            assert words in await response.text()


async def test_wrong_links_come_to_an_end(site: Site) -> None:
    async def used(link: str) -> tuple[int, str, str]:
        async with site.client.post(link, allow_redirects=False) as response:
            return response.status, await response.text(), response.headers.get("Retry-After", "")

    for number in range(BURST):
        assert (await used(f"/sign-in/wrong-{number}"))[0] == 401
    status, page, retry = await used("/sign-in/wrong")
    assert (status, retry) == (429, "6")
    assert "Too many wrong sign-in links came from your address. Try again in 6 seconds." in page
    link = f"/sign-in/{await new_sign_in_link(site.house.desk, 'ann@example.org')}"
    assert (await used(link))[0] == 303, "the right one works at any time"
    site.clock.now += EVERY_SECONDS
    assert (await used("/sign-in/wrong"))[0] == 401


async def test_a_session_ends(site: Site) -> None:
    await site.sign_in()
    await site.text("/console")
    site.house.clock.advance(hours=13)
    assert "You need to sign in" in await site.text("/console", 401)


async def test_signing_out_ends_it_here_and_in_the_database(site: Site) -> None:
    await site.sign_in()
    kept = {cookie.key: cookie.value for cookie in site.client.session.cookie_jar}
    async with site.client.post("/sign-out") as response:
        assert response.status == 200
    await site.text("/console", 401)
    site.client.session.cookie_jar.update_cookies(kept)
    await site.text("/console", 401)


async def test_every_console_address_refuses_strangers(site: Site) -> None:
    for path in ("/console", f"/console{site.meeting}", f"/console{site.meeting}/picture.jpg"):
        await site.text(path, 401)
    assert site.engine.calls == []


async def test_the_console_has_what_its_island_needs(site: Site) -> None:
    await site.sign_in()
    async with site.client.get(f"/console{site.meeting}") as response:
        assert response.headers["Cache-Control"] == "no-store"
        page = await response.text()
    data = page_data(page)
    assert data["me"] == {"id": 1, "name": "Ann Clark", "role": "clerk"}
    assert data["engine"] == {
        "studio": None,
        "recorder": None,
        "packager": None,
        "viewers": 0,
        "alarms": [],
        "refusals": [],
        "document": None,
        "disk_hours": None,
    }
    urls = data["urls"]
    assert isinstance(urls, dict)
    assert urls["whip"].endswith(f"/whip/{site.house.ref}/chamber")
    assert urls["rtmp"] == "rtmp://127.0.0.1:1935/live"
    assert "planted@example.org" in page
    await site.text("/console/meetings/none", 404)


async def test_the_console_opens_without_the_media_processes(site: Site) -> None:
    await site.sign_in()
    site.engine.says = Disconnected("gone")
    assert page_data(await site.text(f"/console{site.meeting}"))["engine"] is None


async def test_pictures_of_sources_are_for_officers(site: Site) -> None:
    await site.sign_in()
    async with site.client.get(f"/console{site.meeting}/picture.jpg?of=chamber&width=320") as response:
        assert await response.read() == JPEG
        assert response.headers["Cache-Control"] == "private, no-store"
    assert ("picture", site.house.ref, "chamber", "320") in site.engine.calls
    for width in ("x", "1", "99999"):
        await site.text(f"/console{site.meeting}/picture.jpg?width={width}", 422)


async def test_the_public_picture(site: Site) -> None:
    async with site.client.get(f"{site.meeting}/snapshot.jpg") as response:
        assert await response.read() == JPEG
    assert site.engine.calls == [("picture", site.house.ref, "public", "640")]
    site.engine.says = Disconnected("gone")
    async with site.client.get(f"{site.meeting}/snapshot.jpg") as response:
        assert response.content_type == "image/svg+xml"
    await site.text("/meetings/none/snapshot.jpg", 404)


async def test_the_picture_of_a_recording_that_cannot_be_read_is_a_plain_one(site: Site) -> None:
    await site.house.live()
    record(site.engine.recording(site.house.ref))
    await site.house.do("meeting.end", confirmed=True)
    site.engine.says = Disconnected("gone")
    async with site.client.get(f"{site.meeting}/snapshot.jpg") as response:
        assert response.content_type == "image/svg+xml"


async def test_looking_at_a_personal_link_takes_nothing(site: Site) -> None:
    registered = await register(site.house.desk, site.house.ref, name="Sam Lee", email="sam@example.org")
    link = f"/speak/{registered.token}"
    for _ in range(2):
        page = await site.text(link)
        assert "Continue on this device" in page
        assert "page-data" not in page
    assert (await site.house.speaker(registered.registration_id)).device == ""


async def test_continuing_takes_the_slot_for_this_device(site: Site) -> None:
    registered = await register(site.house.desk, site.house.ref, name="Sam Lee", email="sam@example.org")
    link = f"/speak/{registered.token}"
    async with site.client.post(link, data={"action": "continue"}) as response:
        page = await response.text()
        assert response.status == 200
    data = page_data(page)
    device = (await site.house.speaker(registered.registration_id)).device
    assert data["device"] == device
    assert data["token"] == registered.token
    assert 'id="speaker-app"' in page
    assert "Your registration has arrived." in page
    site.client.session.cookie_jar.clear()
    assert "Another device is using your place." in await site.text(link)
    async with site.client.post(link, data={"action": "continue"}) as response:
        assert page_data(await response.text())["device"] != device


async def test_giving_the_place_up(site: Site) -> None:
    registered = await register(site.house.desk, site.house.ref, name="Sam Lee", email="sam@example.org")
    link = f"/speak/{registered.token}"
    async with site.client.post(link, data={"action": "continue"}) as response:
        assert "Give up my place" in await response.text()
    async with site.client.post(link, data={"action": "withdraw"}) as response:
        page = await response.text()
        assert response.status == 200
    assert "You have given up your place." in page
    async with site.client.post(link, data={"action": "continue"}) as response:
        assert response.status == 403


async def test_unknown_links_and_actions(site: Site) -> None:
    assert "This link is not known." in await site.text("/speak/unknown", 404)
    async with site.client.post("/speak/unknown", data={"action": "continue"}) as response:
        assert response.status == 404
    registered, _ = await site.house.resident()
    async with site.client.post(f"/speak/{registered.token}", data={"action": "dance"}) as response:
        assert response.status == 422


async def invited(site: Site, part: str) -> str:
    """The address of a personal link that an officer issued."""
    site.house.desk.interpreted_language = "cy"
    answer = await site.house.do("invitation.issue", name="Gwen Rees", part=part)
    return f"/speak/{answer['token']}"


@pytest.mark.parametrize(
    ("part", "words", "lent"),
    [
        ("interpreter", "You interpret at this meeting", ("microphone=(self)", "camera=()")),
        ("signer", "You interpret into sign language", ("microphone=()", "camera=(self)")),
        ("presenter", "You show your screen", ("microphone=()", "camera=()", "display-capture=(self)")),
    ],
)
async def test_an_invitation_opens_the_page_in_its_part(
    site: Site, part: str, words: str, lent: tuple[str, ...]
) -> None:
    link = await invited(site, part)
    assert words in await site.text(link)
    async with site.client.post(link, data={"action": "continue"}) as response:
        page = await response.text()
        policy = response.headers["Permissions-Policy"].split(", ")
    assert set(lent) <= set(policy)
    assert words in page
    snapshot = page_data(page)["snapshot"]
    assert isinstance(snapshot, dict)
    assert snapshot["part"] == part


async def test_a_revoked_invitation_says_so(site: Site) -> None:
    link = await invited(site, "signer")
    async with site.client.post(link, data={"action": "continue"}) as response:
        assert response.status == 200
    await site.house.do("invitation.revoke", registration_id=2)
    page = await site.text(link)
    assert "An officer has taken your invitation back." in page
    assert "Give up my place" not in page


async def test_names_are_on_the_page_as_text(site: Site) -> None:
    await site.house.live()
    await site.house.do("captions.chamber", text="Cllr Jane Doe, Chair")
    assert "In the chamber: Cllr Jane Doe, Chair" in await site.text(site.meeting)
    await site.house.do("meeting.private")
    assert "Jane Doe" not in await site.text(site.meeting)


async def test_the_link_to_ones_moment_leads_into_the_recording(site: Site) -> None:
    registered = await register(site.house.desk, site.house.ref, name="Sam Lee", email="sam@example.org")
    number, link = registered.registration_id, f"/speak/{registered.token}"
    await site.house.do("speaker.confirm", registration_id=number)
    await site.house.live()
    await site.house.do("speaker.by_phone", registration_id=number, on=True)
    await site.house.do("speaker.call", registration_id=number)
    site.house.clock.advance(seconds=20)
    await site.house.do("speaker.admit", registration_id=number)
    await site.house.do("speaker.finish", registration_id=number)
    assert f'href="{link}/moment"' in await site.text(link)
    async with site.client.get(f"{link}/moment", allow_redirects=False) as response:
        assert (response.status, response.headers["Location"]) == (303, site.meeting), "not recorded yet"
    record(site.engine.recording(site.house.ref))
    await site.house.do("meeting.end", confirmed=True)
    async with site.client.get(f"/cy{link}/moment", allow_redirects=False) as response:
        assert response.headers["Location"] == f"/cy{site.meeting}?t=18"
        assert response.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("token", ["guessed", "x" * 500, "%00", "..%2f..%2fconsole", "%F0%9F%8F%B4"])
async def test_a_guessed_link_opens_nothing(site: Site, token: str) -> None:
    for path in (f"/speak/{token}", f"/speak/{token}/moment"):
        async with site.client.get(path, allow_redirects=False) as response:
            assert response.status == 404
    async with site.client.post(f"/speak/{token}", data={"action": "continue"}) as response:
        assert response.status == 404


async def test_a_link_of_another_meeting_opens_that_one_and_no_other(site: Site) -> None:
    registered = await register(site.house.desk, site.house.ref, name="Sam Lee", email="sam@example.org")
    page = await site.text(f"/speak/{registered.token}")
    assert "planted@example.org" not in page
    assert "Planning Committee A" in page


async def test_a_used_link_and_a_withdrawn_one_only_say_so(site: Site) -> None:
    registered = await register(site.house.desk, site.house.ref, name="Sam Lee", email="sam@example.org")
    await site.house.do("speaker.decline", registration_id=registered.registration_id)
    async with site.client.post(
        f"/speak/{registered.token}", data={"action": "continue"}, allow_redirects=False
    ) as response:
        assert response.status == 403
    assert "An officer could not accept your registration." in await site.text(f"/speak/{registered.token}")
