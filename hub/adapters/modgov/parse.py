"""ModGov's answers as plain data. Pure: bytes in, frozen dataclasses or ``ModGovError`` out."""

import re
from dataclasses import dataclass
from datetime import date, datetime, time
from urllib.parse import urljoin, urlsplit
from xml.etree.ElementTree import Element

from hub.adapters.modgov.errors import ModGovError
from hub.adapters.modgov.xml import flag_of, html_of, number_of, plain, read, text_of, title_of
from hub.domain.imported import (
    ImportedAttendee,
    ImportedCommittee,
    ImportedDocument,
    ImportedItem,
    ImportedMeeting,
)
from hub.domain.local_time import LONDON

_DATE = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})")
_TIME = re.compile(r"(\d{1,2})(?:[.:](\d{2}))?\s*(am|pm|noon)?", re.IGNORECASE)
_EXEMPT_TITLE = re.compile(
    r"\bexempt (category|categories|item|report|information|appendix|paragraph)|\bconfidential\b"
    r"|^part (two|2|ii)\b|\(part (two|2|ii)\)",
    re.IGNORECASE,
)
"""Some councils say so in the title only. "Local Plan Part 2" does not."""
NOON = 12


@dataclass(frozen=True, slots=True)
class ListedMeeting:
    """A line of ``GetMeetings``."""

    modgov_id: int
    day: date


def committees(body: bytes, where: str) -> list[ImportedCommittee]:
    """``GetCommittees``, without those that are deleted or have expired."""
    return [
        ImportedCommittee(number_of(element, "committeeid", where), title_of(element, "committeetitle"))
        for element in read(body, "committees", where).iter("committee")
        if not flag_of(element, "committeedeleted") and not flag_of(element, "committeeexpired")
    ]


def meetings(body: bytes, where: str) -> tuple[str, list[ListedMeeting]]:
    """``GetMeetings``: the committee's title and its meetings. A count without meetings means none."""
    root = read(body, "getmeetings", where)
    committee = root.find("committee")
    listed = [
        ListedMeeting(number_of(element, "meetingid", where), day(text_of(element, "meetingdate"), where))
        for element in root.iter("meeting")
    ]
    return ("" if committee is None else title_of(committee, "committeetitle")), listed


def meeting(body: bytes, base_url: str, where: str) -> ImportedMeeting | None:
    """``GetMeeting``; None for a meeting that ModGov hides. ``base_url`` completes relative addresses."""
    root = read(body, "meeting", where)
    if text_of(root, "isdisplayallowed").lower() == "false":
        return None
    items = root.find("agendaitems")
    attendees = root.find("attendees")
    published = flag_of(root, "agendapublished") and items is not None
    return ImportedMeeting(
        modgov_id=number_of(root, "meetingid", where),
        starts_at=moment(text_of(root, "meetingdate"), text_of(root, "meetingtime"), where),
        status=title_of(root, "meetingstatus"),
        location=title_of(root, "meetinglocation"),
        items=_items(items, base_url, where) if published and items is not None else (),
        attendees=tuple(map(_attendee, attendees.iter("attendee"))) if attendees is not None else (),
    )


def day(text: str, where: str) -> date:
    """``dd/mm/yyyy``. Raises ``ModGovError``."""
    found = _DATE.fullmatch(text)
    try:
        if found is None:
            raise ValueError(text)
        return date(int(found[3]), int(found[2]), int(found[1]))
    except ValueError:
        raise ModGovError(f"{where}: {text[:40]!r} is not a date such as 31/12/2026.") from None


def moment(date_text: str, time_text: str, where: str) -> datetime:
    """``10.00 am`` on the clock in the council's chamber. Raises ``ModGovError``."""
    found = _TIME.fullmatch(time_text)
    try:
        if found is None:
            raise ValueError(time_text)
        hour = _hour(int(found[1]), (found[3] or "").lower())
        clock = time(hour, int(found[2] or 0))
    except ValueError:
        raise ModGovError(f"{where}: {time_text[:40]!r} is not a time such as 10.00 am.") from None
    return datetime.combine(day(date_text, where), clock, LONDON)


def _hour(hour: int, half: str) -> int:
    if not half:
        return hour
    if not 1 <= hour <= NOON:
        raise ValueError(hour)
    return hour % NOON + (NOON if half in ("pm", "noon") else 0)


def _items(element: Element, base_url: str, where: str) -> tuple[ImportedItem, ...]:
    items = (_item(child, base_url, where) for child in element.iter("agendaitem"))
    return tuple(item for item in items if item is not None)


def _item(element: Element, base_url: str, where: str) -> ImportedItem | None:
    """None for what ModGov does not show, and for headings that say nothing."""
    shown = text_of(element, "isdisplayallowed").lower() != "false"
    title = title_of(element, "agendaitemtitle")
    restricted = flag_of(element, "isrestricted") or bool(_EXEMPT_TITLE.search(title))
    if not shown and not restricted:
        return None
    modgov_id = number_of(element, "agendaitemid", where)
    where = f"{where}, item {modgov_id}"
    text = html_of(element, "agendatext")
    heading = not restricted and (text_of(element, "agendaitemnumber") == "0" or not title)
    if heading and not title and not text:
        return None
    public = shown and not restricted
    documents = element.find("linkeddocuments")
    return ImportedItem(
        modgov_id=modgov_id,
        number=_number(element) if not heading else title_of(element, "fulldisplaynumberformat"),
        title=title if shown else "",
        heading=heading,
        restricted=restricted,
        public_can_speak=flag_of(element, "ispubliccanspeak"),
        text_html=text if public else "",
        minutes_html=_if(
            public and flag_of(element, "isminutepublished"), element, "minutesnonemptyhtmlbody"
        ),
        decision_html=_if(
            public and flag_of(element, "isdecisionpublished"), element, "decisionnonemptyhtmlbody"
        ),
        documents=tuple(
            _document(child, base_url, where, withheld=not public) for child in documents.iter("linkeddoc")
        )
        if documents is not None
        else (),
    )


def _if(published: bool, element: Element, name: str) -> str:
    return html_of(element, name) if published else ""


def _number(element: Element) -> str:
    """The number the public see is ``fulldisplaynumberformat``; the others are ModGov's own."""
    shown = title_of(element, "fulldisplaynumberformat")
    if shown:
        return shown
    number = text_of(element, "agendaitemnumber") + text_of(element, "agendaitemsubnumber")
    return f"{number}." if number and number != "0" else ""


def _document(element: Element, base_url: str, where: str, *, withheld: bool) -> ImportedDocument:
    restricted = withheld or flag_of(element, "isrestricted") or bool(text_of(element, "restrictionsRef"))
    return ImportedDocument(
        modgov_id=number_of(element, "attachmentid", where),
        title=title_of(element, "title") if not restricted else "",
        url=_address(base_url, text_of(element, "url")) if not restricted else "",
        restricted=restricted,
    )


def _address(base_url: str, text: str) -> str:
    """A full web address, or "" for anything that is none."""
    if not text:
        return ""
    url = urljoin(f"{base_url.rstrip('/')}/", text)
    return url if urlsplit(url).scheme in ("http", "https") else ""


def _attendee(element: Element) -> ImportedAttendee:
    member = element.get("memberid", "").strip()
    return ImportedAttendee(
        modgov_id=int(member) if member.isdecimal() else None,
        name=plain(element.get("name", "")),
        role=plain(element.get("roledescription", "")),
        attendance=plain(element.get("attendance", "")),
        party=plain(element.get("politicalparty", "")),
        ward=plain(element.get("ward", "")),
    )
