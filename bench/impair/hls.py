"""The same feed by LL-HLS: the packager's process, and a page with hls.js, set as our player sets it."""

import asyncio
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from itertools import count
from pathlib import Path

import aiohttp
import av
import numpy as np
from aiohttp import web
from av.audio.codeccontext import AudioCodecContext

from bench.fanout.feed import EPOCH_MS
from media.access_unit import AccessUnit, Track
from media.bus import BusAddress, Publisher, open_publisher
from media.config import PackagerConfig
from tests.media.programme.speech import speech
from tests.support.waiting import until

PAGE = Path(__file__).with_name("viewer.html")
FRONT = Path(__file__).parents[2] / "web/front"
HLS_JS = FRONT / "node_modules/hls.js/dist/hls.min.js"
ESBUILD, TUNING = FRONT / "node_modules/.bin/esbuild", FRONT / "src/player/tuning.ts"
FRAME = 1024
SOUND_SECONDS = 4
RETURNED = ("Content-Type", "Content-Encoding", "Cache-Control", "Retry-After")


class Packager:
    """A packager with a page before it."""

    def __init__(self, address: str, publisher: Publisher) -> None:
        self.address = address
        self._publisher = publisher
        self._sounds = _sound()
        self._numbers = count()
        self._heard = 0

    def tick(self, units: Sequence[AccessUnit]) -> None:
        """What the relay would get, and the sound that HLS has."""
        until_pts = max(unit.pts + unit.duration for unit in units if unit.track is Track.OPUS)
        while self._heard + FRAME <= until_pts:
            self._publisher.publish(self._next())
        for unit in units:
            self._publisher.publish(unit)

    def _next(self) -> AccessUnit:
        number, pts = next(self._numbers), self._heard
        self._heard += FRAME
        data = self._sounds[number % len(self._sounds)]
        return AccessUnit(Track.AAC, 1, number, EPOCH_MS, pts, FRAME, True, data)


@asynccontextmanager
async def packaged(folder: Path, host: str) -> AsyncIterator[Packager]:
    """A running one, with its page at ``host``."""
    folder.mkdir()
    config = PackagerConfig(
        control_socket=folder / "control.sock",
        meeting="m1",
        bus_url=f"unix:{folder / 'm1.bus'}",
        directory=folder / "window",
        http_socket=folder / "hls.sock",
        linger_seconds=600,
    )
    (folder / "packager.json").write_text(config.model_dump_json())
    async with AsyncExitStack() as stack:
        publisher = await open_publisher(BusAddress(config.bus_url))
        stack.push_async_callback(publisher.close)
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "media.hls", str(folder / "packager.json")
        )
        stack.push_async_callback(process.wait)
        stack.callback(process.terminate)
        await until(config.http_socket.exists, "the packager", 20.0)
        yield Packager(await _pages(stack, config.http_socket, host), publisher)


async def _pages(stack: AsyncExitStack, origin: Path, host: str) -> str:
    """Serve the page, hls.js with our settings and what the packager has; the page's address."""
    client = await stack.enter_async_context(
        aiohttp.ClientSession(connector=aiohttp.UnixConnector(str(origin), limit=0), auto_decompress=False)
    )

    async def page(_: web.Request) -> web.FileResponse:
        return web.FileResponse(PAGE)

    async def script(_: web.Request) -> web.FileResponse:
        return web.FileResponse(HLS_JS)

    tuning = await _javascript(TUNING)

    async def settings(_: web.Request) -> web.Response:
        return web.Response(body=tuning, content_type="text/javascript")

    async def live(request: web.Request) -> web.Response:
        path = request.match_info["path"]
        asked = client.get(f"http://origin/{path}", params=request.query, headers=request.headers)
        try:
            async with asked as answer:
                headers = {name: answer.headers[name] for name in RETURNED if name in answer.headers}
                return web.Response(body=await answer.read(), status=answer.status, headers=headers)
        except aiohttp.ClientError as error:  # the packager goes first
            raise web.HTTPBadGateway(text=str(error)) from error

    app = web.Application()
    app.router.add_get("/", page)
    app.router.add_get("/hls.js", script)
    app.router.add_get("/tuning.js", settings)
    app.router.add_get("/hls/{path:.*}", live)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=1.0)
    await runner.setup()
    stack.push_async_callback(runner.cleanup)
    await web.TCPSite(runner, host, 0).start()
    return f"http://{host}:{runner.addresses[0][1]}/"


async def _javascript(source: Path) -> bytes:
    """What a browser can read of a module of the player's, which imports none but types."""
    process = await asyncio.create_subprocess_exec(ESBUILD, source, stdout=asyncio.subprocess.PIPE)
    made, _ = await process.communicate()
    assert process.returncode == 0, f"{source} cannot be read"
    return made


def _sound() -> list[bytes]:
    """Some seconds of somebody who speaks, as AAC."""
    context = AudioCodecContext.create("aac", "w")
    context.sample_rate, context.format, context.layout = 48_000, "fltp", "stereo"
    context.bit_rate = 128_000
    spoken = np.ascontiguousarray(speech(SOUND_SECONDS, -23.0, 1).reshape(-1, 2).T.astype(np.float32))
    frames = []
    for start in range(0, spoken.shape[1] - FRAME + 1, FRAME):
        frame = av.AudioFrame.from_ndarray(
            np.ascontiguousarray(spoken[:, start : start + FRAME]), "fltp", "stereo"
        )
        frame.sample_rate = 48_000
        frames += [bytes(packet) for packet in context.encode(frame)]
    return frames
