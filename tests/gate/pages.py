"""What the public get by HTTP and Socket.IO beside live media: stills, pages, the recording afterwards."""

import asyncio
import re
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from http import HTTPStatus
from itertools import count, cycle
from typing import Any

import socketio
from aiohttp import ClientConnectionError, ClientError, ClientResponseError
from socketio.exceptions import ConnectionError as SocketError

from tests.gate.hls import ENTRY, playlists
from tests.gate.house import HubMeeting
from tests.gate.judge import Judge
from tests.gate.stills import Stills

SECRET = "XYZZY-what-was-said-in-private"
"""Given as reason of private sessions, and as a caption while there is one."""
AWAY = (ClientError, ClientConnectionError, OSError, TimeoutError)
RANGE = re.compile(r"#EXT-X-BYTERANGE:(\d+)@(\d+)")
MAP = re.compile(r'#EXT-X-MAP:URI="([^"]+)"(?:,BYTERANGE="(\d+)@(\d+)")?')
AUDIENCE = "/audience"


class Pages:
    """``closed``: whether the gate has been closed for certain."""

    def __init__(self, meeting: HubMeeting, judge: Judge, stills: Stills, closed: Callable[[], bool]) -> None:
        self._meeting = meeting
        self._judge = judge
        self._closed = closed
        self._stills = stills
        page = meeting.address
        api = f"{meeting.house.address}/api/v1/meetings"
        self._others = cycle((page, f"{api}/{meeting.ref}", f"{meeting.house.address}/", api))
        self.texts = 0

    async def look(self) -> None:
        """At the still, the state and one of the other pages. A hub that is dead gives nothing."""
        with suppress(*AWAY):
            await self._still()
            await self._text(f"{self._meeting.address}/state.json")
            await self._text(next(self._others))

    def read(self, where: str, text: str) -> None:
        """Search what the public can read."""
        self.texts += 1
        if SECRET in text:
            self._judge.accuse(f"{where} tells {SECRET}")

    async def _still(self) -> None:
        closed_before = self._closed()
        data = await self._get(f"{self._meeting.address}/snapshot.jpg")
        if data[:2] == b"\xff\xd8":
            await self._stills.search("snapshot.jpg", data, closed_before=closed_before)

    async def _text(self, address: str) -> None:
        self.read(address, (await self._get(address)).decode(errors="replace"))

    async def _get(self, address: str) -> bytes:
        async with asyncio.timeout(10), self._meeting.house.http.get(address) as response:
            return await response.read()


class Audience:
    """A viewer's page without a browser: everything that it is told by Socket.IO is read."""

    def __init__(self, meeting: HubMeeting, pages: Pages) -> None:
        self._meeting = meeting
        self._pages = pages
        self.told = 0
        self._task = asyncio.create_task(self._stay(), name="audience")

    async def close(self) -> None:
        """Leave."""
        self._task.cancel()
        with suppress(asyncio.CancelledError):
            await self._task

    async def _stay(self) -> None:
        while True:
            client = socketio.AsyncClient(reconnection=False)
            client.on("*", self._hear, namespace=AUDIENCE)
            try:
                await client.connect(
                    self._meeting.house.address,
                    auth={"meeting": self._meeting.ref, "device": "a-device-of-the-gate"},
                    namespaces=[AUDIENCE],
                    transports=["websocket"],
                )
                await client.wait()
            except (SocketError, *AWAY):
                await asyncio.sleep(0.3)
            finally:
                await client.disconnect()

    async def _hear(self, event: str, *payload: Any) -> None:
        self.told += 1
        self._pages.read(f"the audience's {event}", repr(payload))


class Afterwards:
    """What can be had of a meeting that has ended: its recording by HLS and as files, and its pages."""

    def __init__(self, meeting: HubMeeting, judge: Judge, pages: Pages) -> None:
        self._meeting = meeting
        self._judge = judge
        self._pages = pages
        self.searched: Counter[str] = Counter()

    async def look(self) -> None:
        """Raises ``ClientError`` and ``TimeoutError``: a meeting that has ended can be watched."""
        folder = f"{self._meeting.address}/hls/"
        for page in ("", "/state.json", "/chapters.vtt", "/chapters.json"):
            self._pages.read(page, (await self._get(self._meeting.address + page)).decode())
        await self._downloads()
        main = (await self._get(folder + "main.m3u8")).decode()
        for name in playlists(main):
            text = (await self._get(folder + name)).decode()
            for number, media in enumerate(await self._resources(folder, text)):
                self.searched[name] += 1
                await asyncio.to_thread(self._judge.media, f"recording's {name}", f"run {number}", media)

    async def _downloads(self) -> None:
        for part in count(1):
            try:
                data = await self._get(f"{self._meeting.address}/recording.mp4?part={part}")
            except ClientResponseError as error:
                if error.status == HTTPStatus.NOT_FOUND and part > 1:
                    return
                raise
            self.searched["recording.mp4"] += 1
            await asyncio.to_thread(self._judge.media, "recording.mp4", f"part {part}", data)

    async def _resources(self, folder: str, text: str) -> list[bytes]:
        """The media between two discontinuities, each with its initialisation."""
        files: dict[str, bytes] = {}
        found: list[bytes] = []
        span: tuple[int, int] | None = None
        for line in text.splitlines():
            if match := MAP.match(line):
                data = await self._file(files, folder + match[1])
                begin = int(match[3] or 0)
                found.append(data[begin : begin + int(match[2] or len(data))])
            elif match := RANGE.match(line):
                span = int(match[2]), int(match[1])
            elif ENTRY.match(line) and not line.startswith("#"):
                data = await self._file(files, folder + line)
                begin, size = span or (0, len(data))
                found[-1] += data[begin : begin + size]
                span = None
        return found

    async def _file(self, files: dict[str, bytes], address: str) -> bytes:
        if address not in files:
            files[address] = await self._get(address)
        return files[address]

    async def _get(self, address: str) -> bytes:
        async with asyncio.timeout(60), self._meeting.house.http.get(address) as response:
            response.raise_for_status()
            return await response.read()
