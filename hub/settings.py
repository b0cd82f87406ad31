"""Every setting, from ``MOOTHALL_*`` environment variables. None is needed for the demo."""

import hashlib
import tempfile
from pathlib import Path
from typing import Literal, TypeAlias

from pydantic import Field, ValidationInfo, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from media.logs import LogFormat

MEDIA_NAME_LENGTH = 40
MailSecurity: TypeAlias = Literal["starttls", "tls", "none"]


class Settings(BaseSettings):
    """One frozen object, made once when a command starts. ``docs/settings.md`` lists the same."""

    model_config = SettingsConfigDict(env_prefix="MOOTHALL_", frozen=True, extra="ignore")

    council: str = Field("Ouseby City Council", description="The council's name, on pages and slates.")
    colour: str = Field(
        "#1d4e6b", pattern=r"^#[0-9a-fA-F]{6}$", description="The council's colour, on pages and slates."
    )
    host: str = Field("127.0.0.1", description="Address on which the hub, RTMP and SRT listen.")
    port: int = Field(8080, ge=0, le=65535, description="Port of pages, API and sockets. 0 picks a free one.")
    public_url: str = Field("", description="The address that people use, when a proxy stands in front.")
    data_dir: Path = Field(
        Path("data"), description="Database, journals, rewind windows and recordings live here."
    )
    run_dir: Path | None = Field(
        None,
        description="Sockets of the media processes; a short path. By default a private folder under /tmp.",
    )
    database_url: str = Field(
        "", description="PostgreSQL, postgresql+asyncpg://… By default SQLite in the data folder."
    )
    redis_url: str = Field(
        "", description="Redis for the bus, for Socket.IO and for relays. By default all is local."
    )
    media_address: str = Field(
        "",
        description="Address offered to browsers for WebRTC; several with commas between, the first for the "
        "studio. By default the listening address.",
    )
    relays: int = Field(
        1,
        ge=1,
        le=64,
        description="Relay processes that the hub starts; one for each core that is to serve viewers.",
    )
    relay_port: int = Field(
        0,
        ge=0,
        le=65535,
        description="UDP port of the relay; further relays take the ports after it. 0 picks free ones.",
    )
    relay_capacity: int = Field(
        500, ge=1, description="Viewers by WebRTC a relay takes before it says it is full."
    )
    relay_segmentation: bool = Field(
        True, description="Whether relays let the kernel cut what they send into packets (UDP GSO)."
    )
    relay_name: str = Field(
        "relay-1", description="Name of a relay that is started by itself; unique among relays."
    )
    embedded_relay: bool = Field(True, description="Whether the hub starts relays of its own.")
    overflow_url: str = Field(
        "",
        pattern=r"^(https?://[^/?#]+)?$",
        description="Another Moot Hall with the same meetings, for players when all relays are full.",
    )
    rtmp_port: int = Field(
        1935, ge=0, le=65535, description="TCP port for RTMP encoders. 0 picks a free one."
    )
    srt_port: int = Field(9000, ge=0, le=65535, description="UDP port for SRT encoders. 0 picks a free one.")
    ice_servers: list[str] = Field(
        [], description="STUN servers for the studio, encoders and players, as a JSON list."
    )
    turn_urls: list[str] = Field(
        [],
        description="TURN servers for browsers and encoders, as a JSON list: turn:…?transport=udp, turns:….",
    )
    turn_secret: str = Field(
        "",
        repr=False,
        validate_default=True,
        description="The secret shared with them (coturn's static-auth-secret). Needed with them.",
    )
    smtp_host: str = Field(
        "", description="Mail server. By default no e-mail is sent, and officers copy personal links."
    )
    smtp_port: int = Field(587, ge=1, le=65535, description="Port of the mail server.")
    smtp_security: MailSecurity = Field(
        "starttls", description="How the mail server is spoken to: starttls, tls or none."
    )
    smtp_user: str = Field("", description="Name for the mail server, if it asks for one.")
    smtp_password: str = Field("", repr=False, description="Password for the mail server.")
    smtp_from: str = Field(
        "",
        validate_default=True,
        description="The council's address on e-mails. Needed with a mail server.",
    )
    rewind_seconds: float = Field(
        86_400.0,
        gt=0,
        description="How far viewers can rewind while a meeting is live: by default to its first second.",
    )
    broadcast_delay_seconds: int = Field(
        0,
        ge=0,
        le=60,
        description="Seconds by which the public see a meeting later; a cut can drop them.",
    )
    linger_seconds: float = Field(
        600.0, ge=0, description="How long media processes go on without a hub. 0: for ever."
    )
    private_recording_key: Path | None = Field(
        None,
        description="Public key (PEM) for which private sessions are recorded. By default they are not.",
    )
    ffmpeg: str = Field(
        "", description="Path of an ffmpeg to use instead of the one that is installed with the program."
    )
    interpreted_language: str = Field(
        "",
        pattern=r"^([a-zA-Z]{2,3}(-[a-zA-Z0-9]{2,8})*)?$",
        description="What interpreters speak, as a tag such as cy. By default there is no second sound.",
    )
    captions_language: str = Field(
        "",
        pattern=r"^([a-zA-Z]{2,3}(-[a-zA-Z0-9]{2,8})*)?$",
        description="What captioners write, as a tag such as en. By default there are no captions.",
    )
    frames_per_second: int = Field(
        25, ge=25, le=30, multiple_of=5, description="Pictures a second of the programme: 25 or 30."
    )
    small_rendition: bool = Field(
        True,
        description="Whether there is a 640×360 rendition, for slow connections. Off spares a small machine.",
    )
    personal_data_days: int = Field(
        90,
        ge=1,
        le=3650,
        description="Days after a meeting for which e-mail addresses, chat, votes and the like are kept; the "
        "privacy page says so.",
    )
    recording_days: int | None = Field(
        None,
        ge=28,
        le=36_500,
        description="Days after a meeting for which its recording is kept, as its page says; then it is "
        "deleted, that of a meeting longer ago 14 days after this was set. By default recordings are kept "
        "for good.",
    )
    embed_ancestors: str = Field(
        "*",
        pattern=r"^[^;,\r\n]+$",
        description="Sites that may frame the player, such as https://www.example.gov.uk. By default all.",
    )
    log_format: LogFormat = Field("text", description="How log lines look: text or json.")

    @field_validator("turn_secret")
    @classmethod
    def _needed_with_turn_servers(cls, secret: str, others: ValidationInfo) -> str:
        if others.data.get("turn_urls") and not secret:
            raise ValueError("the secret is needed with TURN servers")
        return secret

    @field_validator("smtp_from")
    @classmethod
    def _needed_with_a_mail_server(cls, address: str, others: ValidationInfo) -> str:
        if others.data.get("smtp_host") and "@" not in address:
            raise ValueError("the council's address is needed with a mail server")
        return address

    @property
    def database(self) -> str:
        """The database in use."""
        return self.database_url or f"sqlite+aiosqlite:///{self.data_dir.resolve() / 'moothall.sqlite3'}"

    @property
    def sockets(self) -> Path:
        """The media processes' sockets. Short, because the path of a Unix socket has 107 bytes at most."""
        if self.run_dir is not None:
            return self.run_dir
        name = hashlib.sha256(str(self.data_dir.resolve()).encode()).hexdigest()[:10]
        return Path(tempfile.gettempdir()) / f"moothall-{name}"

    @staticmethod
    def media_name(ref: str) -> str:
        """The meeting's name among the media processes: short, since it becomes part of socket paths."""
        if len(ref) <= MEDIA_NAME_LENGTH:
            return ref
        return f"{ref[: MEDIA_NAME_LENGTH - 9]}-{hashlib.sha256(ref.encode()).hexdigest()[:8]}"

    @property
    def media_addresses(self) -> list[str]:
        """``media_address``, one by one."""
        return [address.strip() for address in self.media_address.split(",") if address.strip()]

    @property
    def meetings_dir(self) -> Path:
        """Where each meeting has a directory."""
        return self.data_dir.resolve() / "meetings"

    def meeting_dir(self, ref: str) -> Path:
        """Where one meeting's journal, rewind window and recording live."""
        return self.meetings_dir / ref

    def bus_url(self, media_name: str) -> str:
        """Where one meeting's access units travel. ``{meeting}`` gives the pattern for relays."""
        return f"{self.redis_url}#{media_name}" if self.redis_url else f"unix:{self.sockets / media_name}.bus"


def settings_table() -> str:
    """All settings as a Markdown table: what ``docs/settings.md`` shows."""
    rows = ["| variable | default | what |", "| --- | --- | --- |"]
    for name, field in Settings.model_fields.items():
        default = "" if field.default in (None, "", []) else f"`{field.default}`"
        rows.append(f"| `MOOTHALL_{name.upper()}` | {default} | {field.description} |")
    return "\n".join(rows) + "\n"
