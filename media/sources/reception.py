"""What the studio hooks into aiortc's receivers: time, and pictures and sound as soon as they are complete.

aiortc 1.16 drops the RTP time of sender reports, holds a picture back until the next begins, and sound until
four packets followed; it answers two packets of three with an estimate of bandwidth. All its private names
that we touch are in ``attach``, which leaves a receiver that has none of them as it is: then what comes is
timed by its arrival.
"""

import math
from collections import deque

import aiortc.rtp
import av
import numpy as np
import structlog
from aiortc import RTCRtpReceiver
from aiortc.jitterbuffer import JitterFrame
from aiortc.rate import RemoteBitrateEstimator
from aiortc.rtp import AnyRtcpPacket, RtcpSrPacket, RtpPacket

from media.clock import Clock
from media.sources.capture_clock import CaptureClock
from media.sources.reorder import Reorder

log = structlog.get_logger(__name__)

CLOCK_RATES = {"audio": 48_000, "video": 90_000}
"""Of Opus, and of every video codec that aiortc takes."""
FRAME_SECONDS = {"audio": 0.02, "video": 0.0}
"""How long after its time stamp a frame is complete at the soonest."""
MOST_FRAMES = 100
"""Frames that wait for the decoder; what comes then is lost."""
_NTP_SECOND = 2**32
_BUFFER, _CODECS, _QUEUE, _THREAD = (
    f"_RTCRtpReceiver__{name}" for name in ("jitter_buffer", "codecs", "decoder_queue", "decoder_thread")
)
_ESTIMATOR = "_RTCRtpReceiver__remote_bitrate_estimator"
ESTIMATE_SECONDS = 0.5
"""Between two estimates that say no less than the one before."""


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
        self.frames: deque[tuple[int, JitterFrame]] = deque(maxlen=MOST_FRAMES)
        """Complete frames with their payload types, their time stamps unwrapped."""

    def captured(self, pts: int | None) -> float | None:
        """When a decoded frame was captured, monotonic seconds; ``None`` when that cannot be known."""
        if pts is None or not self._heard:
            return None
        return self._capture.captured(self._kind, pts / self._rate)

    def add(self, packet: RtpPacket) -> tuple[bool, None]:
        """In the place of aiortc's jitter buffer. First member: a picture is lost."""
        now = self._clock.monotonic()
        # The receiver puts what it depacketised there.
        data: bytes = packet._data  # type: ignore[attr-defined]
        frames, lost = self._reorder.add(packet, data, now)
        for frame in frames:
            stamp = self._time.map(frame.timestamp)
            self._capture.came(self._kind, stamp / self._rate, now - FRAME_SECONDS[self._kind])
            self._heard = True
            self.frames.append((frame.payload_type, JitterFrame(frame.data, stamp)))
        return lost and self._kind == "video", None

    def reported(self, packet: AnyRtcpPacket) -> None:
        """RTCP came."""
        if isinstance(packet, RtcpSrPacket) and self._heard:
            info = packet.sender_info
            stamp = self._time.near(info.rtp_timestamp) / self._rate
            self._capture.report(self._kind, stamp, info.ntp_timestamp / _NTP_SECOND)


class SparingEstimator:
    """An estimator of bandwidth that tells of a fall at once and of anything else twice a second."""

    def __init__(self, estimator: RemoteBitrateEstimator, clock: Clock) -> None:
        self._estimator = estimator
        self._clock = clock
        self._told = 0
        self._told_at = float("-inf")

    def add(
        self, arrival_time_ms: int, abs_send_time: int, payload_size: int, ssrc: int
    ) -> tuple[int, list[int]] | None:
        """Take a packet; bits a second and the streams that share them, if that should be told."""
        estimate: tuple[int, list[int]] | None = self._estimator.add(
            arrival_time_ms=arrival_time_ms, abs_send_time=abs_send_time, payload_size=payload_size, ssrc=ssrc
        )
        now = self._clock.monotonic()
        if estimate is None or (estimate[0] > 0.9 * self._told and now - self._told_at < ESTIMATE_SECONDS):
            return None
        self._told, self._told_at = estimate[0], now
        return estimate


def measure_levels_quickly() -> None:
    """Let aiortc measure what it sends (RFC 6464) without a loop over every sample, in this process."""

    def audio_level(frame: av.AudioFrame) -> int:
        samples = frame.to_ndarray().astype(np.float32)
        power = float(np.mean(np.square(samples))) / 32767**2
        return round(max(-127.0, min(0.0, 10 * math.log10(power)))) if power > 0 else -127

    aiortc.rtp.compute_audio_level_dbov = audio_level


def attach(receiver: RTCRtpReceiver, kind: str, capture: CaptureClock, clock: Clock) -> Reception | None:
    """Take the place of a receiver's jitter buffer, before it starts. ``None``: this aiortc is another."""
    inside = vars(receiver)
    if missing := {_BUFFER, _CODECS, _QUEUE, _THREAD} - inside.keys():
        log.warning("reception_not_attached", missing=sorted(missing))
        return None
    reception = Reception(kind, capture, clock)
    handle_rtp, handle_rtcp = receiver._handle_rtp_packet, receiver._handle_rtcp_packet

    async def on_rtp(packet: RtpPacket, arrival_time_ms: int) -> None:
        await handle_rtp(packet, arrival_time_ms)
        while reception.frames:
            payload_type, frame = reception.frames.popleft()
            codec = inside[_CODECS].get(payload_type)
            if codec is not None and inside[_THREAD] and inside[_QUEUE].qsize() < MOST_FRAMES:
                inside[_QUEUE].put((codec, frame))

    async def on_rtcp(packet: AnyRtcpPacket) -> None:
        reception.reported(packet)
        await handle_rtcp(packet)

    inside[_BUFFER] = reception
    if inside.get(_ESTIMATOR) is not None:
        inside[_ESTIMATOR] = SparingEstimator(inside[_ESTIMATOR], clock)
    inside["_handle_rtp_packet"] = on_rtp
    inside["_handle_rtcp_packet"] = on_rtcp
    return reception
