"""One track of a WebRTC connection as it comes in: its time, and frames as soon as they are complete.

aiortc 1.16 drops the RTP time of sender reports, holds a picture back until the next begins, and sound until
four packets followed; it answers two packets of three with an estimate of bandwidth. What is here takes the
place of that; ``hooks`` puts it there.
"""

from collections import deque
from typing import NamedTuple

from aiortc.jitterbuffer import JitterFrame
from aiortc.rate import RemoteBitrateEstimator
from aiortc.rtp import AnyRtcpPacket, RtcpSrPacket, RtpPacket

from media.clock import Clock
from media.sources.capture_clock import CaptureClock
from media.sources.reorder import Frame, Reorder

CLOCK_RATES = {"audio": 48_000, "video": 90_000}
"""Of Opus, and of every video codec that aiortc takes."""
FRAME_SECONDS = {"audio": 0.02, "video": 0.0}
"""How long after its time stamp a frame is complete at the soonest."""
MOST_FRAMES = 100
"""Frames that wait for the decoder; what comes then is lost."""
_NTP_SECOND = 2**32
ESTIMATE_SECONDS = 0.5
"""Between two estimates that say no less than the one before."""
BURST = (5 << 18) // 1000
"""Five milliseconds of what a packet's header says about when it was sent, in units of 2**-18 seconds."""


class Complete(NamedTuple):
    """A complete frame, its time stamp unwrapped. ``gap``: something is missing before it."""

    payload_type: int
    frame: JitterFrame
    gap: bool


class Unwrapped:
    """32-bit RTP time as a count that does not wrap; aiortc's mapper would also begin it at 0."""

    def __init__(self) -> None:
        self._last: int | None = None

    def map(self, timestamp: int) -> int:
        """The count nearest to the last one."""
        if self._last is None:
            self._last = timestamp
        ahead = (timestamp - self._last) & 0xFFFFFFFF
        self._last += ahead - (1 << 32) if ahead >= 1 << 31 else ahead
        return self._last

    def near(self, timestamp: int) -> int:
        """The count nearest to the last one, which stays the last one."""
        last = self._last
        mapped = self.map(timestamp)
        self._last = mapped if last is None else last
        return mapped


class Reception:
    """One track as it comes in. Use from the event loop's thread."""

    def __init__(self, kind: str, capture: CaptureClock, clock: Clock) -> None:
        self._kind = kind
        self._capture = capture
        self._clock = clock
        self._rate = CLOCK_RATES[kind]
        self._time = Unwrapped()
        self._reorder = Reorder(pictures=kind == "video")
        self._heard = False
        self.octets = 0
        """Of media, that arrived."""
        self.frames: deque[Complete] = deque(maxlen=MOST_FRAMES)

    def captured(self, pts: int | None) -> float | None:
        """When a decoded frame was captured, monotonic seconds; ``None`` when that cannot be known."""
        if pts is None or not self._heard:
            return None
        return self._capture.captured(self._kind, pts / self._rate)

    def add(self, packet: RtpPacket) -> tuple[bool, None]:
        """In the place of aiortc's jitter buffer. First member: a picture is lost."""
        # The receiver puts what it depacketised there.
        data: bytes = packet._data  # type: ignore[attr-defined]
        return self.take(packet, data) and self._kind == "video", None

    def follows(self, ssrc: int, sequence_number: int) -> bool:
        """Whether this packet is the next one and nothing is missing before it."""
        return self._reorder.follows(ssrc, sequence_number)

    def take(self, packet: RtpPacket, data: bytes) -> bool:
        """Any packet and its depacketised ``data``. Whether something is lost."""
        now = self._clock.monotonic()
        self.octets += len(data)
        frames, lost = self._reorder.add(packet, data, now)
        self._complete(frames, now)
        return lost

    def follow(self, payload_type: int, timestamp: int, marker: bool, data: bytes) -> None:
        """The packet for which ``follows`` was true, by what it says of itself, and its ``data``."""
        self.octets += len(data)
        if frames := self._reorder.follow(payload_type, timestamp, marker, data):
            self._complete(frames, self._clock.monotonic())

    def _complete(self, frames: list[Frame], now: float) -> None:
        for frame in frames:
            stamp = self._time.map(frame.timestamp)
            self._capture.came(self._kind, stamp / self._rate, now - FRAME_SECONDS[self._kind])
            self._heard = True
            self.frames.append(Complete(frame.payload_type, JitterFrame(frame.data, stamp), frame.gap))

    def reported(self, packet: AnyRtcpPacket) -> None:
        """RTCP came."""
        if isinstance(packet, RtcpSrPacket) and self._heard:
            info = packet.sender_info
            stamp = self._time.near(info.rtp_timestamp) / self._rate
            self._capture.report(self._kind, stamp, info.ntp_timestamp / _NTP_SECOND)


class SparingEstimator:
    """An estimator of bandwidth that tells of a fall at once and of anything else twice a second.

    It is asked once for the packets that were sent within five milliseconds: it makes one group of them.
    """

    def __init__(self, estimator: RemoteBitrateEstimator, clock: Clock) -> None:
        self._estimator = estimator
        self._clock = clock
        self._told = 0
        self._told_at = float("-inf")
        self._first = 0
        self._gathered: tuple[int, int, int, int] | None = None
        self._found: tuple[int, list[int]] | None = None
        self.due = False
        """Whether there is something to tell that ``gather`` found out: the next ``add`` does."""

    def add(
        self, arrival_time_ms: int, abs_send_time: int, payload_size: int, ssrc: int
    ) -> tuple[int, list[int]] | None:
        """Take a packet; bits a second and the streams that share them, if that should be told."""
        self._flush()
        estimate = self._ask(arrival_time_ms, abs_send_time, payload_size, ssrc)
        if self.due and estimate is None:
            estimate = self._found
        self.due = False
        if estimate is None or not self._telling(estimate[0]):
            return None
        self._told, self._told_at = estimate[0], self._clock.monotonic()
        return estimate

    def gather(self, arrival_time_ms: int, abs_send_time: int, payload_size: int, ssrc: int) -> None:
        """Take a packet without an answer."""
        if self._gathered is not None:
            if self._gathered[3] == ssrc and (abs_send_time - self._first) & 0xFFFFFF < BURST:
                payload_size += self._gathered[2]
            else:
                self._flush()
                self._first = abs_send_time
        else:
            self._first = abs_send_time
        self._gathered = arrival_time_ms, abs_send_time, payload_size, ssrc

    def _flush(self) -> None:
        if self._gathered is None:
            return
        estimate = self._ask(*self._gathered)
        self._gathered = None
        if estimate is not None:
            self._found = estimate
            self.due = self.due or self._telling(estimate[0])

    def _ask(self, *packet: int) -> tuple[int, list[int]] | None:
        arrival, sent, size, ssrc = packet
        estimate: tuple[int, list[int]] | None = self._estimator.add(
            arrival_time_ms=arrival, abs_send_time=sent, payload_size=size, ssrc=ssrc
        )
        return estimate

    def _telling(self, estimate: int) -> bool:
        return estimate <= 0.9 * self._told or self._clock.monotonic() - self._told_at >= ESTIMATE_SECONDS
