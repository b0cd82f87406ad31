"""The engine: every media process of this hub behind one object, as ``media.client.Engine`` promises."""

import asyncio
import base64
from collections.abc import AsyncIterator, Awaitable, Callable, Collection
from pathlib import Path

import structlog

from hub.domain.ports import Equipment
from hub.settings import Settings
from hub.supervision.alarms import of_disk
from hub.supervision.equipment import disk_hours
from hub.supervision.ingest import IngestDoor
from hub.supervision.meeting import NO_MEETING, MeetingMedia
from hub.supervision.plans import RECORDING, Places, StudioWishes
from hub.supervision.presentation import Presentation
from hub.supervision.process import CONNECT_DEADLINE
from hub.supervision.relays import Relays
from hub.supervision.watch import Changes, NewestLevels
from media.client.engine import Audio, Document, EngineSnapshot, Rendition, Role
from media.clock import SystemClock
from media.control.captions import SayCaption
from media.control.feeds import Answer, CloseFeed, OpenFeed, OpenSpeaker, Patched, PatchFeed
from media.control.ingest import StreamKey
from media.control.picture import LayoutName, PageStatus, TakePicture, Transition
from media.control.studio import (
    AdmitPrivately,
    GateState,
    GetStatus,
    LevelsMeasured,
    SetDelay,
    SetGate,
    SlateText,
)

log = structlog.get_logger(__name__)

CAPTION_DEADLINE = 2.0
"""Seconds. A line that comes later than that belongs to no picture any more."""

KeysOf = Callable[[list[str]], Awaitable[dict[str, dict[str, str]]]]
"""Meeting refs → {ref: {key: source}}, from the database."""


class ProcessEngine:
    """Starts, finds and ends media processes, and passes commands on to the right one."""

    def __init__(self, settings: Settings, keys_of: KeysOf, *, generated_feed: bool = False) -> None:
        self.settings = settings
        self._generated_feed = generated_feed
        self._keys_of = keys_of
        self._meetings: dict[str, MeetingMedia] = {}
        self._awaited: set[str] = set()
        self._finished: list[MeetingMedia] = []
        self._watch = Changes()
        self._levels = NewestLevels()
        self._relays = Relays(settings, SystemClock(), self._viewers_changed, self._all_changed)
        self._ingest = IngestDoor(settings, self._ingest_keys, self._publisher_refused, self._all_changed)

    async def start(self, awaited: Collection[str] = ()) -> None:
        """Start what serves all meetings. Each meeting's own processes come with ``open_room``.

        ``awaited``: meetings that run already. Until they are taken up, their encoders stay connected.
        """
        self._awaited.update(awaited)
        self.settings.sockets.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._relays.start()
        self._ingest.start()

    async def close(self, *, leave_running: bool) -> None:
        """Let go of all processes, or end them."""
        meetings = list(self._meetings.values())
        await asyncio.gather(*(one.let_go() if leave_running else one.stop() for one in meetings))
        await asyncio.gather(*(one.gone() for one in self._finished))
        await self._ingest.close(leave_running=leave_running)
        await self._relays.close(leave_running=leave_running)

    # What the domain asks for, through hub.supervision.studio_port

    async def open_room(self, ref: str, slate: SlateText, *, rehearsal: bool) -> int:
        """Start or adopt the studio; gives the epoch in Unix milliseconds. Raises ``Refused``."""
        media = self._meetings.get(ref)
        if media is None:
            Places.of(self.settings, ref).check()
            media = MeetingMedia(
                ref,
                self.settings,
                StudioWishes(slate, self._generated_feed, rehearsal),
                self._watch.touch,
                self._levels.put,
            )
            media.directory.mkdir(parents=True, exist_ok=True)
            self._meetings[ref] = media
            self._awaited.discard(ref)
            media.studio.start()
        status = await media.studio.call(GetStatus(), CONNECT_DEADLINE)
        media.status = status
        await self._ingest.refresh()
        return status.epoch_ms

    async def start_recording(self, ref: str) -> None:
        """Start packager and recorder of a meeting."""
        await self.media(ref).start_recording()

    async def open_gate(self, ref: str, slate: SlateText, *, by: str, reason: str) -> None:
        """Let the public see; carries the confirmation that the domain has asked for."""
        await self.media(ref).move_gate(
            SetGate(state=GateState.OPEN, slate=slate, by=by, reason=reason, confirmed=True)
        )

    async def cut(
        self, ref: str, state: GateState, slate: SlateText, *, by: str, reason: str, drop: bool | None
    ) -> None:
        """Close the gate, or write down that it must be closed when the studio does not answer."""
        await self.media(ref).cut(SetGate(state=state, slate=slate, by=by, reason=reason, drop=drop))

    async def set_delay(self, ref: str, seconds: int) -> None:
        """Choose the broadcast delay."""
        await self.media(ref).move_gate(SetDelay(seconds=seconds))

    async def admit_privately(self, ref: str, speakers: list[str]) -> None:
        """The whole list of who takes part in the private session."""
        await self.media(ref).studio.call(AdmitPrivately(speakers=speakers))

    def was_private(self, ref: str) -> bool:
        """Whether there was a private session since the gate was last open; yes when nobody can say."""
        media = self._meetings.get(ref)
        return media is None or media.status is None or media.status.gate.secret

    def seen_at_ms(self, ref: str, now_ms: int) -> int:
        """When the public see what happens now."""
        media = self._meetings.get(ref)
        gate = media.status.gate if media is not None and media.status is not None else None
        if gate is None:
            return now_ms
        if gate.state is GateState.OPEN:
            return now_ms + gate.delay_seconds * 1000
        return max(now_ms, gate.held_until_ms)

    async def set_on_air(self, ref: str, speakers: list[str]) -> None:
        """The whole list of who is heard and seen."""
        await self.media(ref).on_air.put(speakers)

    async def close_speaker(self, ref: str, speaker: str) -> None:
        """Hang up on a remote speaker."""
        await self.media(ref).close_speaker(speaker)

    async def set_layout(
        self, ref: str, layout: LayoutName | None, transition: Transition = "dissolve"
    ) -> None:
        """Override the layout or let it follow."""
        await self.media(ref).looks.set_layout(layout, transition)

    async def set_caption(self, ref: str, source: str, text: str) -> None:
        """The name in the picture of a source; "" for none."""
        await self.media(ref).looks.set_caption(source, text)

    async def rename_speaker(self, ref: str, speaker: str, name: str, caption: str) -> None:
        """Another name for a remote speaker; ``caption`` "": they have none in the picture."""
        media = self.media(ref)
        if caption:
            await media.looks.set_caption(speaker, caption)
        await media.on_air.name(speaker, name)

    async def show_captions(self, ref: str, visible: bool) -> None:
        """Whether names stand in the picture."""
        await self.media(ref).looks.show_captions(visible)

    async def show_page(self, ref: str, page: int) -> PageStatus:
        """Show a page of the meeting's document."""
        media = self.media(ref)
        shown = await media.presentation.show(media.studio, page)
        media.status = await media.studio.call(GetStatus())
        return shown

    async def turn_page(self, ref: str, by: int) -> PageStatus:
        """Show the page that is so many on from the one that is shown."""
        media = self.media(ref)
        now = media.status.page if media.status is not None else None
        return await self.show_page(ref, (now.page if now is not None else 0) + by)

    async def stop_presentation(self, ref: str) -> None:
        """Show no page."""
        media = self.media(ref)
        await media.presentation.stop(media.studio)

    async def equipment(self, ref: str) -> Equipment:
        """What is there for the meeting to go live."""
        hours = await asyncio.to_thread(disk_hours, self.settings.data_dir)
        media = self._meetings.get(ref)
        return Equipment("closed", disk_hours=hours) if media is None else media.equipment(hours)

    def epoch_ms(self, ref: str) -> int | None:
        """The meeting's media epoch, once its studio has said it."""
        media = self._meetings.get(ref)
        return media.status.epoch_ms if media is not None and media.status is not None else None

    async def finish(self, ref: str) -> None:
        """End recording, packaging and studio, and send the viewers away."""
        media = self.media(ref)
        await media.finish()
        self._finished = [media for media in self._finished if media.leaving]
        self._finished.append(self._meetings.pop(ref))
        await self._relays.drop(media.name)
        await self._ingest.refresh()
        self._watch.touch(ref)

    # media.client.Engine

    async def open_feed(self, ref: str, source: str, sdp: str, label: str) -> Answer:
        return await self.media(ref).studio.call(OpenFeed(source=source, sdp=sdp, label=label), 15.0)

    async def patch_feed(self, ref: str, session: str, fragment: str, tags: list[str]) -> Patched:
        command = PatchFeed(session=session, fragment=fragment, tags=tags)
        return await self.media(ref).studio.call(command)

    async def close_feed(self, ref: str, session: str) -> None:
        await self.media(ref).studio.call(CloseFeed(session=session))

    async def say_caption(self, ref: str, text: str, seconds: float | None, said_ms: int) -> None:
        command = SayCaption(text=text, seconds=seconds, said_ms=said_ms)
        await self.media(ref).studio.call(command, CAPTION_DEADLINE)

    def note_refusal(self, ref: str, sentence: str) -> None:
        media = self._meetings.get(ref)
        if media is not None:
            media.refuse(sentence)
            self._watch.touch(ref)

    async def open_viewer(
        self,
        ref: str,
        sdp: str,
        audio: Audio = "floor",
        rendition: Rendition = "auto",
        caller: str = "",
    ) -> Answer:
        media = self.media(ref)
        if media.rehearsal:
            raise NO_MEETING
        return await self._relays.open_viewer(media.name, sdp, audio, rendition, caller)

    async def patch_viewer(self, session: str, fragment: str, tags: list[str]) -> Patched:
        return await self._relays.patch_viewer(session, fragment, tags)

    async def close_viewer(self, session: str) -> None:
        await self._relays.close_viewer(session)

    async def open_speaker(
        self, ref: str, speaker: int | str, label: str, sdp: str, role: Role = "speaker"
    ) -> Answer:
        media = self.media(ref)
        command = OpenSpeaker(speaker=str(speaker), label=label, sdp=sdp, role=role)
        answer = await media.studio.call(command, 15.0)
        await media.on_air.reassert()
        return answer

    def studio_session(self, ref: str) -> int | None:
        media = self._meetings.get(ref)
        return media.status.session if media is not None and media.status is not None else None

    async def keep_document(self, ref: str, upload: Path, title: str) -> Document:
        document = await self._presentation(ref).keep(upload, title)
        self._watch.touch(ref)
        return document

    async def picture(self, ref: str, of: str, width: int = 640) -> bytes:
        picture = await self.media(ref).studio.call(TakePicture(of=of, width=width))
        return base64.b64decode(picture.jpeg)

    def hls_socket(self, ref: str) -> Path | None:
        media = self._meetings.get(ref)
        return media.hls_socket if media is not None and media.packager is not None else None

    def late_hls_socket(self, ref: str) -> Path | None:
        return next((media.hls_socket for media in self._finished if media.ref == ref), None)

    def recording(self, ref: str) -> Path:
        return self.settings.meeting_dir(ref) / RECORDING

    async def snapshot(self, ref: str) -> EngineSnapshot:
        media = self._meetings.get(ref)
        kept = self._presentation(ref).document
        document = None if kept is None else Document(title=kept.title, pages=kept.pages)
        if media is None:
            return EngineSnapshot(
                studio=None, recorder=None, viewers=0, alarms=[], refusals=[], document=document
            )
        hours = await asyncio.to_thread(disk_hours, self.settings.data_dir)
        return EngineSnapshot(
            studio=media.status,
            recorder=media.recording,
            packager=media.packaging,
            viewers=self._relays.viewers(media.name),
            alarms=[*media.alarms(), *of_disk(hours), *self._relays.alarms(), *self._ingest.alarms()],
            refusals=list(media.refusals),
            document=document,
            disk_hours=round(hours, 1),
        )

    def levels(self) -> AsyncIterator[tuple[str, LevelsMeasured]]:
        return self._levels.follow()

    def changes(self) -> AsyncIterator[str]:
        return self._watch.changes()

    # Inside

    def _presentation(self, ref: str) -> Presentation:
        media = self._meetings.get(ref)
        return media.presentation if media is not None else Presentation(self.settings.meeting_dir(ref))

    def media(self, ref: str) -> MeetingMedia:
        """The processes of a meeting that has a studio. Raises ``Refused`` with ``no_meeting``."""
        try:
            return self._meetings[ref]
        except KeyError:
            raise NO_MEETING from None

    def running(self, ref: str) -> bool:
        """Whether the meeting has a studio."""
        return ref in self._meetings

    async def encoder_ports(self) -> tuple[int, int]:
        """The RTMP and the SRT port in use."""
        return await self._ingest.ports()

    async def _ingest_keys(self) -> list[StreamKey]:
        keys = await self._keys_of([*self._meetings, *self._awaited])
        return [
            StreamKey(key=key, source=source, feeds_socket=str(Places.of(self.settings, ref).feeds_socket))
            for ref, sources in keys.items()
            for key, source in sources.items()
            if ref in self._meetings or ref in self._awaited
        ]

    def _publisher_refused(self, sentence: str) -> None:
        for media in self._meetings.values():
            media.refuse(sentence)
            self._watch.touch(media.ref)

    def _all_changed(self) -> None:
        for ref in self._meetings:
            self._watch.touch(ref)

    def _viewers_changed(self, media_name: str) -> None:
        for media in self._meetings.values():
            if media.name == media_name:
                self._watch.touch(media.ref)
