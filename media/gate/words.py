"""Which lines of a captioner may be public, and how long they are shown."""

from dataclasses import dataclass

from media.control.captions import LONGEST_SECONDS
from media.control.command import Refused
from media.gate.moment import Moment

BEHIND_SECONDS = 10.0
"""So far a captioner may be behind the speaker. What comes sooner after an opening may be what was said while
the gate was closed, and nobody can tell by looking at it."""
LEAST_SECONDS = 2.0
CHARACTERS_A_SECOND = 15.0
"""That people read."""

NOT_PUBLIC = Refused(
    "not_public", "The public do not hear the meeting now: the line was thrown away. Do not send it again."
)
TOO_SOON = Refused(
    "too_soon",
    f"The meeting has been public for less than {BEHIND_SECONDS:.0f} seconds, and the line may be of what was"
    " said before: it was thrown away. Do not send it again.",
)


@dataclass(frozen=True, slots=True)
class Words:
    """A line that may pass as long as the gate does not move. ``change``: the gate's when it was taken."""

    text: str
    seconds: float
    change: int


def take(moment: Moment, text: str, seconds: float | None, said_ms: int, open_for: float) -> Words:
    """A line that came now. ``open_for``: seconds since the gate was opened, by a clock that nobody sets.

    Raises ``Refused``: ``not_public`` or ``too_soon``.
    """
    if not moment.open:
        raise NOT_PUBLIC
    if open_for < BEHIND_SECONDS or said_ms < moment.since_ms + BEHIND_SECONDS * 1000:
        raise TOO_SOON
    reading = min(max(len(text) / CHARACTERS_A_SECOND, LEAST_SECONDS), LONGEST_SECONDS)
    return Words(text, reading if seconds is None else seconds, moment.change)
