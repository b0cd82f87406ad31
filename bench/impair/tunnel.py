"""A bad line as a program, for kernels without netem: two network devices whose other ends it holds.

Whole IP packets go through it, so UDP and TCP meet the same line. What is lost depends on the seed alone.
"""

import asyncio
import fcntl
import os
import random
import struct
from collections.abc import Callable
from contextlib import suppress

from bench.impair.condition import CLEAR, Condition
from tests.support.network import Elsewhere, ip

DEVICE = "/dev/net/tun"
SET_DEVICE = 0x400454CA
"""TUNSETIFF of ``linux/if_tun.h``."""
PACKETS_ALONE = 0x0001 | 0x1000
"""IFF_TUN and IFF_NO_PI: IP packets, and nothing before them."""
LONGEST = 2048
AT_ONCE = 64
APART_SECONDS = 1e-6
"""Between two packets: the event loop does not keep the order of what is due at one moment."""
IPV4 = 4
"""What the devices say of themselves, by IPv6, is nobody's here and would be lost in somebody's place."""


class Tunnel:
    """One viewer's, with ``elsewhere`` at its far end."""

    name = "a program: this kernel has no netem"

    def __init__(self, elsewhere: Elsewhere, seed: int = 1) -> None:
        self._elsewhere = elsewhere
        self._condition = CLEAR
        self._chance = random.Random(seed)
        self._free_at = 0.0
        self._last: dict[int, float] = {}
        """When the last packet leaves, by the end at which it does."""
        self._near, self._far = -1, -1
        self.met = 0
        """Packets on their way to the viewer, those included that were lost."""

    async def open(self) -> None:
        """Begin to carry."""
        elsewhere, near, far = self._elsewhere, self._elsewhere.device(0), f"{self._elsewhere.device(0)}f"
        self._near, self._far = _device(near), _device(far)
        await ip("link", "set", far, "netns", elsewhere.name)
        await ip("address", "add", elsewhere.near(0), "peer", elsewhere.far(0), "dev", near)
        await ip("link", "set", near, "up")
        there = "-n", elsewhere.name
        await ip(*there, "address", "add", elsewhere.far(0), "peer", elsewhere.near(0), "dev", far)
        await ip(*there, "link", "set", far, "up")
        await ip(*there, "route", "add", "default", "dev", far)
        loop = asyncio.get_running_loop()
        loop.add_reader(self._near, self._read, self._near, self._down)
        loop.add_reader(self._far, self._read, self._far, self._up)

    async def become(self, condition: Condition) -> None:
        self._condition = condition

    def close(self) -> None:
        """Let go of both devices, which are no more then."""
        loop = asyncio.get_running_loop()
        for end in (self._near, self._far):
            loop.remove_reader(end)
            os.close(end)
        self._near = self._far = -1

    def _read(self, end: int, carry: Callable[[bytes], None]) -> None:
        for _ in range(AT_ONCE):
            try:
                packet = os.read(end, LONGEST)
            except BlockingIOError:
                return
            if packet[0] >> 4 == IPV4:
                carry(packet)

    def _up(self, packet: bytes) -> None:
        if not self._condition.dead:
            self._later(self._condition.delay, self._near, packet)

    def _down(self, packet: bytes) -> None:
        condition = self._condition
        self.met += 1
        if condition.dead or (condition.lost and self._chance.random() < condition.lost):
            return
        wait = condition.delay
        if condition.rate:
            now = asyncio.get_running_loop().time()
            if self._free_at - now > condition.queue:
                return
            self._free_at = max(self._free_at, now) + len(packet) * 8 / condition.rate
            wait += self._free_at - now
        self._later(wait, self._far, packet)

    def _later(self, seconds: float, end: int, packet: bytes) -> None:
        """None overtakes another, when the line becomes better neither."""
        loop = asyncio.get_running_loop()
        now = loop.time()
        at = self._last[end] = max(now + seconds, self._last.get(end, 0.0) + APART_SECONDS)
        if at > now:
            loop.call_at(at, self._write, end, packet)
        else:
            self._write(end, packet)

    def _write(self, end: int, packet: bytes) -> None:
        if end in (self._near, self._far):
            with suppress(BlockingIOError):  # its queue is full: a packet is lost, as on any line
                os.write(end, packet)


def _device(name: str) -> int:
    """A new device, as a file: what is sent to it is read there, what is written there comes out of it."""
    end = os.open(DEVICE, os.O_RDWR | os.O_NONBLOCK | os.O_CLOEXEC)
    fcntl.ioctl(end, SET_DEVICE, struct.pack("16sH22x", name.encode(), PACKETS_ALONE))
    return end
