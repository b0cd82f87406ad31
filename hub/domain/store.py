"""The database as the domain sees it: units of work. ``hub.database`` provides it."""

from contextlib import AbstractAsyncContextManager
from typing import Protocol

from sqlmodel.ext.asyncio.session import AsyncSession


class Store(Protocol):
    """Gives out sessions, one for each unit of work. Never keep one across a wait for media or sockets."""

    def read(self) -> AbstractAsyncContextManager[AsyncSession]:
        """A consistent view of the data. What is changed in it is thrown away."""

    def write(self) -> AbstractAsyncContextManager[AsyncSession]:
        """Committed on leaving, rolled back when an exception leaves."""
