"""Ways to the playlists of a meeting: the packager's own socket, and the address that the public have."""

import asyncio
from collections.abc import Callable
from http import HTTPStatus
from pathlib import Path

from aiohttp import BaseConnector, ClientConnectionError, ClientError, ClientSession, UnixConnector

AWAY = (ClientError, ClientConnectionError, OSError, TimeoutError)
ANSWER_SECONDS = 10


class Way:
    """``folder``: the address under which the files are."""

    def __init__(
        self, name: str, folder: str, connector: Callable[[], BaseConnector | None] = lambda: None
    ) -> None:
        self.name = name
        self._folder = folder
        self._connector = connector
        self._session: ClientSession | None = None

    @classmethod
    def by_socket(cls, socket: Path) -> "Way":
        """Past the hub."""
        return cls("the socket", "http://hls/", lambda: UnixConnector(str(socket)))

    async def fetch(self, name: str) -> bytes | None:
        """``None`` when there is no such file. Raises ``AWAY`` without an answer that counts."""
        if self._session is None:
            self._session = ClientSession(connector=self._connector())
        async with asyncio.timeout(ANSWER_SECONDS), self._session.get(self._folder + name) as response:
            if response.status == HTTPStatus.NOT_FOUND:
                return None
            response.raise_for_status()
            return await response.read()

    async def hang_up(self) -> None:
        """The next fetch connects anew."""
        session, self._session = self._session, None
        if session is not None:
            await session.close()
