"""The rule that all our state machines share: what is not in the table does not happen."""

from collections.abc import Mapping
from enum import StrEnum
from typing import TypeVar

from hub.domain.errors import IllegalTransition

S = TypeVar("S", bound=StrEnum)
E = TypeVar("E", bound=StrEnum)

Table = Mapping[tuple[S, E], S]


def step(table: Table[S, E], state: S, event: E, thing: str) -> S:
    """The state after ``event``. Raises ``IllegalTransition`` when the table has no such move."""
    try:
        return table[state, event]
    except KeyError:
        raise IllegalTransition(
            f"The {thing} is {state.replace('_', ' ')}, so “{event.replace('_', ' ')}” is not possible now."
        ) from None
