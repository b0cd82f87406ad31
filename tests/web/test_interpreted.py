"""The choice of sound on the page, at the WHEP address and in a recording."""

import json
import re

from media.recorder.cutter import Cutter
from media.recorder.disk import RecordingDirectory
from tests.support.encoded import interpreted, loudness, pictures
from tests.web.conftest import Site

SDP = {"Content-Type": "application/sdp"}
OFFER = "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\nm=audio 9 UDP/TLS/RTP/SAVPF 111\r\n"


async def test_whep_passes_the_choice_on(site: Site) -> None:
    for query, call in (("", ()), ("?audio=floor", ()), ("?audio=interpreted", ("interpreted",))):
        async with site.client.post(f"{site.meeting}/whep{query}", data=OFFER, headers=SDP) as response:
            assert response.status == 201
            assert response.headers["Location"] == f"{site.meeting}/whep/viewer-1"
        assert site.engine.calls[-1] == ("open_viewer", site.house.ref, *call)
    async with site.client.post(f"{site.meeting}/whep?audio=klingon", data=OFFER, headers=SDP) as response:
        assert response.status == 400
        assert (await response.json())["code"] == "bad_audio"


async def test_whep_passes_a_rendition_on(site: Site) -> None:
    for query, call in (
        ("?rendition=auto", ()),
        ("?rendition=360p", ("360p",)),
        ("?rendition=sound", ("sound",)),
    ):
        async with site.client.post(f"{site.meeting}/whep{query}", data=OFFER, headers=SDP) as response:
            assert response.status == 201
        assert site.engine.calls[-1] == ("open_viewer", site.house.ref, *call)
    async with site.client.post(f"{site.meeting}/whep?rendition=8k", data=OFFER, headers=SDP) as response:
        assert response.status == 400
        assert (await response.json())["code"] == "bad_rendition"


async def test_a_recording_with_an_interpreter_offers_both(site: Site) -> None:
    await site.end()
    directory = site.engine.recording(site.house.ref)
    for path in directory.iterdir():
        path.unlink()
    cutter, files = Cutter("cy"), RecordingDirectory(directory)
    for cut in [cut for unit in interpreted(9.0) for cut in cutter.add(unit)] + cutter.flush():
        files.append(cut)
    files.close()

    page = await site.text(site.meeting)
    data = json.loads(re.search(r'id="page-data"[^>]*>(.*?)</script>', page, re.DOTALL)[1])  # type: ignore[index]
    assert data["languages"] == [
        {"tag": "cy", "name": "Cymraeg", "label": "Cymraeg (cyfieithu)", "floor": "English (floor)"}
    ]
    main = await site.text(f"{site.meeting}/hls/main.m3u8")
    assert 'NAME="Cymraeg (cyfieithu)",LANGUAGE="cy",DEFAULT=NO,URI="interpreted.m3u8"' in main
    assert "\npictures.m3u8\n" in main
    for name, hertz in (("floor", 440), ("interpreted", 880)):
        assert abs(loudness(await _first(site, name))[1] - hertz) < 5
    assert len(list(pictures(await _first(site, "pictures")))) == 100
    await site.text(f"{site.meeting}/hls/floor-1-2-programme-0001.mp4", 404)


async def _first(site: Site, name: str) -> bytes:
    """The init segment and the first segment of a playlist."""
    text = await site.text(f"{site.meeting}/hls/{name}.m3u8")
    found = re.search(r'MAP:URI="([^"]+)"(?:,BYTERANGE="(\d+)@(\d+)")?', text)
    assert found is not None
    lines = text.split("#EXTINF")[1].splitlines()[1:]
    ranges = [line.removeprefix("#EXT-X-BYTERANGE:") for line in lines if "BYTERANGE" in line][:1]
    uri = next(line for line in lines if not line.startswith("#"))
    init = found[2] and f"{found[2]}@{found[3]}"
    return await _get(site, found[1], init) + await _get(site, uri, ranges[0] if ranges else None)


async def _get(site: Site, uri: str, byterange: str | None) -> bytes:
    headers = {}
    if byterange:
        size, offset = map(int, byterange.split("@"))
        headers["Range"] = f"bytes={offset}-{offset + size - 1}"
    async with site.client.get(f"{site.meeting}/hls/{uri}", headers=headers) as response:
        assert response.status in (200, 206)
        return await response.read()
