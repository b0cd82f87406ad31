"""The relays: the hub's own, and any number of others that register themselves in Redis."""

from collections.abc import Callable
from typing import Protocol, TypeVar

import structlog

from hub.settings import Settings
from hub.supervision.elsewhere import Elsewhere
from hub.supervision.process import MediaProcess, ProcessPlan
from media.client.engine import Audio, Rendition
from media.clock import Clock
from media.config import RelayConfig
from media.control.command import Command, Disconnected, Event, Message, Refused
from media.control.relay import (
    CloseViewer,
    DropMeeting,
    GetRelayStatus,
    OpenViewer,
    RelayStatus,
    ViewersChanged,
)
from media.control.studio import Answer

log = structlog.get_logger(__name__)

R = TypeVar("R", bound=Message)

SEPARATOR = "~"
EMBEDDED = "hub"
FAREWELL_DEADLINE = 2.0
"""A relay that is not there has no viewers to send away."""


class Caller(Protocol):
    """Something that takes commands: a process on this machine, or one behind Redis."""

    async def call(self, command: Command[R], deadline: float = 10.0) -> R:
        """Send a command and wait for its reply."""


class Relays:
    """Places viewers on the least loaded relay and finds the relay of a session again by its name."""

    def __init__(
        self,
        settings: Settings,
        clock: Clock,
        changed: Callable[[str], None],
        lost_or_back: Callable[[], None],
    ) -> None:
        self._settings = settings
        self._changed = changed
        self._lost_or_back = lost_or_back
        self._elsewhere = Elsewhere(settings.redis_url, clock) if settings.redis_url else None
        self._embedded = MediaProcess(self._plan()) if settings.embedded_relay else None
        self._viewers: dict[str, int] = {}

    def start(self) -> None:
        """Start the hub's own relay, if it has one, and look for others, if there may be any."""
        if self._embedded is not None:
            self._embedded.start()
        if self._elsewhere is not None:
            self._elsewhere.start()

    async def close(self, *, leave_running: bool) -> None:
        """Let go of the relays, or end the hub's own."""
        if self._embedded is not None:
            await (self._embedded.let_go() if leave_running else self._embedded.stop())
        if self._elsewhere is not None:
            await self._elsewhere.close()

    async def open_viewer(
        self, media_name: str, sdp: str, audio: Audio = "floor", rendition: Rendition = "auto"
    ) -> Answer:
        """Raises ``Refused`` with the relay's reason, or with ``full`` when there is no relay."""
        name, relay = await self._least_loaded()
        command = OpenViewer(meeting=media_name, sdp=sdp, audio=audio, rendition=rendition)
        answer = await relay.call(command)
        return answer.model_copy(update={"session": f"{name}{SEPARATOR}{answer.session}"})

    async def close_viewer(self, session: str) -> None:
        """Raises ``Refused`` with ``no_session`` when there is none."""
        name, _, inner = session.partition(SEPARATOR)
        relay = await self._named(name)
        if relay is None:
            raise Refused("no_session", "There is no such session.")
        await relay.call(CloseViewer(session=inner))

    async def drop(self, media_name: str) -> None:
        """Tell every relay that a meeting ended."""
        for name, relay, _ in await self._known():
            try:
                await relay.call(DropMeeting(meeting=media_name), FAREWELL_DEADLINE)
            except (Refused, Disconnected) as error:
                log.warning("relay_not_told_of_the_end", relay=name, meeting=media_name, error=str(error))

    def alarms(self) -> list[str]:
        """What a clerk should know."""
        if self._elsewhere is not None and not self._elsewhere.answers:
            return [
                "Redis does not answer. Until it does, the public see the last picture and nothing is "
                "recorded. A cut works all the same."
            ]
        if self._embedded is not None:
            if self._embedded.connected:
                return []
            return [
                "Viewing by WebRTC is being started again. Its viewers come back by themselves; HLS goes on."
            ]
        if self._elsewhere is not None and self._elsewhere.records:
            return []
        return [
            "No relay for live viewing by WebRTC is running. Start one with “moothall relay”; HLS goes on."
        ]

    def viewers(self, media_name: str) -> int:
        """Viewers by WebRTC on all relays, as they last said."""
        far = self._elsewhere.records if self._elsewhere is not None else {}
        return self._viewers.get(media_name, 0) + sum(
            record.viewers.get(media_name, 0) for record in far.values()
        )

    async def _least_loaded(self) -> tuple[str, Caller]:
        known = await self._known()
        if not known:
            raise Refused(
                "full", "No media relay is running. Live viewing by HLS still works; try again in a moment."
            )
        name, relay, _ = min(known, key=lambda entry: entry[2])
        return name, relay

    async def _known(self) -> list[tuple[str, Caller, int]]:
        known: list[tuple[str, Caller, int]] = []
        if self._embedded is not None:
            known.append((EMBEDDED, self._embedded, sum(self._viewers.values())))
        if self._elsewhere is not None:
            known += [
                (name, self._elsewhere.relay(name), sum(record.viewers.values()))
                for name, record in (await self._elsewhere.look()).items()
            ]
        return known

    async def _named(self, name: str) -> Caller | None:
        if name == EMBEDDED:
            return self._embedded
        if self._elsewhere is None or name not in await self._elsewhere.look():
            return None
        return self._elsewhere.relay(name)

    async def _ask_for_viewers(self) -> None:
        """A relay that was restarted has lost them; one that was found again does not tell of old ones."""
        if self._embedded is not None:
            self._count(await self._embedded.call(GetRelayStatus()))

    def _hear(self, event: Event) -> None:
        if isinstance(event, ViewersChanged):
            self._count(event.status)

    def _count(self, status: RelayStatus) -> None:
        touched = set(self._viewers) | set(status.viewers)
        self._viewers = dict(status.viewers)
        for name in touched:
            self._changed(name)

    def _plan(self) -> ProcessPlan:
        settings = self._settings
        config = RelayConfig(
            control_socket=settings.sockets / "relay",
            linger_seconds=settings.linger_seconds,
            log_format=settings.log_format,
            bus_url_pattern=settings.bus_url("{meeting}"),
            address=settings.host,
            udp_port=settings.relay_port,
            announce=[settings.media_address] if settings.media_address else [],
            capacity=settings.relay_capacity,
            segmentation=settings.relay_segmentation,
        )
        plan = ProcessPlan("relay", "media.relay", config, settings.sockets, GetRelayStatus())
        plan.events = (ViewersChanged,)
        plan.on_event = self._hear
        plan.on_connect = self._ask_for_viewers
        plan.on_change = self._lost_or_back
        return plan
