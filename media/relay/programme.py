"""One meeting at the relay: its bus, its RTP streams, and the viewers who follow it."""

import asyncio
from collections.abc import Collection, Sequence
from contextlib import suppress
from typing import Literal

import structlog

from media.access_unit import VIDEO_CLOCK, AccessUnit, Track
from media.bus import BusAddress, subscribe
from media.relay import h264, rtcp
from media.relay.audience import Audience
from media.relay.burst import Burst, Picture
from media.relay.delivery import Delivery
from media.relay.soundtrack import Soundtrack
from media.relay.srtp import RESEND_WINDOW
from media.relay.stream import RtpStream, Source
from media.relay.workbench import Workbench

log = structlog.get_logger(__name__)

SLICE = 50
"""Viewers served before other work gets its turn."""
SPREAD_SECONDS = 0.01
"""Over which the copies of one burst are spread, where there are more viewers than a slice."""
GROUP_PACKETS = 1500
"""A group longer than this cannot be sent again within libsrtp's window and is not kept."""


class Programme:
    """Packetises every unit once and hands the packets to all deliveries."""

    def __init__(self, ref: str, address: BusAddress, workbench: Workbench, now: float) -> None:
        self.ref = ref
        self.opened_at = now
        """Monotonic time at which the relay joined the bus."""
        self.cname = f"moothall-{ref}"
        self._pictures = RtpStream(Source(VIDEO_CLOCK), RESEND_WINDOW)
        self._floor = Soundtrack()
        self._interpreted = Soundtrack()
        self._interpreted_pts: int | None = None
        self.idle_since: float | None = None
        """Monotonic time since which nobody watches; kept by the relay."""
        self._workbench = workbench
        self._audiences: dict[tuple[RtpStream | None, RtpStream | None], Audience] = {}
        self._group: list[Picture] = []
        self._session: int | None = None
        self._has_picture = asyncio.Event()
        self._has_sound = asyncio.Event()
        self._subscription = subscribe(address)
        self._task = asyncio.create_task(self._follow(), name=f"relay programme {ref}")

    def streams_with(self, audio: Literal["floor", "interpreted"]) -> dict[str, RtpStream]:
        """The streams by kind of section, with the sound that was chosen."""
        soundtrack = self._floor if audio == "floor" else self._interpreted
        return {"video": self._pictures, "audio": soundtrack.stream}

    @property
    def group(self) -> Sequence[Picture]:
        """The pictures since the last key picture."""
        return self._group

    @property
    def failed(self) -> bool:
        """Whether following the bus ended, which it should not before ``close``."""
        return self._task.done()

    async def ready(self, kinds: Collection[str], seconds: float) -> bool:
        """Wait for something to show, or to hear for those who only listen. False when there is nothing."""
        event = self._has_picture if "video" in kinds else self._has_sound
        if not event.is_set():
            with suppress(TimeoutError):
                async with asyncio.timeout(seconds):
                    await event.wait()
        return event.is_set()

    def join(self, delivery: Delivery) -> None:
        """Begin with the kept group and the clocks."""
        key = delivery.pictures, delivery.sound
        if key not in self._audiences:
            self._audiences[key] = Audience(self._workbench, *key)
        self._audiences[key].deliveries[delivery] = None
        self._report(delivery)
        delivery.enter(self._group)

    def leave(self, delivery: Delivery, *, goodbye: bool) -> None:
        """Stop, and say so if the viewer is still there to hear it."""
        audience = self._audiences.get((delivery.pictures, delivery.sound))
        if audience is not None:
            audience.deliveries.pop(delivery, None)
        if goodbye:
            delivery.report(rtcp.goodbye(delivery.streams, self.cname))

    def report(self) -> None:
        """Tell every viewer the time; once a second."""
        for audience in self._audiences.values():
            for delivery in audience.deliveries:
                self._report(delivery)

    async def close(self) -> None:
        """Leave the bus."""
        await self._subscription.close()
        await asyncio.wait([self._task])
        if not self._task.cancelled() and (error := self._task.exception()) is not None:
            log.error("relay_programme_failed", meeting=self.ref, exc_info=error)

    def _report(self, delivery: Delivery) -> None:
        packet = rtcp.reports(delivery.streams, self.cname)
        if packet:
            delivery.report(packet)

    async def _follow(self) -> None:
        async for unit in self._subscription:
            if unit.session != self._session:
                self._begin(unit.session)
            if unit.track is Track.VIDEO_720:
                await self._picture(unit)
            elif unit.track in (Track.OPUS, Track.OPUS_INTERPRETED):
                await self._sound(unit)

    def _begin(self, session: int) -> None:
        self._session = session
        self._group = []
        self._interpreted_pts = None
        self._floor.forget()
        self._interpreted.forget()

    async def _picture(self, unit: AccessUnit) -> None:
        payloads = h264.payloads(unit.data)
        if not payloads:
            log.warning("relay_picture_without_slices", meeting=self.ref, sequence=unit.sequence)
            return
        stream = self._pictures
        picture = Picture(unit.key, stream.packetise(unit, payloads))
        self._keep(picture)
        await self._hand_out_sound()
        for audience in list(self._audiences.values()):
            if audience.pictures is stream:
                await self._distribute(audience, audience.burst(picture))

    def _keep(self, picture: Picture) -> None:
        if picture.key:
            self._group = [picture]
        elif self._group:
            self._group.append(picture)
            if sum(len(kept.packets) for kept in self._group) > GROUP_PACKETS:
                self._group = []
        if self._group:
            self._has_picture.set()
        else:
            self._has_picture.clear()

    async def _sound(self, unit: AccessUnit) -> None:
        """The interpreted frame of a moment comes before the floor's, which stands in where there is none."""
        if not 0 < len(unit.data) <= h264.PAYLOAD_LIMIT:
            log.warning("relay_sound_of_odd_size", meeting=self.ref, size=len(unit.data))
            return
        full = False
        if unit.track is Track.OPUS_INTERPRETED:
            self._interpreted_pts = unit.pts
            full |= self._interpreted.add(unit)
        else:
            self._has_sound.set()
            full |= self._floor.add(unit)
            if self._interpreted_pts is None or self._interpreted_pts < unit.pts:
                full |= self._interpreted.add(unit)
        if full:
            await self._hand_out_sound()
            for audience in list(self._audiences.values()):
                await self._flush(audience)

    async def _hand_out_sound(self) -> None:
        """Turn the frames that wait into packets, for every audience to send with its picture."""
        for soundtrack in (self._floor, self._interpreted):
            listening = [one for one in self._audiences.values() if one.sound is soundtrack.stream]
            if soundtrack is self._interpreted and not listening:
                soundtrack.forget()  # nothing is packetised for nobody
                continue
            packets = soundtrack.take()
            for audience in listening:
                await self._flush(audience)
                audience.hold(packets)
                if audience.pictures is None:
                    await self._flush(audience)

    async def _flush(self, audience: Audience) -> None:
        """Send sound for which no picture came."""
        if audience.waits:
            await self._distribute(audience, audience.burst())

    async def _distribute(self, audience: Audience, burst: Burst) -> None:
        """Give everybody their copy, some at a time: neither other work nor a network gets it all at once."""
        deliveries = list(audience.deliveries)
        for start in range(0, len(deliveries), SLICE):
            if start:
                await asyncio.sleep(SPREAD_SECONDS * SLICE / len(deliveries))
            for delivery in deliveries[start : start + SLICE]:
                if delivery in audience.deliveries:
                    delivery.take(burst)
