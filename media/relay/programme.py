"""One meeting at the relay: its bus, its RTP streams, and the viewers who follow it."""

import asyncio
from collections.abc import Collection, Sequence
from contextlib import suppress
from typing import Literal

import structlog

from media.access_unit import AUDIO_CLOCK, VIDEO_CLOCK, AccessUnit, Track
from media.bus import BusAddress, subscribe
from media.relay import h264, rtcp
from media.relay.delivery import Delivery, Picture
from media.relay.srtp import RESEND_WINDOW
from media.relay.stream import RtpStream

log = structlog.get_logger(__name__)

SOUND_KEPT = 128
GROUP_PACKETS = 1500
"""A group longer than this cannot be sent again within libsrtp's window and is not kept."""


class Programme:
    """Packetises every unit once and hands the packets to all deliveries."""

    def __init__(self, ref: str, address: BusAddress, now: float) -> None:
        self.ref = ref
        self.opened_at = now
        """Monotonic time at which the relay joined the bus."""
        self.cname = f"moothall-{ref}"
        self.streams = {
            "video": RtpStream(VIDEO_CLOCK, RESEND_WINDOW),
            "audio": RtpStream(AUDIO_CLOCK, SOUND_KEPT),
        }
        self._interpreted = RtpStream(AUDIO_CLOCK, SOUND_KEPT)
        self._interpreted_pts: int | None = None
        self.idle_since: float | None = None
        """Monotonic time since which nobody watches; kept by the relay."""
        self._deliveries: set[Delivery] = set()
        self._group: list[Picture] = []
        self._session: int | None = None
        self._has_picture = asyncio.Event()
        self._has_sound = asyncio.Event()
        self._subscription = subscribe(address)
        self._task = asyncio.create_task(self._follow(), name=f"relay programme {ref}")

    def streams_with(self, audio: Literal["floor", "interpreted"]) -> dict[str, RtpStream]:
        """The streams by kind of section, with the sound that was chosen."""
        return self.streams if audio == "floor" else {**self.streams, "audio": self._interpreted}

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
        self._deliveries.add(delivery)
        self._report(delivery)
        delivery.catch_up(self._group)

    def leave(self, delivery: Delivery, *, goodbye: bool) -> None:
        """Stop, and say so if the viewer is still there to hear it."""
        self._deliveries.discard(delivery)
        if goodbye:
            delivery.report(rtcp.goodbye(delivery.streams, self.cname))

    def report(self) -> None:
        """Tell every viewer the time; once a second."""
        for delivery in self._deliveries:
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
                self._session = unit.session
                self._group = []
                self._interpreted_pts = None
            if unit.track is Track.VIDEO_720:
                self._picture(unit)
            elif unit.track is Track.OPUS_INTERPRETED:
                self._interpreted_pts = unit.pts
                self._sound(unit, self._interpreted)
            elif unit.track is Track.OPUS:
                self._has_sound.set()
                self._sound(unit, self.streams["audio"])
                if self._interpreted_pts is None or self._interpreted_pts < unit.pts:
                    self._sound(unit, self._interpreted)

    def _picture(self, unit: AccessUnit) -> None:
        payloads = h264.payloads(unit.data)
        if not payloads:
            log.warning("relay_picture_without_slices", meeting=self.ref, sequence=unit.sequence)
            return
        picture = Picture(unit.key, self.streams["video"].packetise(unit, payloads))
        self._keep(picture)
        for delivery in self._deliveries:
            delivery.picture(picture)

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

    def _sound(self, unit: AccessUnit, stream: RtpStream) -> None:
        """Nothing is packetised for nobody. The interpreted frame of a moment comes before the floor's."""
        listeners = [delivery for delivery in self._deliveries if stream in delivery.streams]
        if stream is self._interpreted and not listeners:
            return
        if not 0 < len(unit.data) <= h264.PAYLOAD_LIMIT:
            log.warning("relay_sound_of_odd_size", meeting=self.ref, size=len(unit.data))
            return
        packets = stream.packetise(unit, [unit.data])
        for delivery in listeners:
            delivery.sound(packets)
