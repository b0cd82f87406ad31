"""What the clerk is told when a media process is away or has trouble.

Each sentence says what is wrong, whether the public still see the meeting, and what happens next.
"""

from collections.abc import Iterator

from media.control.recorder import RecorderStatus
from media.control.studio import GateState, StudioStatus


def of_studio(status: StudioStatus | None, *, connected: bool) -> Iterator[str]:
    """Of the studio and what comes into it."""
    if not connected:
        yield "The studio is being restarted. The public see the last picture; it comes back by itself."
        return
    if status is None:
        return
    for feed in status.feeds:
        if feed.state in ("stalled", "refused"):
            yield f"{feed.label or feed.source}: {feed.sentence}"
    if status.gate.state is GateState.TECHNICAL:
        title = status.gate.slate.title
        yield f"The public see the slate “{title}”. When all is ready, press Return to public."
    yield from status.alarms


def of_packager(*, connected: bool) -> Iterator[str]:
    """Of LL-HLS."""
    if not connected:
        yield "Viewing by HLS is being started again. Its viewers wait some seconds; WebRTC goes on."


def of_recorder(status: RecorderStatus | None, *, connected: bool) -> Iterator[str]:
    """Of the recording."""
    if not connected:
        yield "The recorder is being restarted. What was said until a second before is safe."
    elif status is not None and not status.healthy:
        yield status.sentence
