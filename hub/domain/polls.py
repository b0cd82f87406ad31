"""What a poll asks, what an answer to it can be, and what comes of the answers. Pure.

Choices are numbers from 1: of the options in their order, or the steps of a scale themselves.
"""

from collections.abc import Sequence
from enum import StrEnum

from hub.domain.errors import Invalid
from hub.domain.text import required

TEXT_CHARACTERS = 200
OPTION_CHARACTERS = 100
FEWEST_OPTIONS, MOST_OPTIONS = 2, 10
TOPS = (5, 10)
"""How far a scale can go, from 1."""


class PollKind(StrEnum):
    SINGLE = "single"
    """One of the options."""
    MULTIPLE = "multiple"
    """As many of them as apply."""
    SCALE = "scale"


def checked_options(kind: PollKind, options: Sequence[str], top: int) -> list[str]:
    """The options as people read them; of a scale its steps. Raises ``Invalid``."""
    if kind is PollKind.SCALE:
        if top not in TOPS:
            raise Invalid("A scale goes from 1 to 5 or from 1 to 10.", field="top")
        return [str(number) for number in range(1, top + 1)]
    named = [
        required(one, "options", "each option", at_most=OPTION_CHARACTERS).replace("\n", " ")
        for one in options
    ]
    if not FEWEST_OPTIONS <= len(named) <= MOST_OPTIONS:
        raise Invalid(f"Give {FEWEST_OPTIONS} to {MOST_OPTIONS} options.", field="options")
    if len(set(named)) < len(named):
        raise Invalid("An option is there twice.", field="options")
    return named


def checked_choices(kind: PollKind, count: int, choices: Sequence[int]) -> list[int]:
    """An answer to a poll of ``count`` options, in their order. Raises ``Invalid``."""
    chosen = sorted(set(choices))
    if not chosen:
        raise Invalid("Choose an answer.", field="choices")
    if kind is not PollKind.MULTIPLE and len(chosen) > 1:
        raise Invalid("Choose one answer only.", field="choices")
    if chosen[0] < 1 or chosen[-1] > count:
        raise Invalid("Choose one from the list.", field="choices")
    return chosen


def counted(counts: Sequence[int], choices: Sequence[int]) -> list[int]:
    """The figures with one more answer."""
    return [number + (place in choices) for place, number in enumerate(counts, start=1)]


def mean(kind: PollKind, counts: Sequence[int]) -> float | None:
    """Of a scale, when anybody answered."""
    people = sum(counts)
    if kind is not PollKind.SCALE or not people:
        return None
    return round(sum(step * number for step, number in enumerate(counts, start=1)) / people, 2)
