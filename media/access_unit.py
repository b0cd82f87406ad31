"""An access unit: the one thing that travels from the studio's encoder to everybody."""

from dataclasses import dataclass
from enum import StrEnum

VIDEO_CLOCK = 90_000
AUDIO_CLOCK = 48_000


class Track(StrEnum):
    """The tracks of one programme. Later renditions and languages add names; the wire carries the name."""

    VIDEO_720 = "video-720"
    VIDEO_360 = "video-360"
    """The same pictures at half the width and height. Of one moment it comes before ``VIDEO_720``."""
    OPUS = "opus"
    AAC = "aac"
    """What is said in the room, in whatever language: the floor."""
    OPUS_INTERPRETED = "opus-interpreted"
    AAC_INTERPRETED = "aac-interpreted"
    """The interpreter with the floor turned down under them; encoded once one was there."""

    CAPTIONS = "captions"
    """What is said, as text: a cue, UTF-8, shown from ``pts`` for ``duration``. Every unit is a key unit."""

    @property
    def is_video(self) -> bool:
        """Whether it has pictures, of whatever size."""
        return self in (Track.VIDEO_720, Track.VIDEO_360)

    @property
    def clock_rate(self) -> int:
        """Units of ``pts`` and ``duration`` in a second."""
        return VIDEO_CLOCK if self.is_video else AUDIO_CLOCK


@dataclass(frozen=True, slots=True)
class AccessUnit:
    """One encoded picture or one encoded audio frame, as it left the public gate.

    ``data``: H.264 is an Annex B byte string, one slice a picture, SPS and PPS before every IDR; Opus is one
    packet of 20 ms; AAC is one raw frame (no ADTS) of 1024 samples, LC, 48 kHz, stereo.

    ``pts`` counts from the meeting's ``epoch_ms`` (Unix milliseconds) in units of the track's clock rate, so
    that it goes on from the same zero after a studio restart. There are no B-frames: ``dts`` equals ``pts``.
    """

    track: Track
    session: int
    """Random number of this studio start (32 bits). A change means: new encoder, expect a gap."""
    sequence: int
    """Counts the units of one track in one session from 0."""
    epoch_ms: int
    pts: int
    duration: int
    key: bool
    """True for an IDR picture, and for every audio frame."""
    data: bytes

    @property
    def seconds(self) -> float:
        """Programme time: seconds since the meeting's epoch."""
        return self.pts / self.track.clock_rate
