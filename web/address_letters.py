"""E-mails to addresses that people gave: what each says. Nothing that strangers typed is repeated in them."""

from collections.abc import Iterator
from datetime import datetime

from hub.domain.digest import Change
from hub.domain.letters import AddressLetter, DigestMeeting
from hub.domain.models import AddressMailKind
from web import language
from web.language import gettext as _


def subject(letter: AddressLetter) -> str:
    """The line in the mailbox."""
    if letter.kind is AddressMailKind.STARTED:
        return _("It has started: %(title)s") % {"title": letter.meeting_title}
    if letter.kind is AddressMailKind.NEXT:
        return _("Next: item %(item)s") % {"item": letter.item}
    if letter.kind is AddressMailKind.DIGEST:
        return _("New and changed council meetings")
    if letter.topic:
        return _("Confirm your e-mail address: %(title)s") % {"title": letter.topic}
    return _("Confirm your e-mail address")


def paragraphs(letter: AddressLetter, public_url: str) -> Iterator[str]:
    """The words, without who they are from."""
    base = f"{public_url}{language.prefix()}"
    if letter.kind is AddressMailKind.CONFIRM:
        yield from _confirm(letter, base)
        return
    if letter.kind is AddressMailKind.DIGEST:
        yield _("These meetings are new or have changed since we wrote last:")
        yield from ("\n".join(_meeting(meeting, base)) for meeting in letter.meetings)
    else:
        yield from _told(letter, base)
    yield _("To stop these e-mails, open this link and press the button:") + f"\n{stop_link(letter, base)}"


def stop_link(letter: AddressLetter, base: str) -> str:
    """Where they are stopped."""
    return f"{base}/stop/{letter.stop_key}"


def _confirm(letter: AddressLetter, base: str) -> Iterator[str]:
    if letter.topic:
        asked = _(
            "Somebody, probably you, gave this address to write in the discussion “%(topic)s” "
            "before a meeting."
        )
        yield asked % {"topic": letter.topic}
    else:
        yield _("Somebody, probably you, asked us to tell this address about council meetings.")
    if letter.starts_at is not None:
        yield "\n".join(_which_meeting(letter.meeting_title, letter.starts_at))
    if letter.topic:
        yield _("If it was you, open this link and confirm it. An officer then reads what you wrote.")
    else:
        yield _("If it was you, open this link, see what is to be told, and confirm it.")
    yield f"{base}/address/{letter.token}"
    yield _(
        "If it was not you, do nothing: after two days this address and what was written are deleted. "
        "The address is never published."
    )


def _told(letter: AddressLetter, base: str) -> Iterator[str]:
    if letter.kind is AddressMailKind.NEXT:
        yield _("The item that you follow is next, or has just begun: %(item)s") % {"item": letter.item}
    else:
        yield _("The meeting that you follow has started.")
    if letter.starts_at is not None:
        yield "\n".join(_which_meeting(letter.meeting_title, letter.starts_at))
    yield _("Watch it here:") + f"\n{base}/meetings/{letter.meeting_ref}"


def _meeting(meeting: DigestMeeting, base: str) -> Iterator[str]:
    yield f"{_changes(meeting)}: {meeting.title}"
    yield f"{language.day_in_words(meeting.starts_at)}, {language.time_of_day(meeting.starts_at)}"
    yield from filter(None, (meeting.location, meeting.status))
    yield f"{base}/meetings/{meeting.ref}"


def _changes(meeting: DigestMeeting) -> str:
    words = {
        Change.NEW: _("New"),
        Change.WHEN: _("Another time"),
        Change.WHERE: _("Another place"),
        Change.STATUS: _("Another status"),
        Change.AGENDA: _("Another agenda"),
    }
    return ", ".join(words[change] for change in meeting.changes)


def _which_meeting(title: str, starts_at: datetime) -> Iterator[str]:
    yield _("Meeting: %(title)s") % {"title": title}
    yield _("Day: %(day)s, %(time)s") % {
        "day": language.day_in_words(starts_at),
        "time": language.time_of_day(starts_at),
    }
