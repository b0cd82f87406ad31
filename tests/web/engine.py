"""A small deterministic engine: it keeps what it was asked and answers what the test set."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path

from media.client.engine import Audio, Document, EngineSnapshot, Rendition, Role
from media.control.alarm import Alarm
from media.control.command import Refused
from media.control.feeds import Answer, Patched
from media.control.studio import LevelsMeasured, StudioStatus

ANSWER = "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\nm=video 9 UDP/TLS/RTP/SAVPF 96\r\n"
JPEG = b"\xff\xd8\xff\xe0 not much of a picture \xff\xd9"


@dataclass
class FakeEngine:
    """Implements ``media.client.engine.Engine``."""

    recordings: Path
    says: Exception | None = None
    """Raised by the next calls, when set."""
    socket: Path | None = None
    late_socket: Path | None = None
    studio: StudioStatus | None = None
    """What its studio says."""
    alarms: list[Alarm] = field(default_factory=list)
    session: int | None = None
    """Which studio it is."""
    calls: list[tuple[str, ...]] = field(default_factory=list)
    viewers: set[str] = field(default_factory=set)
    feeds: set[str] = field(default_factory=set)
    callers: list[str] = field(default_factory=list)
    """Addresses that asked for a viewer's session."""
    patch: Patched = field(default_factory=Patched)
    """What becomes of an SDP fragment."""
    fragments: list[tuple[str, tuple[str, ...]]] = field(default_factory=list)
    uploads: list[bytes] = field(default_factory=list)
    refusals: list[tuple[str, str]] = field(default_factory=list)

    def _ask(self, *call: str) -> None:
        self.calls.append(call)
        if self.says is not None:
            raise self.says

    async def open_feed(self, ref: str, source: str, sdp: str, label: str) -> Answer:
        self._ask("open_feed", ref, source, label)
        self.feeds.add("feed-1")
        return Answer(sdp=ANSWER, session="feed-1", etag='"f1"')

    async def close_feed(self, ref: str, session: str) -> None:
        self._ask("close_feed", ref, session)
        if session not in self.feeds:
            raise Refused("no_session", "There is no such session.")
        self.feeds.discard(session)

    async def say_caption(self, ref: str, text: str, seconds: float | None, said_ms: int) -> None:
        self._ask("say_caption", ref, text, str(seconds), str(said_ms))

    def note_refusal(self, ref: str, sentence: str) -> None:
        self.refusals.append((ref, sentence))

    async def patch_feed(self, ref: str, session: str, fragment: str, tags: list[str]) -> Patched:
        self._ask("patch_feed", ref, session)
        self.fragments.append((fragment, tuple(tags)))
        return self.patch

    async def patch_viewer(self, session: str, fragment: str, tags: list[str]) -> Patched:
        self._ask("patch_viewer", session)
        self.fragments.append((fragment, tuple(tags)))
        return self.patch

    async def open_viewer(
        self,
        ref: str,
        sdp: str,
        audio: Audio = "floor",
        rendition: Rendition = "auto",
        caller: str = "",
    ) -> Answer:
        self.callers.append(caller)
        chosen = [choice for choice in (audio, rendition) if choice not in ("floor", "auto")]
        self._ask("open_viewer", ref, *chosen)
        self.viewers.add("viewer-1")
        return Answer(sdp=ANSWER, session="viewer-1", etag='"v1"')

    async def close_viewer(self, session: str) -> None:
        self._ask("close_viewer", session)
        if session not in self.viewers:
            raise Refused("no_session", "There is no such session.")
        self.viewers.discard(session)

    async def open_speaker(
        self, ref: str, speaker: int | str, label: str, sdp: str, role: Role = "speaker"
    ) -> Answer:
        self._ask("open_speaker", ref, str(speaker), label, *([] if role == "speaker" else [role]))
        return Answer(sdp=ANSWER, session=f"speaker-{speaker}", studio=self.session or 0)

    def studio_session(self, ref: str) -> int | None:
        return self.session

    async def keep_document(self, ref: str, upload: Path, title: str) -> Document:
        self._ask("keep_document", ref, title)
        self.uploads.append(upload.read_bytes())
        return Document(title=title, pages=3)

    async def picture(self, ref: str, of: str, width: int = 640) -> bytes:
        self._ask("picture", ref, of, str(width))
        return JPEG

    def hls_socket(self, ref: str) -> Path | None:
        return self.socket

    def late_hls_socket(self, ref: str) -> Path | None:
        return self.late_socket

    def recording(self, ref: str) -> Path:
        return self.recordings / ref

    async def snapshot(self, ref: str) -> EngineSnapshot:
        self._ask("snapshot", ref)
        return EngineSnapshot(studio=self.studio, recorder=None, viewers=0, alarms=self.alarms, refusals=[])

    async def levels(self) -> AsyncIterator[tuple[str, LevelsMeasured]]:
        nothing: tuple[tuple[str, LevelsMeasured], ...] = ()
        for levels in nothing:
            yield levels

    async def changes(self) -> AsyncIterator[str]:
        nothing: tuple[str, ...] = ()
        for ref in nothing:
            yield ref
