"""What one connected viewer gets of a programme: pictures from the kept group on, sound, what it missed."""

from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from typing import Protocol

import structlog

from media.relay.burst import Burst, Picture, Shape
from media.relay.fit import Fit, Level, Report
from media.relay.lane import Lane
from media.relay.reception import Reception
from media.relay.resend import Resends
from media.relay.rtcp import Received
from media.relay.segments import Run
from media.relay.send import Address
from media.relay.srtp import Srtp, SrtpError
from media.relay.stage import Seat
from media.relay.stream import Format, Packet, RtpStream

log = structlog.get_logger(__name__)

BACKLOG_PACKETS = 2000
"""Above this a viewer's catching-up is given up and goes on at the next key picture."""
GROUP_SECONDS = 1.0


class Outlet(Protocol):
    """Sends encrypted packets to one viewer. False: there was no room for all of them."""

    address: Address | None

    def send(self, packets: Sequence[bytes]) -> bool:
        """Packets that lie anywhere."""

    def send_runs(self, made: Iterable[Run]) -> bool:
        """Packets that lie on the workbench."""


class Delivery:
    """One viewer's place in the programme."""

    def __init__(self, lanes: Mapping[str, Lane], srtp: Srtp, outlet: Outlet, fit: Fit) -> None:
        self._lanes = {lane.stream.ssrc: lane for lane in lanes.values()}
        self._video = lanes.get("video")
        self._audio = lanes.get("audio")
        self._srtp = srtp
        self._outlet = outlet
        self.fit = fit
        self.level = fit.level
        """What this viewer follows now; ``fit.level`` is what it should."""
        self._backlog: deque[Packet] = deque()
        self._waiting = True
        self._resends = Resends(self._lanes)
        self._reception = Reception()
        self._group_at: float | None = None
        self.seat: Seat | None = None
        """While this viewer is in step: pictures and sound have begun, nothing waits, nothing was changed."""
        self._shape = self._shaped()

    @property
    def pictures(self) -> RtpStream | None:
        """The rendition that this viewer follows; ``None`` for those who only listen, or do for now."""
        return self._video.stream if self._video and self.level is not Level.SOUND else None

    @property
    def sound(self) -> RtpStream | None:
        """The sound that this viewer follows."""
        return self._audio.stream if self._audio else None

    @property
    def streams(self) -> Sequence[RtpStream]:
        """The streams that this viewer takes."""
        return tuple(lane.stream for lane in self._lanes.values())

    @property
    def behind(self) -> bool:
        """Whether packets wait for ``pump``."""
        return bool(self._backlog)

    def follow(self, level: Level, stream: RtpStream | None) -> None:
        """Go over to another rendition: with its next key picture, under the numbers that come next."""
        self.level = level
        self._pause()
        if self._video and stream:
            self._video.change(stream)

    def told(self, received: Iterable[Received], now: float) -> None:
        """What a receiver report says; of pictures, while there are any.

        A step down makes them pause once: what is below may not be there, in a studio without small pictures.
        """
        lane = self._video if self.pictures else self._audio
        for block in received:
            if lane is None or block.ssrc != lane.stream.ssrc or self._backlog:
                continue
            behind = lane.behind(block.highest & 0xFFFF)
            queued = behind is not None and self.fit.queued(behind)
            lost = self._reception.take(block, now, queued=queued)
            if lost is None or behind is None:
                continue
            before = self.fit.level
            if self.fit.report(Report(lost, behind), now) < before:
                self._pause()

    def enter(self, group: Sequence[Picture]) -> None:
        """Begin with the kept group, as fast as may be; live pictures follow it at their own time."""
        if group and self._video:
            self._video.enter(group[-1].packets[0])
            self._catch_up(group)

    def _catch_up(self, group: Iterable[Picture]) -> None:
        """Queue for ``pump``."""
        for picture in group:
            self._enqueue(picture)

    def take(self, burst: Burst) -> bool:
        """What is live: sent at once. While this viewer catches up, only the sound is.

        False when there was no room for all of it: take it again, the bytes are the same, or ``miss`` it.
        """
        taken = self._take(burst)
        if taken and not self._backlog and not (self.pictures and self._waiting):
            self.seat = self._seat()
        return taken

    def _take(self, burst: Burst) -> bool:
        picture = burst.picture
        if picture is not None and self._backlog:
            self._enqueue(picture)
        elif picture is None or not self._waiting or self._may_follow(picture):
            return self._send_burst(burst)
        if burst.sound and self._may_hear(burst.sound):
            self._send(burst.sound)
        return True

    def miss(self, burst: Burst) -> None:
        """There was no room for it: pictures go on with the next key picture."""
        if burst.picture is not None:
            self._pause()

    def pump(self, count: int) -> None:
        """Send up to ``count`` of the packets that wait."""
        packets = [self._backlog.popleft() for _ in range(min(count, len(self._backlog)))]
        if packets and not self._send(packets):
            self._pause()

    def report(self, packet: bytes) -> None:
        """Send RTCP."""
        try:
            self._outlet.send([self._srtp.protect_rtcp(packet)])
        except SrtpError as error:
            log.warning("relay_rtcp_not_protected", error=str(error))

    def resend(self, lost: Iterable[tuple[int, int]], now: float) -> None:
        """Answer a NACK: the same bytes again, within the viewer's budget.

        A line that carries too little already gets nothing twice.
        """
        if not self.fit.strained:
            self._send_each(self._resends.answer(lost, now))

    def picture_lost(self, group: Sequence[Picture], now: float) -> None:
        """Answer a PLI: the kept group again, at most once a second. The next key picture is never far."""
        if self._video is None or self._backlog or self.fit.strained:
            return
        if self._group_at is not None and now - self._group_at < GROUP_SECONDS:
            return
        self._group_at = now
        self._catch_up(group)

    def _pause(self) -> None:
        """No pictures before the next key picture: what waits on the line has time to drain until then."""
        self._backlog.clear()
        self._waiting = True
        self.seat = None

    def _enqueue(self, picture: Picture) -> None:
        if not self._may_follow(picture):
            return
        self._backlog.extend(picture.packets)
        self.seat = None
        if len(self._backlog) > BACKLOG_PACKETS:
            self._pause()

    def _may_follow(self, picture: Picture) -> bool:
        """Whether the viewer can decode this picture, given what it has."""
        if self._video is None:
            return False
        if self._waiting:
            if not picture.key or not self._video.may_begin(picture.packets):
                return False
            self._waiting = False
            if self._video.begin(picture.packets[0]):
                self._shape = self._shaped()
        return True

    def _may_hear(self, sound: Sequence[Packet]) -> bool:
        lane = self._audio
        if lane is None or lane.last is not None:
            return lane is not None
        if not lane.may_begin(sound):
            return False
        lane.begin(sound[0])
        return True

    def _send_burst(self, burst: Burst) -> bool:
        """The way for what everybody gets: laid out once, encrypted on the workbench."""
        if burst.sound and not self._may_hear(burst.sound):
            return self._send(burst.picture.packets) if burst.picture else True
        layout = burst.layout(self._shape)
        if layout is None:
            return self._send(burst.packets)
        if burst.picture and self._video:
            self._video.note(burst.picture.packets[-1])
        if burst.sound and self._audio:
            self._audio.note(burst.sound[-1])
        try:
            self._srtp.protect_layout(layout)
        except SrtpError as error:
            log.debug("relay_burst_not_protected", error=str(error))
            return self._send(burst.packets)
        return self._outlet.send_runs(layout.runs)

    def _send(self, packets: Sequence[Packet]) -> bool:
        """The way for what one viewer gets alone."""
        for packet in packets:
            self._lanes[packet.ssrc].note(packet)
        return self._send_each((packet, self._lanes[packet.ssrc].form) for packet in packets)

    def _send_each(self, packets: Iterable[tuple[Packet, Format]]) -> bool:
        protected = []
        for packet, form in packets:
            try:
                protected.append(self._srtp.protect(self._lanes[packet.ssrc].render(packet, form)))
            except SrtpError as error:
                log.debug("relay_packet_not_protected", error=str(error))
        return self._outlet.send(protected)

    def _seat(self) -> Seat | None:
        if self._srtp.handle is None or (self._audio and self._audio.last is None):
            return None
        return Seat(self._shape, self._srtp.handle, self._outlet, self._lanes)

    def _shaped(self) -> Shape:
        forms = {ssrc: lane.form for ssrc, lane in self._lanes.items()}
        return Shape(forms, self._srtp.profile.tag_size)
