"""When the items that are still to come are expected to begin."""

from hub.domain.clock import milliseconds
from hub.domain.meetings import is_cancelled
from hub.domain.models import key
from hub.domain.states.item import ItemState
from hub.domain.states.meeting import MeetingState
from hub.domain.timetable import expected_starts
from hub.domain.views.load import Loaded

TOLD = frozenset({MeetingState.SCHEDULED, MeetingState.PRE_SHOW, MeetingState.LIVE})
"""In any other state nobody can tell when the public business goes on."""


def expected_times(loaded: Loaded, stamped: dict[int | None, float]) -> dict[int, int]:
    """Item → Unix milliseconds, as far as anybody knows. ``stamped``: programme seconds of what was begun."""
    meeting = loaded.meeting
    if meeting.state not in TOLD or is_cancelled(meeting):
        return {}
    business = [item for item in loaded.items if not item.heading and item.state is not ItemState.PUT_OFF]
    now = next((at for at, item in enumerate(business) if item.id == meeting.current_item_id), None)
    ahead = [item for item in business[0 if now is None else now + 1 :] if item.id not in stamped]
    begins = milliseconds(meeting.starts_at)
    if now is not None:
        ahead, begins = [business[now], *ahead], _began(loaded, stamped)
    if all(item.expected_minutes is None for item in ahead):
        return {}
    starts = expected_starts([(key(item), item.expected_minutes) for item in ahead], begins)
    return {item: at for item, at in starts.items() if item != meeting.current_item_id}


def _began(loaded: Loaded, stamped: dict[int | None, float]) -> int:
    """When the current item began; before the programme runs, the meeting's own time."""
    meeting = loaded.meeting
    seconds = stamped.get(meeting.current_item_id)
    if seconds is None or meeting.epoch_ms is None:
        return milliseconds(meeting.starts_at)
    return meeting.epoch_ms + round(seconds * 1000)
