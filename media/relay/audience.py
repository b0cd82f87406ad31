"""All viewers of a programme, by what they get: those who get the same are served together."""

import asyncio
from collections.abc import Iterator, Sequence

from media.relay.burst import Burst, Picture
from media.relay.delivery import Delivery
from media.relay.stage import Stage
from media.relay.stream import Packet, RtpStream

SLICE = 100
"""Viewers served before other work gets its turn."""
PAUSE_SECONDS = 0.002
"""Between slices: short enough that several audiences of hundreds fit into a tick of 33 ms."""


class Audience:
    """One rendition or none, one sound or none. Sound waits here for the picture of its moment."""

    def __init__(self, stage: Stage, pictures: RtpStream | None, sound: RtpStream | None) -> None:
        self._stage = stage
        self.pictures = pictures
        self.sound = sound
        self.deliveries: dict[Delivery, None] = {}
        self._waiting: Sequence[Packet] = ()

    async def hold(self, sound: Sequence[Packet]) -> None:
        """Take sound that will travel with the next picture, or at once where there are no pictures.

        What still waits had none: it goes first.
        """
        await self.flush()
        self._waiting = sound
        if self.pictures is None:
            await self.flush()

    async def flush(self) -> None:
        """Send the sound that waits without a picture."""
        if self._waiting:
            await self.show(None)

    async def show(self, picture: Picture | None) -> None:
        """Give everybody their copy, some at a time: neither other work nor a network gets it all at once."""
        burst = Burst(self._stage.workbench, picture, self._waiting)
        self._waiting = ()
        deliveries, room = list(self.deliveries), True
        for start in range(0, len(deliveries), SLICE):
            if start:
                await asyncio.sleep(PAUSE_SECONDS)
            for delivery in self._stage.serve(burst, deliveries[start : start + SLICE]):
                if delivery in self.deliveries and not delivery.take(burst):
                    room = room and await self._stage.room()
                    if not room or not delivery.take(burst):
                        delivery.miss(burst)


class Audiences:
    """Viewers come, go, and change what they follow."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self._audiences: dict[tuple[RtpStream | None, RtpStream | None], Audience] = {}

    def __iter__(self) -> Iterator[Audience]:
        return iter(list(self._audiences.values()))

    @property
    def deliveries(self) -> list[Delivery]:
        """Everybody."""
        return [delivery for audience in self for delivery in audience.deliveries]

    def add(self, delivery: Delivery) -> None:
        """Serve this viewer from now on."""
        key = delivery.pictures, delivery.sound
        if key not in self._audiences:
            self._audiences[key] = Audience(self._stage, *key)
        self._audiences[key].deliveries[delivery] = None

    def remove(self, delivery: Delivery) -> None:
        """Serve them no longer; before they follow something else, or when they leave."""
        delivery.seat = None
        audience = self._audiences.get((delivery.pictures, delivery.sound))
        if audience is not None:
            audience.deliveries.pop(delivery, None)

    def watching(self, stream: RtpStream) -> list[Audience]:
        """Those who follow this rendition."""
        return [audience for audience in self if audience.pictures is stream]

    def hearing(self, stream: RtpStream) -> list[Audience]:
        """Those who follow this sound."""
        return [audience for audience in self if audience.sound is stream]
