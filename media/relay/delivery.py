"""What one connected viewer gets of a programme: pictures from the kept group on, sound, what it missed."""

from collections import deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

import structlog

from media.relay.limits import TokenBucket
from media.relay.srtp import Srtp, SrtpError
from media.relay.stream import Format, Packet, RtpStream

log = structlog.get_logger(__name__)

BACKLOG_PACKETS = 2000
"""Above this a viewer's catching-up is given up and goes on at the next key picture."""
RESEND_RATE = 75.0
"""Packets a second that one viewer may ask for again: about a quarter of a programme."""
RESEND_BURST = 200.0
RESEND_SECONDS = 0.05
"""A packet is not repeated to one viewer sooner than this: the first repetition may still be under way."""
GROUP_SECONDS = 1.0
NEAR_WRAP = 0x10000 - 64
"""No viewer begins here: without the packets up to the wrap it would be one rollover behind for good."""


@dataclass(frozen=True, slots=True)
class Picture:
    """The packets of one picture."""

    key: bool
    packets: Sequence[Packet]


class Delivery:
    """One viewer's place in the programme. ``transmit`` sends encrypted packets; false: there was no room."""

    def __init__(
        self,
        streams: Mapping[str, RtpStream],
        formats: Mapping[str, Format],
        srtp: Srtp,
        transmit: Callable[[Sequence[bytes]], bool],
    ) -> None:
        self._streams = {stream.ssrc: stream for kind, stream in streams.items() if kind in formats}
        self._formats = {streams[kind].ssrc: form for kind, form in formats.items()}
        self._video = streams["video"].ssrc if "video" in formats else None
        self._srtp = srtp
        self._transmit = transmit
        self._backlog: deque[Packet] = deque()
        self._waiting = True
        self._sent: dict[int, tuple[int, int]] = {}
        self._budget = TokenBucket(RESEND_RATE, RESEND_BURST)
        self._resent: dict[tuple[int, int], float] = {}
        self._group_at: float | None = None

    @property
    def streams(self) -> Sequence[RtpStream]:
        """The streams that this viewer takes."""
        return tuple(self._streams.values())

    @property
    def behind(self) -> bool:
        """Whether packets wait for ``pump``."""
        return bool(self._backlog)

    def catch_up(self, group: Iterable[Picture]) -> None:
        """Queue the kept group for ``pump``; live pictures follow it."""
        for picture in group:
            self._enqueue(picture)

    def picture(self, picture: Picture) -> None:
        """A live picture: sent at once unless this viewer is still catching up."""
        if self._backlog:
            self._enqueue(picture)
        elif self._may_follow(picture) and not self._send(picture.packets):
            self._waiting = True

    def sound(self, packets: Sequence[Packet]) -> None:
        """Live sound: never waits behind pictures."""
        if not packets or packets[0].ssrc not in self._formats:
            return
        if packets[0].ssrc in self._sent or packets[0].sequence < NEAR_WRAP:
            self._send(packets)

    def pump(self, count: int) -> None:
        """Send up to ``count`` of the packets that wait."""
        packets = [self._backlog.popleft() for _ in range(min(count, len(self._backlog)))]
        if packets and not self._send(packets):
            self._backlog.clear()
            self._waiting = True

    def report(self, packet: bytes) -> None:
        """Send RTCP."""
        try:
            self._transmit([self._srtp.protect_rtcp(packet)])
        except SrtpError as error:
            log.warning("relay_rtcp_not_protected", error=str(error))

    def resend(self, lost: Iterable[tuple[int, int]], now: float) -> None:
        """Answer a NACK: the same bytes again, within the viewer's budget."""
        packets = [packet for ssrc, sequence in lost if (packet := self._resendable(ssrc, sequence, now))]
        if packets:
            self._send(packets)

    def picture_lost(self, group: Sequence[Picture], now: float) -> None:
        """Answer a PLI: the kept group again, at most once a second. The next key picture is never far."""
        if self._video is None or self._backlog:
            return
        if self._group_at is not None and now - self._group_at < GROUP_SECONDS:
            return
        self._group_at = now
        self.catch_up(group)

    def _enqueue(self, picture: Picture) -> None:
        if not self._may_follow(picture):
            return
        self._backlog.extend(picture.packets)
        if len(self._backlog) > BACKLOG_PACKETS:
            self._backlog.clear()
            self._waiting = True

    def _may_follow(self, picture: Picture) -> bool:
        """Whether the viewer can decode this picture, given what it has."""
        if self._video is None:
            return False
        if self._waiting:
            begins = self._video not in self._sent
            if not picture.key or (begins and picture.packets[0].sequence >= NEAR_WRAP):
                return False
            self._waiting = False
        return True

    def _send(self, packets: Sequence[Packet]) -> bool:
        protected = []
        for packet in packets:
            try:
                protected.append(self._srtp.protect(packet.render(self._formats[packet.ssrc])))
            except SrtpError as error:
                log.debug("relay_packet_not_protected", error=str(error))
                continue
            first, last = self._sent.get(packet.ssrc, (packet.index, packet.index))
            self._sent[packet.ssrc] = (first, max(last, packet.index))
        return self._transmit(protected)

    def _resendable(self, ssrc: int, sequence: int, now: float) -> Packet | None:
        """The packet, if this viewer once got it and may have it again now."""
        if ssrc not in self._sent:
            return None
        packet = self._streams[ssrc].again(sequence)
        first, last = self._sent[ssrc]
        if packet is None or not first <= packet.index <= last:
            return None
        if now - self._resent.get((ssrc, sequence), float("-inf")) < RESEND_SECONDS:
            return None
        if not self._budget.take(now):
            return None
        if len(self._resent) >= 2 * RESEND_BURST:
            self._resent.clear()
        self._resent[ssrc, sequence] = now
        return packet
