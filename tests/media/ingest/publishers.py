"""Real encoders: the ffmpeg of imageio-ffmpeg with generated pictures and tones."""

import asyncio
from asyncio.subprocess import PIPE
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from media import ffmpeg

TONE = 600
X264 = ("-c:v", "libx264", "-preset", "ultrafast", "-g", "25", "-pix_fmt", "yuv420p")
X265 = ("-c:v", "libx265", "-preset", "ultrafast", "-tune", "zerolatency", "-x265-params", "log-level=none")
AAC = ("-c:a", "aac", "-b:a", "96k")


def colour(name: str, size: str = "160x120", rate: int = 25) -> tuple[str, ...]:
    """A picture of one colour, in real time."""
    return ("-re", "-f", "lavfi", "-i", f"color=c={name}:s={size}:r={rate}")


def sine(frequency: int = TONE) -> tuple[str, ...]:
    """A tone, in real time."""
    return ("-re", "-f", "lavfi", "-i", f"sine=f={frequency}:r=48000")


def both(name: str) -> tuple[str, ...]:
    """Picture and tone as H.264 and AAC."""
    return (*colour(name), *sine(), *X264, "-tune", "zerolatency", *AAC)


@asynccontextmanager
async def publisher(*arguments: str) -> AsyncIterator["Encoder"]:
    """Run an encoder; at the end it is told to stop, and says goodbye."""
    command = (ffmpeg.executable(), "-hide_banner", "-v", "error", "-nostdin", *arguments)
    process = await asyncio.create_subprocess_exec(*command, stderr=PIPE)
    encoder = Encoder(process)
    try:
        yield encoder
    finally:
        if process.returncode is None:
            process.terminate()
        await encoder.ended()


class Encoder:
    """A running ffmpeg."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process
        self._ending = asyncio.create_task(process.communicate())

    async def ended(self, deadline: float = 15.0) -> tuple[int, str]:
        """Its exit code and what it complained about. Raises ``TimeoutError``."""
        async with asyncio.timeout(deadline):
            _, complaint = await asyncio.shield(self._ending)
        code = self._process.returncode
        assert code is not None
        return code, complaint.decode()
