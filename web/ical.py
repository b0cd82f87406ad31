"""Calendars as files (RFC 5545): entries, folded and escaped. Times are UTC, so that no zone need be told."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

LINE_OCTETS = 75
"""Section 3.1: lines SHOULD NOT be longer, without the line break."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One event. ``ends`` is None for a moment."""

    uid: str
    sequence: int
    """Grows with each change, so that calendars replace what they have (section 3.8.7.4)."""
    stamped: datetime
    starts: datetime
    ends: datetime | None
    summary: str
    description: str
    url: str
    status: str
    """``CONFIRMED``, ``TENTATIVE`` or ``CANCELLED``."""
    location: str = ""
    busy: bool = True
    """Whether it takes its time from somebody; a deadline does not."""
    reminder_hours: int = 0


def calendar(name: str, language: str, entries: Iterable[Entry]) -> str:
    """The file."""
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Moot Hall//Meetings//EN",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        f"NAME;LANGUAGE={language}:{text(name)}",
        f"X-WR-CALNAME:{text(name)}",
        # RFC 7986, section 5.7: how often to look again.
        "REFRESH-INTERVAL;VALUE=DURATION:PT1H",
        *(line for entry in entries for line in _event(entry)),
        "END:VCALENDAR",
    ]
    return "".join(f"{piece}\r\n" for line in lines for piece in folded(line))


def _event(entry: Entry) -> Iterator[str]:
    yield "BEGIN:VEVENT"
    yield f"UID:{text(entry.uid)}"
    yield f"SEQUENCE:{entry.sequence}"
    yield f"DTSTAMP:{moment(entry.stamped)}"
    yield f"DTSTART:{moment(entry.starts)}"
    if entry.ends is not None:
        yield f"DTEND:{moment(entry.ends)}"
    yield f"SUMMARY:{text(entry.summary)}"
    yield f"DESCRIPTION:{text(entry.description)}"
    if entry.location:
        yield f"LOCATION:{text(entry.location)}"
    yield f"URL:{entry.url}"
    yield f"STATUS:{entry.status}"
    yield f"TRANSP:{'OPAQUE' if entry.busy else 'TRANSPARENT'}"
    if entry.reminder_hours and entry.status != "CANCELLED":
        yield from ("BEGIN:VALARM", "ACTION:DISPLAY", f"DESCRIPTION:{text(entry.summary)}")
        yield from (f"TRIGGER:-PT{entry.reminder_hours}H", "END:VALARM")
    yield "END:VEVENT"


def moment(when: datetime) -> str:
    """Section 3.3.5, form 2."""
    return f"{when.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def text(value: str) -> str:
    """Section 3.3.11: backslash, semicolon, comma and line break stand for something else."""
    escaped = value.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    return "\\n".join(escaped.splitlines())


def folded(line: str) -> Iterator[str]:
    """In pieces of at most 75 octets, never within a character."""
    piece, octets = "", 0
    for character in line:
        size = len(character.encode())
        if octets + size > LINE_OCTETS:
            yield piece
            piece, octets = " ", 1
        piece += character
        octets += size
    yield piece
