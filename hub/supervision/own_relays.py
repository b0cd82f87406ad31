"""The relays that the hub starts itself: as many processes as wished, each on a UDP port of its own."""

import os
from collections.abc import Callable

from hub.settings import Settings
from hub.supervision.process import MediaProcess, ProcessPlan
from media.config import RelayConfig
from media.control.command import Event
from media.control.relay import GetRelayStatus, RelayStatus, ViewersChanged
from media.memory import large_pages

FIRST = "hub"
"""Name of the first one in session addresses; the others are numbered."""
LAST_PORT = 65_535


class OwnRelay:
    """One of them, and the viewers it last told of."""

    def __init__(
        self,
        settings: Settings,
        number: int,
        changed: Callable[[str], None],
        lost_or_back: Callable[[], None],
    ) -> None:
        self.name = FIRST if number == 0 else f"{FIRST}-{number + 1}"
        self.capacity = settings.relay_capacity
        self.viewers: dict[str, int] = {}
        self._changed = changed
        self.process = MediaProcess(self._plan(settings, number, lost_or_back))

    def _plan(self, settings: Settings, number: int, lost_or_back: Callable[[], None]) -> ProcessPlan:
        name = "relay" if number == 0 else f"relay-{number + 1}"
        config = RelayConfig(
            control_socket=settings.sockets / name,
            linger_seconds=settings.linger_seconds,
            log_format=settings.log_format,
            bus_url_pattern=settings.bus_url("{meeting}"),
            address=settings.host,
            udp_port=min(settings.relay_port + number, LAST_PORT) if settings.relay_port else 0,
            announce=settings.media_addresses,
            capacity=settings.relay_capacity,
            segmentation=settings.relay_segmentation,
        )
        plan = ProcessPlan(name, "media.relay", config, settings.sockets, GetRelayStatus())
        plan.environment = large_pages(os.environ)
        plan.events = (ViewersChanged,)
        plan.on_event = self._hear
        plan.on_connect = self._ask_for_viewers
        plan.on_change = lost_or_back
        # Where there are several, the others take the viewers of one that dies.
        plan.spare = settings.relays == 1
        return plan

    async def _ask_for_viewers(self) -> None:
        """A relay that was restarted has lost them; one that was found again does not tell of old ones."""
        self._count(await self.process.call(GetRelayStatus()))

    def _hear(self, event: Event) -> None:
        if isinstance(event, ViewersChanged):
            self._count(event.status)

    def _count(self, status: RelayStatus) -> None:
        touched = set(self.viewers) | set(status.viewers)
        self.viewers = dict(status.viewers)
        for name in touched:
            self._changed(name)
