"""Asking again, with a deadline, for what nothing announces.

What tells of itself is waited for instead: an event on a socket, a unit on a bus, the end of a process.
"""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from pathlib import Path
from typing import TypeVar

from media.control.channel import ControlClient
from media.control.command import Event

T = TypeVar("T")

AGAIN_SECONDS = 0.02
SECONDS = 15.0
"""By default nobody waits longer: two busy cores are slow, not dead."""


async def until(true: Callable[[], T], what: str, seconds: float = SECONDS) -> T:
    """The first true thing that is found. Raises ``TimeoutError``, which names what was waited for."""

    async def look() -> T:
        return true()

    return await until_async(look, what, seconds)


async def until_async(true: Callable[[], Awaitable[T]], what: str, seconds: float = SECONDS) -> T:
    """The same for what must be asked for over a network."""
    try:
        async with asyncio.timeout(seconds):
            while not (found := await true()):
                await asyncio.sleep(AGAIN_SECONDS)
    except TimeoutError:
        raise TimeoutError(f"waited {seconds:g} s for {what}") from None
    return found


async def sent_away(task: "asyncio.Task[None]") -> None:
    """Cancel it until it has ended, and raise what it raised.

    Before Python 3.12 what it waits in may lose a cancellation, aiortc's connections among them.
    """
    while not task.done():
        task.cancel()
        await asyncio.wait([task], timeout=1.0)
    if not task.cancelled():
        task.result()


async def to_its_end(work: Coroutine[None, None, None]) -> None:
    """Wait for it, and be cancelled only then: what aiortc leaves half closed keeps its sockets for ever."""
    task = asyncio.ensure_future(work)
    cancelled = False
    while not task.done():
        try:
            await asyncio.shield(task)
        except asyncio.CancelledError:
            cancelled = not task.cancelled()
    task.result()
    if cancelled:
        raise asyncio.CancelledError


async def connected(
    socket: Path, events: tuple[type[Event], ...] = (), *, process: asyncio.subprocess.Process | None = None
) -> ControlClient:
    """The control channel of a process that is just starting, and may die doing so."""

    async def connect() -> ControlClient | None:
        assert process is None or process.returncode is None, "it died at the start"
        client = ControlClient(socket, events)
        try:
            await client.connect()
        except OSError:
            return None
        return client

    client = await until_async(connect, f"{socket.name} to be listened on", 40.0)
    assert client is not None
    return client
