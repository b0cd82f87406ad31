"""E-mails to addresses that people gave: what each says. Nothing that strangers typed is repeated in them."""

from collections.abc import Iterator
from datetime import datetime

from hub.domain.letters import AddressLetter
from web import language
from web.language import gettext as _


def subject(letter: AddressLetter) -> str:
    """The line in the mailbox."""
    return _("Confirm your e-mail address: %(title)s") % {"title": letter.topic}


def paragraphs(letter: AddressLetter, public_url: str) -> Iterator[str]:
    """The words, without who they are from."""
    yield _(
        "Somebody, probably you, gave this address to write in the discussion “%(topic)s” before a meeting."
    ) % {"topic": letter.topic}
    if letter.starts_at is not None:
        yield "\n".join(_which_meeting(letter.meeting_title, letter.starts_at))
    yield _("If it was you, open this link and confirm it. An officer then reads what you wrote.")
    yield f"{public_url}{language.prefix()}/address/{letter.token}"
    yield _(
        "If it was not you, do nothing: after two days this address and what was written are deleted. "
        "The address is never published."
    )


def _which_meeting(title: str, starts_at: datetime) -> Iterator[str]:
    yield _("Meeting: %(title)s") % {"title": title}
    yield _("Day: %(day)s, %(time)s") % {
        "day": language.day_in_words(starts_at),
        "time": language.time_of_day(starts_at),
    }
