"""Clients of WHIP and WHEP that other people wrote: the reference in a browser, and Debian's."""

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

from aiohttp import web
from playwright.async_api import Response

from tests.support.browser import Visitor
from tests.support.judge import Signature

PAGE = Path(__file__).with_name("whip_whep.html")
MODULE = Path(__file__).parents[2] / "web/front/node_modules/whip-whep"
NO_UPNP = Path(__file__).with_name("no_upnp.c")
LEAVE_SECONDS = 10.0


@dataclass
class ReferenceClient:
    """npm's ``whip-whep`` in a page that another origin serves."""

    person: Visitor
    answers: list[tuple[str, int]] = field(default_factory=list)
    """Method and status of everything that the client asked of our program."""

    async def publish(self, url: str, key: str, source: Signature) -> None:
        """Send a canvas and an oscillator."""
        await self._call("publish", url, key, f"rgb{source.colour}", source.hz)

    async def view(self, url: str) -> None:
        """Receive."""
        await self._call("view", url)

    async def restart(self) -> None:
        """Restart ICE."""
        await self.person.page.evaluate("() => client.restart()")

    async def stop(self) -> None:
        """Hang up and delete the session."""
        await self.person.page.evaluate("() => client.stop()")

    async def get(self, name: str) -> Any:
        """A value of the page, or what a function of it returns."""
        return await self.person.page.evaluate(f"() => typeof {name} === 'function' ? {name}() : {name}")

    async def _call(self, name: str, *arguments: object) -> None:
        await self.person.page.evaluate(f"arguments => {name}(...arguments)", list(arguments))


@asynccontextmanager
async def reference_client(person: Visitor) -> AsyncIterator[ReferenceClient]:
    """The page, loaded."""

    async def page(_: web.Request) -> web.Response:
        return web.Response(text=PAGE.read_text(), content_type="text/html")

    app = web.Application()
    app.router.add_get("/", page)
    app.router.add_static("/whip-whep", MODULE)
    runner = web.AppRunner(app)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        client = ReferenceClient(person)

        def note(response: Response) -> None:
            if "/whip/" in response.url or "/whep" in response.url.removeprefix("http://").partition("/")[2]:
                client.answers.append((response.request.method, response.status))

        person.page.on("response", note)
        await person.page.goto(f"http://127.0.0.1:{runner.addresses[0][1]}/")
        await person.page.wait_for_function("() => window.ready")
        yield client
    finally:
        await runner.cleanup()


async def _without_upnp(folder: Path) -> Path:
    """A folder with the library that ``no_upnp.c`` says why."""
    name = "libgupnp-igd-1.0.so.4"
    compiler = await asyncio.create_subprocess_exec(
        *("cc", "-shared", "-fPIC", f"-Wl,-soname,{name}", "-o", str(folder / name), str(NO_UPNP))
    )
    assert await compiler.wait() == 0
    return folder


class SimpleWhipClient:
    """Debian's ``simple-whip-client``: GStreamer's WebRTC, libnice and libsoup. An async context manager."""

    def __init__(self, url: str, key: str, source: Signature, log: Path, *, trickle: bool) -> None:
        red, green, blue = source.colour
        colour = f"0xff{red:02x}{green:02x}{blue:02x}"
        picture = (
            f"videotestsrc is-live=true pattern=solid-color foreground-color={colour} "
            "! video/x-raw,width=640,height=360,framerate=25/1 ! videoconvert "
            "! x264enc tune=zerolatency bframes=0 speed-preset=ultrafast key-int-max=25 bitrate=800 "
            "! video/x-h264,profile=constrained-baseline ! rtph264pay pt=96 config-interval=-1 ssrc=1 "
            "! application/x-rtp,media=video,encoding-name=H264,payload=96"
        )
        sound = (
            f"audiotestsrc is-live=true wave=sine freq={source.hz} volume=0.25 ! audioconvert "
            "! audioresample ! audio/x-raw,rate=48000,channels=2 ! opusenc ! rtpopuspay pt=100 ssrc=2 "
            "! application/x-rtp,media=audio,encoding-name=OPUS,payload=100"
        )
        self._arguments = ["-u", url, "-t", key, "-V", picture, "-A", sound, "-l", "6", "-o"]
        if not trickle:
            self._arguments.append("-n")
        self._log = log
        self._process: asyncio.subprocess.Process | None = None

    async def __aenter__(self) -> Self:
        libraries = await _without_upnp(self._log.parent)
        with self._log.open("wb") as log:
            self._process = await asyncio.create_subprocess_exec(
                "whip-client",
                *self._arguments,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env={**os.environ, "LD_LIBRARY_PATH": str(libraries)},
            )
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.hang_up()

    async def hang_up(self) -> None:
        """As by Ctrl-C: it deletes its session."""
        assert self._process is not None
        if self._process.returncode is None:
            self._process.terminate()
        try:
            async with asyncio.timeout(LEAVE_SECONDS):
                await self._process.wait()
        except TimeoutError:
            self._process.kill()
            await self._process.wait()

    @property
    def publishing(self) -> bool:
        """Whether it still runs."""
        return self._process is not None and self._process.returncode is None

    def said(self) -> str:
        """What it wrote."""
        return self._log.read_text(errors="replace")
