"""What is wrong now, as a media process or the hub tells the clerk."""

from typing import Literal, TypeAlias

from media.control.command import Message

AlarmCode: TypeAlias = Literal[
    "studio_away",
    "hls_away",
    "hls_stands_still",
    "recorder_away",
    "relay_away",
    "ingest_away",
    "no_relay",
    "redis_away",
    "feed_stalled",
    "feed_refused",
    "key_pictures_rare",
    "technical",
    "not_recorded",
    "too_busy",
    "disk_low",
    "silent",
    "distorted",
    "one_channel",
]
"""Stable: the console knows by it which button mends it. ``docs/protocol.md`` says what each is."""


class Alarm(Message):
    """The sentence says what it is, whether the public still see the meeting, and what to do."""

    code: AlarmCode
    sentence: str
    source: str = ""
    """Which source it is about, if it is about one."""
