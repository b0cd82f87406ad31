"""What somebody may see because it is theirs: their questions, and the page behind a personal link."""

from pydantic import Field

from hub.domain.snapshots.base import Snapshot
from hub.domain.snapshots.public import ItemView, QuestionView, SpeakerOnAir, Timer


class OwnQuestion(Snapshot):
    """A question as its author sees it, whatever its state."""

    id: int
    text: str
    author: str = ""
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
    may_edit: bool = False
    """Whether its words may still be changed, as far as questions are taken."""


class OwnHand(Snapshot):
    """A raised hand as who raised it sees it. Never sent to anybody else."""

    id: int
    name: str
    state: str
    """``raised``, ``asked``, ``accepted``, ``declined``, ``lowered`` or ``dismissed``."""
    token: str | None = None
    """Of the personal link that came of it, while that works."""


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
    rehearsal: bool
    """Nobody but the officers sees or hears anything of it."""
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
    on_air_ms: int | None = None
    """When an officer means to bring them on air, while they are called: the page counts down to it."""
    ahead: SpeakerOnAir | None = None
    """Who speaks before them, while they are called: how long that takes is how long they wait."""
    device_check: dict[str, object] = Field(default_factory=dict)
    device_checked_ms: int | None = None
    by_phone: bool = False
    """On the telephone: nothing is sent from the page, which shows their place and time."""
    phone: str = ""
    """Where an officer calls them."""
    help_reason: str = ""
    """``help`` or ``connection`` while they wait for an officer to help them."""
    chat: list[ChatView] = Field(default_factory=list)
    """The last fifty lines."""
    removed_for: str = ""
    """Why an officer took them out of the meeting."""
    has_moment: bool = False
    """Whether they were on air: ``/speak/{token}/moment`` leads there in the recording."""
