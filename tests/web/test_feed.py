"""Recordings as a feed, with their chapters."""

from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit
from xml.etree import ElementTree as ET

from defusedxml.ElementTree import fromstring

from hub.domain.models import Meeting
from hub.domain.states.meeting import MeetingState
from tests.web.conftest import SECRETS, Site
from web.rss import CHAPTERS, Item, feed


async def channel(site: Site, path: str = "/feed.xml") -> ET.Element:
    async with site.client.get(path) as response:
        assert response.content_type == "application/rss+xml"
        body = await response.read()
    assert not [secret for secret in SECRETS if secret.encode() in body]
    found: ET.Element | None = fromstring(body).find("channel")
    assert found is not None
    return found


async def test_a_recording_with_its_chapters(site: Site) -> None:
    await site.end()
    (item,) = (await channel(site)).findall("item")
    page = f"http://{site.client.host}:{site.client.port}{site.meeting}"
    assert item.findtext("title") == "Planning Committee A, Thursday 26 November 2026"
    assert item.findtext("link") == item.findtext("guid") == page
    assert parsedate_to_datetime(item.findtext("pubDate") or "") == (await site.house.meeting()).ended_at
    enclosure = item.find("enclosure")
    assert enclosure is not None
    async with site.client.get(urlsplit(enclosure.get("url") or "").path) as response:
        assert (response.status, response.content_type) == (200, enclosure.get("type"))
        assert response.headers["Content-Length"] == enclosure.get("length")
    marks = [(mark.get("start"), mark.get("title")) for mark in item.iter(f"{{{CHAPTERS}}}chapter")]
    assert marks == [("00:00:10.000", "1. Apologies"), ("00:00:20.000", "2. Mill Lane")]
    hrefs = [mark.get("href") for mark in item.iter(f"{{{CHAPTERS}}}chapter")]
    assert hrefs == [f"{page}?item={number}" for number in (site.house.items[0], site.house.items[2])]


async def test_what_is_withheld_is_not_in_it(site: Site) -> None:
    await site.end()
    async with site.house.desk.store.write() as session:
        (await session.get_one(Meeting, site.house.meeting_id)).state = MeetingState.WITHHELD
    assert (await channel(site)).findall("item") == []


async def test_meetings_without_a_recording_are_left_out_and_committees_have_their_own(site: Site) -> None:
    await site.add_meetings(2)
    assert (await channel(site)).findall("item") == []
    await site.end()
    assert len((await channel(site, "/committees/1/feed.xml")).findall("item")) == 1


async def test_titles_that_xml_does_not_know(site: Site) -> None:
    when = (await site.house.meeting()).starts_at
    item = Item("a\x00\ud800<b>&amp;\x0bz", "http://x/", when, "]]>", "http://x/m.mp4", 1, [])
    (title,) = [node.text for node in fromstring(feed("t", "u", "s", "d", [item])).iter("title")][1:]
    assert title == "a <b>&amp; z"
