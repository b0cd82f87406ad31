"""E-mails to residents, in plain words and in the language of the page on which they registered."""

from collections.abc import Iterator
from email.errors import HeaderParseError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from urllib.parse import urlsplit

from hub.domain.letters import AddressLetter, Letter
from hub.domain.models import AddressMailKind, MailKind
from hub.domain.ports import MailRefused
from hub.domain.rules import Consent
from web import address_letters, language
from web.calendar_file import calendar
from web.language import gettext as _

ENDED = (MailKind.DECLINED, MailKind.WITHDRAWN)
"""They tell that nothing will take place."""


class LetterWriter:
    """Writes in the council's name. ``sender`` is its address, ``public_url`` where its pages are."""

    def __init__(self, council: str, sender: str, public_url: str) -> None:
        self._council = council
        self._sender = sender
        self._public_url = public_url.rstrip("/")

    def write(self, letter: Letter | AddressLetter) -> EmailMessage:
        """The message. Raises ``MailRefused`` when the address can be no address."""
        before = language.current.set(letter.language)
        try:
            return self._written(letter) if isinstance(letter, Letter) else self._to_address(letter)
        finally:
            language.current.reset(before)

    def _written(self, letter: Letter) -> EmailMessage:
        message = self._envelope(letter.name, letter.to, f"letter-{letter.number}-{letter.times}")
        message["Subject"] = f"{_subject(letter.kind)}: {letter.meeting_title}"
        message.set_content("\n\n".join(self._paragraphs(letter)) + "\n")
        if not letter.written and letter.kind is not MailKind.LINK:
            self._attach_calendar(message, letter)
        # The last to be set: whatever changes the content moves its headers into a part.
        message["Content-Language"] = letter.language
        return message

    def _to_address(self, letter: AddressLetter) -> EmailMessage:
        message = self._envelope("", letter.to, f"address-{letter.number}-{letter.times}")
        message["Subject"] = address_letters.subject(letter)
        if letter.kind is not AddressMailKind.CONFIRM:
            # A button of the mail program itself, which presses without asking (RFC 8058).
            link = address_letters.stop_link(letter, f"{self._public_url}{language.prefix()}")
            message["List-Unsubscribe"] = f"<{link}>"
            message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
        parts = [*address_letters.paragraphs(letter, self._public_url), self._council]
        message.set_content("\n\n".join(parts) + "\n")
        message["Content-Language"] = letter.language
        return message

    def _envelope(self, name: str, to: str, letter: str) -> EmailMessage:
        """``letter`` is its name: tried again it is the same message to a mailbox (RFC 5322, 3.6.4)."""
        message = EmailMessage(policy=SMTP)
        message["From"] = _address(self._council, self._sender)
        message["To"] = _address(name, to)
        host = urlsplit(self._public_url).hostname or "localhost"
        message["Message-ID"] = f"<{letter}@{host}>"
        # No answering machine is to answer (RFC 3834, section 5).
        message["Auto-Submitted"] = "auto-generated"
        return message

    def _paragraphs(self, letter: Letter) -> Iterator[str]:
        yield _("Dear %(name)s,") % {"name": letter.name}
        yield _news(letter)
        yield "\n".join(_facts(letter))
        if letter.attends:
            yield _("Watch, ask questions and raise your hand on the page of the webinar.")
        elif letter.kind not in ENDED:
            link = f"{self._public_url}{language.prefix()}/speak/{letter.token}"
            yield _("Your personal link:") + f"\n{link}"
            yield _("Keep it to yourself: whoever opens it speaks in your name.")
            if letter.code:
                page = f"{self._public_url}{language.prefix()}/code"
                yield _("On another device: open %(page)s and enter the code %(code)s and your surname.") % {
                    "page": page,
                    "code": letter.code,
                }
            yield from _what_next(letter)
        meeting = f"{self._public_url}{language.prefix()}/meetings/{letter.meeting_ref}"
        yield _("About the meeting:") + f"\n{meeting}"
        yield self._council

    def _attach_calendar(self, message: EmailMessage, letter: Letter) -> None:
        cancelled = letter.kind in ENDED
        text = calendar(letter, self._public_url, language.prefix(), self._council, cancelled=cancelled)
        message.add_attachment(
            text.encode(),
            maintype="text",
            subtype="calendar",
            filename="meeting.ics",
            params={"method": "CANCEL" if cancelled else "PUBLISH", "charset": "utf-8"},
        )


def _address(name: str, address: str) -> Address:
    try:
        return Address(display_name=" ".join(name.split()), addr_spec=address)
    except (HeaderParseError, ValueError, IndexError) as error:
        raise MailRefused(f"“{address}” is no address that can be written to.") from error


def _subject(kind: MailKind) -> str:
    return {
        MailKind.REGISTERED: _("We have your registration"),
        MailKind.WAITING_LIST: _("You are on the waiting list"),
        MailKind.CONFIRMED: _("Your place is confirmed"),
        MailKind.DECLINED: _("Your registration was not accepted"),
        MailKind.MOVED_UP: _("A place has come free for you"),
        MailKind.WITHDRAWN: _("You have given up your place"),
        MailKind.REMINDER: _("Your meeting is soon"),
        MailKind.LINK: _("Your personal link"),
    }[kind]


def _news(letter: Letter) -> str:
    if letter.attends and letter.kind is MailKind.REMINDER:
        return _("This is a reminder of the webinar for which you are registered.")
    if letter.attends:
        return _("You are registered. There is nothing more to do until it begins.")
    if letter.kind is MailKind.REGISTERED and letter.written:
        return _("What you wrote has arrived. An officer will confirm it.")
    if letter.kind is MailKind.CONFIRMED and letter.written:
        return _("An officer brings what you wrote to the meeting. You need not be there.")
    if letter.kind is MailKind.WAITING_LIST and letter.late:
        return language.said("The deadline has passed. The chair decides whether there is time for you.")
    return {
        MailKind.REGISTERED: _("Your registration has arrived. An officer will confirm it."),
        MailKind.WAITING_LIST: _(
            "All places are taken at the moment, so you are on the waiting list. "
            "We write to you when one comes free."
        ),
        MailKind.CONFIRMED: _("An officer has confirmed that you may speak."),
        MailKind.DECLINED: _(
            "An officer could not accept your registration. Contact the council if you want to know why."
        ),
        MailKind.MOVED_UP: _(
            "Somebody gave up their place, and it is yours now. An officer will confirm it."
        ),
        MailKind.WITHDRAWN: _(
            "You have given up your place by your personal link. "
            "If it was not you, contact the council at once."
        ),
        MailKind.REMINDER: _("This is a reminder of the meeting at which you want to speak."),
        MailKind.LINK: _(
            "You or an officer asked for your personal link once more. It is the same as before."
        ),
    }[letter.kind]


def _facts(letter: Letter) -> Iterator[str]:
    yield _("Meeting: %(title)s") % {"title": letter.meeting_title}
    yield _("Day: %(day)s, %(time)s") % {
        "day": language.day_in_words(letter.starts_at),
        "time": language.time_of_day(letter.starts_at),
    }
    if letter.location:
        yield _("Place: %(place)s") % {"place": letter.location}
    if letter.item:
        yield _("Item: %(item)s") % {"item": letter.item}
    if not (letter.written or letter.attends):
        yield _("Your time: %(clock)s (minutes and seconds)") % {
            "clock": language.clock_position(letter.seconds)
        }


def _what_next(letter: Letter) -> Iterator[str]:
    if letter.written:
        yield _("Open the link to see what became of it, or to take it back.")
        return
    yield (
        _("Try your microphone with it now: the page tells you, and us, whether it works.")
        if letter.consent is Consent.SOUND_ONLY
        else _("Try your camera and microphone with it now: the page tells you, and us, whether they work.")
    )
    yield _(
        "On the day, open it ten minutes before the meeting begins, on the device you want to speak from. "
        "If it does not work there, the same page calls an officer, who can telephone you."
    )
    yield _("If you cannot come after all, give up your place by the same link.")
