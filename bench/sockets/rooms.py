"""The two servers: a hub with a live meeting, and Node's socket.io with a room."""

import asyncio
import shutil
import subprocess
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path

from aiohttp import ClientSession

from tests.support.demo import demo
from tests.support.sockets import console, signed_in
from web.front.build import find_node

HERE = Path(__file__).parent


@dataclass(frozen=True)
class Room:
    """A server of which one process is measured, and how to make it tell everybody something."""

    name: str
    pid: int
    port: int
    meeting: str
    change: Callable[[], Awaitable[None]]


@asynccontextmanager
async def hub(folder: Path) -> AsyncIterator[Room]:
    """The whole program with a live meeting. The change is what meetings are made of: another item."""
    async with demo(folder, "--no-feed") as hall:
        ref = hall.links.meeting.rsplit("/", 1)[1]
        cookies = await signed_in(hall.links.console)
        async with console(hall.links.home, ref, cookies) as desk:
            items = [item["id"] for item in desk.public["agenda"]][:2]
            turn = count()

            async def change() -> None:
                version = desk.public["version"]
                await desk.call("item.go", item_id=items[next(turn) % 2], expected_version=version)

            port = int(hall.links.home.rstrip("/").rsplit(":", 1)[1])
            yield Room("Moot Hall", hall.links.pid, port, ref, change)


@asynccontextmanager
async def node(folder: Path, told: Callable[[], str]) -> AsyncIterator[Room]:
    """Node's socket.io. The change is what ``told`` says: the very text that the hub sent its own room."""
    for name in ("package.json", "comparator.mjs"):
        shutil.copy(HERE / name, folder)
    found = find_node()
    subprocess.run([*found.npm, "install", "--silent", "--no-audit", "--no-fund"], cwd=folder, check=True)
    process = await asyncio.create_subprocess_exec(
        str(found.node), "comparator.mjs", cwd=folder, stdout=asyncio.subprocess.PIPE
    )
    try:
        assert process.stdout is not None
        port = int(await process.stdout.readline())
        async with ClientSession() as http:

            async def change() -> None:
                await (await http.post(f"http://127.0.0.1:{port}/change", data=told())).release()

            yield Room("Node socket.io", process.pid, port, "room", change)
    finally:
        process.terminate()
        await process.wait()
