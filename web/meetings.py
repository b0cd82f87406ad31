"""What several pages ask about a meeting."""

import re

from aiohttp import web

from hub.domain.errors import Invalid, NotFound
from hub.domain.meetings import find_meeting
from hub.domain.models import key
from hub.domain.services.following import TOPIC_CHARACTERS
from hub.domain.services.stream_keys import holder_of_key
from hub.domain.states.meeting import RUNNING, MeetingState
from web.keys import DESK, SITE
from web.recorded import Recorded, recorded

WITH_RECORDING = frozenset({MeetingState.ENDED, MeetingState.PUBLISHED})
"""After these the recording is public, once it is there."""


async def meeting_id(request: web.Request) -> int:
    """The number of the meeting in the address. Raises ``NotFound``."""
    async with request.app[DESK].store.read() as session:
        return key(await find_meeting(session, request.match_info["ref"]))


async def state_of(request: web.Request, ref: str, *, rehearsals: bool = False) -> MeetingState:
    """Where the meeting stands. Raises ``NotFound``."""
    async with request.app[DESK].store.read() as session:
        return (await find_meeting(session, ref, rehearsals=rehearsals)).state


async def stream_key_is_good(request: web.Request, text: str, source: str) -> bool:
    """Whether this key opens a source of the meeting in the address."""
    holder = await holder_of_key(request.app[DESK].store, text)
    return holder is not None and (holder.meeting_ref, holder.source) == (request.match_info["ref"], source)


async def published_recording(request: web.Request) -> tuple[MeetingState, Recorded | None]:
    """Where the meeting in the address stands, and its recording if the public may have it.

    Players ask for hundreds of files of one recording: no more is read for each of them. Raises ``NotFound``.
    """
    ref = request.match_info["ref"]
    state = await state_of(request, ref)
    if state in (MeetingState.WITHHELD, MeetingState.EXPIRED):
        raise NotFound("The recording of this meeting is not available.")
    return state, await recorded(request, ref) if state in WITH_RECORDING else None


def phase_of(state: str) -> str:
    """Which of its three pages a meeting has now: ``before``, ``live`` or ``after``."""
    if state == MeetingState.SCHEDULED:
        return "before"
    return "live" if state in RUNNING else "after"


def page_number(request: web.Request) -> int:
    """Of a long list, from ``?page=``. Raises ``Invalid``."""
    text = request.query.get("page", "1")
    if not re.fullmatch(r"[1-9]\d{0,5}", text):
        raise Invalid("There is no such page of the list.", field="page")
    return int(text)


def topic_of(request: web.Request) -> str:
    """What a feed or calendar is narrowed to, from ``?topic=``."""
    return " ".join(request.query.get("topic", "").split())[:TOPIC_CHARACTERS]


def public_url(request: web.Request) -> str:
    """The address of this site, without a slash at the end."""
    return request.app[SITE].public_url or f"{request.scheme}://{request.host}"
