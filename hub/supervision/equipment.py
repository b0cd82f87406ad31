"""What is there for a meeting to go live, in the domain's words."""

import os
from pathlib import Path

from hub.domain.ports import ChamberFeed, Equipment, Sound
from hub.domain.services.stream_keys import CHAMBER
from media.control.feeds import FeedStatus
from media.control.recorder import RecorderStatus
from media.control.studio import StudioStatus

RECORDING_BITS = 2_000_000 + 128_000
"""A second at most: the full picture and its sound (``media/studio``)."""
REWIND_BITS = RECORDING_BITS + 600_000
"""Of the rewind window, which has the small picture too and lives as long as the meeting."""
BYTES_PER_HOUR = (RECORDING_BITS + REWIND_BITS) / 8 * 3600


def equipment_of(
    status: StudioStatus | None,
    *,
    connected: bool,
    sound: Sound,
    recording: RecorderStatus | None,
    disk_hours: float,
) -> Equipment:
    """Of a meeting whose room is open. ``sound``: how the chamber has been heard."""
    if not connected or status is None:
        return Equipment("away", disk_hours=disk_hours)
    feed = next((feed for feed in status.feeds if feed.source == CHAMBER), None)
    return Equipment(
        "up",
        chamber=None if feed is None else _chamber(feed),
        sound=sound if feed is not None and feed.sound else "none",
        slate=status.gate.slate.title,
        recorder_trouble=recording.sentence if recording is not None and not recording.healthy else "",
        disk_hours=disk_hours,
    )


def disk_hours(folder: Path) -> float:
    """How many hours of a meeting fit on the disk of ``folder``; 0 when nothing can be written there."""
    try:
        disk = os.statvfs(folder)
    except OSError:
        return 0.0
    if disk.f_flag & os.ST_RDONLY or not os.access(folder, os.W_OK):
        return 0.0
    return disk.f_bavail * disk.f_frsize / BYTES_PER_HOUR


def _chamber(feed: FeedStatus) -> ChamberFeed:
    return ChamberFeed(feed.state, feed.sentence, generated=feed.kind == "test")
