"""Captions of what is said, line by line; not the names in the picture, which ``picture`` has."""

from typing import ClassVar

from pydantic import Field

from media.control.command import Command, Done

LONGEST_LINE = 500
"""Characters."""
LONGEST_SECONDS = 10.0
"""That one line may be shown."""


class SayCaption(Command[Done]):
    """A finished line of what was said. It goes through the gate like everything that is heard.

    Refused with ``no_captions`` (this meeting has none), ``not_public`` (the gate is closed), ``too_soon``
    (the gate was opened so short a time ago that it may be of what was said before), or ``too_many``. None of
    these may be sent again later: whatever was said while the gate was closed is for nobody.
    """

    name: ClassVar[str] = "caption.say"
    text: str = Field(min_length=1, max_length=LONGEST_LINE)
    seconds: float | None = Field(default=None, ge=1.0, le=LONGEST_SECONDS)
    """How long it is shown; ``None``: as long as it takes to read."""
    said_ms: int
    """Unix milliseconds at which its words began, or at which the hub was sent them."""
