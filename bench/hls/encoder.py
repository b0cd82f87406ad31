"""An encoder whose pictures fill the programme's bit rate: made once, then sent by RTMP as they are."""

import asyncio
import fractions
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import av
import imageio_ffmpeg

from bench.scenery import RATE, VIDEO_CLOCK, scene

BITS = 4_000_000
"""More than the programme has, so that its own encoder is at its limit."""


def film(path: Path) -> None:
    """A panning picture with the noise of a camera, without sound."""
    with av.open(str(path), "w", format="h264") as file:
        stream = file.add_stream("h264", rate=RATE)
        stream.width, stream.height = 1280, 720
        for number, unit in enumerate(scene(1280, 720, BITS)):
            packet = av.Packet(unit)
            packet.stream = stream
            packet.pts = packet.dts = number * VIDEO_CLOCK // RATE
            packet.time_base = fractions.Fraction(1, VIDEO_CLOCK)
            file.mux(packet)


@asynccontextmanager
async def sending(folder: Path, url: str) -> AsyncIterator[None]:
    """Send it again and again, with a tone."""
    path = folder / "film.h264"
    await asyncio.to_thread(film, path)
    process = await asyncio.create_subprocess_exec(
        imageio_ffmpeg.get_ffmpeg_exe(),
        *("-v", "error", "-re", "-stream_loop", "-1", "-r", str(RATE), "-i", str(path)),
        *("-f", "lavfi", "-i", "sine=f=440:r=48000,arealtime"),
        *("-map", "0:v", "-map", "1:a", "-c:v", "copy", "-c:a", "aac", "-b:a", "96k"),
        *("-f", "flv", url),
        stdin=asyncio.subprocess.DEVNULL,
    )
    try:
        yield
    finally:
        process.terminate()
        await process.wait()
