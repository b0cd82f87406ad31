"""The relays: the hub's own, and any number of others that register themselves in Redis."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol, TypeVar

import structlog

from hub.settings import Settings
from hub.supervision.elsewhere import Elsewhere
from hub.supervision.load import Placed
from hub.supervision.own_relays import OwnRelay
from media.client.engine import Audio, Rendition
from media.clock import Clock
from media.control.alarm import Alarm
from media.control.command import Command, Disconnected, Message, Refused
from media.control.feeds import Answer, Patched
from media.control.relay import CloseViewer, DropMeeting, OpenViewer, PatchViewer

log = structlog.get_logger(__name__)

R = TypeVar("R", bound=Message)

SEPARATOR = "~"
FAREWELL_DEADLINE = 2.0
"""A relay that is not there has no viewers to send away."""
REDIS_AWAY = Alarm(
    code="redis_away",
    sentence="Redis does not answer. Until it does, the public see the last picture and nothing is "
    "recorded. A cut works all the same.",
)
RELAY_AWAY = Alarm(
    code="relay_away",
    sentence="Viewing by WebRTC is being started again. Its viewers come back by themselves; HLS goes on.",
)
NO_RELAY = Alarm(
    code="no_relay",
    sentence="No relay for live viewing by WebRTC is running. Start one with “moothall relay”; HLS goes on.",
)


class Caller(Protocol):
    """Something that takes commands: a process on this machine, or one behind Redis."""

    async def call(self, command: Command[R], deadline: float = 10.0) -> R:
        """Send a command and wait for its reply."""


@dataclass(frozen=True, slots=True)
class Known:
    """A relay and how full it is."""

    name: str
    relay: Caller
    viewers: int
    capacity: int
    answers: bool = True
    """Whether it is there now; one that is being started again would let a viewer wait."""

    def fullness(self, placed: int) -> tuple[bool, float]:
        """What the least loaded has least of."""
        return (not self.answers, (self.viewers + placed) / self.capacity)


class Relays:
    """Places viewers on the least loaded relay and finds the relay of a session again by its name."""

    def __init__(
        self,
        settings: Settings,
        clock: Clock,
        changed: Callable[[str], None],
        lost_or_back: Callable[[], None],
    ) -> None:
        self._clock = clock
        self._elsewhere = Elsewhere(settings.redis_url, clock) if settings.redis_url else None
        count = settings.relays if settings.embedded_relay else 0
        self._own = [OwnRelay(settings, number, changed, lost_or_back) for number in range(count)]
        self._placed = Placed()

    def start(self) -> None:
        """Start the hub's own relays, if it has any, and look for others, if there may be any."""
        for own in self._own:
            own.process.start()
        if self._elsewhere is not None:
            self._elsewhere.start()

    async def close(self, *, leave_running: bool) -> None:
        """Let go of the relays, or end the hub's own."""
        await asyncio.gather(
            *(own.process.let_go() if leave_running else own.process.stop() for own in self._own)
        )
        if self._elsewhere is not None:
            await self._elsewhere.close()

    async def open_viewer(
        self,
        media_name: str,
        sdp: str,
        audio: Audio = "floor",
        rendition: Rendition = "auto",
        caller: str = "",
    ) -> Answer:
        """Raises ``Refused`` with the relay's reason, ``full`` when all are full or there is none."""
        command = OpenViewer(meeting=media_name, sdp=sdp, audio=audio, rendition=rendition, caller=caller)
        away: Refused | Disconnected = Refused(
            "full", "No media relay is running. Live viewing by HLS still works; try again in a moment."
        )
        for known in await self._least_loaded_first():
            try:
                answer = await known.relay.call(command)
            except Disconnected as error:
                away = error
                continue
            except Refused as refusal:
                if refusal.code != "full":
                    raise
                away = refusal
                continue
            self._placed.note(known.name, self._clock.monotonic())
            return answer.model_copy(update={"session": f"{known.name}{SEPARATOR}{answer.session}"})
        raise away

    async def patch_viewer(self, session: str, fragment: str, tags: list[str]) -> Patched:
        """Raises ``Refused`` as ``PatchViewer`` says.

        A relay of ours that is not there has lost its sessions. Whoever asks for another way to one hears so
        at once, and has a new session elsewhere while that relay starts.
        """
        name = session.partition(SEPARATOR)[0]
        if any(own.name == name and not own.process.connected for own in self._own):
            raise Refused("no_session", "The relay of this session is being started again.")
        relay, inner = await self._of(session)
        return await relay.call(PatchViewer(session=inner, fragment=fragment, tags=tags))

    async def close_viewer(self, session: str) -> None:
        """Raises ``Refused`` with ``no_session`` when there is none."""
        relay, inner = await self._of(session)
        await relay.call(CloseViewer(session=inner))

    async def drop(self, media_name: str) -> None:
        """Tell every relay that a meeting ended."""
        for known in await self._known():
            try:
                await known.relay.call(DropMeeting(meeting=media_name), FAREWELL_DEADLINE)
            except (Refused, Disconnected) as error:
                log.warning(
                    "relay_not_told_of_the_end", relay=known.name, meeting=media_name, error=str(error)
                )

    def alarms(self) -> list[Alarm]:
        """What a clerk should know."""
        if self._elsewhere is not None and not self._elsewhere.answers:
            return [REDIS_AWAY]
        if self._own:
            return [] if all(own.process.connected for own in self._own) else [RELAY_AWAY]
        if self._elsewhere is not None and self._elsewhere.records:
            return []
        return [NO_RELAY]

    def viewers(self, media_name: str) -> int:
        """Viewers by WebRTC on all relays, as they last said."""
        own = sum(relay.viewers.get(media_name, 0) for relay in self._own)
        far = self._elsewhere.records if self._elsewhere is not None else {}
        return own + sum(record.viewers.get(media_name, 0) for record in far.values())

    async def _least_loaded_first(self) -> list[Known]:
        now = self._clock.monotonic()
        return sorted(
            await self._known(), key=lambda known: known.fullness(self._placed.lately(known.name, now))
        )

    async def _known(self) -> list[Known]:
        known = [
            Known(own.name, own.process, sum(own.viewers.values()), own.capacity, own.process.connected)
            for own in self._own
        ]
        if self._elsewhere is not None:
            known += [
                Known(
                    name,
                    self._elsewhere.relay(name),
                    sum(record.viewers.values()),
                    max(1, record.capacity),
                )
                for name, record in (await self._elsewhere.look()).items()
            ]
        return known

    async def _of(self, session: str) -> tuple[Caller, str]:
        """The relay of a session, and the session's name there. Raises ``Refused`` with ``no_session``."""
        name, _, inner = session.partition(SEPARATOR)
        own = next((own for own in self._own if own.name == name), None)
        if own is not None:
            return own.process, inner
        if self._elsewhere is None or name not in await self._elsewhere.look():
            raise Refused("no_session", "There is no such session.")
        return self._elsewhere.relay(name), inner
