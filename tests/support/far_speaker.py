"""A resident who speaks from home, without a browser: form, link, socket and a connection of their own."""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from aiohttp import ClientSession

from tests.media.studio.publisher import Colour, Publisher, Tone
from tests.support.sockets import Socket

COOKIE = "speaker_device"
PINK = (128, 100, 170)
HERTZ = 700


@dataclass(frozen=True)
class FarSpeaker:
    """Registered; does at each call what the page of a resident does."""

    name: str
    token: str

    @asynccontextmanager
    async def at_home(self, http: ClientSession, address: str) -> AsyncIterator[Socket]:
        """Ready, connected once called, until off air again."""
        link = f"{address}/speak/{self.token}"
        origin = {"Origin": address}
        async with http.post(
            link, data={"action": "continue"}, headers=origin, allow_redirects=False
        ) as taken:
            assert taken.status == 303, await taken.text()
            device = taken.cookies[COOKIE].value
        socket = Socket("/speaker")
        await socket.connect(address, {"token": self.token, "device": device})
        try:
            await socket.until("state", bool, "the speaker's first snapshot")
            await socket.call("speaker.check_in", device_check={"camera": "ok", "microphone": "ok"})
            async with asyncio.TaskGroup() as group:
                speaking = group.create_task(self._speak(socket), name=f"{self.name} speaks")
                yield socket
                speaking.cancel()
        finally:
            await socket.close()

    async def _speak(self, socket: Socket) -> None:
        await self._is(socket, "called")
        publisher = Publisher(Colour(PINK, 640, 360), Tone(HERTZ))
        try:
            await publisher.accept((await socket.call("media.offer", sdp=await publisher.offer()))["sdp"])
            await self._is(socket, "done")
        finally:
            await publisher.close()

    async def _is(self, socket: Socket, state: str) -> None:
        await socket.until("state", lambda told: told["state"] == state, f"{self.name} to be {state}", 120)


async def register(http: ClientSession, meeting: str, name: str, item_id: int) -> FarSpeaker:
    """Fill in the form of a meeting."""
    form = {"name": name, "email": "speaker@example.org", "item_id": str(item_id)}
    form |= {"kind": "speak", "mode": "remote", "consent": "picture_and_sound"}
    origin = {"Origin": "/".join(meeting.split("/")[:3])}
    async with http.post(f"{meeting}/register", data=form, headers=origin) as response:
        page = await response.text()
        assert response.status == 200, page
    link = re.search(r"/speak/([A-Za-z0-9_-]+)", page)
    assert link, page
    return FarSpeaker(name, link[1])
