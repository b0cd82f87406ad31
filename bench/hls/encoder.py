"""An encoder whose pictures fill the programme's bit rate: made once, then sent by RTMP as they are."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import imageio_ffmpeg

from bench.scenery import RATE, scene

BITS = 4_000_000
"""More than the programme has, so that its own encoder is at its limit."""


async def film(folder: Path) -> Path:
    """A panning picture with the noise of a camera, without sound, in a file that can be begun again."""
    plain, made = folder / "film.h264", folder / "film.mp4"
    plain.write_bytes(b"".join(await asyncio.to_thread(scene, 1280, 720, BITS)))
    process = await _ffmpeg("-r", str(RATE), "-i", str(plain), "-c", "copy", str(made))
    assert await process.wait() == 0
    return made


@asynccontextmanager
async def sending(folder: Path, url: str) -> AsyncIterator[None]:
    """Send it again and again, with a tone."""
    process = await _ffmpeg(
        *("-re", "-stream_loop", "-1", "-i", str(await film(folder))),
        *("-f", "lavfi", "-i", "sine=f=440:r=48000,arealtime"),
        *("-map", "0:v", "-map", "1:a", "-c:v", "copy", "-c:a", "aac", "-b:a", "96k"),
        *("-f", "flv", url),
    )
    try:
        yield
        assert process.returncode is None, "the encoder gave up"
    finally:
        if process.returncode is None:
            process.terminate()
        await process.wait()


async def _ffmpeg(*arguments: str) -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(
        imageio_ffmpeg.get_ffmpeg_exe(),
        *("-v", "error", *arguments),
        stdin=asyncio.subprocess.DEVNULL,
    )
