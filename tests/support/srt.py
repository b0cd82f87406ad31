"""An SRT publisher of any bytes: ffmpeg carries them and does not look at them."""

import asyncio
import subprocess
from asyncio.subprocess import PIPE
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Self

from media import ffmpeg

STEP = 0.04
"""Seconds between two writes."""


def transport_stream(seconds: float, *arguments: str, begins: float = 0.0) -> bytes:
    """Encode with ffmpeg; time stamps begin at ``begins`` seconds."""
    offset = ("-output_ts_offset", str(begins), "-t", str(seconds), "-f", "mpegts", "pipe:1")
    command = [ffmpeg.executable(), "-v", "error", *arguments, *offset]
    return subprocess.run(command, capture_output=True, check=True).stdout


class Srt:
    """One caller."""

    def __init__(self, carrier: asyncio.subprocess.Process) -> None:
        self._carrier = carrier

    @classmethod
    @asynccontextmanager
    async def publishing(cls, url: str) -> AsyncIterator[Self]:
        """Connect with the first bytes; hang up in the end."""
        reading = ("-probesize", "32", "-f", "data", "-raw_packet_size", "1316", "-i", "pipe:0")
        command = (ffmpeg.executable(), "-v", "error", *reading, "-map", "0", "-c", "copy", "-f", "data", url)
        carrier = await asyncio.create_subprocess_exec(*command, stdin=PIPE, stderr=PIPE)
        try:
            yield cls(carrier)
        finally:
            if carrier.returncode is None:
                carrier.kill()
            await carrier.communicate()

    @asynccontextmanager
    async def playing(self, data: bytes, seconds: float) -> AsyncIterator[None]:
        """Send what is to be played in ``seconds``, evenly; after that, nothing."""
        sending = asyncio.create_task(self._play(data, seconds))
        try:
            yield
            await sending
        finally:
            sending.cancel()
            await asyncio.gather(sending, return_exceptions=True)

    async def put(self, data: bytes) -> None:
        """Send at once."""
        assert self._carrier.stdin is not None
        self._carrier.stdin.write(data)
        await self._carrier.stdin.drain()

    async def _play(self, data: bytes, seconds: float) -> None:
        loop = asyncio.get_running_loop()
        begun, steps = loop.time(), round(seconds / STEP)
        for step in range(steps):
            await asyncio.sleep(max(0.0, begun + step * STEP - loop.time()))
            await self.put(data[len(data) * step // steps : len(data) * (step + 1) // steps])
