"""A real studio process to talk to."""

import asyncio
import json
import sys
from asyncio.subprocess import Process
from pathlib import Path
from typing import Literal

from media.bus.base import BusAddress
from media.config import StudioConfig
from media.control.channel import ControlClient
from media.control.feeds import FeedRefused
from media.control.studio import GateState, GateStatus, SetGate, SlateText, StatusChanged, Stop
from tests.support.waiting import connected

COLOUR = "#1d4e6b"
WAITING = SlateText(title="The meeting will start soon", lines=["Planning Committee A"])
EXCLUDED = SlateText(title="The public have been excluded for item 9")


class House:
    """Starts, kills and restarts one studio; every start uses the same directory."""

    def __init__(
        self,
        directory: Path,
        *,
        generated_feed: bool = False,
        language: str | None = None,
        captions: str | None = None,
        pictures: Literal[25, 30] = 25,
        small: bool = False,
    ) -> None:
        """``small``: also with the small rendition, which costs something."""
        self.config = StudioConfig(
            control_socket=directory / "control",
            meeting="2026-11-26-planning-committee-a",
            bus_url=f"unix:{directory / 'bus'}",
            feeds_socket=directory / "feeds",
            journal=directory / "gate.journal",
            council="Cyngor Sir Gâr",
            colour=COLOUR,
            waiting_slate=WAITING,
            generated_feed=generated_feed,
            interpreted_language=language,
            captions_language=captions,
            frames_per_second=pictures,
            small_rendition=small,
        )
        self._file = directory / "studio.json"
        self._file.write_text(json.dumps(self.config.model_dump(mode="json")))
        self._process: Process | None = None
        self._client: ControlClient | None = None

    @property
    def bus(self) -> BusAddress:
        return BusAddress(self.config.bus_url)

    @property
    def client(self) -> ControlClient:
        assert self._client is not None
        return self._client

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    async def start(self) -> None:
        self._process = await asyncio.create_subprocess_exec(
            sys.executable, "-W", "error", "-m", "media.studio", str(self._file)
        )
        socket = self.config.control_socket
        self._client = await connected(socket, (StatusChanged, FeedRefused), process=self._process)

    async def kill(self) -> None:
        """``kill -9``."""
        assert self._process is not None
        self._process.kill()
        await self._process.wait()
        await self.client.close()
        self.config.control_socket.unlink()

    async def terminate(self) -> int:
        """SIGTERM; the exit status."""
        assert self._process is not None
        self._process.terminate()
        async with asyncio.timeout(10):
            status = await self._process.wait()
        await self.client.close()
        return status

    async def stop(self) -> int:
        """Ask it to stop; the exit status."""
        assert self._process is not None
        if self._process.returncode is None:
            await self.client.call(Stop())
            await self.client.close()
        async with asyncio.timeout(10):
            return await self._process.wait()

    async def gate(self, state: GateState, slate: SlateText = EXCLUDED) -> GateStatus:
        return await self.client.call(
            SetGate(state=state, slate=slate, reason="a test", by="clerk", confirmed=True), 30.0
        )
