"""The words on the slates: the truth about why the public see no meeting, never more than is published."""

from datetime import datetime

from hub.domain.local_time import clock_time
from hub.domain.models import AgendaItem, Meeting
from hub.domain.ports import Slate, SlateKind
from hub.domain.states.meeting import MeetingState

SUSPENSIONS = {
    "disturbance": "The chair has suspended the broadcast because of a disturbance.",
    "rights": "The chair has suspended the broadcast because it may infringe rights or break the law.",
    "prejudice": "The chair has suspended the broadcast because it may prejudice proceedings.",
}
"""The reasons for which a webcasting protocol lets the chair suspend."""

KINDS: dict[MeetingState, SlateKind] = {
    MeetingState.ADJOURNED: "adjourned",
    MeetingState.PRIVATE: "private",
    MeetingState.SUSPENDED: "adjourned",
    MeetingState.TECHNICAL: "technical",
    MeetingState.ENDED: "ended",
}


def waiting(meeting: Meeting) -> Slate:
    """Before the meeting."""
    return Slate(
        "The meeting starts soon",
        (meeting.title, f"Due to start at {clock_time(meeting.starts_at)}"),
        "starting",
        meeting.starts_at,
    )


def private(item: AgendaItem | None, paragraphs: list[int], expected_back: datetime | None) -> Slate:
    """The public are excluded. The item is named by its number only: its title may be exempt itself."""
    number = item.number.rstrip(". ") if item is not None else ""
    title = f"The public have been excluded for item {number}" if number else "The public have been excluded"
    lines = [_exempt(paragraphs)] if paragraphs else []
    return Slate(title, (*lines, *_back(expected_back)), "private")


def adjourned(reason: str, expected_back: datetime | None) -> Slate:
    """A pause in public."""
    until = f" until about {clock_time(expected_back)}" if expected_back is not None else ""
    return Slate(f"The meeting is adjourned{until}", (reason,) if reason else (), "adjourned")


def suspended(reason: str) -> Slate:
    """The chair stopped the broadcast."""
    return Slate("The broadcast is suspended", (SUSPENSIONS[reason],), "adjourned")


def technical(reason: str = "") -> Slate:
    """Something is broken, or somebody pressed the emergency cut."""
    lines = (reason,) if reason else ()
    return Slate(
        "The broadcast has stopped for technical reasons", (*lines, "We are working on it."), "technical"
    )


def ended(title: str) -> Slate:
    """After the meeting."""
    return Slate("The meeting has ended", (title, "The recording will be on this page."), "ended")


def current(meeting: Meeting) -> Slate:
    """The slate of the state the meeting is in, as it was written down."""
    if meeting.notice_title:
        return Slate(meeting.notice_title, tuple(meeting.notice_lines), KINDS.get(meeting.state))
    return waiting(meeting)


def _exempt(paragraphs: list[int]) -> str:
    """The description in Schedule 12A that section 100A(4) asks for."""
    numbers = [str(number) for number in sorted(set(paragraphs))]
    if len(numbers) == 1:
        named = f"paragraph {numbers[0]}"
    else:
        named = f"paragraphs {', '.join(numbers[:-1])} and {numbers[-1]}"
    return (
        "Section 100A(4) of the Local Government Act 1972: exempt information, "
        f"{named} of Part 1 of Schedule 12A"
    )


def _back(moment: datetime | None) -> list[str]:
    return [f"Expected back about {clock_time(moment)}"] if moment is not None else []
