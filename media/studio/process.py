"""The studio process: starts, answers the hub, tells it what changes, ends cleanly."""

import asyncio
import secrets
import signal

import structlog

from media.clock import SystemClock
from media.config import StudioConfig
from media.control.channel import ControlServer
from media.control.feeds import FeedRefused
from media.control.studio import LevelsMeasured, StatusChanged
from media.sources.spare import SpareDecoder
from media.studio.commands import Commands
from media.studio.studio import Studio

log = structlog.get_logger(__name__)

TELL_SECONDS = 0.25


class StudioProcess:
    """Runs until the hub says stop, a signal comes, the ticker dies or nobody has asked for very long."""

    def __init__(self, config: StudioConfig, spare: SpareDecoder | None = None) -> None:
        self._config = config
        self._loop = asyncio.get_running_loop()
        self._stopping = asyncio.Event()
        self._error: BaseException | None = None
        self._studio = Studio(
            config,
            SystemClock(),
            secrets.randbits(32),
            self._publish,
            self._ticker_failed,
            self._publish,
            spare,
        )
        commands = Commands(self._studio, self._stopping.set, self._publish_status)
        self._control = ControlServer(config.control_socket, commands.handlers())

    async def run(self) -> None:
        """Raises what ended the ticker, and ``OSError`` when a socket cannot be opened."""
        for number in (signal.SIGTERM, signal.SIGINT):
            self._loop.add_signal_handler(number, self._stopping.set)
        try:
            await self._studio.start()
            await self._control.start()
            telling = asyncio.create_task(self._tell())
            await self._stopping.wait()
            await telling
        finally:
            await self._control.close()
            await self._studio.close()
        if self._error is not None:
            raise self._error

    async def _tell(self) -> None:
        while not self._stopping.is_set():
            if self._control.peers:
                self._publish_status()
            elif self._is_forgotten():
                log.warning("studio_forgotten")
                self._stopping.set()
            try:
                async with asyncio.timeout(TELL_SECONDS):
                    await self._stopping.wait()
            except TimeoutError:
                continue

    def _publish_status(self) -> None:
        self._control.publish(StatusChanged(status=self._studio.status()))

    def _is_forgotten(self) -> bool:
        """A public meeting does not stop because the hub is away."""
        linger = self._config.linger_seconds
        away = self._loop.time() - self._control.last_seen_peer
        public = self._studio.gate.now.open and not self._config.rehearsal
        return linger > 0 and away > linger and not public

    def _publish(self, event: FeedRefused | LevelsMeasured) -> None:
        self._control.publish(event)

    def _ticker_failed(self, error: BaseException) -> None:
        self._error = error
        self._loop.call_soon_threadsafe(self._stopping.set)
