"""The point of order that is being heard, as the meeting's row has it."""

from hub.domain.commands.core import Change


def drop(change: Change, reason: str = "") -> None:
    """None is being heard any more. Whose time it stopped is the caller's."""
    meeting = change.meeting
    change.audit("point_of_order.end", meeting.ref, before=meeting.point_of_order_by, reason=reason)
    meeting.point_of_order_at, meeting.point_of_order_by, meeting.point_of_order_paused = None, "", []


def label(name: str) -> str:
    """In the index: "Point of order: Cllr Jane Doe"."""
    return f"Point of order: {name}" if name else "Point of order"
