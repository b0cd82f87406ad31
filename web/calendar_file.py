"""A meeting as a calendar file (RFC 5545), for the e-mails to those who take part."""

from urllib.parse import urlsplit

from hub.domain.letters import Letter
from web.ical import folded, moment, text
from web.language import gettext as _

_SHOWN = "PT2H"
"""Nobody knows how long a council meets."""


def calendar(letter: Letter, public_url: str, prefix: str, council: str, *, cancelled: bool) -> str:
    """The file. A later one about the same registration replaces it in the resident's calendar."""
    host = urlsplit(public_url).hostname or "localhost"
    page = f"{public_url}{prefix}/meetings/{letter.meeting_ref}"
    link = page if letter.attends else f"{public_url}{prefix}/speak/{letter.token}"
    title = (
        letter.meeting_title if letter.attends else _("Speak at: %(title)s") % {"title": letter.meeting_title}
    )
    told = (
        link if letter.attends else _("Open your personal link ten minutes before: %(link)s") % {"link": link}
    )
    lines = {
        "UID": f"registration-{letter.registration_id}@{host}",
        # Counts every change of the meeting, so that a later file always has more (section 3.8.7.4).
        "SEQUENCE": str(letter.meeting_version),
        "DTSTAMP": moment(letter.asked_at),
        "DTSTART": moment(letter.starts_at),
        "DURATION": _SHOWN,
        "SUMMARY": text(title),
        "LOCATION": text(letter.location),
        "DESCRIPTION": text("" if cancelled else told),
        "URL": "" if cancelled else link,
        "STATUS": "CANCELLED" if cancelled else "CONFIRMED" if letter.confirmed else "TENTATIVE",
    }
    whole = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        f"PRODID:-//Moot Hall//{text(council)}//EN",
        f"METHOD:{'CANCEL' if cancelled else 'PUBLISH'}",
        "BEGIN:VEVENT",
        *(f"{name}:{value}" for name, value in lines.items() if value),
        *([] if cancelled else _alarm(letter)),
        "END:VEVENT",
        "END:VCALENDAR",
    ]
    return "".join(f"{part}\r\n" for line in whole for part in folded(line))


def _alarm(letter: Letter) -> list[str]:
    return [
        "BEGIN:VALARM",
        "ACTION:DISPLAY",
        f"DESCRIPTION:{text(letter.meeting_title)}",
        "TRIGGER:-PT30M",
        "END:VALARM",
    ]
