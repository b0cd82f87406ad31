"""Janus as the server: its streaming plugin with one RTP mountpoint, fed with the same payloads."""

import asyncio
import socket
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import aiohttp

from bench.crowd.process import CrowdProcess
from bench.latency.janus import CONFIG, HTTP, Janus, all_but, free_port
from media.access_unit import AccessUnit, Track
from media.relay import h264
from media.relay.stream import Format, RtpStream, Source

VIDEO_TYPE, AUDIO_TYPE = 102, 111
AT_ONCE, STEP_SECONDS = 12, 0.002
"""A key picture at once overran the plugin's socket when the machine was busy."""
PLUGIN = "janus.plugin.streaming"
MOUNTPOINT = """
general: {{}}
programme: {{
  type = "rtp"
  id = 1
  description = "bench"
  media = (
    {{ type = "audio", mid = "0", label = "sound", port = {audio}, pt = 111, codec = "opus" }},
    {{ type = "video", mid = "1", label = "picture", port = {video}, pt = 102, codec = "h264",
       fmtp = "level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=42e01f" }}
  )
}}
"""


class Mountpoint:
    """A Janus with one mountpoint."""

    def __init__(self, pid: int, api: Janus, ports: dict[str, int]) -> None:
        self.pid = pid
        self._api = api
        self._ports = ports
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._streams = {
            Track.VIDEO_720: (RtpStream(Source(90_000), 1), Format(VIDEO_TYPE), ports["video"]),
            Track.OPUS: (RtpStream(Source(48_000), 1), Format(AUDIO_TYPE), ports["audio"]),
        }
        self._guests = 0

    def tick(self, units: Sequence[AccessUnit]) -> None:
        packets: list[tuple[bytes, int]] = []
        for unit in units:
            if unit.track not in self._streams:
                continue
            stream, form, port = self._streams[unit.track]
            payloads = h264.payloads(unit.data) if unit.track.is_video else [unit.data]
            for packet in stream.packetise(unit, payloads):
                plain = replace(packet, padding=0)  # evened out for our segmentation only
                packets.append((plain.render(form), port))
        loop = asyncio.get_running_loop()
        for number, start in enumerate(range(0, len(packets), AT_ONCE)):
            loop.call_later(number * STEP_SECONDS, self._send, packets[start : start + AT_ONCE])

    async def admit(self, crowd: CrowdProcess, count: int) -> None:
        await crowd.ask("come", count=count)
        first, self._guests = self._guests, self._guests + count
        for number in range(first, self._guests):
            handle, offer = await self.watch()
            await self.start(handle, await crowd.ask("answer", number=number, description=offer))

    async def watch(self) -> tuple[str, str]:
        """A handle, and what is offered to it."""
        handle = await self._api.handle(PLUGIN)
        event = await self._api.ask(handle, {"request": "watch", "id": 1})
        return handle, event["jsep"]["sdp"]

    async def start(self, handle: str, answer: str) -> None:
        """The answer to that offer."""
        await self._api.ask(handle, {"request": "start"}, {"type": "answer", "sdp": answer})

    def _send(self, packets: Sequence[tuple[bytes, int]]) -> None:
        for data, port in packets:
            self._socket.sendto(data, ("127.0.0.1", port))

    def close(self) -> None:
        self._socket.close()


@asynccontextmanager
async def mountpoint(folder: Path, library: Path, *, event_loops: int = 0) -> AsyncIterator[Mountpoint]:
    """A running server. ``event_loops`` 0: as installed, a thread for each viewer."""
    folder.mkdir()
    port, ports = free_port(), {kind: free_port(socket.SOCK_DGRAM) for kind in ("audio", "video")}
    unused = all_but("streaming", library / "plugins")
    others = all_but("http", library / "transports")
    config = CONFIG.format(folder=folder, library=library, unused=unused, others=others)
    config = config.replace(
        "debug_level = 3", f"debug_level = 3\n  session_timeout = 0\n  {_loops(event_loops)}"
    )
    config = config.replace('rtp_port_range = "20000-20100"', 'rtp_port_range = "20000-24000"')
    (folder / "janus.jcfg").write_text(config)
    (folder / "janus.transport.http.jcfg").write_text(HTTP.format(port=port))
    (folder / "janus.plugin.streaming.jcfg").write_text(MOUNTPOINT.format(**ports))
    with (folder / "log").open("wb") as log:
        process = await asyncio.create_subprocess_exec(
            "janus", "-F", str(folder), stdin=asyncio.subprocess.DEVNULL, stdout=log, stderr=log
        )
    async with aiohttp.ClientSession() as http:
        api = Janus(http, f"http://127.0.0.1:{port}/janus")
        made = Mountpoint(process.pid, api, ports)
        try:
            await api.open()
            yield made
        finally:
            made.close()
            process.terminate()
            await process.wait()


def _loops(count: int) -> str:
    return f"event_loops = {count}" if count else ""
