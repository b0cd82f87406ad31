"""A committee's rules in words: what the form offers, until when, and what happens after."""

from collections.abc import Iterator

from hub.domain.rules import (
    After,
    Closing,
    Consent,
    Kind,
    Mode,
    Promise,
    RuleSet,
    SideName,
)
from hub.domain.snapshots import Snapshot
from hub.domain.views import MeetingPage
from web import language
from web.language import gettext as _


class Deadline(Snapshot):
    """One kind of contribution on the page."""

    kind: Kind
    what: str
    until: str
    after: str


def kinds() -> dict[Kind, str]:
    """What one can contribute."""
    return {
        Kind.SPEAK: _("Speak at the meeting"),
        Kind.QUESTION: _("Put a question"),
        Kind.STATEMENT: _("Send a written statement"),
        Kind.VIDEO: _("Send a video"),
    }


def sides() -> dict[SideName, str]:
    """From which side somebody speaks."""
    return {
        SideName.FOR: _("For"),
        SideName.AGAINST: _("Against"),
        SideName.NEUTRAL: _("Neither for nor against"),
        SideName.APPLICANT: _("The applicant or their agent"),
        SideName.PARISH: _("The parish, town or community council"),
        SideName.WARD_MEMBER: _("Ward member"),
        SideName.MP: _("Member of Parliament"),
    }


def modes() -> dict[Mode, str]:
    """How somebody takes part."""
    return {
        Mode.IN_PERSON: _("In the meeting room"),
        Mode.REMOTE: _("By video link, from wherever I am"),
        Mode.PHONE: _("By telephone"),
        Mode.ACCESS_POINT: _("From a place that the council provides"),
    }


def consents() -> dict[Consent, str]:
    """How somebody may be broadcast."""
    return {
        Consent.PICTURE_AND_SOUND: _("With picture and sound"),
        Consent.SOUND_ONLY: _("With sound only"),
        Consent.READ_OUT: _("Not at all: an officer reads out what I write"),
    }


def deadline(closing: Closing) -> Deadline:
    """In the language of the page: a day and a time of day, and what happens after them."""
    when = {"time": language.time_of_day(closing.at), "day": language.day_in_words(closing.at)}
    return Deadline(
        kind=closing.kind,
        what=kinds()[closing.kind],
        until=_until(closing.promise) % when,
        after=_later(closing.promise) if not closing.last else _after(closing.after),
    )


def deadlines(page: MeetingPage) -> list[Deadline]:
    """Of everything that can be sent now."""
    return [deadline(closing) for closing in page.offered]


def main_deadline(page: MeetingPage) -> Deadline | None:
    """The first of them, for where there is room for one only."""
    return next(iter(deadlines(page)), None)


def facts(rules: RuleSet, page: MeetingPage) -> Iterator[str]:
    """Sentences on places and time."""
    places = rules.places
    if places.meeting:
        yield _("There are %(number)s places at the meeting.") % {"number": places.meeting}
    if places.item:
        yield _("There are %(number)s places on each item.") % {"number": places.item}
    if places.waiting_list and _is_limited(rules):
        yield _(
            "When all are taken you go on a waiting list, and move up when somebody gives up their place."
        )
    if rules.shared_slot:
        yield _("Those who speak from the same side on an item share its time.")
    if rules.members_may_question is not None:
        yield (
            _("Members may put questions to you.")
            if rules.members_may_question
            else _("Members do not put questions to speakers.")
        )
    if rules.visuals is not None:
        closes = rules.visuals.closes.moment(page.card.starts_at, rules.closed_days)
        yield _("Send pictures or slides to the council by %(time)s on %(day)s.") % {
            "time": language.time_of_day(closes),
            "day": language.day_in_words(closes),
        }
    if len(rules.consents) == 1:
        yield _agreeing()[rules.consents[0]]


def promised(promise: Promise | None) -> str:
    """What those get whose question came in time."""
    if promise is None:
        return ""
    return {
        Promise.WRITTEN_ANSWER: _("Your question will be answered in writing."),
        Promise.SPOKEN_ANSWER: _("Your question will be answered at the meeting."),
    }[promise]


def own_words(rules: RuleSet) -> tuple[str, bool]:
    """The council's own, and whether they are in the language of the page."""
    mine = next((words for tag, words in rules.words.items() if tag == language.current.get()), "")
    return (mine, True) if mine else (rules.words.get("en", ""), language.current.get() == language.SOURCE)


def _until(promise: Promise | None) -> str:
    if promise is Promise.WRITTEN_ANSWER:
        return _("By %(time)s on %(day)s, to be answered in writing.")
    if promise is Promise.SPOKEN_ANSWER:
        return _("By %(time)s on %(day)s, to be answered at the meeting.")
    return _("Register by %(time)s on %(day)s.")


def _later(promise: Promise | None) -> str:
    if promise is Promise.WRITTEN_ANSWER:
        return _("After that you can still send it, but there may be no answer in writing.")
    return _("After that you can still send it.")


def _after(after: After) -> str:
    return {
        After.REFUSED: _("After that nobody can register for it any more."),
        After.CHAIR: _("After that the chair decides whether there is time for you."),
        After.STATEMENT: _("After that you can only send a written statement."),
    }[after]


def _agreeing() -> dict[Consent, str]:
    return {
        Consent.PICTURE_AND_SOUND: _(
            "Who takes part agrees to be broadcast and recorded, picture and sound."
        ),
        Consent.SOUND_ONLY: _("Who takes part agrees to be broadcast and recorded, sound only."),
        Consent.READ_OUT: _("An officer reads out what you write."),
    }


def _is_limited(rules: RuleSet) -> bool:
    places = rules.places
    return bool(places.meeting or places.item or places.minutes or any(side.at_most for side in rules.sides))
