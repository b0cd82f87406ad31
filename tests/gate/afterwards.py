"""What the public get of a meeting that has ended: its pages; its recording by HLS, as file, as stills."""

import asyncio
import re
from collections import Counter
from http import HTTPStatus
from itertools import count

from aiohttp import ClientResponseError

from tests.gate.council import HubMeeting
from tests.gate.judge import Judge
from tests.gate.listing import playlists
from tests.gate.pages import SNAPSHOT, Pages

RANGE = re.compile(r"#EXT-X-BYTERANGE:(\d+)@(\d+)")
MAP = re.compile(r'#EXT-X-MAP:URI="([^"]+)"(?:,BYTERANGE="(\d+)@(\d+)")?')
DURATION = re.compile(r"#EXTINF:([\d.]+)")
STILLS = 40
"""Of a recording, at equal distances: one of private seconds is among them, if any are."""


class Afterwards:
    """``searched``: how many things of each kind."""

    def __init__(self, meeting: HubMeeting, judge: Judge, pages: Pages) -> None:
        self._meeting = meeting
        self._judge = judge
        self._pages = pages
        self.searched: Counter[str] = Counter()

    async def look(self) -> None:
        """Raises ``ClientError`` and ``TimeoutError``: a meeting that has ended can be watched."""
        folder = f"{self._meeting.address}/hls/"
        self._pages.recorded = True
        await self._pages.look_everywhere()
        await self._downloads()
        main = (await self._get(folder + "main.m3u8")).decode()
        length = 0.0
        for name in playlists(main):
            text = (await self._get(folder + name)).decode()
            length = max(length, sum(map(float, DURATION.findall(text))))
            for number, media in enumerate(await self._resources(folder, text)):
                self.searched[name] += 1
                await asyncio.to_thread(self._judge.media, f"recording's {name}", f"run {number}", media)
        for number in range(STILLS):
            await self._pages.look_at(SNAPSHOT, f"?t={length * number / STILLS:.2f}")
            self.searched["stills"] += 1

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
            elif line.strip() and not line.startswith("#"):
                data = await self._file(files, folder + line)
                # Captions have no initialisation.
                found = found or [b""]
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
