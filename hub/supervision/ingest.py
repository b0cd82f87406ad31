"""The hub's hold on the ingest process: which keys are good, and who was turned away."""

from collections.abc import Awaitable, Callable

import structlog

from hub.settings import Settings
from hub.supervision.process import MediaProcess, ProcessPlan
from media.config import IngestConfig
from media.control.alarm import Alarm
from media.control.command import Disconnected, Event
from media.control.ingest import GetIngestStatus, PublisherRefused, SetKeys, StreamKey

log = structlog.get_logger(__name__)

AWAY = Alarm(
    code="ingest_away",
    sentence="The door for RTMP and SRT encoders is being started again. An encoder that came through it "
    "has to connect anew, and most do by themselves; until then the public see no chamber.",
)


class IngestDoor:
    """One ingest process for all meetings."""

    def __init__(
        self,
        settings: Settings,
        keys: Callable[[], Awaitable[list[StreamKey]]],
        refused: Callable[[str], None],
        changed: Callable[[], None],
    ) -> None:
        self._keys = keys
        self._refused = refused
        config = IngestConfig(
            control_socket=settings.sockets / "ingest",
            linger_seconds=settings.linger_seconds,
            log_format=settings.log_format,
            host=settings.host,
            rtmp_port=settings.rtmp_port,
            srt_port=settings.srt_port,
        )
        plan = ProcessPlan("ingest", "media.ingest", config, settings.sockets, GetIngestStatus())
        plan.events = (PublisherRefused,)
        plan.on_event = self._hear
        plan.on_connect = self.refresh
        plan.on_change = changed
        self._process = MediaProcess(plan)

    def start(self) -> None:
        """Begin to keep the process running."""
        self._process.start()

    async def close(self, *, leave_running: bool) -> None:
        """Let go of the process, or end it."""
        await (self._process.let_go() if leave_running else self._process.stop())

    async def refresh(self) -> None:
        """Tell the process the keys that are good now. One that is just starting is told when it connects."""
        if not self._process.connected:
            return
        try:
            await self._process.call(SetKeys(keys=await self._keys()))
        except Disconnected as error:
            log.warning("ingest_keys_wait", error=str(error))

    def alarms(self) -> list[Alarm]:
        """What a clerk should know."""
        return [] if self._process.connected else [AWAY]

    async def ports(self) -> tuple[int, int]:
        """The RTMP and the SRT port in use."""
        status = await self._process.call(GetIngestStatus())
        return status.rtmp_port, status.srt_port

    def _hear(self, event: Event) -> None:
        if isinstance(event, PublisherRefused):
            self._refused(f"{event.protocol.upper()} from {event.address}: {event.sentence}")
