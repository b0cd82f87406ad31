"""Where the media processes of one meeting find each other, and what each is told when it is started."""

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from hub.settings import Settings
from hub.supervision.process import ProcessPlan
from media.config import PackagerConfig, RecorderConfig, StudioConfig
from media.control.command import Refused
from media.control.feeds import FeedRefused
from media.control.recorder import GetPackagerStatus, GetRecorderStatus, PackagerChanged, RecorderChanged
from media.control.studio import GetStatus, LevelsMeasured, SlateText, StatusChanged

JOURNAL = "gate.jsonl"
RECORDING = "recording"
REWIND = "hls"
SOCKET_PATH_BYTES = 107
"""``unix(7)``: ``sun_path`` has 108 bytes, the last of them a null."""


@dataclass(frozen=True)
class StudioWishes:
    """What differs from meeting to meeting."""

    waiting_slate: SlateText
    generated_feed: bool
    rehearsal: bool = False


@dataclass(frozen=True, slots=True)
class Places:
    """One meeting's. ``name``: of processes and sockets. ``directory``: for journal, rewind and recording."""

    name: str
    sockets: Path
    directory: Path

    @classmethod
    def of(cls, settings: Settings, ref: str) -> Self:
        return cls(settings.media_name(ref), settings.sockets, settings.meeting_dir(ref))

    def check(self) -> None:
        """Raises ``Refused`` where the paths of sockets are longer than the system takes."""
        over = len(os.fsencode(self.sockets / f"{self.name}.recorder")) - SOCKET_PATH_BYTES
        if over > 0:
            raise Refused(
                "folder_too_long",
                f"The studio cannot start: {self.sockets} is too long for the sockets in it, by {over}. Set "
                "MOOTHALL_RUN_DIR to a shorter path, as /run/moothall, and start the hub again. The public "
                "see nothing of the meeting yet.",
            )

    @property
    def feeds_socket(self) -> Path:
        """Where the ingest process brings the bytes of RTMP and SRT encoders."""
        return self.sockets / f"{self.name}.feeds"

    @property
    def hls_socket(self) -> Path:
        """The packager's HTTP origin."""
        return self.sockets / f"{self.name}.hls"

    @property
    def rewind(self) -> Path:
        """What viewers can go back to while the meeting is live."""
        return self.directory / REWIND

    @property
    def journal(self) -> Path:
        """The gate's."""
        return self.directory / JOURNAL


def studio_plan(settings: Settings, places: Places, wishes: StudioWishes) -> ProcessPlan:
    """For ``media.studio``, with a spare one that waits. Of a rehearsal nothing is kept."""
    seals = settings.private_recording_key is not None and not wishes.rehearsal
    config = StudioConfig(
        control_socket=places.sockets / f"{places.name}.studio",
        linger_seconds=settings.linger_seconds,
        log_format=settings.log_format,
        meeting=places.name,
        bus_url=settings.bus_url(places.name),
        feeds_socket=places.feeds_socket,
        journal=places.journal,
        delay_seconds=settings.broadcast_delay_seconds,
        private_folder=places.directory / "private" if seals else None,
        private_key=settings.private_recording_key if seals else None,
        council=settings.council,
        colour=settings.colour,
        waiting_slate=wishes.waiting_slate,
        rehearsal=wishes.rehearsal,
        generated_feed=wishes.generated_feed,
        media_address=settings.media_addresses[0] if settings.media_addresses else settings.host,
        # The studio is reachable itself: TURN is for the people at the other end, who get names for it.
        ice_servers=[url for url in settings.ice_servers if url.startswith("stun")],
        interpreted_language=settings.interpreted_language or None,
        captions_language=settings.captions_language or None,
        frames_per_second=30 if settings.frames_per_second == 30 else 25,
        small_rendition=settings.small_rendition,
    )
    return ProcessPlan(
        name=f"{places.name}.studio",
        module="media.studio",
        config=config,
        folder=places.sockets,
        health=GetStatus(),
        events=(StatusChanged, LevelsMeasured, FeedRefused),
        spare=True,
    )


def packager_plan(settings: Settings, places: Places) -> ProcessPlan:
    """For ``media.hls``, with a spare one that waits: what nobody packages is missing for good."""
    config = PackagerConfig(
        control_socket=places.sockets / f"{places.name}.packager",
        linger_seconds=settings.linger_seconds,
        log_format=settings.log_format,
        meeting=places.name,
        bus_url=settings.bus_url(places.name),
        directory=places.rewind,
        http_socket=places.hls_socket,
        window_seconds=settings.rewind_seconds,
        interpreted_language=settings.interpreted_language or None,
        captions_language=settings.captions_language or None,
    )
    return ProcessPlan(
        name=f"{places.name}.packager",
        module="media.hls",
        config=config,
        folder=places.sockets,
        health=GetPackagerStatus(),
        events=(PackagerChanged,),
        spare=True,
    )


def recorder_plan(settings: Settings, places: Places) -> ProcessPlan:
    """For ``media.recorder``."""
    config = RecorderConfig(
        control_socket=places.sockets / f"{places.name}.recorder",
        linger_seconds=settings.linger_seconds,
        log_format=settings.log_format,
        meeting=places.name,
        bus_url=settings.bus_url(places.name),
        directory=places.directory / RECORDING,
        interpreted_language=settings.interpreted_language or None,
        captions_language=settings.captions_language or None,
    )
    return ProcessPlan(
        name=f"{places.name}.recorder",
        module="media.recorder",
        config=config,
        folder=places.sockets,
        health=GetRecorderStatus(),
        events=(RecorderChanged,),
    )
