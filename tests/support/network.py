"""A network of its own for a browser or an encoder: a namespace of the kernel's, with cables to the tests.

Needs Linux, root and iproute2; ``WHY_NOT`` says what is missing. Addresses are of 198.18.0.0/15, which
RFC 2544 keeps for tests: no packet leaves the machine.
"""

import asyncio
import os
import secrets
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

IP = shutil.which("ip", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin")
WHY_NOT = (
    "a network of its own needs root" if os.geteuid() else "iproute2 is not installed" if IP is None else ""
)
CABLES = 2


@dataclass(frozen=True)
class Elsewhere:
    """A namespace, and the part of our addresses that is its own."""

    name: str
    net: int

    @property
    def here(self) -> str:
        """Our address, at the end of the first cable; by the second it can be reached as well."""
        return self.near(0)

    @property
    def within(self) -> tuple[str, ...]:
        """What is put before a command that is to run there."""
        assert IP is not None
        return IP, "netns", "exec", self.name

    def near(self, cable: int) -> str:
        """Our address on a cable."""
        return f"198.18.{self.net}.{4 * cable + 1}"

    def far(self, cable: int) -> str:
        """Theirs."""
        return f"198.18.{self.net}.{4 * cable + 2}"

    def device(self, cable: int) -> str:
        """The name of our end."""
        return f"mh{self.net}n{cable}"

    async def unplug(self, cable: int) -> None:
        """The far end loses a cable and the address that it had by it."""
        await ip("-n", self.name, "address", "flush", "dev", f"far{cable}")
        await ip("-n", self.name, "link", "set", f"far{cable}", "down")

    async def lay(self, cable: int) -> None:
        """From here to there."""
        near = self.device(cable)
        await ip("link", "add", near, "type", "veth", "peer", "name", f"far{cable}", "netns", self.name)
        await ip("address", "add", f"{self.near(cable)}/30", "dev", near)
        await ip("link", "set", near, "up")
        await ip("-n", self.name, "address", "add", f"{self.far(cable)}/30", "dev", f"far{cable}")
        await ip("-n", self.name, "link", "set", f"far{cable}", "up")
        route = "default", "via", self.near(cable), "dev", f"far{cable}", "metric", str(cable + 1)
        await ip("-n", self.name, "route", "add", *route)


@asynccontextmanager
async def namespace() -> AsyncIterator[Elsewhere]:
    """One without any cable. What still runs there when it ends has no network any more."""
    assert not WHY_NOT, WHY_NOT
    net = secrets.randbelow(254) + 1
    elsewhere = Elsewhere(f"moothall-{os.getpid()}-{net}", net)
    await ip("netns", "add", elsewhere.name)
    try:
        await ip("-n", elsewhere.name, "link", "set", "lo", "up")
        yield elsewhere
    finally:
        await ip("netns", "delete", elsewhere.name)


@asynccontextmanager
async def another_network(cables: int = CABLES) -> AsyncIterator[Elsewhere]:
    """One with cables. Whoever loses the first goes on by the second, with another address."""
    async with namespace() as elsewhere:
        for cable in range(cables):
            await elsewhere.lay(cable)
        yield elsewhere


async def ip(*arguments: str) -> None:
    """Iproute2. Raises ``AssertionError`` with what it says."""
    assert IP is not None
    process = await asyncio.create_subprocess_exec(
        IP, *arguments, stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.PIPE
    )
    _, said = await process.communicate()
    assert process.returncode == 0, f"ip {' '.join(arguments)}: {said.decode().strip()}"
