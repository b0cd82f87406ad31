"""The database: SQLite in a file by default, PostgreSQL when a URL says so. Both behind the same ``Store``.

SQLite: one writer connection, so that writers queue in this process, and ``BEGIN IMMEDIATE`` for each write
unit, because a deferred transaction that reads before it writes fails at once, busy time-out or not.

PostgreSQL: a server that hangs takes what is sent and answers nothing, so no wait for it is without an end.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Self

import asyncpg
from sqlalchemy import event
from sqlalchemy.engine import URL, Connection, make_url
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.ext.asyncio import AsyncEngine, async_sessionmaker, create_async_engine
from sqlalchemy.pool import ConnectionPoolEntry
from sqlmodel.ext.asyncio.session import AsyncSession

READERS = 4
BUSY_MILLISECONDS = 5000
WRITERS_WAIT_SECONDS = 30.0
CONNECT_SECONDS = 3.0
ANSWER_SECONDS = 5.0
"""For each statement to PostgreSQL."""
_DRIVERS = {
    "sqlite": "sqlite+aiosqlite",
    "postgresql": "postgresql+asyncpg",
    "postgres": "postgresql+asyncpg",
}


def database_url(text: str) -> URL:
    """The URL with our driver in it. Raises ``ValueError`` unless it is ``sqlite:///file`` or ``postgresql://…``."""
    url = make_url(text)
    if url.drivername in _DRIVERS:
        url = url.set(drivername=_DRIVERS[url.drivername])
    if url.drivername not in _DRIVERS.values():
        raise ValueError(f"The database URL starts with {url.drivername!r}; sqlite and postgresql are known.")
    if url.get_backend_name() == "sqlite" and url.database in (None, "", ":memory:"):
        raise ValueError("The SQLite database must be a file: readers and writer are separate connections.")
    return url


def sqlite_file(path: Path) -> str:
    """The URL of a database file."""
    return f"sqlite+aiosqlite:///{path}"


def sqlite_engine(url: URL, *, begin: str, connections: int, foreign_keys: bool = True) -> AsyncEngine:
    """An engine whose transactions start with ``begin`` (``BEGIN`` or ``BEGIN IMMEDIATE``)."""
    engine = create_async_engine(
        url, pool_size=connections, max_overflow=0, pool_timeout=WRITERS_WAIT_SECONDS
    )

    def configure(connection: DBAPIConnection, _: ConnectionPoolEntry) -> None:
        connection.isolation_level = None
        cursor = connection.cursor()
        cursor.execute("PRAGMA journal_mode=WAL")
        mode = cursor.fetchone()
        if mode is None or mode[0] != "wal":
            raise RuntimeError(f"SQLite refused write-ahead logging for {url.database} (it says {mode})")
        cursor.execute("PRAGMA synchronous=FULL")
        cursor.execute(f"PRAGMA busy_timeout={BUSY_MILLISECONDS}")
        cursor.execute(f"PRAGMA foreign_keys={'ON' if foreign_keys else 'OFF'}")
        cursor.close()

    def start(connection: Connection) -> None:
        connection.exec_driver_sql(begin)

    event.listen(engine.sync_engine, "connect", configure)
    event.listen(engine.sync_engine, "begin", start)
    return engine


class ImpatientConnection(asyncpg.Connection):  # type: ignore[misc]  # no types
    """Hangs up where asyncpg would ask the server to cancel and wait until it has.

    A cut gives the database a quarter of a second. Who gives up must be rid of the connection by then, too.
    """

    def _cancel_current_command(self, *_: Any) -> None:
        self._loop.call_soon(self.terminate)


class Database:
    """Implements ``hub.domain.store.Store``. Close it when done."""

    def __init__(self, url: str) -> None:
        self.url = database_url(url)
        if self.url.get_backend_name() == "sqlite":
            self._writer = sqlite_engine(self.url, begin="BEGIN IMMEDIATE", connections=1)
            self._readers = sqlite_engine(self.url, begin="BEGIN", connections=READERS)
        else:
            self._writer = create_async_engine(
                self.url,
                pool_size=8,
                max_overflow=8,
                pool_pre_ping=True,
                connect_args={
                    "connection_class": ImpatientConnection,
                    "timeout": CONNECT_SECONDS,
                    "command_timeout": ANSWER_SECONDS,
                },
            )
            self._readers = self._writer.execution_options(
                isolation_level="REPEATABLE READ", postgresql_readonly=True
            )
        self._write = async_sessionmaker(self._writer, class_=AsyncSession, expire_on_commit=False)
        self._read = async_sessionmaker(self._readers, class_=AsyncSession, expire_on_commit=False)

    @asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncSession]:
        """A consistent view; never blocks writers."""
        async with self._read() as session:
            yield session

    @asynccontextmanager
    async def write(self) -> AsyncIterator[AsyncSession]:
        """A unit of work: committed on leaving, rolled back when an exception leaves."""
        async with self._write() as session, session.begin():
            yield session

    async def close(self) -> None:
        """Give back all connections."""
        await self._readers.dispose()
        await self._writer.dispose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()
