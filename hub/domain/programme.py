"""Where a meeting is in its own time: seconds of programme since the media epoch."""

from datetime import datetime

from hub.domain.clock import milliseconds
from hub.domain.desk import Desk
from hub.domain.errors import MediaUnavailable


async def seconds_now(desk: Desk, ref: str, epoch_ms: int | None) -> float:
    """Programme time now. With the studio away the clock on the wall goes on counting from the epoch."""
    try:
        seconds = await desk.studio.programme_seconds(ref)
    except MediaUnavailable:
        seconds = 0.0
    return seconds or wall_seconds(epoch_ms, desk.clock.now())


def wall_seconds(epoch_ms: int | None, now: datetime) -> float:
    """Programme time as the clock on the wall has it; 0 before there is an epoch."""
    return 0.0 if epoch_ms is None else max(0.0, (milliseconds(now) - epoch_ms) / 1000)
