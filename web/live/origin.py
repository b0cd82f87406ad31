"""Connections to the LL-HLS origins: each live meeting has one, on a Unix socket."""

from collections.abc import AsyncIterator
from pathlib import Path

from aiohttp import ClientSession, ClientTimeout, UnixConnector, web

from media.clock import SystemClock
from web.live.shelf import Shelf

ORIGINS_KEPT = 64
PLAYLIST_WAIT_SECONDS = 30.0
"""The origin holds a blocking request for some seconds; one that says nothing for longer is gone."""


class Origins:
    """One session for each origin, shared by all requests; the oldest are closed when there are many."""

    def __init__(self) -> None:
        self._sessions: dict[Path, ClientSession] = {}

    async def session(self, socket: Path) -> ClientSession:
        """The session for ``socket``."""
        if socket not in self._sessions:
            while len(self._sessions) >= ORIGINS_KEPT:
                await self._sessions.pop(next(iter(self._sessions))).close()
            self._sessions[socket] = ClientSession(
                connector=UnixConnector(path=str(socket), limit=0),
                auto_decompress=False,
                timeout=ClientTimeout(total=None, sock_connect=2.0, sock_read=PLAYLIST_WAIT_SECONDS),
            )
        return self._sessions[socket]

    async def close(self) -> None:
        """Hang up on all."""
        while self._sessions:
            await self._sessions.popitem()[1].close()


ORIGINS: web.AppKey[Origins] = web.AppKey("origins", Origins)
SHELF: web.AppKey[Shelf] = web.AppKey("shelf", Shelf)


async def let_go(app: web.Application) -> None:
    """Signal ``on_shutdown``: requests that wait for an origin are answered that it is away."""
    await app[ORIGINS].close()


async def origins(app: web.Application) -> AsyncIterator[None]:
    """Clean-up context."""
    app[ORIGINS] = Origins()
    app[SHELF] = Shelf(SystemClock())
    yield
    await app[SHELF].close()
    await app[ORIGINS].close()
