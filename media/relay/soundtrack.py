"""The sound of a programme on its way into packets: two or three frames of 20 ms share one."""

from collections.abc import Sequence
from itertools import pairwise

from media.access_unit import AUDIO_CLOCK, AccessUnit
from media.relay import opus
from media.relay.h264 import PAYLOAD_LIMIT
from media.relay.stream import Packet, RtpStream, Source

KEPT = 128


class Soundtrack:
    """One language. Frames wait for the picture of their moment; without pictures, until a packet is full."""

    def __init__(self) -> None:
        self.stream = RtpStream(Source(AUDIO_CLOCK), KEPT)
        self._frames: list[AccessUnit] = []

    def add(self, unit: AccessUnit) -> bool:
        """Take a frame. True when no more should wait."""
        self._frames.append(unit)
        return len(self._frames) >= opus.FRAMES

    def take(self) -> Sequence[Packet]:
        """Packets of all that waited."""
        frames, self._frames = self._frames, []
        if all(after.pts == before.pts + before.duration for before, after in pairwise(frames)):
            joined = opus.join([unit.data for unit in frames])
            if len(joined) == 1 and len(joined[0]) <= PAYLOAD_LIMIT:
                return self.stream.packetise(frames[0], joined)
        return [packet for unit in frames for packet in self.stream.packetise(unit, [unit.data])]

    def forget(self) -> None:
        """Nobody listens, or a new studio begins: what waits goes nowhere."""
        self._frames.clear()
