"""One meeting at the relay: its bus, its RTP streams, and the viewers who follow it."""

import asyncio
from collections.abc import Collection, Sequence
from contextlib import suppress
from typing import Literal

import structlog

from media.access_unit import VIDEO_CLOCK, AccessUnit, Track
from media.bus import BusAddress, subscribe
from media.relay import h264, rtcp
from media.relay.audience import Audiences
from media.relay.burst import Picture
from media.relay.delivery import Delivery
from media.relay.fit import Level
from media.relay.rendition import Rendition
from media.relay.soundtrack import Soundtrack
from media.relay.stage import Stage
from media.relay.stream import RtpStream, Source

log = structlog.get_logger(__name__)

LEVELS = {Track.VIDEO_720: Level.FULL, Track.VIDEO_360: Level.SMALL}


class Programme:
    """Packetises every unit once and hands the packets to all deliveries."""

    def __init__(self, ref: str, address: BusAddress, stage: Stage, now: float) -> None:
        self.ref = ref
        self.opened_at = now
        """Monotonic time at which the relay joined the bus."""
        self.cname = f"moothall-{ref}"
        source = Source(VIDEO_CLOCK)
        self._renditions = {level: Rendition(source) for level in LEVELS.values()}
        self._floor = Soundtrack()
        self._interpreted = Soundtrack()
        self._interpreted_pts: int | None = None
        self._moved_pts: int | None = None
        self.idle_since: float | None = None
        """Monotonic time since which nobody watches; kept by the relay."""
        self._audiences = Audiences(stage)
        self._session: int | None = None
        self._has_picture = asyncio.Event()
        self._has_sound = asyncio.Event()
        self._subscription = subscribe(address)
        self._task = asyncio.create_task(self._follow(), name=f"relay programme {ref}")

    def offered(self, wanted: Level) -> Level:
        """What there is for a wish, once ``ready``: the full picture where no small one is made."""
        small = self._renditions[Level.SMALL]
        return Level.FULL if wanted is Level.SMALL and not small.made else wanted

    def streams_with(self, audio: Literal["floor", "interpreted"], level: Level) -> dict[str, RtpStream]:
        """The streams by kind of section, with the sound and the rendition that were chosen."""
        soundtrack = self._floor if audio == "floor" else self._interpreted
        rendition = self._renditions[max(level, Level.SMALL)]
        return {"video": rendition.stream, "audio": soundtrack.stream}

    def group(self, level: Level) -> Sequence[Picture]:
        """The pictures since the last key picture."""
        return self._renditions[level].group if level in self._renditions else ()

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
        self._audiences.add(delivery)
        if packet := rtcp.reports(delivery.streams, self.cname):
            delivery.report(packet)
        delivery.enter(self.group(delivery.level))

    def leave(self, delivery: Delivery, *, goodbye: bool) -> None:
        """Stop, and say so if the viewer is still there to hear it."""
        self._audiences.remove(delivery)
        if goodbye:
            delivery.report(rtcp.goodbye(delivery.streams, self.cname))

    def report(self) -> None:
        """Tell every viewer the time; once a second."""
        for audience in self._audiences:
            packets: dict[Sequence[RtpStream], bytes] = {}
            for delivery in audience.deliveries:
                streams = delivery.streams
                if streams not in packets:
                    packets[streams] = rtcp.reports(streams, self.cname)
                if packets[streams]:
                    delivery.report(packets[streams])

    async def close(self) -> None:
        """Leave the bus."""
        await self._subscription.close()
        await asyncio.wait([self._task])
        if not self._task.cancelled() and (error := self._task.exception()) is not None:
            log.error("relay_programme_failed", meeting=self.ref, exc_info=error)

    async def _follow(self) -> None:
        async for unit in self._subscription:
            if unit.session != self._session:
                self._begin(unit.session)
            if unit.track in LEVELS:
                await self._picture(unit, LEVELS[unit.track])
            elif unit.track in (Track.OPUS, Track.OPUS_INTERPRETED):
                await self._sound(unit)

    def _begin(self, session: int) -> None:
        self._session = session
        self._interpreted_pts = self._moved_pts = None
        for rendition in self._renditions.values():
            rendition.forget()
        for soundtrack in (self._floor, self._interpreted):
            soundtrack.forget()

    async def _picture(self, unit: AccessUnit, level: Level) -> None:
        rendition = self._renditions[level]
        picture = rendition.add(unit)
        if picture is None:
            log.warning("relay_picture_without_slices", meeting=self.ref, sequence=unit.sequence)
            return
        if level is Level.FULL:
            (self._has_picture.set if rendition.group else self._has_picture.clear)()
        if unit.key and unit.pts != self._moved_pts:
            self._moved_pts = unit.pts
            self._move_viewers(small=level is Level.SMALL)
        await self._hand_out_sound()
        for audience in self._audiences.watching(rendition.stream):
            await audience.show(picture)

    def _move_viewers(self, *, small: bool) -> None:
        """At the first key picture of a moment, the smaller one: whoever goes up has not got it yet.

        ``small``: there is a small rendition to go to.
        """
        for delivery in self._audiences.deliveries:
            level = delivery.fit.level
            if level is delivery.level or (level is Level.SMALL and not small):
                continue
            self._audiences.remove(delivery)
            rendition = self._renditions.get(level)
            delivery.follow(level, rendition.stream if rendition else None)
            self._audiences.add(delivery)
            log.info("relay_rendition_changed", meeting=self.ref, rendition=level.name.lower())

    async def _sound(self, unit: AccessUnit) -> None:
        """The interpreted frame of a moment comes before the floor's, which stands in where there is none."""
        if not 0 < len(unit.data) <= h264.PAYLOAD_LIMIT:
            log.warning("relay_sound_of_odd_size", meeting=self.ref, size=len(unit.data))
            return
        if unit.track is Track.OPUS_INTERPRETED:
            self._interpreted_pts = unit.pts
            full = self._interpreted.add(unit)
        else:
            self._has_sound.set()
            full = self._floor.add(unit)
            if self._interpreted_pts is None or self._interpreted_pts < unit.pts:
                full |= self._interpreted.add(unit)
        if full:
            await self._hand_out_sound()
            for audience in self._audiences:
                await audience.flush()

    async def _hand_out_sound(self) -> None:
        """Turn the frames that wait into packets, for every audience to send with its picture."""
        for soundtrack in (self._floor, self._interpreted):
            audiences = self._audiences.hearing(soundtrack.stream)
            if soundtrack is self._interpreted and not audiences:
                soundtrack.forget()  # nothing is packetised for nobody
            elif packets := soundtrack.take():
                for audience in audiences:
                    await audience.hold(packets)
