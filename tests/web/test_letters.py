"""The calendar file and the words of e-mails, whatever is in them."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.domain.letters import Letter
from hub.domain.models import MailKind
from hub.domain.ports import MailRefused
from hub.domain.rules import Consent
from tests.support.mail import calendar_of, text_of
from web.ical import LINE_OCTETS
from web.language import LANGUAGES
from web.letters import LetterWriter

WRITER = LetterWriter("Ouseby City Council", "meetings@ouseby.example", "https://meetings.example.org/")
LETTER = Letter(
    number=7,
    times=1,
    kind=MailKind.CONFIRMED,
    to="sam@example.org",
    name="Sam Lee",
    language="en",
    token="SECRET",
    code="K7QM-2XPA",
    registration_id=3,
    meeting_ref="2026-11-26-planning",
    meeting_title="Planning; Committee A, North",
    meeting_version=12,
    location="The Guildhall, St Helen's Square",
    starts_at=datetime(2026, 11, 26, 18, 30, tzinfo=UTC),
    asked_at=datetime(2026, 11, 20, 9, 0, tzinfo=UTC),
    item="5. Mill Lane",
    seconds=180,
    consent=Consent.PICTURE_AND_SOUND,
    written=False,
    late=False,
    confirmed=True,
)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", list(MailKind))
def test_every_kind_of_letter_says_what_where_and_when(kind: MailKind, language: str) -> None:
    message = WRITER.write(replace(LETTER, kind=kind, language=language))
    words = text_of(message)
    assert "Planning; Committee A, North" in words
    assert "2026" in words
    ended = kind in (MailKind.DECLINED, MailKind.WITHDRAWN)
    assert ("/speak/SECRET" in words) is not ended, "a link that has done its work is not sent"
    assert "SECRET" not in str(message["Subject"])
    assert len(str(message["Subject"]).splitlines()) == 1


def test_the_calendar_file_is_one_that_programs_take() -> None:
    event = calendar_of(WRITER.write(LETTER))
    assert event.startswith("BEGIN:VCALENDAR\r\nVERSION:2.0\r\n")
    assert event.endswith("END:VEVENT\r\nEND:VCALENDAR\r\n")
    assert "SUMMARY:Speak at: Planning\\; Committee A\\, North\r\n" in event
    assert "LOCATION:The Guildhall\\, St Helen's Square\r\n" in event
    assert "UID:registration-3@meetings.example.org\r\n" in event
    assert "SEQUENCE:12\r\n" in event
    assert "METHOD:PUBLISH" in event
    assert "STATUS:CONFIRMED" in event


def test_a_place_that_was_given_up_leaves_the_calendar() -> None:
    event = calendar_of(WRITER.write(replace(LETTER, kind=MailKind.WITHDRAWN, meeting_version=13)))
    assert "METHOD:CANCEL" in event
    assert "STATUS:CANCELLED" in event
    assert "UID:registration-3@meetings.example.org\r\n" in event
    assert "SEQUENCE:13\r\n" in event
    assert "SECRET" not in event


PEOPLES_WORDS = st.text(st.characters(exclude_categories=("Cs", "Cc", "Zl", "Zp")), min_size=1, max_size=80)


@given(PEOPLES_WORDS, PEOPLES_WORDS, PEOPLES_WORDS)
def test_no_words_of_people_break_a_letter(name: str, title: str, place: str) -> None:
    message = WRITER.write(replace(LETTER, name=name, meeting_title=title, location=place))
    sent = message.as_bytes()
    head = sent.split(b"\r\n\r\n")[0]
    assert b"\r\nBcc:" not in head
    assert [address.addr_spec for address in message["To"].addresses] == ["sam@example.org"]
    (attached,) = message.iter_attachments()
    payload = attached.get_payload(decode=True)
    assert isinstance(payload, bytes)
    lines = payload.split(b"\r\n")
    assert all(len(line) <= LINE_OCTETS for line in lines)
    unfolded = payload.decode().replace("\r\n ", "").split("\r\n")
    names = [line.partition(":")[0].partition(";")[0] for line in unfolded if line]
    assert names.count("BEGIN") == names.count("END") == 3
    assert names.count("LOCATION") == (1 if place else 0)


@pytest.mark.parametrize("address", ["", "@", "a@b@c", "eve>,<x@example.org", "a b@example.org", '"@x.org'])
def test_what_is_no_address_is_refused_in_words(address: str) -> None:
    with pytest.raises(MailRefused, match="no address"):
        WRITER.write(replace(LETTER, to=address))
