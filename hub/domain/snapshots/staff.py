"""What officers see in the console."""

from datetime import date

from pydantic import Field

from hub.domain.snapshots.base import Snapshot
from hub.domain.snapshots.discussion import PostHandView, StaffTopic
from hub.domain.snapshots.own import ChatView
from hub.domain.snapshots.public import PollFigures, PublicSnapshot, Timer


class MailView(Snapshot):
    """An e-mail to a resident, and what became of it."""

    kind: str
    state: str
    """``waiting``, ``sent`` or ``given_up``."""
    sentence: str
    """Why it waits, or was given up."""
    at_ms: int
    """When it was sent or given up; before that, when it was asked for."""


class SpeakerRow(Snapshot):
    """A registration as staff see it. Contact details stay in the console."""

    id: int
    name: str
    part: str
    capacity: str = "resident"
    """``resident``, ``presenter`` or ``audience``: as what they speak."""
    state: str
    item_id: int | None
    summary: str
    kind: str
    side: str
    """"" where the committee's rules have no sides."""
    mode: str
    access_point: str
    consent: str
    written: bool
    text: str
    """The statement or question in writing."""
    access_needs: str
    spokesperson_for: str
    may_share: bool
    late: bool
    email: str
    phone: str
    place: int
    rank: int | None = None
    """Where officers put them; None where they said nothing."""
    seconds: int
    timer: Timer | None
    device_check: dict[str, object]
    kept_until_ms: int | None = None
    """The connection is lost, and the place is kept until then."""
    device_checked_ms: int | None = None
    on_air_ms: int | None = None
    """When they are to be on air: the countdown of who is called."""
    by_phone: bool = False
    help_reason: str = ""
    """``help`` or ``connection`` while they wait for an officer to help them."""
    help_ms: int | None = None
    chat: list[ChatView] = Field(default_factory=list)
    """The last fifty lines."""
    unread: int = 0
    """How many of them no officer has read."""
    mails: list[MailView] = Field(default_factory=list)
    """The newest last."""


class StaffQuestion(Snapshot):
    """A question that is not public, as officers see it."""

    id: int
    text: str
    author: str
    item_id: int | None
    asked_ms: int
    edited_ms: int | None = None
    """When its author last changed it."""
    state: str
    version: int
    flags: list[str] = Field(default_factory=list)
    """Words of the council's list, and what may be personal details."""
    rejected_for: str = ""
    merged_into: int | None = None
    answer: str = ""
    """What was written to its author."""


class StaffPoll(Snapshot):
    """A poll as officers see it, the figures always."""

    id: int
    text: str
    kind: str
    options: list[str]
    state: str
    """``draft``, ``open`` or ``closed``."""
    shown: bool
    """Whether the public see the figures."""
    figures: PollFigures


class RaisedHandView(Snapshot):
    """Somebody who watches a webinar and wants to speak."""

    id: int
    name: str
    state: str
    """``raised``, or ``asked`` whether they agree to be on air."""
    raised_ms: int


class FeedbackView(Snapshot):
    """What those who watched thought of a webinar."""

    people: int
    counts: list[int]
    """Of ratings from 1 to 5."""
    mean: float | None
    texts: list[str]
    """The newest first, fifty at most."""


class HearingView(Snapshot):
    """Viewers who say that they cannot hear the meeting, in the last five minutes."""

    people: int
    since_ms: int
    last_ms: int
    seconds: float
    """Programme time of the first report."""


class RemovalView(Snapshot):
    """Somebody who may no longer ask or vote."""

    id: int
    author: str
    reason: str
    by: str
    at_ms: int


class HandView(Snapshot):
    """An officer who looks at a question now."""

    question_id: int
    staff_id: int
    name: str
    since_ms: int


class ClerkView(Snapshot):
    """An officer."""

    staff_id: int
    name: str


class DutyView(Snapshot):
    """Who runs the meeting."""

    officer: ClerkView | None
    """Nobody until the room is opened."""
    here: bool
    """Whether they have the console open."""
    offered_to: ClerkView | None
    """To whom it is being handed over."""
    note: str


class AuditView(Snapshot):
    """One line of the log."""

    at_ms: int
    who: str
    action: str
    subject: str
    reason: str


class CheckView(Snapshot):
    """One line of the checklist before a meeting goes live."""

    about: str
    """``studio``, ``feed``, ``sound``, ``slate``, ``disk``, ``chair`` or ``clerk``."""
    check: str
    """``fine``, ``look`` or ``missing``."""
    sentence: str


class Checklist(Snapshot):
    """The ``/console`` event ``checklist``. No line is there any more once the meeting was live."""

    lines: list[CheckView]


class NoteView(Snapshot):
    """A note for the minutes."""

    id: int
    item_id: int | None
    seconds: float | None
    """Programme time; None when it was written outside the meeting."""
    text: str
    by: str
    at_ms: int


class PointOfOrderView(Snapshot):
    """A member's point of order, while it is being heard."""

    name: str
    """"" when the clerk did not say who raised it."""
    since_ms: int


class UndoView(Snapshot):
    """The last step of an officer, while they can take it back."""

    step: int
    """Its number in the log."""
    by: str
    action: str
    """The command: ``item.next``, ``speaker.call``, …"""
    label: str
    """The item, speaker, question, motion or layout."""
    until_ms: int


class StaffSnapshot(Snapshot):
    """What the console shows from the database. Feeds, levels, recording: in the event ``engine``."""

    public: PublicSnapshot
    rehearsal: bool
    """Nothing of it is public, and ``public`` is only what it would be."""
    exclusion_item_id: int | None
    recording_until: date | None = None
    """The last day of the recording; None where there is none, or it is kept for good."""
    point_of_order: PointOfOrderView | None = None
    speakers: list[SpeakerRow]
    attending: int = 0
    """How many registered for a webinar."""
    raised: list[RaisedHandView] = Field(default_factory=list)
    """Hands that are up in a webinar, who waits longest first."""
    pending: list[StaffQuestion]
    rejected: list[StaffQuestion]
    settled: list[StaffQuestion]
    """Merged, answered to its author alone, or withdrawn."""
    hands: list[HandView]
    clerks: list[ClerkView]
    """Who has the console open."""
    duty: DutyView
    polls: list[StaffPoll] = Field(default_factory=list)
    removed: list[RemovalView]
    feedback: FeedbackView | None = None
    """Of a webinar that is over."""
    discussions: list[StaffTopic]
    post_hands: list[PostHandView]
    hearing: HearingView | None = None
    undo: list[UndoView]
    """One for each officer whose last step can be taken back."""
    notes: list[NoteView] = Field(default_factory=list)
    """The last fifty."""
    stream_keys: dict[str, str]
    """Source → key."""
    audit: list[AuditView]
    """The last twenty."""
