"""ModGov's traps, one by one (all of them were met in real systems)."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from hub.adapters.modgov import ModGovError, parse
from hub.domain.imported import ImportedItem, ImportedMeeting

DATA = Path(__file__).parents[2] / "data" / "modgov"
BASE = "https://modgov.example.org/democracy"


def data(name: str) -> bytes:
    return (DATA / name).read_bytes()


def variants() -> ImportedMeeting:
    meeting = parse.meeting(data("meeting_variants.xml"), BASE, "here")
    assert meeting is not None
    return meeting


def item(number: int) -> ImportedItem:
    return next(item for item in variants().items if item.modgov_id == number)


def test_real_meeting_with_minutes() -> None:
    meeting = parse.meeting(data("meeting_with_minutes.xml"), BASE, "here")
    assert meeting is not None
    assert meeting.starts_at.astimezone(UTC) == datetime(2026, 2, 10, 10, 0, tzinfo=UTC)
    assert meeting.status == "Confirmed"
    assert [(item.number, item.title) for item in meeting.items] == [
        ("1.", "Minutes"),
        ("9.", "Work Programme"),
    ]
    assert "as a correct record" in meeting.items[0].minutes_html
    assert (
        meeting.items[0].documents[0].url == "https://democracy.manchester.gov.uk/mgConvert2PDF.aspx?ID=60860"
    )
    assert meeting.attendees[0].name == "Councillor Basil Curley"


def test_real_cancelled_meeting_has_no_agenda() -> None:
    meeting = parse.meeting(data("meeting_no_minutes.xml"), BASE, "here")
    assert meeting is not None
    assert (meeting.status, meeting.items, len(meeting.attendees)) == ("Cancelled", (), 1)


def test_committees_leave_out_the_expired() -> None:
    assert [committee.modgov_id for committee in parse.committees(data("committees.xml"), "here")] == [
        163,
        144,
    ]


def test_meetings_are_listed_with_the_committee() -> None:
    title, listed = parse.meetings(data("meetings.xml"), "here")
    assert title == "Audit Committee"
    assert [(line.modgov_id, line.day) for line in listed] == [
        (4966, date(2026, 1, 13)),
        (4967, date(2026, 2, 10)),
    ]


def test_only_a_count_means_none() -> None:
    assert parse.meetings(data("meetings_only_count.xml"), "here") == ("", [])


def test_evening_in_summer_time() -> None:
    assert variants().starts_at.astimezone(UTC) == datetime(2026, 7, 14, 17, 30, tzinfo=UTC)


def test_padded_and_doubly_escaped_text() -> None:
    assert variants().modgov_id == 5001
    assert variants().location == "The Chair's Room"
    assert item(102).title == "Chair's announcements & apologies"
    assert item(103).text_html == "<p>Twice escaped</p>"


def test_raw_html_is_kept_whole() -> None:
    assert item(102).text_html.startswith('<div class="WordSection1">')
    assert "<b>not escaped</b><br>" in item(102).text_html


def test_heading_and_sub_number() -> None:
    assert item(101).heading
    assert (item(103).number, item(103).heading, item(103).public_can_speak) == ("83a.", False, True)


def test_restricted_with_a_hint_and_without() -> None:
    hinted, flagged = item(104), item(105)
    assert (hinted.restricted, hinted.title) == (True, "Depot site (Exempt Category 3)")
    assert (flagged.restricted, flagged.title) == (True, "Leisure centre lease")
    assert not item(108).restricted, "Local Plan Part 2 is public business"


def test_title_that_is_not_shown_is_not_read() -> None:
    assert (item(106).title, item(106).number, item(106).restricted) == ("", "86.", True)
    assert all(item.modgov_id != 107 for item in variants().items)


def test_nothing_restricted_gets_in() -> None:
    assert "SECRET" not in repr(variants())


def test_unpublished_minutes_stay_out_and_published_decisions_come_in() -> None:
    assert item(102).minutes_html == ""
    assert item(103).decision_html == "<p>Approved with conditions.</p>"


def test_documents() -> None:
    report, appendix, plans = item(103).documents
    assert (report.title, report.url) == ("Officer's report", f"{BASE}/documents/s201/report.pdf")
    assert (appendix.restricted, appendix.url) == (True, "")
    assert plans.url == "", "only web addresses are links"


def test_attendees_carry_no_contact_details() -> None:
    chair, officer = variants().attendees
    assert (chair.name, chair.attendance, chair.modgov_id) == ("Councillor Nia O'Brien", "Present", 7)
    assert (officer.modgov_id, officer.attendance) == (None, "Apologies")


def test_hidden_meeting() -> None:
    body = data("meeting_variants.xml").replace(b"<isdisplayallowed>True", b"<isdisplayallowed>False", 1)
    assert parse.meeting(body, BASE, "here") is None


def test_unpublished_agenda_is_not_read() -> None:
    body = data("meeting_variants.xml").replace(b"<agendapublished>True", b"<agendapublished>False")
    meeting = parse.meeting(body, BASE, "here")
    assert meeting is not None
    assert meeting.items == ()


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (data("page_instead.html"), "web page (“Object moved”)"),
        (data("meeting_variants.xml")[:900], "not complete XML"),
        (b"", "not complete XML"),
        (b"<error>Nothing</error>", "expected <meeting> and got <error>"),
        (b"\xff\xfe\x00", "not UTF-8"),
        (b'<!DOCTYPE a [<!ENTITY b "c">]><meeting>&b;</meeting>', "declarations"),
        (b"<meeting><meetingid>five</meetingid></meeting>", "should be a number"),
        (data("meeting_variants.xml").replace(b"14/07/2026", b"2026-07-14"), "is not a date such as"),
        (data("meeting_variants.xml").replace(b"14/07/2026", b"31/02/2026"), "is not a date such as"),
        (data("meeting_variants.xml").replace(b"6.30 pm", b"18.30 pm"), "is not a time such as"),
        (
            data("meeting_variants.xml").replace(b"<agendaitemid>103", b"<agendaitemid>x"),
            "should be a number",
        ),
    ],
)
def test_what_cannot_be_read_is_said_with_what_and_where(body: bytes, words: str) -> None:
    with pytest.raises(ModGovError, match=r"^GetMeeting at there: ") as caught:
        parse.meeting(body, BASE, "GetMeeting at there")
    assert words in str(caught.value)


@pytest.mark.parametrize(
    ("text", "hour", "minute"),
    [("10.00 am", 10, 0), ("12.15 am", 0, 15), ("12.00 noon", 12, 0), ("2pm", 14, 0), ("18:30", 18, 30)],
)
def test_times_of_day(text: str, hour: int, minute: int) -> None:
    moment = parse.moment("10/02/2026", text, "here")
    assert (moment.hour, moment.minute) == (hour, minute)
