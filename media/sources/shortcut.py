"""The short way of a media packet: from the socket to the reception in one call, without queue and task.

Only what needs nothing special takes it: the next packet of a stream that aiortc has let in, with nothing
missing before it. Everything else (STUN, DTLS, RTCP, the first packet of a stream, one that was sent again,
one after a gap, padding) goes the way aiortc has for it, which asks for lost packets and whole pictures and
sends the estimates of bandwidth. What follows a packet that is still on that way is not the next one, and so
takes it as well.

aiortc's own counts of a transport's packets, and its list of sources heard of, leave out what went this way.
"""

import asyncio
import socket
import struct
import threading
import time
from collections.abc import Callable
from functools import partial
from typing import TypeAlias

import pylibsrtp
from aiortc.codecs import depayload
from aiortc.codecs.h264 import h264_depayload
from aiortc.rtcrtpparameters import RTCRtpCodecParameters
from aiortc.rtcrtpreceiver import NackGenerator, StreamStatistics
from aiortc.rtp import RtpPacket

from media.sources.reception import Reception, SparingEstimator

MOST_AT_ONCE = 32
"""Datagrams taken at one wake-up of the event loop."""
LONGEST = 2048
MOST_LANES = 8
"""Streams of one connection; a browser has two and what it sends again."""
MOST_DISCARDED = 10_000
"""Datagrams; no socket buffer holds more."""
MOST_UNTOLD = 64
"""Packets for which an estimate waits to be told, from a sender that does not say where a picture ends."""
_HEADER = 12
_MARKED = 0x80
"""The second byte of a packet with the marker is this or more (RFC 3550 section 5.1)."""
_NUMBERS = struct.Struct("!HL")
_FRAGMENT, _BEGINS = 28, 0x80
"""H.264's type of a fragment, and the bit of the first one (RFC 6184 section 5.8)."""
_NTP_SINCE = 2_208_988_800_000
"""Milliseconds from 1900, where aiortc counts from, to 1970."""
Address: TypeAlias = tuple[str, int]
Received: TypeAlias = Callable[[bytes, Address], None]


class Lane:
    """One stream's packets, as long as they come in order."""

    def __init__(
        self,
        ssrc: int,
        payload_type: int,
        codec: RTCRtpCodecParameters,
        reception: Reception,
        statistics: StreamStatistics,
        nacks: NackGenerator | None,
        estimator: SparingEstimator | None,
        send_time: int | None,
        damaged: threading.Event,
        hand_over: Callable[[], None],
    ) -> None:
        self.payload_type = payload_type
        self._ssrc = ssrc
        self._depayload = _h264 if codec.name == "H264" else partial(depayload, codec)
        self._reception = reception
        self._statistics = statistics
        self._nacks = nacks
        self._estimator = estimator
        self._send_time = send_time
        self._damaged = damaged
        self._hand_over = hand_over
        self._packet = RtpPacket(payload_type=payload_type, ssrc=ssrc)
        self._untold = 0

    def follows(self, sequence_number: int, ends: bool) -> bool:
        """Whether the packet is the next and there is nothing to tell the sender.

        An estimate of bandwidth is told by the packet that ``ends`` a picture: with one before it, all that
        follow would have to go the long way.
        """
        nacks, estimator = self._nacks, self._estimator
        if nacks is not None and (nacks.missing or nacks.max_seq != (sequence_number - 1) & 0xFFFF):
            return False
        if self._damaged.is_set() or (estimator is not None and estimator.due and self._tells(ends)):
            return False
        return self._reception.follows(self._ssrc, sequence_number)

    def _tells(self, ends: bool) -> bool:
        self._untold = 0 if ends else self._untold + 1
        return ends or self._untold > MOST_UNTOLD

    def take(self, data: bytes, begins: int) -> None:
        """A packet for which ``follows`` was true, decrypted; its payload begins at ``begins``.

        Raises ``ValueError`` for a payload that is no such codec's.
        """
        packet = self._packet
        packet.sequence_number, packet.timestamp = _NUMBERS.unpack_from(data, 2)
        if self._nacks is not None:
            self._nacks.max_seq = packet.sequence_number
        if self._estimator is not None and (sent := self._sent(data, begins)) is not None:
            now = time.time_ns() // 1_000_000 + _NTP_SINCE
            self._estimator.gather(now, sent, len(data) - begins, self._ssrc)
        self._statistics.add(packet)
        payload = data[begins:]
        if payload:
            payload = self._depayload(payload)
        self._reception.follow(self.payload_type, packet.timestamp, data[1] >= _MARKED, payload)
        if self._reception.frames:
            self._hand_over()

    def _sent(self, data: bytes, begins: int) -> int | None:
        """When the packet was sent, from its header extension (RFC 8285 section 4.2), 24 bits."""
        if self._send_time is None or begins == _HEADER or data[12:14] != b"\xbe\xde":
            return None
        at = _HEADER + 4
        while at < begins:
            head = data[at]
            length = (head & 0x0F) + 1
            if head >> 4 == self._send_time and length == 3 and at + length < begins:
                return int.from_bytes(data[at + 1 : at + 4])
            at += 1 if head == 0 else 1 + length
        return None


class Shortcut:
    """One socket's. ``session``: what decrypts, once there is one.

    ``learn`` gives a lane for an SSRC and a payload type.
    """

    def __init__(
        self,
        learn: Callable[[int, int], Lane | None],
        session: Callable[[], pylibsrtp.Session | None],
    ) -> None:
        self._learn = learn
        self._session = session
        self._lanes: dict[bytes, Lane] = {}
        self._more: Callable[[], tuple[bytes, Address] | None] = lambda: None
        self.taken = 0
        """Packets that went the short way."""

    def before(self, received: Received, transport: asyncio.BaseTransport) -> Received:
        """What is to be called instead of ``received``; more that waits in the socket is taken at once."""
        more = self._more = _reader(transport)

        def datagram_received(data: bytes, address: Address) -> None:
            if not self.take(data):
                received(data, address)
            for _ in range(MOST_AT_ONCE - 1):
                found = more()
                if found is None:
                    return
                if not self.take(found[0]):
                    received(*found)

        return datagram_received

    def discard(self) -> int:
        """Throw away what waits in the socket; how many datagrams that was."""
        discarded = 0
        while discarded < MOST_DISCARDED and self._more() is not None:
            discarded += 1
        return discarded

    def take(self, data: bytes) -> bool:
        """Whether the datagram was taken; otherwise it goes the long way.

        Version 2, no padding, no contributing sources (RFC 3550 section 5.1), a stream that is known.
        """
        if len(data) < _HEADER or data[0] & 0xEF != 0x80:
            return False
        lane = self._lanes.get(data[8:12])
        if lane is None or lane.payload_type != data[1] & 0x7F:
            lane = self._find(data)
        if lane is None or not lane.follows(data[2] << 8 | data[3], data[1] >= _MARKED):
            return False
        begins = _HEADER
        if data[0] & 0x10:
            begins += 4 + 4 * int.from_bytes(data[14:16])
        session = self._session()
        if session is None or begins > len(data):
            return False
        try:
            clear = session.unprotect(data)
            if begins <= len(clear):
                lane.take(clear, begins)
        except (pylibsrtp.Error, ValueError):
            # Forged, repeated, or nothing that this codec sends: dropped, as aiortc does.
            return True
        self.taken += 1
        return True

    def _find(self, data: bytes) -> Lane | None:
        lane = self._learn(int.from_bytes(data[8:12]), data[1] & 0x7F)
        if lane is not None:
            if len(self._lanes) >= MOST_LANES:
                self._lanes.clear()
            self._lanes[data[8:12]] = lane
        return lane


def _h264(payload: bytes) -> bytes:
    """A picture's part as a byte string; most are fragments from the middle, the others are aiortc's to take.

    Raises ``ValueError``.
    """
    if len(payload) > 2 and payload[0] & 0x1F == _FRAGMENT and payload[1] < _BEGINS:
        return payload[2:]
    return h264_depayload(payload)


def _reader(transport: asyncio.BaseTransport) -> Callable[[], tuple[bytes, Address] | None]:
    """What takes the next datagram that waits; nothing where the socket cannot be had."""
    inside: socket.socket | None = vars(transport).get("_sock") if hasattr(transport, "__dict__") else None
    if not isinstance(inside, socket.socket):
        return lambda: None
    waiting = inside

    def more() -> tuple[bytes, Address] | None:
        try:
            found: tuple[bytes, Address] = waiting.recvfrom(LONGEST)
        except (BlockingIOError, InterruptedError):
            return None
        except OSError:
            # The event loop meets it again, and tells the connection.
            return None
        return found

    return more
