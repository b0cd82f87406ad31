"""What may be seen of a meeting, and by whom: the wire format of ``state.json`` and the sockets.

A snapshot is built whole from the database; ``version`` tells which of two is newer. Times are Unix
milliseconds with the server's own time beside them, never ticks: clients draw the countdown.
"""

from pydantic import BaseModel, ConfigDict


class Snapshot(BaseModel):
    """Common to all of them."""

    model_config = ConfigDict(frozen=True)


class Notice(Snapshot):
    """Why the public see a slate, in true words."""

    title: str
    lines: list[str]
    expected_back_ms: int | None = None


class ItemView(Snapshot):
    """An agenda item as the public may see it. A restricted one has the title that is published, or none."""

    id: int
    number: str
    title: str
    state: str
    """``not_started``, ``now`` or ``done``."""
    restricted: bool
    heading: bool
    public_can_speak: bool
    questions_open: bool = True
    """Whether questions on it are taken, while the meeting takes any."""
    seconds: float | None = None
    """Programme time at which it (last) became current."""
    url: str = ""
    """Its place in the agenda system."""


class IndexView(Snapshot):
    """A moment of the index. ``playback`` is the same moment in the recording, when there is one."""

    seconds: float
    kind: str
    label: str
    item_id: int | None = None
    question_id: int | None = None


class Timer(Snapshot):
    """A running speaking time."""

    ends_ms: int
    seconds: int


class SpeakerOnAir(Snapshot):
    """Who is speaking, as text on the page."""

    name: str
    item_id: int | None
    timer: Timer | None


class QuestionView(Snapshot):
    """An approved question."""

    id: int
    text: str
    author: str
    item_id: int | None
    state: str
    votes: int
    version: int = 0
    answered_how: str = ""
    """``spoken``, ``written`` or ``private``: then who asked got it, and nobody else."""
    answer: str = ""
    """The written answer for everybody."""
    answered_seconds: float | None = None


class ResultView(Snapshot):
    """What the members decided on an item."""

    id: int
    item_id: int
    motion: str
    outcome: str
    """``carried`` or ``lost``."""
    votes_for: int
    votes_against: int
    abstained: int
    names: dict[str, str]
    """Member → ``for``, ``against`` or ``abstain``, when it was recorded by name."""
    seconds: float | None = None


class PublicSnapshot(Snapshot):
    """What everybody may see. ``GET /meetings/{ref}/state.json`` and ``/audience`` event ``state``."""

    ref: str
    version: int
    server_ms: int
    title: str
    state: str
    state_since_ms: int | None
    starts_ms: int
    live_ms: int | None
    ended_ms: int | None
    epoch_ms: int | None
    imported_ms: int | None = None
    """When the agenda system was read: when it moves, a page that shows papers reads them anew."""
    notice: Notice | None
    now_item_id: int | None
    agenda: list[ItemView]
    index: list[IndexView]
    speaker: SpeakerOnAir | None
    """The last who was admitted of those in ``on_air``."""
    on_air: list[SpeakerOnAir]
    """The remote speakers who are seen and heard now, the last admitted last."""
    chamber: str
    """Who is to be seen in the chamber, when the clerk says so: "Cllr Jane Doe, Chair"."""
    speakers_waiting: int
    questions_open: bool
    questions_frozen: bool = False
    """Nobody asks or votes for the moment."""
    questions_moderated: bool = True
    """An officer reads a question before others do."""
    questions: list[QuestionView]
    results: list[ResultView] = []


class OwnQuestion(Snapshot):
    """A question as its author sees it, whatever its state."""

    id: int
    text: str
    state: str
    rejected_for: str = ""
    """``off_topic``, ``personal``, ``abusive``, ``answered``, ``no_question`` or ``other``."""
    answered_how: str = ""
    answer: str = ""
    """In writing, for everybody or for its author alone."""
    answered_seconds: float | None = None
    into: QuestionView | None = None
    """The public question that this one was put together with."""
    may_withdraw: bool = False


class ChatView(Snapshot):
    """A line between a resident and the officers."""

    id: int
    officer: str
    """Who wrote it; "" for the resident."""
    text: str
    at_ms: int


class SpeakerSnapshot(Snapshot):
    """What one resident sees on their personal page."""

    version: int
    server_ms: int
    registration_id: int
    name: str
    part: str
    """``speaker``, ``interpreter``, ``signer`` or ``presenter``."""
    state: str
    meeting_ref: str
    meeting_title: str
    meeting_state: str
    starts_ms: int
    item: ItemView | None
    now_item: ItemView | None
    position: int | None
    """1 for the next to be called; None when not waiting."""
    seconds: int
    timer: Timer | None
    kind: str = "speak"
    """``speak``, ``question``, ``statement`` or ``video``."""
    consent: str = ""
    """``picture_and_sound``, ``sound_only`` or ``read_out``; "" when it was not asked."""
    written: bool = False
    """An officer reads it out: nothing is sent from the page."""
    late: bool = False
    """It came after the deadline, and the chair decides."""
    device_is_current: bool
    """False when another device has taken the slot."""
    kept_until_ms: int | None = None
    """The connection is lost, and the place is kept until then."""
    ahead: SpeakerOnAir | None = None
    """Who speaks before them, while they are called: how long that takes is how long they wait."""
    device_check: dict[str, object] = {}
    device_checked_ms: int | None = None
    by_phone: bool = False
    """On the telephone: nothing is sent from the page, which shows their place and time."""
    phone: str = ""
    """Where an officer calls them."""
    help_reason: str = ""
    """``help`` or ``connection`` while they wait for an officer to help them."""
    chat: list[ChatView] = []
    """The last fifty lines."""
    has_moment: bool = False
    """Whether they were on air: ``/speak/{token}/moment`` leads there in the recording."""


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
    seconds: int
    timer: Timer | None
    device_check: dict[str, object]
    kept_until_ms: int | None = None
    """The connection is lost, and the place is kept until then."""
    device_checked_ms: int | None = None
    by_phone: bool = False
    help_reason: str = ""
    """``help`` or ``connection`` while they wait for an officer to help them."""
    help_ms: int | None = None
    chat: list[ChatView] = []
    """The last fifty lines."""
    unread: int = 0
    """How many of them no officer has read."""
    mails: list[MailView] = []
    """The newest last."""


class StaffQuestion(Snapshot):
    """A question that is not public, as officers see it."""

    id: int
    text: str
    author: str
    item_id: int | None
    asked_ms: int
    state: str
    version: int
    flags: list[str] = []
    """Words of the council's list, and what may be personal details."""
    rejected_for: str = ""
    merged_into: int | None = None
    answer: str = ""
    """What was written to its author."""


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


class UndoView(Snapshot):
    """The last move of the agenda, while who made it can take it back."""

    by: str
    label: str
    """The item that was made current."""
    until_ms: int


class StaffSnapshot(Snapshot):
    """What the console shows from the database. Feeds, levels, recording: in the event ``engine``."""

    public: PublicSnapshot
    exclusion_item_id: int | None
    speakers: list[SpeakerRow]
    pending: list[StaffQuestion]
    rejected: list[StaffQuestion]
    settled: list[StaffQuestion]
    """Merged, answered to its author alone, or withdrawn."""
    hands: list[HandView]
    removed: list[RemovalView]
    hearing: HearingView | None = None
    undo: UndoView | None = None
    stream_keys: dict[str, str]
    """Source → key."""
    audit: list[AuditView]
    """The last twenty."""
