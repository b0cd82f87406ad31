"""A hub that is told to stop does so, whoever is still connected."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
import socketio
from aiohttp import ClientError, ClientSession

from hub.app import listening, open_hub, with_free_ports
from hub.claim import claim
from hub.demo import DemoLinks, start_demo
from hub.settings import Settings

STOP_SECONDS = 30.0
"""It takes a second. Who is waited for would be waited for much longer, as the fixture has it."""


@pytest.fixture
async def running(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[tuple[AsyncExitStack, DemoLinks, Path]]:
    """The whole program in this process, its links, and where its media processes have their files."""
    monkeypatch.setattr("hub.app.SHUTDOWN_SECONDS", 600.0)
    monkeypatch.setattr("hub.supervision.process.HEALTH_EVERY", 600.0)
    monkeypatch.setattr("web.live.origin.PLAYLIST_WAIT_SECONDS", 600.0)
    with TemporaryDirectory(prefix="moot") as folder:
        sockets = Path(folder)
        settings = with_free_ports(
            Settings(data_dir=tmp_path, run_dir=sockets, port=0, rtmp_port=0, srt_port=0)
        )
        async with AsyncExitStack() as everything:
            doors = everything.enter_context(claim(settings))
            hub = await everything.enter_async_context(
                open_hub(settings, generated_feed=True, leave_running=False)
            )
            open_doors = await everything.enter_async_context(AsyncExitStack())
            await open_doors.enter_async_context(listening(hub, doors))
            yield open_doors, await start_demo(hub), sockets


async def listener(links: DemoLinks, transport: str) -> tuple[socketio.AsyncClient, asyncio.Event]:
    """Somebody who is connected to the meeting, and when they are so no more."""
    client, gone = socketio.AsyncClient(reconnection=False), asyncio.Event()

    async def disconnected(_: str) -> None:
        gone.set()

    client.on("disconnect", disconnected, namespace="/audience")
    await client.connect(
        links.home,
        auth={"meeting": links.meeting.rsplit("/", 1)[1], "device": f"device-{transport}"},
        namespaces=["/audience"],
        transports=[transport],
    )
    return client, gone


async def test_sockets_and_long_requests_do_not_hold_it_up(
    running: tuple[AsyncExitStack, DemoLinks, Path],
) -> None:
    doors, links, sockets = running
    audience = [await listener(links, transport) for transport in ("websocket", "polling")]
    async with ClientSession() as http:
        playlist = f"{links.meeting}/hls/video.m3u8"
        assert (await http.get(playlist)).status == 200
        (packager,) = sockets.glob("*.packager.pid")
        # From here on the packager answers nobody.
        os.kill(int(packager.read_text()), signal.SIGSTOP)
        waiting = asyncio.create_task(answered(http, playlist.replace("video", "audio")))
        done, _ = await asyncio.wait({waiting}, timeout=1.0)
        assert not done, "the request waits for the packager"
        async with asyncio.timeout(STOP_SECONDS):
            await doors.aclose()
            assert not await waiting
            for client, gone in audience:
                await gone.wait()
                await client.disconnect()


async def answered(http: ClientSession, address: str) -> bool:
    """Whether a request got what it asked for."""
    try:
        async with http.get(address) as response:
            return response.status == 200
    except ClientError:
        return False
