"""Whoever only listens to a recording, in a real Chromium: what it fetches, and that it is heard."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.async_api import Response, expect

from media.access_unit import AUDIO_CLOCK
from media.formats.boxes import walk
from media.formats.cmaf import AUDIO_ID
from media.formats.mp4_reader import RunFacts, read_fragment, read_init
from media.recorder.cutter import Cutter
from media.recorder.disk import RecordingDirectory
from tests.e2e.viewer import Viewer
from tests.support.browser import chromium, visitor
from tests.support.encoded import programme
from tests.web.conftest import Site
from web.assets import Assets

pytestmark = pytest.mark.browser

SECONDS = 9.0


@pytest.fixture
def assets() -> Assets:
    """The front end as it was built."""
    return Assets()


async def test_audio_only_of_a_recording_fetches_no_pictures(site: Site, tmp_path: Path) -> None:
    await site.end()
    directory = site.engine.recording(site.house.ref)
    for path in directory.iterdir():
        path.unlink()
    cutter, files = Cutter(None), RecordingDirectory(directory)
    for cut in [cut for unit in programme(SECONDS) for cut in cutter.add(unit)] + cutter.flush():
        files.append(cut)
    files.close()
    async with chromium(tmp_path) as browser, visitor(browser, "listener") as person:
        fetched: list[Response] = []
        person.page.on("response", lambda answer: fetched.append(answer) if "/hls/" in answer.url else None)
        viewer = Viewer(person)
        await viewer.open(str(site.client.make_url(site.meeting)))
        await person.page.get_by_label("Picture", exact=True).select_option("sound")
        await viewer.play()
        await expect(viewer.player).to_have_attribute("data-phase", "ended", timeout=SECONDS * 4000)
        assert await person.page.evaluate("document.querySelector('video').videoWidth") == 0
        assert not person.faults
        bodies = {answer.url: await answer.body() for answer in fetched}
    media = [body for url, body in bodies.items() if not url.endswith(".m3u8")]
    inits = [body for body in media if body[4:8] == b"ftyp"]
    assert [track.handler for body in inits for track in read_init(body)] == ["soun"]
    runs = [run for body in media if body not in inits for run in _runs(body)]
    assert {run.track for run in runs} == {AUDIO_ID}
    assert sum(sum(run.durations) for run in runs) >= (SECONDS - 0.1) * AUDIO_CLOCK, "all of it was fetched"


def _runs(data: bytes) -> Iterator[RunFacts]:
    """Of all fragments that lie behind each other."""
    start = 0
    for one in walk(data):
        if one.kind == "mdat":
            yield from read_fragment(data[start : one.end]).runs
            start = one.end
