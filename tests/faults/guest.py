"""A resident without a browser: personal link, socket, camera and microphone by stock aiortc."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Self

from aiohttp import ClientSession, CookieJar

from tests.faults.feed import PINK
from tests.media.studio.publisher import Colour, Publisher, Tone
from tests.support.sockets import Socket

TONE = 700


class Guest:
    """On the device that holds the slot. ``sends`` while connected."""

    def __init__(self, socket: Socket) -> None:
        self.socket = socket
        self._publisher: Publisher | None = None

    @classmethod
    @asynccontextmanager
    async def at(cls, home: str, link: str, device: str) -> AsyncIterator[Self]:
        """Open the page on a device."""
        socket = Socket("/speaker")
        await socket.connect(home, {"token": link.rsplit("/", 1)[1], "device": device})
        guest = cls(socket)
        try:
            yield guest
        finally:
            await guest.stop()
            await socket.close()

    async def send(self) -> None:
        """Connect camera and microphone, as the page does when its speaker is called."""
        self._publisher = Publisher(Colour(PINK), Tone(TONE))
        answer = await self.socket.call("media.offer", sdp=await self._publisher.offer())
        await self._publisher.accept(answer["sdp"])

    async def stop(self) -> None:
        """Hang up."""
        if self._publisher is not None:
            await self._publisher.close()
            self._publisher = None


async def take_slot(link: str) -> str:
    """Continue on this device: its number."""
    async with ClientSession(cookie_jar=CookieJar(unsafe=True)) as session:
        origin = "/".join(link.split("/")[:3])
        async with session.post(link, data={"action": "continue"}, headers={"Origin": origin}) as page:
            assert page.status == 200, page.status
        return next(cookie.value for cookie in session.cookie_jar if cookie.key == "speaker_device")
