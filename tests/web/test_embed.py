"""The player on other sites, and how those find it."""

import re
from html import unescape
from urllib.parse import urlsplit

import pytest

from tests.web.conftest import SECRETS, Site
from tests.web.test_people import page_data
from web.middleware.headers import policy

EVIL = "https://evil.example"


def base(site: Site) -> str:
    return f"http://{site.client.host}:{site.client.port}"


async def test_it_may_be_framed_and_nothing_else_may(site: Site) -> None:
    async with site.client.get(f"{site.meeting}/embed") as response:
        said = response.headers["Content-Security-Policy"]
        assert response.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert said == policy().replace("frame-ancestors 'none'", "frame-ancestors *")
    for path in ("/", site.meeting, f"{site.meeting}/register", "/console", "/oembed"):
        async with site.client.get(path) as response:
            assert "frame-ancestors 'none'" in response.headers["Content-Security-Policy"], path


async def test_it_keeps_nothing_in_the_browser(site: Site) -> None:
    async with site.client.post(f"{site.meeting}/questions", data={"text": "Why?"}) as response:
        assert response.status == 200
    async with site.client.get(f"{site.meeting}/embed") as response:
        assert "Set-Cookie" not in response.headers
        page = await response.text()
    assert "device" not in page_data(page), "whoever frames the page learns nothing of its reader"


@pytest.mark.parametrize("language", ["", "/cy"])
async def test_it_is_useful_without_scripts_before_during_and_after(site: Site, language: str) -> None:
    path = f"{language}{site.meeting}/embed"
    before = await site.text(path)
    assert "<video" not in before
    assert ("Bydd y cyfarfod" if language else "The meeting will be shown here") in before
    await site.house.live()
    live = await site.text(path)
    assert page_data(live)["small"] is True
    assert f'<source src="{site.meeting}/hls/main.m3u8"' in live
    await site.house.do("meeting.private", item_id=site.house.items[3], paragraphs=[3])
    private = await site.text(path)
    assert ("Mae’r cyhoedd wedi’u heithrio" if language else "The public have been excluded") in private
    for page in (before, live, private):
        assert page.count("<h1") == page.count("<main") == 1
        assert f'href="{base(site)}{language}{site.meeting}"' in page
        assert not [secret for secret in SECRETS if secret in page]


async def test_it_begins_at_a_moment_of_the_recording(site: Site) -> None:
    await site.end()
    page = await site.text(f"{site.meeting}/embed?t=1m2s")
    assert page_data(page)["small"] is False, "the small picture is not recorded"
    assert f'<source src="{site.meeting}/recording.mp4#t=62.0"' in page
    page = await site.text(f"{site.meeting}/embed?item={site.house.items[2]}")
    assert page_data(page)["start"] == 20
    await site.text("/meetings/none/embed", 404)


async def test_the_meetings_page_leads_a_program_to_the_player(site: Site) -> None:
    page = await site.text(site.meeting)
    (link,) = re.findall(r'type="application/json\+oembed" href="([^"]+)"', page)
    async with site.client.get(unescape(link)) as response:
        assert response.status == 200
        assert response.headers["Access-Control-Allow-Origin"] == "*"
        told = await response.json()
    assert (told["version"], told["type"], told["width"], told["height"]) == ("1.0", "video", 640, 420)
    frame = re.fullmatch(r'<iframe src="([^"]+)" title="([^"]+)" .*></iframe>', told["html"])
    assert frame is not None
    assert frame[2] == told["title"] == "Planning Committee A, Thursday 26 November 2026"
    assert "no cookies" in page
    source = urlsplit(unescape(frame[1]))
    assert f"{source.scheme}://{source.netloc}" == base(site)
    assert "<title>Planning Committee A" in await site.text(source.path)


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("?t=90", "/embed?t=90"),
        ("?item=3&utm_source=x", "/embed?item=3"),
        ("?t=%22%3E%3Cscript%3E", "/embed?t=%22%3E%3Cscript%3E"),
        ("/embed", "/embed"),
    ],
)
async def test_a_moment_comes_along_and_nothing_else(site: Site, query: str, expected: str) -> None:
    params = {"url": f"{base(site)}{site.meeting}{query}"}
    async with site.client.get("/oembed", params=params) as response:
        told = await response.json()
    assert f'src="{base(site)}{site.meeting}{expected}"' in unescape(told["html"])
    assert "<script" not in told["html"]


async def test_it_fits_where_it_is_wanted(site: Site) -> None:
    url = f"{base(site)}{site.meeting}"
    for asked, size in (
        ({"maxwidth": "320"}, (320, 210)),
        ({"maxheight": "210"}, (320, 210)),
        ({"maxwidth": "1"}, (240, 157)),
        ({"maxwidth": "99999", "maxheight": "99999"}, (2560, 1680)),
    ):
        async with site.client.get("/oembed", params={"url": url} | asked) as response:
            told = await response.json()
        assert (told["width"], told["height"]) == size, asked
    for wrong in ("0", "-1", "x", "1e3", "9" * 30):
        async with site.client.get("/oembed", params={"url": url, "maxwidth": wrong}) as response:
            assert response.status == 422, wrong


@pytest.mark.parametrize(
    "url",
    [
        "",
        "x",
        EVIL,
        f"{EVIL}/meetings/2026-11-26-planning-committee-a",
        "//",
        "http://[",
        "{base}/",
        "{base}/console",
        "{base}/meetings/none",
        "{base}/meetings/../console",
        "javascript:alert(1)",
        "{base}/meetings/a/b/c",
    ],
)
async def test_addresses_that_are_no_meeting_here(site: Site, url: str) -> None:
    async with site.client.get("/oembed", params={"url": url.format(base=base(site))}) as response:
        assert response.status == 404
        assert response.content_type == "application/problem+json"
        assert EVIL not in await response.text()


async def test_only_json_is_spoken(site: Site) -> None:
    params = {"url": f"{base(site)}{site.meeting}", "format": "xml"}
    async with site.client.get("/oembed", params=params) as response:
        assert response.status == 501
