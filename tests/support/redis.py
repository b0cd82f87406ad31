"""A Redis of our own for the length of a test: the real server, on a free port of the loopback address."""

import asyncio
import shutil
import signal
import socket
from pathlib import Path

from redis.asyncio import Redis
from redis.exceptions import RedisError

from tests.support.waiting import until_async

DEADLINE_SECONDS = 20.0


class RedisServer:
    """One ``redis-server`` process without persistence. ``stop`` and ``start`` again keep the port."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._process: asyncio.subprocess.Process | None = None
        self.port = _free_port()

    @property
    def url(self) -> str:
        """``redis://`` address of database 0."""
        return f"redis://127.0.0.1:{self.port}/0"

    async def start(self) -> None:
        """Start it and wait until it answers. Raises ``RuntimeError`` when the program is missing."""
        program = shutil.which("redis-server")
        if program is None:
            raise RuntimeError("These tests need redis-server: install Debian's package redis-server")
        self._process = await asyncio.create_subprocess_exec(
            program,
            *("--port", str(self.port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"),
            *("--dir", str(self._directory), "--daemonize", "no"),
            stdout=asyncio.subprocess.DEVNULL,
        )
        await until_async(self._answers, "Redis", DEADLINE_SECONDS)

    async def stop(self) -> None:
        """End this very process; what it held is lost."""
        if self._process is not None:
            self._process.kill()
            await self._process.wait()
            self._process = None

    def freeze(self) -> None:
        """From now on it takes connections and answers nothing, as on a machine that hangs."""
        self._send(signal.SIGSTOP)

    def thaw(self) -> None:
        """It goes on where it was."""
        self._send(signal.SIGCONT)

    def _send(self, number: signal.Signals) -> None:
        assert self._process is not None, "not started"
        self._process.send_signal(number)

    async def _answers(self) -> bool:
        async with Redis(port=self.port) as client:
            try:
                return bool(await client.ping())
            except (RedisError, OSError):
                return False


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
