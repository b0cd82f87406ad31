"""A meeting's one lasting page: before, during and after."""

from dataclasses import dataclass

from aiohttp import web

from hub.domain import views
from hub.domain.snapshots import PublicSnapshot
from hub.domain.states.meeting import MeetingState
from hub.domain.views import MeetingPage
from recordings.chapters import Chapter
from recordings.playlist import choice, interpreted_language
from web import language, taking_part, visitors
from web.forms import Form
from web.keys import DESK, SITE
from web.meetings import WITH_RECORDING, phase_of, public_url
from web.moments import parse_time
from web.pages.own import own_of
from web.question_order import order_of, ordered
from web.recorded import Recorded, recorded
from web.templating import render

QUESTION_CHARACTERS = 500
INTO_BUSINESS = 3.0
"""Seconds after the beginning of the first chapter."""


@dataclass(frozen=True, slots=True)
class Moments:
    """Where things are in the recording, in seconds of playback."""

    recorded: Recorded | None
    chapters: list[Chapter]

    def item(self, item_id: int) -> float | None:
        """Where an item begins."""
        return next((chapter.start for chapter in self.chapters if chapter.id == str(item_id)), None)

    @property
    def opening(self) -> float:
        """Where there is something to be seen: the first pictures are often still the slate."""
        return round(self.chapters[0].start + INTO_BUSINESS, 3) if self.chapters else 0.0

    def programme(self, seconds: float | None) -> float | None:
        """Where a moment of the programme is."""
        if seconds is None or self.recorded is None:
            return None
        return self.recorded.timeline.to_playback(seconds)


@dataclass(frozen=True, slots=True)
class Trouble:
    """What was wrong with one of the small forms."""

    place: str
    """The element it belongs to: ``poll-7``, ``hand``, ``feedback``."""
    sentence: str
    typed: str = ""
    """What was written, to be corrected."""


@dataclass(frozen=True, slots=True)
class Edited:
    """A change of one's own question that was refused, as it was typed."""

    question_id: int
    form: Form

    @property
    def summary(self) -> list[dict[str, str]]:
        """Each sentence leads to its field: every question of one's own has a form."""
        return [
            {"text": sentence, "href": f"#edit-{self.question_id}-{name}"}
            for name, sentence in self.form.errors.items()
        ]


async def show(request: web.Request) -> web.Response:
    """The page; ``?item=ID`` and ``?t=1h2m3s`` or ``?t=SECONDS`` say where the recording begins."""
    return await meeting_response(request)


async def meeting_response(
    request: web.Request,
    question: Form | None = None,
    trouble: Trouble | None = None,
    edited: Edited | None = None,
    status: int = 200,
) -> web.Response:
    """The page, with a form as it was sent when there was something wrong with it."""
    desk = request.app[DESK]
    await visitors.staff_or_none(request)
    page = await views.meeting_page(desk, request.match_info["ref"])
    own = await own_of(request, page.card.ref)
    moments = await moments_of(request, page.public)
    start = start_of(request, moments)
    order = order_of(request.query.get("questions", ""))
    data = player_data(request, page.public, moments, start)
    context = {
        "page": page,
        "meeting": page.card,
        "snapshot": page.public,
        "phase": phase_of(page.public.state),
        "moments": moments,
        "start": start,
        "form": question or Form({"client_id": desk.tokens.new()}),
        "choices": _choices(page, question),
        "deadline": taking_part.main_deadline(page),
        "question_limit": QUESTION_CHARACTERS,
        "question_order": order,
        "published": ordered(page.public.questions, order, page.public.agenda),
        "own": own.questions,
        "voted": own.votes,
        "hand": own.hand,
        "told": own.told,
        "mails": desk.sends_mail,
        "removed": own.removed,
        "trouble": trouble,
        "edited": edited,
        "page_url": f"{public_url(request)}{language.prefix()}/meetings/{page.card.ref}",
        "unheard": "unheard" in request.query,
        "asked": "asked" in request.query and question is None,
        "changed": "changed" in request.query and edited is None,
        "data": _page_data(page.public, moments, data) | own.data,
    }
    return render(request, "pages/meeting.html", context, status)


async def moments_of(request: web.Request, snapshot: PublicSnapshot) -> Moments:
    """Of the recording, when there is one."""
    found = await recorded(request, snapshot.ref) if MeetingState(snapshot.state) in WITH_RECORDING else None
    return Moments(found, found.chapters(snapshot.index) if found is not None else [])


def start_of(request: web.Request, moments: Moments) -> float | None:
    """Where ``?item=`` or ``?t=`` say that playing begins."""
    item = request.query.get("item", "")
    if item.isdecimal() and len(item) < 10 and (start := moments.item(int(item))) is not None:
        return round(start, 3)
    return parse_time(request.query.get("t", ""))


def languages_of(request: web.Request, snapshot: PublicSnapshot, moments: Moments) -> list[dict[str, str]]:
    """The languages beside the floor that can be heard now."""
    if phase_of(snapshot.state) == "live":
        spoken: str | None = request.app[SITE].interpreted_language
    else:
        spoken = interpreted_language(moments.recorded.timeline) if moments.recorded is not None else None
    return [choice(spoken)] if spoken else []


def _captions_of(request: web.Request, phase: str, moments: Moments) -> str | None:
    """What captions are in (BCP 47), where playlists offer any now."""
    if phase == "live":
        return request.app[SITE].captions_language or None
    captions = moments.recorded.captions if moments.recorded is not None else None
    return captions.language if captions is not None else None


def player_data(
    request: web.Request, snapshot: PublicSnapshot, moments: Moments, start: float | None
) -> dict[str, object]:
    """What the player's script is told."""
    base = f"/meetings/{snapshot.ref}"
    phase = phase_of(snapshot.state)
    return {
        "ref": snapshot.ref,
        "snapshot": snapshot.model_dump(mode="json"),
        "urls": {
            "state": f"{base}/state.json",
            "whep": f"{base}/whep",
            "hls": f"{base}/hls/main.m3u8",
            "audio": f"{base}/hls/audio.m3u8",
            "interpreted": f"{base}/hls/interpreted.m3u8",
            "questions": f"{language.prefix()}{base}/questions",
            "hands": f"{language.prefix()}{base}/hands",
            "speak": f"{language.prefix()}/speak",
            "polls": f"{language.prefix()}{base}/polls",
        },
        "chapters": [
            {"item_id": int(chapter.id), "label": chapter.label, "playback": round(chapter.start, 3)}
            for chapter in moments.chapters
        ],
        "phase": phase,
        "start": start,
        "duration": round(moments.recorded.timeline.duration, 3) if moments.recorded is not None else None,
        "small": phase == "live" and request.app[SITE].small_rendition,
        "captions": _captions_of(request, phase, moments),
        "languages": languages_of(request, snapshot, moments),
        "strings": language.island_strings(),
        "sentences": language.sentences(),
        "socket": "/socket.io/",
    }


def _page_data(snapshot: PublicSnapshot, moments: Moments, data: dict[str, object]) -> dict[str, object]:
    answers = {
        str(question.id): round(playback, 3)
        for question in snapshot.questions
        if (playback := moments.programme(question.answered_seconds)) is not None
    }
    return data | {"answers": answers}


def _choices(page: MeetingPage, form: Form | None) -> list[dict[str, object]]:
    """The items a question may be about, for a select box."""
    chosen = form.value("item_id") if form is not None else ""
    agenda = page.public.agenda
    items = [item for item in agenda if item.questions_open and not (item.heading or item.restricted)]
    return [
        {"value": "", "text": language.gettext("The meeting as a whole")},
        *(
            {
                "value": str(item.id),
                "text": f"{item.number} {item.title}".strip(),
                "selected": str(item.id) == chosen,
            }
            for item in items
        ),
    ]


def localised() -> list[web.RouteDef]:
    """Addresses of this module, in every language."""
    return [web.get("/meetings/{ref}", show)]
