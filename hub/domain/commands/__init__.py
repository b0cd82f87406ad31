"""The commands contain everything people may do to a meeting: one small function each, one module a noun."""

from hub.domain.commands import (
    answers,
    gate,
    hearing,
    invitations,
    items,
    layout,
    links,
    meeting,
    moderation,
    people,
    presentation,
    private_session,
    questions,
    questions_staff,
    results,
    speakers,
    speakers_staff,
)
from hub.domain.commands.core import COMMANDS, Answer
from hub.domain.commands.dispatch import dispatch

__all__ = [
    "COMMANDS",
    "Answer",
    "answers",
    "dispatch",
    "gate",
    "hearing",
    "invitations",
    "items",
    "layout",
    "links",
    "meeting",
    "moderation",
    "people",
    "presentation",
    "private_session",
    "questions",
    "questions_staff",
    "results",
    "speakers",
    "speakers_staff",
]
