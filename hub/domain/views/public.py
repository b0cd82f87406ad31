"""What everybody may see. Only what is named here gets out; nothing is copied whole."""

from datetime import datetime

from hub.domain.clock import milliseconds
from hub.domain.desk import Desk
from hub.domain.models import (
    AgendaItem,
    Committee,
    IndexPoint,
    Meeting,
    Question,
    Registration,
    VoteResult,
    key,
)
from hub.domain.services.rules import is_moderated
from hub.domain.slates import current
from hub.domain.snapshots import (
    IndexView,
    ItemView,
    Notice,
    PublicSnapshot,
    QuestionView,
    ResultView,
    SpeakerOnAir,
    Timer,
)
from hub.domain.states.item import ItemState
from hub.domain.states.meeting import CLOSED, OVER, RUNNING, MeetingState
from hub.domain.states.question import PUBLIC, AnswerKind
from hub.domain.states.speaker import WAITING, SpeakerState
from hub.domain.titles import published_title
from hub.domain.views.load import Loaded, load
from hub.domain.views.polls import public_polls
from hub.domain.views.timetable import expected_times


async def public_snapshot(desk: Desk, ref: str) -> PublicSnapshot:
    """The meeting as everybody may see it. Raises ``NotFound``."""
    async with desk.store.read() as session:
        return public_of(await load(session, ref), desk.clock.now())


def public_of(loaded: Loaded, now: datetime) -> PublicSnapshot:
    """The same, of what is loaded."""
    meeting = loaded.meeting
    on_air = _speaking(loaded)
    return PublicSnapshot(
        ref=meeting.ref,
        kind=meeting.kind,
        version=meeting.version,
        server_ms=milliseconds(now),
        title=meeting.title,
        state=meeting.state,
        state_since_ms=_ms(meeting.state_since),
        starts_ms=milliseconds(meeting.starts_at),
        live_ms=_ms(meeting.live_at),
        ended_ms=_ms(meeting.ended_at),
        epoch_ms=meeting.epoch_ms,
        imported_ms=_ms(meeting.imported_at),
        notice=notice(meeting),
        now_item_id=meeting.current_item_id if meeting.state in RUNNING else None,
        agenda=items(loaded),
        index=[index_view(point) for point in loaded.index],
        speaker=_last(on_air),
        on_air=[_on_air(row) for row in on_air],
        chamber=meeting.chamber_caption if meeting.state is MeetingState.LIVE else "",
        speakers_waiting=sum(row.state in WAITING for row in loaded.speakers()),
        questions_open=meeting.questions_open and meeting.state not in OVER,
        questions_frozen=meeting.questions_frozen,
        questions_moderated=is_moderated(meeting, loaded.committee),
        results=[_result(result) for result in loaded.results],
        polls=public_polls(loaded),
        questions=[question_view(question) for question in loaded.questions if question.state in PUBLIC],
    )


def notice(meeting: Meeting) -> Notice | None:
    """Why the public see a slate, if they see one."""
    if meeting.state not in (MeetingState.PRE_SHOW, *CLOSED):
        return None
    slate = current(meeting)
    return Notice(title=slate.title, lines=list(slate.lines), expected_back_ms=_ms(meeting.expected_back_at))


def items(loaded: Loaded) -> list[ItemView]:
    """The agenda in order."""
    stamped = {point.item_id: point.seconds for point in loaded.index if point.kind == "item"}
    expected = expected_times(loaded, stamped)
    return [
        _item(item, loaded, stamped).model_copy(update={"expected_ms": expected.get(key(item))})
        for item in loaded.items
    ]


def agenda_url(committee: Committee, meeting: Meeting) -> str:
    """The meeting in the agenda system; "" when it is not from there."""
    if not committee.base_url or committee.modgov_id is None or meeting.modgov_id is None:
        return ""
    base = committee.base_url.rstrip("/")
    return f"{base}/ieListDocuments.aspx?CId={committee.modgov_id}&MId={meeting.modgov_id}"


def item_url(committee: Committee, meeting: Meeting, item: AgendaItem) -> str:
    """The item in the agenda system; "" when it is not from there."""
    page = agenda_url(committee, meeting)
    return f"{page}#AI{item.modgov_id}" if page and item.modgov_id is not None else ""


def index_view(point: IndexPoint) -> IndexView:
    """A moment of the index."""
    return IndexView(
        seconds=point.seconds,
        kind=point.kind,
        label=point.label,
        item_id=point.item_id,
        question_id=point.question_id,
    )


def timer(registration: Registration) -> Timer | None:
    """The speaking time of who is on air."""
    if registration.left_ms is not None:
        return Timer(ends_ms=0, seconds=registration.seconds, left_ms=registration.left_ms)
    if registration.ends_at is None:
        return None
    return Timer(ends_ms=milliseconds(registration.ends_at), seconds=registration.seconds)


def _item(item: AgendaItem, loaded: Loaded, stamped: dict[int | None, float]) -> ItemView:
    return ItemView(
        id=key(item),
        number=item.number,
        title=published_title(item),
        state=_progress(item, loaded, stamped),
        restricted=item.restricted,
        heading=item.heading,
        public_can_speak=item.public_can_speak,
        questions_open=item.questions_open,
        added=item.added,
        put_off_to=item.put_off_to if item.state is ItemState.PUT_OFF else None,
        minutes=item.expected_minutes,
        seconds=stamped.get(item.id),
        url=item_url(loaded.committee, loaded.meeting, item),
    )


def _progress(item: AgendaItem, loaded: Loaded, stamped: dict[int | None, float]) -> str:
    meeting = loaded.meeting
    running = meeting.state in RUNNING
    if item.id == meeting.current_item_id:
        return "now" if running else "done"
    if item.state is ItemState.PUT_OFF or (item.state is ItemState.DEFERRED and running):
        return item.state
    return "done" if item.id in stamped else "not_started"


def _speaking(loaded: Loaded) -> list[Registration]:
    """Who is on air, the last admitted last; nobody while the public are not to see or hear."""
    if loaded.meeting.state is not MeetingState.LIVE:
        return []
    on_air = [row for row in loaded.speakers() if row.state is SpeakerState.ON_AIR]
    return sorted(on_air, key=lambda row: (row.on_air_at is not None, row.on_air_at))


def _on_air(row: Registration) -> SpeakerOnAir:
    return SpeakerOnAir(name=row.name, item_id=row.item_id, timer=timer(row))


def _last(on_air: list[Registration]) -> SpeakerOnAir | None:
    return _on_air(on_air[-1]) if on_air else None


def question_view(question: Question) -> QuestionView:
    """A question that is public. An answer to its author alone is not in it."""
    return QuestionView(
        id=key(question),
        text=question.text,
        author=question.author,
        item_id=question.item_id,
        state=question.state,
        votes=question.votes,
        version=question.version,
        answered_how=question.answered_how or "",
        answer=question.answer if question.answered_how is AnswerKind.WRITTEN else "",
        answered_seconds=question.answered_seconds,
    )


def _result(result: VoteResult) -> ResultView:
    return ResultView(
        id=key(result),
        item_id=result.item_id,
        motion=result.motion,
        outcome=result.outcome,
        votes_for=result.votes_for,
        votes_against=result.votes_against,
        abstained=result.abstained,
        names=result.names,
        seconds=result.seconds,
    )


def _ms(moment: datetime | None) -> int | None:
    return None if moment is None else milliseconds(moment)
