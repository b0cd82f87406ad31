"""A bad line by the kernel's own means (``tc netem``, module ``sch_netem``)."""

import asyncio
import os
import shutil

from bench.impair.condition import Condition
from tests.support.network import Elsewhere, ip

TC = shutil.which("tc", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin")
PACKET = 1250 * 8
"""Bits of a packet of pictures with all its headers: netem's queue counts packets."""


async def has_netem(elsewhere: Elsewhere) -> bool:
    """Whether this kernel has it, tried where it does no harm."""
    if TC is None:
        return False
    command = *elsewhere.within, TC, "qdisc", "add", "dev", "lo", "root", "netem", "delay", "1ms"
    process = await asyncio.create_subprocess_exec(*command, stderr=asyncio.subprocess.DEVNULL)
    if await process.wait():
        return False
    await _tc(elsewhere.within, "qdisc", "delete", "dev", "lo", "root")
    return True


class Netem:
    """A cable with a queueing discipline at each end."""

    name = "netem"

    def __init__(self, elsewhere: Elsewhere) -> None:
        self._elsewhere = elsewhere
        self._near = elsewhere.device(0)

    async def open(self) -> None:
        """Packets go one by one: what is lost of a burst that the kernel has not cut yet is all of it."""
        await self._elsewhere.lay(0)
        await ip("link", "set", self._near, "gso_max_segs", "1")
        await ip("-n", self._elsewhere.name, "link", "set", "far0", "gso_max_segs", "1")

    async def become(self, condition: Condition) -> None:
        await _tc((), "qdisc", "replace", "dev", self._near, "root", "netem", *down(condition))
        await _tc(self._elsewhere.within, "qdisc", "replace", "dev", "far0", "root", "netem", *up(condition))

    def close(self) -> None:
        """The cable goes with its namespace."""


def down(condition: Condition) -> list[str]:
    """Netem's words for what is on its way to the viewer."""
    words = up(condition)
    if condition.lost:
        words += ["loss", f"{condition.lost:.2%}"]
    if condition.rate:
        held = round(condition.rate * condition.queue / PACKET)
        words += ["rate", f"{condition.rate:.0f}bit", "limit", str(held)]
    return words


def up(condition: Condition) -> list[str]:
    """The same for what comes from the viewer."""
    return ["loss", "100%"] if condition.dead else ["delay", f"{condition.delay * 1000:.0f}ms"]


async def _tc(within: tuple[str, ...], *arguments: str) -> None:
    assert TC is not None
    process = await asyncio.create_subprocess_exec(*within, TC, *arguments, stderr=asyncio.subprocess.PIPE)
    _, said = await process.communicate()
    assert process.returncode == 0, f"tc {' '.join(arguments)}: {said.decode().strip()}"
