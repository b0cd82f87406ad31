"""How much time is left, in figures and unit signs alone, so that it needs no language."""

from math import ceil

EVERY_SECOND_BELOW = 600
"""Seconds before the end from which on each second is shown; before, each minute."""


def countdown(until_ms: int, wall: float) -> str:
    """What stands on the slate at ``wall`` (Unix seconds), "" once the time has come."""
    left = ceil(until_ms / 1000 - wall)
    if left <= 0:
        return ""
    if left <= EVERY_SECOND_BELOW:
        return f"{left // 60}:{left % 60:02}"
    minutes = ceil(left / 60)
    hours, rest = divmod(minutes, 60)
    if hours >= 24:
        return ""
    if not hours:
        return f"{minutes} min"
    return f"{hours} h {rest:02} min" if rest else f"{hours} h"
