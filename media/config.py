"""What each media process is told when it starts: the JSON file of ``python -m media.<process> FILE``."""

from pathlib import Path
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict

from media.control.studio import SlateText
from media.logs import LogFormat


class ProcessConfig(BaseModel):
    """What all of them need."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    control_socket: Path
    linger_seconds: float = 600.0
    """How long the process goes on with no hub connected. 0: for ever."""
    log_format: LogFormat = "text"

    @classmethod
    def load(cls, path: Path) -> Self:
        """Read the file. Raises ``ValueError`` naming the field when it does not fit."""
        return cls.model_validate_json(path.read_text())


class StudioConfig(ProcessConfig):
    """One studio, for one meeting."""

    meeting: str
    bus_url: str
    feeds_socket: Path
    journal: Path
    council: str
    """Name on the slates."""
    colour: str = "#1d4e6b"
    waiting_slate: SlateText
    rehearsal: bool = False
    """A practice: its gate lets nothing pass, and there is no bus."""
    generated_feed: bool = False
    """Stand in with a moving, sounding test picture, labelled as such, until an encoder connects."""
    media_address: str = "127.0.0.1"
    """Address offered to WHIP publishers and speakers."""
    ice_servers: list[str] = []
    delay_seconds: int = 0
    """Broadcast delay of a meeting whose journal names none, 0 to 60."""
    private_folder: Path | None = None
    """Where private sessions are recorded, encrypted to ``private_key``. ``None``: they are not."""
    private_key: Path | None = None
    """PEM of an X25519 public key."""
    interpreted_language: str | None = None
    """BCP 47, such as ``cy``: what interpreters of this meeting speak. ``None``: there are none."""
    captions_language: str | None = None
    """BCP 47 of what captioners write. ``None``: there are none."""
    frames_per_second: Literal[25, 30] = 25
    """Pictures of the programme."""
    small_rendition: bool = True
    """Whether the pictures are also encoded at 640×360."""


class RelayConfig(ProcessConfig):
    """One relay, for all meetings."""

    bus_url_pattern: str
    """``{meeting}`` stands for the meeting's ref."""
    address: str = "127.0.0.1"
    udp_port: int = 0
    """0 picks a free one."""
    announce: list[str] = []
    """Addresses put into candidates instead of ``address``."""
    capacity: int = 500
    segmentation: bool = True
    """Whether the kernel may cut what is sent into packets (UDP GSO). Off for networks that do it wrongly."""
    redis_url: str | None = None
    """When set, the relay registers itself there and takes its commands from there as well."""
    relay_name: str = "relay-1"


class PackagerConfig(ProcessConfig):
    """The LL-HLS packager of one meeting."""

    meeting: str
    bus_url: str
    directory: Path
    """Segments live here, so that a restarted packager still has the rewind window."""
    http_socket: Path
    """Unix socket of its own HTTP origin; the hub and nginx pass ``/meetings/{ref}/hls/…`` on to it."""
    window_seconds: float = 86_400.0
    interpreted_language: str | None = None
    """BCP 47. When set, playlists offer the interpreted sound beside the floor."""
    captions_language: str | None = None
    """BCP 47. When set, playlists offer captions: of whatever comes as ``Track.CAPTIONS`` on the bus."""


class RecorderConfig(ProcessConfig):
    """The recorder of one meeting."""

    meeting: str
    bus_url: str
    directory: Path
    interpreted_language: str | None = None
    """BCP 47. When set, the interpreted sound is recorded in files of its own."""
    captions_language: str | None = None
    """BCP 47. When set, captions are kept in a file beside the recording."""


class IngestConfig(ProcessConfig):
    """The front door of RTMP and SRT."""

    host: str = "127.0.0.1"
    rtmp_port: int = 1935
    srt_port: int = 9000
