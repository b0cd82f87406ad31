"""What everybody may see of a meeting: ``state.json`` and the public pages."""

from datetime import date

from pydantic import Field

from hub.domain.snapshots.base import Snapshot


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
    """``not_started``, ``now``, ``done``, ``deferred``: still to come, or ``put_off``: to another meeting."""
    restricted: bool
    heading: bool
    public_can_speak: bool
    questions_open: bool = True
    """Whether questions on it are taken, while the meeting takes any."""
    added: bool = False
    """Urgent business: an officer added it while the meeting ran."""
    put_off_to: date | None = None
    """The day of that meeting, if it is known."""
    minutes: int | None = None
    """How long officers expect it to take."""
    expected_ms: int | None = None
    """When it is expected to begin, as far as it is still to come and what is before it has ``minutes``.
    An item that takes longer does not move it: who shows it adds how late the first of them is."""
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
    """The speaking time of who is on air."""

    ends_ms: int
    seconds: int
    left_ms: int | None = None
    """It stands still, with so much left; ``ends_ms`` says nothing then."""


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


class PollFigures(Snapshot):
    """What came of a poll so far."""

    people: int
    """Who answered."""
    counts: list[int]
    """For each option."""
    mean: float | None = None
    """Of a scale."""


class PollView(Snapshot):
    """A poll that the public may see."""

    id: int
    text: str
    kind: str
    """``single``, ``multiple`` or ``scale``."""
    options: list[str]
    """A choice is the number of its option, from 1."""
    state: str
    """``open`` or ``closed``."""
    figures: PollFigures | None = None
    """None, while officers do not show them."""


class PublicSnapshot(Snapshot):
    """What everybody may see. ``GET /meetings/{ref}/state.json`` and ``/audience`` event ``state``."""

    ref: str
    kind: str = "meeting"
    """``meeting`` or ``webinar``."""
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
    results: list[ResultView] = Field(default_factory=list)
    polls: list[PollView] = Field(default_factory=list)
