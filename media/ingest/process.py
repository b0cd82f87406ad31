"""The ingest process: both fronts, the control channel, and going away when nobody wants it any more."""

import asyncio

import structlog

from media.attempts import Attempts
from media.clock import SystemClock
from media.config import IngestConfig
from media.control.channel import ControlServer
from media.control.command import Done
from media.control.ingest import GetIngestStatus, IngestStatus, SetKeys
from media.ingest.door import Door
from media.ingest.keys import KeyRing
from media.ingest.refusals import Refusals
from media.ingest.register import Register
from media.ingest.rtmp import RtmpFront
from media.ingest.srt import SrtFront

log = structlog.get_logger(__name__)

LINGER_CHECK_SECONDS = 1.0


class IngestProcess:
    """One for all meetings. ``start``, then ``run`` until abandoned, then ``close``."""

    def __init__(self, config: IngestConfig) -> None:
        clock = SystemClock()
        self._linger = config.linger_seconds
        self._control = ControlServer(
            config.control_socket, {SetKeys: self._set_keys, GetIngestStatus: self._status}
        )
        self._door = Door(KeyRing(), Register(), Refusals(self._control.publish, clock), Attempts(clock))
        self._rtmp = RtmpFront(config.host, config.rtmp_port, self._door)
        self._srt = SrtFront(config.host, config.srt_port, self._door, clock)

    async def start(self) -> None:
        """Open the ports, then the control channel. Raises ``OSError`` when a port is taken."""
        await self._rtmp.start()
        await self._srt.start()
        await self._control.start()
        log.info("ingest_started", rtmp_port=self._rtmp.port, srt_port=self._srt.port)

    async def run(self) -> None:
        """Until no hub has been connected for ``linger_seconds``."""
        loop = asyncio.get_running_loop()
        while True:
            await asyncio.sleep(LINGER_CHECK_SECONDS)
            alone = loop.time() - self._control.last_seen_peer
            if self._linger and not self._control.peers and alone > self._linger:
                log.info("ingest_abandoned")
                return

    async def close(self) -> None:
        """Cut every publisher and let go of the ports."""
        await self._rtmp.close()
        await self._srt.close()
        await self._control.close()

    async def _set_keys(self, command: SetKeys) -> Done:
        self._door.keys.replace(command.keys)
        self._door.register.review(self._door.keys)
        return Done()

    async def _status(self, _: GetIngestStatus) -> IngestStatus:
        return IngestStatus(
            rtmp_port=self._rtmp.port,
            srt_port=self._srt.port,
            publishers=self._door.register.counts(),
        )
