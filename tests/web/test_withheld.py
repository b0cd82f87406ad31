"""What is left of a recording that was withheld, at every address that had something of it."""

import pytest

from tests.web.conftest import Site

REASON = "A-NAME-WAS-SAID"
FILES = ("recording.mp4", "chapters.vtt", "chapters.json", "hls/main.m3u8", "hls/video.m3u8", "hls/a1-0.mp4")


@pytest.fixture
async def site_after(site: Site) -> Site:
    await site.end()
    return site


async def statuses(site: Site) -> set[int]:
    """What its addresses answer."""
    found = set()
    for file in FILES:
        async with site.client.get(f"{site.meeting}/{file}") as response:
            found.add(response.status)
    return found


async def test_nothing_of_it_is_to_be_had_and_everything_again_afterwards(site_after: Site) -> None:
    site, house = site_after, site_after.house
    committee = f"/committees/{(await house.meeting()).committee_id}/feed.xml"
    assert await statuses(site) == {200}
    assert house.ref in await site.text(committee)
    await house.do("recording.withhold", reason=REASON)
    assert await statuses(site) == {404}
    assert house.ref not in await site.text(committee)
    for address in (
        site.meeting,
        f"{site.meeting}/embed",
        f"{site.meeting}/state.json",
        f"/api/v1{site.meeting}",
    ):
        page = await site.text(address)
        assert REASON not in page
        assert "recording.mp4" not in page, address
    assert "has been withheld" in await site.text(site.meeting)
    await house.do("recording.publish", confirmed=True)
    assert await statuses(site) == {200}
    assert house.ref in await site.text(committee)
