"""Every private name of aiortc 1.16 and aioice 0.13 that the studio touches on the way in.

``attach`` puts a ``Reception`` in the place of a receiver's jitter buffer and decodes what comes out of it;
``shorten`` lets packets that need nothing special reach it without queue and task (``shortcut.py``). Both
leave a connection that has none of these names as it is: then aiortc does everything, and what comes is timed
by its arrival.
"""

import math
import threading
from collections.abc import Callable
from functools import partial

import aiortc.rtp
import av
import numpy as np
import structlog
from aiortc import RTCRtpReceiver
from aiortc.codecs import is_rtx
from aiortc.rtp import AnyRtcpPacket, RtpPacket

from media.clock import Clock
from media.sources.bandwidth import lighten
from media.sources.capture_clock import CaptureClock
from media.sources.line import Arrived
from media.sources.reception import MOST_FRAMES, Reception, SparingEstimator
from media.sources.shortcut import Lane, Shortcut
from media.sources.track_decoder import Encoded, TrackDecoder

log = structlog.get_logger(__name__)


def _private(name: str) -> str:
    return f"_RTCRtpReceiver__{name}"


_BUFFER, _CODECS, _QUEUE, _THREAD = map(
    _private, ("jitter_buffer", "codecs", "decoder_queue", "decoder_thread")
)
_DAMAGED, _STREAMS, _NACKS, _ESTIMATOR = map(
    _private, ("decoder_error", "remote_streams", "nack_generator", "remote_bitrate_estimator")
)
_SEND_TIME = "_HeaderExtensionsMap__ids"


def measure_levels_quickly() -> None:
    """Let aiortc measure what it sends (RFC 6464) without a loop over every sample, in this process."""

    def audio_level(frame: av.AudioFrame) -> int:
        samples = frame.to_ndarray().astype(np.float32)
        power = float(np.mean(np.square(samples))) / 32767**2
        return round(max(-127.0, min(0.0, 10 * math.log10(power)))) if power > 0 else -127

    aiortc.rtp.compute_audio_level_dbov = audio_level


class Attached:
    """A receiver's ``Reception`` with what it hands complete frames to."""

    def __init__(
        self,
        receiver: RTCRtpReceiver,
        reception: Reception,
        decode: Callable[[threading.Event], TrackDecoder] | None,
    ) -> None:
        self.receiver = receiver
        self.reception = reception
        self._inside = vars(receiver)
        self._decoder = None if decode is None else decode(self.damaged)

    @property
    def damaged(self) -> threading.Event:
        """Set when the other side should be asked for a whole picture."""
        event: threading.Event = self._inside[_DAMAGED]
        return event

    def hand_over(self) -> None:
        """Decode what is complete."""
        while self.reception.frames:
            payload_type, frame, gap = self.reception.frames.popleft()
            codec = self._inside[_CODECS].get(payload_type)
            if codec is None or not self._inside[_THREAD]:
                continue
            if self._decoder is not None:
                captured = self.reception.captured(frame.timestamp)
                self._decoder.put(Encoded(codec, frame, captured, gap))
            elif self._inside[_QUEUE].qsize() < MOST_FRAMES:
                self._inside[_QUEUE].put((codec, frame))

    def arrived(self) -> Arrived:
        """What came of the track so far; what is sent again in a stream of its own counts as one."""
        streams = list(self._inside[_STREAMS].values())
        expected = sum(one.packets_expected for one in streams if one.max_seq is not None)
        return Arrived(self.reception.octets, expected, sum(one.packets_received for one in streams))

    def forget(self) -> None:
        """What is taken next is decoded without any memory. From any thread."""
        if self._decoder is not None:
            self._decoder.forget()

    def stop(self) -> None:
        """End the decoder. Blocks for a moment."""
        if self._decoder is not None:
            self._decoder.stop()

    def lane(self, ssrc: int, payload_type: int) -> Lane | None:
        """The way of a stream that aiortc knows to be this receiver's."""
        transport = self.receiver.transport
        codec = self._inside[_CODECS].get(payload_type)
        statistics = self._inside[_STREAMS].get(ssrc)
        mine = transport._rtp_router.ssrc_table.get(ssrc) is self.receiver
        if codec is None or is_rtx(codec) or statistics is None or not mine:
            return None
        identifiers = vars(transport._rtp_header_extensions_map).get(_SEND_TIME)
        return Lane(
            ssrc,
            payload_type,
            codec,
            self.reception,
            statistics,
            self._inside[_NACKS],
            self._inside[_ESTIMATOR],
            getattr(identifiers, "abs_send_time", None),
            self.damaged,
            self.hand_over,
        )


def attach(
    receiver: RTCRtpReceiver,
    kind: str,
    capture: CaptureClock,
    clock: Clock,
    decode: Callable[[threading.Event], TrackDecoder] | None = None,
) -> Attached | None:
    """Take the place of a receiver's jitter buffer, before it starts. ``None``: this aiortc is another.

    ``decode``: makes what is given each complete frame, and sets the event to ask for a whole picture.
    Without it, frames come out of the receiver's track.
    """
    inside = vars(receiver)
    if missing := {_BUFFER, _CODECS, _QUEUE, _THREAD, _DAMAGED, _STREAMS, _NACKS, _ESTIMATOR} - inside.keys():
        log.warning("reception_not_attached", missing=sorted(missing))
        return None
    reception = Reception(kind, capture, clock)
    attached = Attached(receiver, reception, decode)
    handle_rtp, handle_rtcp = receiver._handle_rtp_packet, receiver._handle_rtcp_packet

    async def on_rtp(packet: RtpPacket, arrival_time_ms: int) -> None:
        await handle_rtp(packet, arrival_time_ms)
        attached.hand_over()

    async def on_rtcp(packet: AnyRtcpPacket) -> None:
        reception.reported(packet)
        await handle_rtcp(packet)

    inside[_BUFFER] = reception
    if inside[_ESTIMATOR] is not None:
        lighten(inside[_ESTIMATOR])
        inside[_ESTIMATOR] = SparingEstimator(inside[_ESTIMATOR], clock)
    inside["_handle_rtp_packet"] = on_rtp
    inside["_handle_rtcp_packet"] = on_rtcp
    return attached


def shorten(attached: list[Attached]) -> list[Shortcut]:
    """Shorten the way to receivers of one connection, once it has gathered its candidates.

    One for each socket; none when this aiortc is another.
    """
    shortcuts = []
    for transport in {one.receiver.transport for one in attached}:
        connection = getattr(transport.transport, "_connection", None)
        missing = {"_rx_srtp", "_rtp_router", "_rtp_header_extensions_map"} - vars(transport).keys()
        if missing or connection is None or "_protocols" not in vars(connection):
            log.warning("way_not_shortened", missing=sorted(missing))
            continue
        learn = partial(_learn, [one for one in attached if one.receiver.transport is transport])
        for protocol in connection._protocols:
            shortcut = Shortcut(learn, partial(getattr, transport, "_rx_srtp"))
            received, socket = protocol.datagram_received, protocol.transport
            vars(protocol)["datagram_received"] = shortcut.before(received, socket)
            shortcuts.append(shortcut)
    return shortcuts


def _learn(attached: list[Attached], ssrc: int, payload_type: int) -> Lane | None:
    lanes = (one.lane(ssrc, payload_type) for one in attached)
    return next((lane for lane in lanes if lane is not None), None)
