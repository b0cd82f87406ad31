"""What somebody follows by e-mail, as they see it."""

from hub.domain.snapshots.base import Snapshot


class FollowView(Snapshot):
    """One wish."""

    id: int
    kind: str
    """``start``, ``item`` or ``digest``."""
    meeting_ref: str = ""
    meeting_title: str = ""
    item: str = ""
    """Number and published title."""
    committee: str = ""
    """Of a digest; "" for all."""
    topic: str = ""
    told: bool = False
