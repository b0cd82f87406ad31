"""Calendars as files: what RFC 5545 asks for, and what a resident needs of them."""

import re
from datetime import datetime, timedelta

import pytest

from hub.domain.models import Committee, Meeting
from hub.domain.rules import YORK
from tests.hub.fakes import START
from tests.web.conftest import SECRETS, Site
from web import ical


def unfolded(calendar: str) -> list[str]:
    """Content lines (section 3.1), checked on the way."""
    assert calendar.endswith("\r\n")
    lines = calendar.removesuffix("\r\n").split("\r\n")
    assert not any("\n" in line or "\r" in line for line in lines)
    assert max(len(line.encode()) for line in lines) <= 75
    return "\r\n".join(lines).replace("\r\n ", "").split("\r\n")


def events(calendar: str) -> list[dict[str, str]]:
    """Each event's properties; those of an alarm have its name before them."""
    found: list[dict[str, str]] = []
    within: list[str] = []
    for line in unfolded(calendar):
        name, _, value = line.partition(":")
        if name == "BEGIN":
            within.append(value)
            if value == "VEVENT":
                found.append({})
        elif name == "END":
            assert within.pop() == value
        elif within[-1] in ("VEVENT", "VALARM"):
            key = name if within[-1] == "VEVENT" else f"{within[-1]}.{name}"
            assert key not in found[-1], "each property once"
            found[-1][key] = value
    assert within == []
    for event in found:
        assert {"UID", "DTSTAMP", "DTSTART"} <= set(event)
    assert len({event["UID"] for event in found}) == len(found)
    return found


async def deadline(site: Site, closes_at: datetime | None = None) -> str:
    """The first one, when officers set this one or none."""
    async with site.house.desk.store.write() as session:
        (await session.get_one(Meeting, site.house.meeting_id)).registration_closes_at = closes_at
    return events(await site.text("/calendar.ics"))[1]["DTSTART"]


async def test_a_meeting_and_its_deadlines(site: Site) -> None:
    await deadline(site)
    async with site.client.get("/calendar.ics") as response:
        assert (response.content_type, response.charset) == ("text/calendar", "utf-8")
        assert response.headers["Cache-Control"] == "public, max-age=300"
        calendar = await response.text()
    meeting, speaking, statement = events(calendar)
    page = f"http://{site.client.host}:{site.client.port}{site.meeting}"
    assert (meeting["SUMMARY"], meeting["URL"]) == ("Planning Committee A", page)
    assert meeting["STATUS"] == "CONFIRMED"
    assert (meeting["DTSTART"], meeting["DTEND"]) == ("20261126T183000Z", "20261126T203000Z")
    assert "DTEND" not in speaking
    assert speaking["SUMMARY"] == "Last time to register to speak: Planning Committee A"
    assert (speaking["TRANSP"], speaking["URL"]) == ("TRANSPARENT", f"{page}/register")
    assert speaking["VALARM.TRIGGER"] == "-PT24H"
    assert statement["SUMMARY"].startswith("Last time to send a statement")
    assert unfolded(calendar)[:5] == [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Moot Hall//Meetings//EN",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
    ]
    assert not [secret for secret in SECRETS if secret in calendar]


async def test_deadlines_are_the_committees_or_the_officers(site: Site) -> None:
    assert await deadline(site) == "20261124T170000Z", "York: 17:00 two working days before"
    assert await deadline(site, START - timedelta(hours=6)) == "20261126T123000Z"


async def test_a_change_has_a_higher_sequence_and_a_cancelled_meeting_says_so(site: Site) -> None:
    before = events(await site.text("/calendar.ics"))[0]
    await site.house.do("meeting.open_room")
    async with site.house.desk.store.write() as session:
        meeting = await session.get_one(Meeting, site.house.meeting_id)
        meeting.agenda_status, meeting.registration_closes_at = "Cancelled", None
    changed = events(await site.text("/calendar.ics"))
    assert int(changed[0]["SEQUENCE"]) > int(before["SEQUENCE"])
    assert changed[0]["UID"] == before["UID"]
    assert {event["STATUS"] for event in changed} == {"CANCELLED"}
    assert not [name for event in changed for name in event if name.startswith("VALARM")]


@pytest.mark.parametrize(
    ("said", "status"), [("Confirmed", "CONFIRMED"), ("", "CONFIRMED"), ("Provisional", "TENTATIVE"),
                         ("POSTPONED", "CANCELLED"), ("Cancelled", "CANCELLED")],
)  # fmt: skip
async def test_what_the_agenda_system_says_of_a_meeting(site: Site, said: str, status: str) -> None:
    async with site.house.desk.store.write() as session:
        (await session.get_one(Meeting, site.house.meeting_id)).agenda_status = said
    assert events(await site.text(f"{site.meeting}/calendar.ics"))[0]["STATUS"] == status


async def test_each_committee_has_its_own(site: Site) -> None:
    async with site.house.desk.store.write() as session:
        session.add(Committee(name="Executive, “the” board; etc\\", rules=YORK.model_dump(mode="json")))
        await session.flush()
        session.add(Meeting(ref="executive", committee_id=2, title="Executive", starts_at=START))
        session.add(
            Meeting(ref="long-ago", committee_id=2, title="Old", starts_at=START - timedelta(days=400))
        )
    assert len(events(await site.text("/calendar.ics"))) == 4
    own = await site.text("/committees/2/calendar.ics")
    assert {event["URL"].split("/")[4] for event in events(own)} == {"executive"}
    (name,) = [line for line in unfolded(own) if line.startswith("X-WR-CALNAME")]
    assert name == r"X-WR-CALNAME:Executive\, “the” board\; etc\\\, Ouseby City Council"
    for nowhere in ("/committees/99/calendar.ics", "/committees/99/feed.xml", "/meetings/none/calendar.ics"):
        await site.text(nowhere, 404)


async def test_the_true_end_of_a_meeting_replaces_the_guess(site: Site) -> None:
    await site.end()
    assert events(await site.text(f"{site.meeting}/calendar.ics"))[0]["DTEND"] == "20261126T183020Z"


@pytest.mark.parametrize("words", ["a", "é" * 80, "😀" * 40, "x" * 75, "x" * 76, " " * 200])
def test_folding_loses_nothing_and_splits_no_character(words: str) -> None:
    pieces = list(ical.folded(words))
    assert all(len(piece.encode()) <= 75 for piece in pieces)
    assert pieces[0] + "".join(piece[1:] for piece in pieces[1:]) == words
    assert all(piece.startswith(" ") for piece in pieces[1:])


def test_text_cannot_begin_a_line_of_its_own() -> None:
    assert ical.text("a;b,c\\d\r\nBEGIN:VEVENT\u2028x") == r"a\;b\,c\\d\nBEGIN:VEVENT\nx"


async def test_pages_lead_to_calendars_and_feeds(site: Site) -> None:
    for path in ("/", site.meeting, f"/cy{site.meeting}"):
        for href in re.findall(r'href="(/[^"]+\.(?:ics|xml))"', await site.text(path)):
            await site.text(href)
    assert f'href="{site.meeting}/calendar.ics"' in await site.text(site.meeting)
