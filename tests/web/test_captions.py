"""A captioner sends lines; players find them in the recording."""

import json

import pytest
from aiohttp import ClientResponse

from hub.domain.models import StreamKey
from media.access_unit import AUDIO_CLOCK, AccessUnit, Track
from media.control.command import Disconnected, Refused
from media.recorder.cutter import Cutter
from media.recorder.disk import RecordingDirectory
from tests.support.encoded import EPOCH_MS, programme
from tests.web.conftest import Site
from tests.web.test_live import refusal
from tests.web.test_people import page_data

KEY = {"Authorization": "Bearer good-key"}
TEXT, JSON = {"Content-Type": "text/plain"}, {"Content-Type": "application/json"}
LINE = "The motion is carried."


@pytest.fixture
def captions_language() -> str:
    return "en"


@pytest.fixture
async def endpoint(site: Site) -> str:
    async with site.house.desk.store.write() as session:
        session.add(StreamKey(meeting_id=site.house.meeting_id, source="chamber", key="good-key"))
        session.add(StreamKey(meeting_id=site.house.meeting_id, source="sign", key="sign-key"))
    return f"/captions/{site.house.ref}"


def said(site: Site) -> list[tuple[str, ...]]:
    return [call[1:] for call in site.engine.calls if call[0] == "say_caption"]


def now_ms(site: Site, ago: float = 0.0) -> str:
    return str(round((site.house.clock.now().timestamp() - ago) * 1000))


async def test_a_line_reaches_the_studio_with_the_time_at_which_it_came(site: Site, endpoint: str) -> None:
    for body, headers in (
        (LINE, {"Content-Type": "Text/Plain; charset=utf-8"}),
        (" The motion\n\n is carried.\t", TEXT),
        (json.dumps({"text": LINE}), JSON),
    ):
        async with site.client.post(endpoint, data=body.encode(), headers=KEY | headers) as response:
            assert response.status == 204
            assert response.headers["Access-Control-Allow-Origin"] == "*"
    assert said(site) == [(site.house.ref, LINE, "None", now_ms(site))] * 3


async def test_seconds_and_how_long_ago(site: Site, endpoint: str) -> None:
    async with site.client.post(
        endpoint, json={"text": LINE, "seconds": 4, "ago": 6.5}, headers=KEY
    ) as response:
        assert response.status == 204
    assert said(site) == [(site.house.ref, LINE, "4.0", now_ms(site, 6.5))]


@pytest.mark.parametrize(
    ("body", "headers", "status", "code"),
    [
        (LINE, {"Content-Type": "text/vtt"}, 415, "unsupported_media_type"),
        ("", TEXT, 422, "invalid"),
        (" \n\t ", TEXT, 422, "invalid"),
        ("x" * 501, TEXT, 422, "invalid"),
        ("x" * 9000, TEXT, 413, "too_large"),
        (b"\xff\xfe", TEXT, 400, "invalid"),
        ("nonsense", JSON, 422, "invalid"),
        ("[]", JSON, 422, "invalid"),
        ("{}", JSON, 422, "invalid"),
        ('{"text": 7}', JSON, 422, "invalid"),
        ('{"text": "x", "seconds": 0.5}', JSON, 422, "invalid"),
        ('{"text": "x", "seconds": 11}', JSON, 422, "invalid"),
        ('{"text": "x", "ago": -1}', JSON, 422, "invalid"),
        ('{"text": "x", "ago": NaN}', JSON, 422, "invalid"),
        ('{"text": "x", "language": "cy"}', JSON, 422, "invalid"),
        ("[" * 8000, JSON, 422, "invalid"),
    ],
)
async def test_what_is_no_line(
    site: Site, endpoint: str, body: str | bytes, headers: dict[str, str], status: int, code: str
) -> None:
    async with site.client.post(endpoint, data=body, headers=KEY | headers) as response:
        await refusal(response, status, code)
        assert response.headers.get("Accept-Post") == (
            "text/plain, application/json" if status == 415 else None
        )
    assert said(site) == []


@pytest.mark.parametrize(
    ("key", "code"), [("", "key_needed"), ("Bearer bad", "wrong_key"), ("Bearer sign-key", "wrong_key")]
)
async def test_only_who_has_the_meetings_key_is_heard(site: Site, endpoint: str, key: str, code: str) -> None:
    headers = TEXT | ({"Authorization": key} if key else {})
    async with site.client.post(endpoint, data=LINE, headers=headers) as response:
        await refusal(response, 401, code)
        assert response.headers["WWW-Authenticate"].startswith('Bearer realm="stream key"')
    assert said(site) == []
    assert bool(site.engine.refusals) is (code == "wrong_key")


@pytest.mark.parametrize(
    ("says", "status", "code"),
    [
        (Refused("no_meeting", "This meeting is not being streamed now."), 409, "no_meeting"),
        (Refused("not_public", "The public do not hear it."), 409, "not_public"),
        (Refused("too_soon", "It was opened just now."), 409, "too_soon"),
        (Refused("too_many", "No more lines."), 429, "too_many"),
        (Disconnected("gone"), 503, "media_unavailable"),
    ],
)
async def test_what_is_refused_is_not_asked_for_again(
    site: Site, endpoint: str, says: Exception, status: int, code: str
) -> None:
    site.engine.says = says
    async with site.client.post(endpoint, data=LINE, headers=KEY | TEXT) as response:
        await refusal(response, status, code)
        assert "Retry-After" not in response.headers


async def test_nobody_speaks_so_fast(site: Site, endpoint: str) -> None:
    async def post() -> ClientResponse:
        return await site.client.post(endpoint, data=LINE, headers=KEY | TEXT)

    assert [(await post()).status for _ in range(20)] == [204] * 20
    refused = await post()
    await refusal(refused, 429, "too_many")
    assert refused.headers["Retry-After"] == "1"
    site.house.clock.advance(seconds=1)
    assert [(await post()).status for _ in range(3)] == [204, 204, 429]


@pytest.mark.parametrize("captions_language", [""])
async def test_a_council_without_captions_says_so(site: Site, endpoint: str) -> None:
    async with site.client.post(endpoint, data=LINE, headers=KEY | TEXT) as response:
        assert "MOOTHALL_CAPTIONS_LANGUAGE" in await refusal(response, 404, "no_captions")


async def test_a_page_elsewhere_may_send_lines(site: Site, endpoint: str) -> None:
    async with site.client.options(endpoint) as response:
        assert response.status == 200
        assert response.headers["Allow"] == "OPTIONS, POST"
        assert response.headers["Accept-Post"] == "text/plain, application/json"
        assert "Authorization" in response.headers["Access-Control-Allow-Headers"]
    headers = KEY | TEXT | {"Origin": "https://captions.example", "Sec-Fetch-Site": "cross-site"}
    async with site.client.post(endpoint, data=LINE, headers=headers) as response:
        assert response.status == 204


@pytest.mark.parametrize("captions_language", ["en", ""])
async def test_the_console_has_the_address(site: Site, endpoint: str, captions_language: str) -> None:
    await site.sign_in()
    urls = page_data(await site.text(f"/console{site.meeting}"))["urls"]
    assert isinstance(urls, dict)
    assert urls["captions"].endswith(endpoint) if captions_language else urls["captions"] == ""


def record(site: Site, *, captions: bool) -> None:
    line = AccessUnit(Track.CAPTIONS, 0xA1, 0, EPOCH_MS, AUDIO_CLOCK, 2 * AUDIO_CLOCK, True, LINE.encode())
    cutter = Cutter(captions="en" if captions else None)
    files = RecordingDirectory(site.engine.recording(site.house.ref))
    for cut in [cut for unit in [line, *programme(5.0)] for cut in cutter.add(unit)] + cutter.flush():
        files.append(cut)
    files.close()


@pytest.fixture
async def ended(site: Site) -> Site:
    await site.house.live()
    await site.house.do("meeting.end", confirmed=True)
    return site


@pytest.mark.parametrize("captions_language", ["en", ""])
async def test_the_page_of_a_live_meeting_offers_them(site: Site, captions_language: str) -> None:
    await site.house.live()
    assert page_data(await site.text(site.meeting))["captions"] == (captions_language or None)
    statement = await site.text("/accessibility")
    assert ("Live meetings have no captions" in statement) is not bool(captions_language)


@pytest.mark.parametrize("captions", [True, False])
async def test_the_page_of_a_recording_offers_what_is_there(ended: Site, captions: bool) -> None:
    record(ended, captions=captions)
    assert page_data(await ended.text(ended.meeting))["captions"] == ("en" if captions else None)


async def test_the_recording_offers_them(ended: Site) -> None:
    record(ended, captions=True)
    hls = f"{ended.meeting}/hls"
    assert 'URI="captions.m3u8"' in await ended.text(f"{hls}/main.m3u8")
    listed = [
        line for line in (await ended.text(f"{hls}/captions.m3u8")).splitlines() if line.endswith(".vtt")
    ]
    async with ended.client.get(f"{hls}/{listed[0]}") as response:
        assert response.content_type == "text/vtt"
        assert response.headers["Access-Control-Allow-Origin"] == "*"
        assert LINE in await response.text()
    assert "00:00:01.000 --> 00:00:03.000" in await ended.text(f"{ended.meeting}/captions.vtt")


@pytest.mark.parametrize(
    "file", ["hls/captions.m3u8", "hls/captions-0-4000.vtt", "hls/captions.vtt", "captions.vtt"]
)
async def test_a_recording_without_has_none(ended: Site, file: str) -> None:
    record(ended, captions=False)
    assert "captions" not in await ended.text(f"{ended.meeting}/hls/main.m3u8")
    async with ended.client.get(f"{ended.meeting}/{file}") as response:
        assert response.status == 404
