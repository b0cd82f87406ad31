"""When an item is expected to begin, as the public read it: about."""

from datetime import datetime, timedelta

from hub.domain.snapshots import ItemView, PublicSnapshot
from web.language import moment_of

ROUNDED_TO = timedelta(minutes=5)


def expected_about(snapshot: PublicSnapshot, item: ItemView) -> datetime | None:
    """The next five minutes past it, with how late the meeting is by now; None when nobody can tell."""
    expected = [one.expected_ms for one in snapshot.agenda if one.expected_ms is not None]
    if item.expected_ms is None:
        return None
    late = max(0, snapshot.server_ms - min(expected))
    step = ROUNDED_TO // timedelta(milliseconds=1)
    return moment_of(-(-(item.expected_ms + late) // step) * step)
