"""What a page says of how long its recording is kept, and what is left when it is kept no longer."""

from datetime import timedelta
from pathlib import Path

import pytest

from hub.domain.clock import milliseconds
from hub.expiry import RecordingKeeper
from hub.supervision.archive import DiskArchive
from tests.web.conftest import Site, record
from tests.web.test_withheld import statuses

UNTIL = "The recording is kept until Tuesday 25 May 2027."
DELETED = "The recording of this meeting was deleted on Wednesday 26 May 2027"
REASON = "A-COMPLAINT"


@pytest.fixture
async def site_after(site: Site) -> Site:
    """A recording that is published, of a council that keeps them for half a year."""
    site.house.desk.recordings_kept = timedelta(days=180)
    await site.end()
    return site


@pytest.fixture
def keeper(site_after: Site, tmp_path: Path) -> RecordingKeeper:
    """With the recording where the keeper looks for it."""
    directory = tmp_path / "meetings" / site_after.house.ref / "recording"
    record(directory)
    site_after.engine.recordings = tmp_path / "elsewhere"
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / site_after.house.ref).symlink_to(directory)
    return RecordingKeeper(site_after.house.desk, DiskArchive(tmp_path / "meetings"))


async def test_the_page_says_until_when(site_after: Site) -> None:
    assert UNTIL in await site_after.text(site_after.meeting)
    assert "Cedwir y recordiad tan" in await site_after.text(f"/cy{site_after.meeting}")
    assert '"recording_until":"2027-05-25"' in await site_after.text(f"/api/v1{site_after.meeting}")
    await site_after.house.do("recording.keep", until="2028-02-29", reason=REASON)
    page = await site_after.text(site_after.meeting)
    assert "The recording is kept until Tuesday 29 February 2028." in page
    assert REASON not in page


async def test_it_says_nothing_where_recordings_are_kept_for_good(site: Site) -> None:
    await site.end()
    assert "kept until" not in await site.text(site.meeting)
    assert "The recording of a meeting is deleted" not in await site.text("/privacy")


async def test_privacy_says_for_how_many_days(site_after: Site) -> None:
    words = "The recording of a meeting is deleted 180 days after it, or on a later day"
    assert words in await site_after.text("/privacy")


async def test_nothing_of_it_is_left_but_the_page(site_after: Site, keeper: RecordingKeeper) -> None:
    site, house = site_after, site_after.house
    committee = f"/committees/{(await house.meeting()).committee_id}/feed.xml"
    assert await statuses(site) == {200}
    assert house.ref in await site.text(committee)
    house.clock.advance(days=180)
    assert await keeper.look() == [], "it is the last day"
    assert await statuses(site) == {200}
    house.clock.advance(days=1)
    assert await keeper.look() == [house.ref]
    assert await statuses(site) == {404}
    assert house.ref not in await site.text(committee)
    for address in (site.meeting, f"{site.meeting}/embed", f"/api/v1{site.meeting}"):
        assert "recording.mp4" not in await site.text(address), address
    page = await site.text(site.meeting)
    assert DELETED in page
    assert UNTIL not in page
    assert "Mill Lane" in page
    assert "https://modgov.example.org/ieListDocuments.aspx?CId=7&amp;MId=70" in page
    assert "?item=" not in page
    assert "no longer kept" in await site.text(f"{site.meeting}/embed")
    assert milliseconds(house.clock.now()) == (await _state(site))["state_since_ms"]


async def _state(site: Site) -> dict[str, object]:
    async with site.client.get(f"{site.meeting}/state.json") as response:
        state: dict[str, object] = await response.json()
        assert state["state"] == "expired"
        return state
