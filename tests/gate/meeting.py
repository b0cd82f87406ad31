"""One meeting to be driven: its studio by the studio's own socket, and whatever else a clerk would press."""

import asyncio
import time
from abc import ABC, abstractmethod
from collections.abc import Sequence
from pathlib import Path
from typing import ClassVar, TypeVar

from hub.cutting import Outcome, cut_here
from hub.settings import Settings
from hub.supervision.plans import JOURNAL
from media.client.engine import Audio
from media.control.captions import SayCaption
from media.control.command import Command, Disconnected, Message
from media.control.feeds import OpenFeed, OpenSpeaker
from media.control.relay import Rendition
from media.control.studio import GetStatus, StudioStatus
from media.gate.wish import Wish, Wishes
from tests.support.channel import ask
from tests.support.waiting import until_async

R = TypeVar("R", bound=Message)
LANGUAGE = "cy"
CAPTIONS = "en"
STUDIO, PACKAGER, RECORDER, RELAY = "media.studio", "media.hls", "media.recorder", "media.relay"


class RefusedByHub(Exception):  # noqa: N818  an answer, not a fault
    """A command got an answer that says no; ``str`` is its code."""


class Meeting(ABC):
    """What does not depend on who keeps the processes."""

    by_hub: ClassVar[bool]
    """Whether there are a hub and its pages."""

    def __init__(self, settings: Settings, ref: str) -> None:
        self.settings = settings
        self.ref = ref
        self.name = settings.media_name(ref)
        self.encoder = ""
        """Where the chamber's encoder sends to, by RTMP or SRT; empty where the chamber has none."""
        self._kills: list[float] = []

    @property
    def hls_socket(self) -> Path:
        return self.settings.sockets / f"{self.name}.hls"

    @property
    def recording(self) -> Path:
        return self.settings.meeting_dir(self.ref) / "recording"

    @property
    def kills(self) -> list[float]:
        """When the packager was killed, of the monotonic clock."""
        return self._kills

    @property
    def bus_kills(self) -> Sequence[float]:
        """When what keeps its bus was killed, of the monotonic clock."""
        return ()

    def _note(self, module: str) -> None:
        if module == PACKAGER:
            self._kills.append(time.monotonic())

    @property
    def has_redis(self) -> bool:
        """Whether its parts are held together by one that can die."""
        return False

    @property
    @abstractmethod
    def hub_lives(self) -> bool:
        """Whether a clerk's command would be answered."""

    @abstractmethod
    async def do(self, name: str, **payload: object) -> None:
        """A clerk's command. Raises ``RefusedByHub``, ``ClientError`` and ``TimeoutError``."""

    @abstractmethod
    async def viewer(self, sdp: str, audio: Audio, rendition: Rendition) -> str:
        """A viewer's offer. Raises ``Refused``, ``Disconnected``, ``ClientError`` and ``OSError``."""

    @abstractmethod
    def kill(self, module: str) -> int:
        """SIGKILL this meeting's process of a module, or the relay that all share; how many there were."""

    @abstractmethod
    def pids(self, module: str) -> list[int]:
        """Of this meeting's process of a module that is at work."""

    @abstractmethod
    async def kill_hub(self) -> int:
        """SIGKILL the hub, if there is one; another is there some seconds later."""

    async def kill_redis(self, seconds: float) -> int:
        """SIGKILL Redis, if there is one; another, which knows nothing, is there so many seconds later."""
        return 0

    @abstractmethod
    async def until_hub(self) -> None:
        """Wait until clerks can press something."""

    @abstractmethod
    async def until_told(self) -> None:
        """Wait until the meeting's page no longer says that it is live."""

    async def say(self, line: str) -> None:
        """What a captioner does. Raises ``Refused``, ``Disconnected``, ``ClientError`` and ``OSError``."""
        await self.studio(SayCaption(text=line, said_ms=round(time.time() * 1000)))

    # What needs no hub

    async def at_the_machine(self) -> Outcome:
        """``moothall cut``."""
        return await cut_here(self.settings, self.ref, by="test", reason="a test")

    async def by_file(self) -> None:
        """Only the file, and nobody who asks."""
        journal = self.settings.meeting_dir(self.ref) / JOURNAL
        await asyncio.to_thread(Wishes(journal).put, Wish(by="test"))

    async def studio(self, command: Command[R]) -> R:
        """Ask the studio itself. Raises ``Refused``, ``Disconnected`` and ``OSError``."""
        return await ask(self.settings.sockets / f"{self.name}.studio", command)

    async def status(self, seconds: float = 60.0) -> StudioStatus:
        """The studio's, as soon as it has one."""
        found: list[StudioStatus] = []

        async def answered() -> bool:
            try:
                found.append(await self.studio(GetStatus()))
            except (OSError, Disconnected):
                return False
            return True

        await until_async(answered, "the studio", seconds)
        return found[0]

    async def feed(self, name: str, sdp: str) -> str:
        return (await self.studio(OpenFeed(source=name, sdp=sdp, label=name.title()))).sdp

    async def speaker(self, name: str, sdp: str) -> str:
        return (await self.studio(OpenSpeaker(speaker=name, label=f"Speaker {name}", sdp=sdp))).sdp

    async def interpreter(self, name: str, sdp: str) -> str:
        offer = OpenSpeaker(speaker=name, label="Interpreter", sdp=sdp, role="interpreter")
        return (await self.studio(offer)).sdp
