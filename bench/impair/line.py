"""The only line between a namespace and the rest of the machine, which can be made bad at any time."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Protocol

from bench.impair.condition import Condition
from bench.impair.netem import Netem, has_netem
from bench.impair.tunnel import Tunnel
from tests.support.network import Elsewhere, namespace


class Line(Protocol):
    """Whatever makes packets late or loses them."""

    name: str
    """Of what does it."""

    async def open(self) -> None:
        """Begin to carry."""

    async def become(self, condition: Condition) -> None:
        """From now on."""

    def close(self) -> None:
        """Carry no more."""


@asynccontextmanager
async def bad_line() -> AsyncIterator[tuple[Elsewhere, Line]]:
    """A namespace with such a line: the kernel's netem where there is one, else a program of ours."""
    async with namespace() as elsewhere:
        line: Line = Netem(elsewhere) if await has_netem(elsewhere) else Tunnel(elsewhere)
        await line.open()
        try:
            yield elsewhere, line
        finally:
            line.close()
