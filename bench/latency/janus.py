"""Janus 1.1.2 as the comparator: one process, its own configuration, one room of its videoroom plugin.

It takes the very same publisher: a small front end turns the publisher's WHIP request into the plugin's
"publish", and a viewer subscribes to it.
"""

import asyncio
import secrets
import shutil
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp
from aiohttp import web

from bench.latency.watcher import Watcher

ROOM = 1234
CONFIG = """
general: {{
  configs_folder = "{folder}"
  plugins_folder = "{library}/plugins"
  transports_folder = "{library}/transports"
  debug_level = 3
}}
media: {{ rtp_port_range = "20000-20100" }}
nat: {{ full_trickle = false }}
plugins: {{ disable = "{unused}" }}
transports: {{ disable = "{others}" }}
events: {{ broadcast = false }}
"""
HTTP = 'general: {{ json = "compact", base_path = "/janus", http = true, port = {port}, ip = "127.0.0.1" }}\n'
VIDEOROOM = """
general: {{}}
room-{room}: {{
  description = "bench"
  is_private = true
  publishers = 2
  bitrate = 4000000
  videocodec = "h264"
  audiocodec = "opus"
  notify_joining = false
}}
"""


def installed() -> Path | None:
    """Where its plugins are."""
    found = sorted(Path("/usr/lib").glob("*/janus"))
    return found[0] if shutil.which("janus") and found else None


class Janus:
    """The HTTP interface, as far as a room needs it."""

    def __init__(self, http: aiohttp.ClientSession, base: str) -> None:
        self._http = http
        self._base = base
        self._session = ""

    async def open(self) -> None:
        """Begin a session, as soon as the server answers."""
        async with asyncio.timeout(20):
            while True:
                try:
                    created = await self._post(self._base, {"janus": "create"})
                except aiohttp.ClientError:
                    await asyncio.sleep(0.1)
                else:
                    self._session = f"{self._base}/{created['data']['id']}"
                    return

    async def handle(self, plugin: str = "janus.plugin.videoroom") -> str:
        """Attach to the plugin; the handle's address."""
        made = await self._post(self._session, {"janus": "attach", "plugin": plugin})
        return f"{self._session}/{made['data']['id']}"

    async def ask(
        self, handle: str, body: dict[str, Any], jsep: dict[str, str] | None = None
    ) -> dict[str, Any]:
        """Send a message, and wait for the event that answers it."""
        message: dict[str, Any] = {"janus": "message", "body": body}
        if jsep is not None:
            message["jsep"] = jsep
        answer = await self._post(handle, message)
        transaction = answer["transaction"]
        async with asyncio.timeout(20):
            while True:
                async with self._http.get(self._session, params={"maxev": "1"}) as response:
                    event = await response.json(content_type=None)
                events = event if isinstance(event, list) else [event]
                for one in events:
                    if one.get("janus") == "event" and one.get("transaction") == transaction:
                        return dict(one)

    async def _post(self, url: str, message: dict[str, Any]) -> dict[str, Any]:
        message = {**message, "transaction": secrets.token_hex(8)}
        async with self._http.post(url, json=message) as response:
            return dict(await response.json(content_type=None))


@asynccontextmanager
async def janus(folder: Path, library: Path) -> AsyncIterator["Bench"]:
    """A running server with a front end."""
    folder.mkdir()
    port = free_port()
    unused = all_but("videoroom", library / "plugins")
    others = all_but("http", library / "transports")
    config = CONFIG.format(folder=folder, library=library, unused=unused, others=others)
    (folder / "janus.jcfg").write_text(config)
    (folder / "janus.transport.http.jcfg").write_text(HTTP.format(port=port))
    (folder / "janus.plugin.videoroom.jcfg").write_text(VIDEOROOM.format(room=ROOM))
    with (folder / "log").open("wb") as log:
        process = await asyncio.create_subprocess_exec(
            "janus", "-F", str(folder), stdin=asyncio.subprocess.DEVNULL, stdout=log, stderr=log
        )
    async with aiohttp.ClientSession() as http:
        bench = Bench(Janus(http, f"http://127.0.0.1:{port}/janus"), process.pid)
        try:
            await bench.open()
            yield bench
        finally:
            await bench.close()
            process.terminate()
            await process.wait()


class Bench:
    """One room with one publisher and one viewer."""

    def __init__(self, janus: Janus, pid: int) -> None:
        self._janus = janus
        self._runner: web.AppRunner | None = None
        self._feed = 0
        self.pid = pid
        self.publish_url = ""

    async def open(self) -> None:
        """Listen for the publisher."""
        await self._janus.open()
        app = web.Application()
        app.router.add_post("/whip", self._publish)
        self._runner = web.AppRunner(app)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.publish_url = f"http://127.0.0.1:{self._runner.addresses[0][1]}/whip"

    async def watch(self, watcher: Watcher) -> None:
        """Subscribe to the publisher."""
        handle = await self._janus.handle()
        join = {"request": "join", "ptype": "subscriber", "room": ROOM, "streams": [{"feed": self._feed}]}
        event = await self._janus.ask(handle, join)
        sdp = await watcher.answer(event["jsep"]["sdp"])
        await self._janus.ask(handle, {"request": "start"}, {"type": "answer", "sdp": sdp})

    async def close(self) -> None:
        if self._runner is not None:
            await self._runner.cleanup()

    async def _publish(self, request: web.Request) -> web.Response:
        handle = await self._janus.handle()
        joined = await self._janus.ask(handle, {"request": "join", "ptype": "publisher", "room": ROOM})
        self._feed = joined["plugindata"]["data"]["id"]
        offer = {"type": "offer", "sdp": await request.text()}
        event = await self._janus.ask(handle, {"request": "publish", "bitrate": 4_000_000}, offer)
        return web.Response(status=201, text=event["jsep"]["sdp"], content_type="application/sdp")


def all_but(wanted: str, folder: Path) -> str:
    """The modules to switch off."""
    return ",".join(path.name for path in folder.glob("*.so") if wanted not in path.name)


def free_port(kind: socket.SocketKind = socket.SOCK_STREAM) -> int:
    """One that nobody has at the moment."""
    with socket.socket(socket.AF_INET, kind) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
