"""Every address of the site is asked for a rehearsal, and none has anything of it for the public."""

from collections.abc import Iterator

import pytest

from hub.domain import views
from hub.domain.meetings import find_meeting
from hub.domain.services.registration import take_slot
from hub.domain.services.rehearsal import rehearse
from hub.domain.states.meeting import MeetingState
from media.control.command import Refused
from tests.web.conftest import OFFER, Site, record

MARK = "Rehearsal"
FILLED = {
    "file": "main.m3u8",
    "id": "1",
    "session": "x",
    "source": "chamber",
    "name": "gate.cut",
    "token": "x",
    "post": "1",
    "key": "x",
}
NAMES_NOTHING = ("OPTIONS", "HEAD")
"""Methods whose answers are the same for every ref."""


@pytest.fixture
async def practice(site: Site) -> str:
    """The ref of one that is live as far as it can be, with all that a careless page could find."""
    house = site.house
    ref = await rehearse(house.desk, house.clerk, house.ref)
    house.ref, real = ref, house.ref
    await house.do("meeting.open_room")
    await house.do("meeting.go_live", confirmed=True)
    house.ref = real
    record(site.engine.recording(ref))
    # As the engine answers for a rehearsal (tests/hub/test_rehearsal.py).
    site.engine.says = Refused("no_meeting", "This meeting is not being streamed now.")
    return ref


def addresses(site: Site, ref: str) -> Iterator[tuple[str, str]]:
    """Method and path of every route that names a meeting."""
    for route in site.client.app.router.routes():
        path = route.resource.canonical if route.resource is not None else ""
        if "{ref}" in path and route.method not in NAMES_NOTHING:
            yield route.method, path.format_map(FILLED | {"ref": ref})


async def test_no_address_with_its_ref_has_anything(site: Site, practice: str) -> None:
    asked = list(addresses(site, practice))
    assert len(asked) > 30
    for method, path in asked:
        headers = {"Content-Type": "application/sdp"} if "whep" in path or "whip" in path else {}
        body = OFFER if headers else None
        async with site.client.request(
            method, path, data=body, headers=headers, allow_redirects=False
        ) as response:
            text = await response.text()
            empty = response.status == 204 and not text
            signed_out = response.status == 303 and path.startswith("/console")
            assert response.status >= 400 or empty or signed_out, (method, path, response.status)
            assert MARK not in text, (method, path)


async def test_the_same_addresses_have_the_real_meeting(site: Site, practice: str) -> None:
    """Else the test above would pass whatever it asked."""
    found = set()
    for method, path in addresses(site, site.house.ref):
        if method == "GET":
            async with site.client.get(path, allow_redirects=False) as response:
                found |= {path.rpartition("/")[2]} if response.status in (200, 307) else set()
    assert {site.house.ref, "register", "embed", "state.json", "calendar.ics", "snapshot.jpg"} <= found


@pytest.mark.parametrize("state", [MeetingState.LIVE, MeetingState.ENDED, MeetingState.PUBLISHED])
async def test_no_other_page_names_it(site: Site, practice: str, state: MeetingState) -> None:
    async with site.house.desk.store.write() as session:
        meeting = await find_meeting(session, practice, rehearsals=True)
        meeting.state, meeting.ended_at = state, site.house.clock.now()
    site.engine.says = None
    asked = 0
    for route in site.client.app.router.routes():
        path = route.resource.canonical if route.resource is not None else ""
        if route.method != "GET" or "{ref}" in path:
            continue
        async with site.client.get(path.format_map(FILLED | {"id": "1"})) as response:
            text = await response.text(errors="replace")
            assert not {word for word in (MARK, practice) if word in text}, path
            asked += 1
    for path in ("/?q=rehearsal", "/?page=1", "/api/v1/meetings?page=1"):
        text = await site.text(path)
        assert f"{MARK}:" not in text
        assert practice not in text
    assert asked > 10


async def test_its_ref_finds_no_recording_once_it_is_over(site: Site, practice: str) -> None:
    house = site.house
    site.engine.says = None
    house.ref, real = practice, house.ref
    await house.do("meeting.end", confirmed=True)
    house.ref = real
    for path in ("", "/recording.mp4", "/hls/main.m3u8", "/snapshot.jpg", "/chapters.json", "/captions.vtt"):
        await site.text(f"/meetings/{practice}{path}", 404)


async def test_an_officer_begins_one_and_finds_it_again(site: Site) -> None:
    await site.sign_in()
    page = await site.text("/console")
    assert f"/console/meetings/{site.house.ref}/rehearsal" in page
    address = f"/console/meetings/{site.house.ref}/rehearsal"
    async with site.client.post(address, allow_redirects=False) as response:
        assert response.status == 303
        console = response.headers["Location"]
    assert "Rehearsal: Planning Committee A" in await site.text(console)
    assert console in await site.text("/console")
    # Officers are shown nothing of it on public pages either.
    ref = console.rpartition("/")[2]
    await site.text(f"/meetings/{ref}", 404)
    assert ref not in await site.text("/")


async def test_who_practises_is_told_that_it_is_one(site: Site, practice: str) -> None:
    desk = site.house.desk
    site.house.ref, real = practice, site.house.ref
    speaker = (await views.staff_snapshot(desk, practice)).speakers[0]
    token = (await site.house.do("speaker.link", registration_id=speaker.id))["token"]
    site.house.ref = real
    words = "Nothing of it is public or recorded"
    asking = await site.text(f"/speak/{token}")
    assert words in asking
    assert "The meeting is public and recorded" not in asking
    await take_slot(desk, token, "phone")
    site.client.session.cookie_jar.update_cookies({"speaker_device": "phone"})
    page = await site.text(f"/speak/{token}")
    assert words in page
    assert f'/meetings/{practice}"' not in page.partition('id="page-data"')[0]
    await site.text(f"/speak/{token}/moment", 404)
