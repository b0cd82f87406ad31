"""The checklist before a meeting goes live, for the console."""

from hub.domain.desk import Desk
from hub.domain.services.readiness import find_readiness
from hub.domain.snapshots import Checklist, CheckView


async def checklist(desk: Desk, ref: str) -> Checklist:
    """All lines until the meeting is live, and none any more afterwards. Raises ``NotFound``."""
    lines = await find_readiness(desk, ref)
    return Checklist(
        lines=[CheckView(about=line.about, check=line.check, sentence=line.sentence) for line in lines]
    )
