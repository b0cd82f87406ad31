"""A relay in a process of its own, as the hub runs it."""

import asyncio
import os
import signal
import sys
from pathlib import Path

from media.bus.base import BusAddress
from media.config import RelayConfig
from media.control.channel import ControlClient
from media.control.relay import ViewersChanged
from media.memory import large_pages
from tests.support.waiting import connected

DEADLINE = 30.0


class RelayProcess:
    """Start it, ``connect`` to its control socket, ``stop`` it. Its bus sockets lie beside that."""

    def __init__(self, directory: Path, **settings: object) -> None:
        self.directory = directory
        self.config = RelayConfig.model_validate(
            {
                "control_socket": directory / "relay.sock",
                "bus_url_pattern": f"unix:{directory}/{{meeting}}.bus",
                **settings,
            }
        )
        self.process: asyncio.subprocess.Process | None = None

    def bus(self, meeting: str) -> BusAddress:
        """The address of a meeting's bus."""
        return BusAddress(self.config.bus_url_pattern.replace("{meeting}", meeting))

    async def start(self) -> None:
        """Start the process; it may not listen yet."""
        file = self.directory / "relay.json"
        file.write_text(self.config.model_dump_json())
        environment = {**os.environ, **large_pages(os.environ), "PYTHONWARNINGS": "error"}
        self.process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "media.relay", str(file), env=environment
        )

    async def connect(self) -> ControlClient:
        """A client of its control channel, as soon as it listens."""
        return await connected(self.config.control_socket, (ViewersChanged,))

    async def ended(self) -> int:
        """Its exit status, once it has one."""
        assert self.process is not None
        async with asyncio.timeout(DEADLINE):
            return await self.process.wait()

    async def stop(self) -> int:
        """Ask it to end and wait until it did."""
        assert self.process is not None
        if self.process.returncode is None:
            self.process.send_signal(signal.SIGTERM)
        return await self.ended()
