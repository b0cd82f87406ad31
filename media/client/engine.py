"""What pages and sockets may ask of the media processes."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Literal, Protocol, TypeAlias

from media.control.alarm import Alarm
from media.control.command import Message
from media.control.feeds import Answer, Patched, SpeakerRole
from media.control.recorder import PackagerStatus, RecorderStatus
from media.control.studio import LevelsMeasured, StudioStatus


class Document(Message):
    """The document that was uploaded for a meeting last."""

    title: str
    pages: int


Audio: TypeAlias = Literal["floor", "interpreted"]
Rendition: TypeAlias = Literal["auto", "360p", "sound"]
Role: TypeAlias = SpeakerRole


class EngineSnapshot(Message):
    """Everything the console shows of one meeting's media. The ``/console`` event ``engine`` carries it."""

    studio: StudioStatus | None
    recorder: RecorderStatus | None
    viewers: int
    alarms: list[Alarm]
    """What is wrong now, and what to do."""
    refusals: list[str]
    """The last publishers that were turned away, newest first, each with its reason."""
    document: Document | None = None
    """What can be shown page by page; which page is shown says the studio."""
    packager: PackagerStatus | None = None
    """The live edge of LL-HLS; None while it is not made."""
    disk_hours: float | None = None
    """How much recording still fits on the disk; None for a meeting that has no studio."""


class Engine(Protocol):
    """The processes, by meeting ref.

    Every call raises ``Refused`` (a stable code and a sentence) when a process says no, and ``Disconnected``
    when it is not there.
    """

    async def open_feed(self, ref: str, source: str, sdp: str, label: str) -> Answer:
        """WHIP: a publisher's offer. Refused codes: ``bad_offer``, ``no_meeting``."""

    async def patch_feed(self, ref: str, session: str, fragment: str, tags: list[str]) -> Patched:
        """WHIP: candidates of a publisher. ``tags``: the entity tags it names, ``*`` for any.

        Refused codes: ``no_session``, ``bad_fragment``, ``stale``, ``no_restart``.
        """

    async def close_feed(self, ref: str, session: str) -> None:
        """End a WHIP session. Refused code: ``no_session``."""

    async def say_caption(self, ref: str, text: str, seconds: float | None, said_ms: int) -> None:
        """A captioner's line. ``said_ms``: Unix milliseconds of its first words, or of when it came here.

        Refused codes: ``no_captions``, ``not_public``, ``too_soon``, ``too_many``, ``no_meeting``. None of
        these lines may be given again.
        """

    def note_refusal(self, ref: str, sentence: str) -> None:
        """Let the console of a running meeting show that a publisher was turned away, and why."""

    async def open_viewer(
        self,
        ref: str,
        sdp: str,
        audio: Audio = "floor",
        rendition: Rendition = "auto",
        caller: str = "",
    ) -> Answer:
        """WHEP: a player's offer. ``interpreted`` is the floor, too, wherever there is no interpreter.

        ``rendition``: the most that is sent; less by itself where the line is too narrow.
        ``caller``: the address that asks; sessions of one neighbourhood are bounded.

        Refused codes: ``bad_offer``, ``full``, ``too_many``, ``no_programme``, ``no_meeting``.
        """

    async def patch_viewer(self, session: str, fragment: str, tags: list[str]) -> Patched:
        """WHEP: candidates of a player, or an ICE restart. ``tags``: the entity tags it names, ``*`` for any.

        Refused codes: ``no_session``, ``bad_fragment``, ``stale``, ``too_many``.
        """

    async def close_viewer(self, session: str) -> None:
        """End a WHEP session. Refused code: ``no_session``."""

    async def open_speaker(
        self, ref: str, speaker: int | str, label: str, sdp: str, role: Role = "speaker"
    ) -> Answer:
        """The offer of a remote speaker, interpreter, signer or presenter.

        ``speaker``: their name towards the studio.

        Refused codes: ``bad_offer``, ``no_meeting``; ``no_language`` for an interpreter in a meeting without
        an interpreted language.
        """

    def studio_session(self, ref: str) -> int | None:
        """Which studio works for a meeting: another number when another one took over, None before the first.

        The connections of those who take part end with a studio; ``Answer.studio`` says which one theirs is.
        """

    async def keep_document(self, ref: str, upload: Path, title: str) -> Document:
        """Check a PDF and keep a copy for the meeting. Refused code: ``bad_document``."""

    async def picture(self, ref: str, of: str, width: int = 640) -> bytes:
        """A JPEG of ``public``, ``programme`` or a source. Refused code: ``no_picture``."""

    def hls_socket(self, ref: str) -> Path | None:
        """The Unix socket of the meeting's LL-HLS origin while it is live."""

    def late_hls_socket(self, ref: str) -> Path | None:
        """The same for the seconds after the end, for players that are that far behind."""

    def recording(self, ref: str) -> Path:
        """The directory of the meeting's recording; it need not exist."""

    async def snapshot(self, ref: str) -> EngineSnapshot:
        """The present state."""

    def levels(self) -> AsyncIterator[tuple[str, LevelsMeasured]]:
        """Levels with the meeting's ref, ten times a second each; only the newest. One iterator a caller."""

    def changes(self) -> AsyncIterator[str]:
        """Refs of meetings whose snapshot changed, at most four times a second. One iterator a caller."""
