"""What the clerk is told when a media process is away or has trouble.

Each sentence says what is wrong, whether the public still see the meeting, and what happens next.
"""

from collections.abc import Iterator

from media.control.alarm import Alarm
from media.control.feeds import FeedStatus
from media.control.recorder import PackagerStatus, RecorderStatus
from media.control.studio import GateState, StudioStatus

LOW_HOURS = 1.0
"""So long before the disk is full somebody is told: time to make room while a meeting runs."""

RARE_SECONDS = 10
"""Encoders are told to send a key picture every two; so long without one is a setting, not a hiccup."""
STILL_SECONDS = 6.0
"""Three segments: a player has shown what it had by then."""
SILENT_SECONDS = 3.0
"""A packager says every second what it has made. One that hangs is ended some seconds after this."""


def of_studio(status: StudioStatus | None, *, connected: bool) -> Iterator[Alarm]:
    """Of the studio and what comes into it."""
    if not connected:
        yield Alarm(
            code="studio_away",
            sentence="The studio is being restarted. The public see the last picture; it comes back by "
            "itself.",
        )
        return
    if status is None:
        return
    for feed in status.feeds:
        words = f"{feed.label or feed.source}: {feed.sentence}"
        if feed.state == "stalled":
            yield Alarm(code="feed_stalled", sentence=words, source=feed.source)
        elif feed.state == "refused":
            yield Alarm(code="feed_refused", sentence=words, source=feed.source)
        elif _sends_key_pictures_rarely(feed):
            yield Alarm(code="key_pictures_rare", sentence=_rare(feed), source=feed.source)
    if status.gate.state is GateState.TECHNICAL:
        title = status.gate.slate.title
        words = f"The public see the slate “{title}”. When all is ready, press Return to public."
        yield Alarm(code="technical", sentence=words)
    yield from status.alarms


def _sends_key_pictures_rarely(feed: FeedStatus) -> bool:
    """Of whom we cannot ask for one. A browser sends one when the studio needs it, and else hardly ever."""
    since = feed.key_picture_seconds
    return (
        feed.kind in ("rtmp", "srt") and feed.state == "live" and since is not None and since > RARE_SECONDS
    )


def _rare(feed: FeedStatus) -> str:
    return (
        f"{feed.label or feed.source}: no key picture has come for {RARE_SECONDS} seconds. Its picture is "
        "fine now, but after any disturbance it stays away until the next one. Set the encoder’s key frame "
        "interval to 2 seconds."
    )


def of_disk(hours: float) -> Iterator[Alarm]:
    """Of the room for the recording."""
    if hours < LOW_HOURS:
        words = (
            f"The disk has room for about {hours * 60:.0f} minutes more of recording. What is recorded "
            "stays; make room on the machine before it is full."
        )
        yield Alarm(code="disk_low", sentence=words)


def of_packager(
    status: PackagerStatus | None, *, connected: bool, fed: bool, silent: float = 0.0
) -> Iterator[Alarm]:
    """Of LL-HLS. ``fed``: there is a studio; without one nothing new can be made.

    ``silent``: seconds for which the packager itself has said nothing.
    """
    if not connected:
        words = "Viewing by HLS is being started again. Its viewers wait some seconds; WebRTC goes on."
        yield Alarm(code="hls_away", sentence=words)
    elif silent > SILENT_SECONDS:
        words = (
            "Viewing by HLS hangs: its viewers see a picture that stands still. It is started again within "
            "seconds, unless it comes to by itself. WebRTC goes on."
        )
        yield Alarm(code="hls_stands_still", sentence=words)
    elif fed and status is not None and status.age_seconds is not None and status.age_seconds > STILL_SECONDS:
        words = (
            f"Viewing by HLS has had nothing new for {STILL_SECONDS:.0f} seconds: its viewers see a picture "
            "that stands still. WebRTC goes on."
        )
        yield Alarm(code="hls_stands_still", sentence=words)


def of_recorder(status: RecorderStatus | None, *, connected: bool) -> Iterator[Alarm]:
    """Of the recording."""
    if not connected:
        words = "The recorder is being restarted. What was said until a second before is safe."
        yield Alarm(code="recorder_away", sentence=words)
    elif status is not None and not status.healthy:
        yield Alarm(code="not_recorded", sentence=status.sentence)
