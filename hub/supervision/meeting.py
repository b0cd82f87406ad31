"""The media processes of one meeting: studio, packager and recorder."""

import asyncio
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from hub.settings import Settings
from hub.supervision.process import MediaProcess, ProcessPlan
from media.config import PackagerConfig, RecorderConfig, StudioConfig
from media.control.command import Event, Refused
from media.control.recorder import (
    FinishPackaging,
    FinishRecording,
    GetPackagerStatus,
    GetRecorderStatus,
    RecorderChanged,
    RecorderStatus,
)
from media.control.studio import (
    CloseSpeaker,
    FeedRefused,
    GateState,
    GetStatus,
    SetOnAir,
    SlateText,
    StatusChanged,
    Stop,
    StudioStatus,
)

REFUSALS_KEPT = 10
FINISH_DEADLINE = 8.0
SILENCE_DBFS = -50.0


@dataclass(frozen=True)
class StudioWishes:
    """What differs from meeting to meeting."""

    waiting_slate: SlateText
    generated_feed: bool


class MeetingMedia:
    """Owns the processes of one meeting and remembers what they last said."""

    def __init__(
        self, ref: str, settings: Settings, wishes: StudioWishes, changed: Callable[[str], None]
    ) -> None:
        self.ref = ref
        self.name = settings.media_name(ref)
        self.status: StudioStatus | None = None
        self.recording: RecorderStatus | None = None
        self.refusals: deque[str] = deque(maxlen=REFUSALS_KEPT)
        self._settings = settings
        self._changed = changed
        self._on_air: list[str] = []
        self._goodbye: asyncio.Task[None] | None = None
        self.studio = self._make_studio(wishes)
        self.packager: MediaProcess | None = None
        self.recorder: MediaProcess | None = None

    @property
    def feeds_socket(self) -> Path:
        """Where the ingest process brings the bytes of RTMP and SRT encoders."""
        return self._settings.sockets / f"{self.name}.feeds"

    @property
    def hls_socket(self) -> Path:
        """The packager's HTTP origin."""
        return self._settings.sockets / f"{self.name}.hls"

    @property
    def directory(self) -> Path:
        """Journal, rewind window and recording of this meeting."""
        return self._settings.meeting_dir(self.ref)

    async def start_recording(self) -> None:
        """Start packager and recorder, and wait until both answer."""
        if self.packager is None:
            self.packager = self._make_packager()
            self.packager.start()
        if self.recorder is None:
            self.recorder = self._make_recorder()
            self.recorder.start()
        _, self.recording = await asyncio.gather(
            self.packager.call(GetPackagerStatus()), self.recorder.call(GetRecorderStatus())
        )

    async def set_on_air(self, speakers: list[str]) -> None:
        """Put these on air, and remember the wish: one who lost the connection is on air again when back.

        Raises ``Refused`` with ``no_speaker`` when somebody new in the list is not connected.
        """
        here = await self._connected_speakers()
        new = set(speakers) - set(self._on_air)
        await self.studio.call(SetOnAir(speakers=[name for name in speakers if name in here | new]))
        self._on_air = speakers

    async def reassert_on_air(self) -> None:
        """After a studio or a speaker came back: put on air again whoever should be and is connected."""
        here = await self._connected_speakers()
        wanted = [name for name in self._on_air if name in here]
        if self.status is not None and wanted != self.status.on_air:
            await self.studio.call(SetOnAir(speakers=wanted))

    async def close_speaker(self, speaker: str) -> None:
        """Hang up. Somebody who has left already is as good as hung up on."""
        try:
            await self.studio.call(CloseSpeaker(speaker=speaker))
        except Refused as refusal:
            if refusal.code != "no_speaker":
                raise

    async def _connected_speakers(self) -> set[str]:
        self.status = await self.studio.call(GetStatus())
        return {feed.source for feed in self.status.feeds if feed.kind == "speaker" and feed.state != "gone"}

    async def finish(self) -> None:
        """End what writes, then the studio. Returns when all is on disk.

        The packager stays some seconds longer for players that still ask.
        """
        if self.packager is not None:
            await self.packager.dismiss(FinishPackaging(), FINISH_DEADLINE)
            self._goodbye = asyncio.create_task(self.packager.stop(), name=f"goodbye of {self.ref}")
        if self.recorder is not None:
            self.recording = await self.recorder.dismiss(FinishRecording(), FINISH_DEADLINE) or self.recording
            await self.recorder.stop()
        await self.studio.dismiss(Stop())
        await self.studio.stop()
        self.status = None

    async def gone(self) -> None:
        """Wait until the last process of a finished meeting has left."""
        if self._goodbye is not None:
            await self._goodbye

    async def let_go(self) -> None:
        """The hub goes; the meeting goes on."""
        await asyncio.gather(*(process.let_go() for process in self._processes))

    async def stop(self) -> None:
        """End everything by signal, leaving the meeting as it stands on disk."""
        await asyncio.gather(*(process.stop() for process in self._processes))

    @property
    def _processes(self) -> list[MediaProcess]:
        return [process for process in (self.studio, self.packager, self.recorder) if process is not None]

    def alarms(self) -> list[str]:
        """Sentences about what is wrong now: what it is, whether the public still see, what happens next."""
        found = []
        if not self.studio.connected:
            found.append(
                "The studio is being restarted. The public see the last picture; it comes back by itself."
            )
        elif self.status is not None:
            found += [feed.sentence for feed in self.status.feeds if feed.state in ("stalled", "refused")]
            if self.status.gate.state is GateState.TECHNICAL:
                found.append(
                    f"The public see the slate “{self.status.gate.slate.title}”. When all is ready, press "
                    "Return to public; after a fault of the studio, press Cut first."
                )
            if self.status.gate.state is GateState.OPEN and self.status.programme_dbfs < SILENCE_DBFS:
                found.append(
                    "The programme is silent. Check the chamber’s sound desk; the public hear nothing."
                )
        if self.packager is not None and not self.packager.connected:
            found.append(
                "Viewing by HLS is being started again. Its viewers wait some seconds; WebRTC goes on."
            )
        if self.recorder is not None and not self.recorder.connected:
            found.append("The recorder is being restarted. What was said until a second before is safe.")
        elif self.recording is not None and not self.recording.healthy:
            found.append(self.recording.sentence)
        return found

    def _make_studio(self, wishes: StudioWishes) -> MediaProcess:
        settings = self._settings
        config = StudioConfig(
            control_socket=settings.sockets / f"{self.name}.studio",
            linger_seconds=settings.linger_seconds,
            meeting=self.name,
            bus_url=settings.bus_url(self.name),
            feeds_socket=self.feeds_socket,
            journal=self.directory / "gate.jsonl",
            council=settings.council,
            colour=settings.colour,
            waiting_slate=wishes.waiting_slate,
            generated_feed=wishes.generated_feed,
            media_address=settings.media_address or settings.host,
            ice_servers=settings.ice_servers,
        )
        return MediaProcess(
            ProcessPlan(
                name=f"{self.name}.studio",
                module="media.studio",
                config=config,
                folder=settings.sockets,
                health=GetStatus(),
                events=(StatusChanged, FeedRefused),
                on_event=self._hear,
                on_connect=self._studio_connected,
                on_change=self._process_changed,
            )
        )

    def _make_packager(self) -> MediaProcess:
        settings = self._settings
        config = PackagerConfig(
            control_socket=settings.sockets / f"{self.name}.packager",
            linger_seconds=settings.linger_seconds,
            meeting=self.name,
            bus_url=settings.bus_url(self.name),
            directory=self.directory / "hls",
            http_socket=self.hls_socket,
            window_seconds=settings.rewind_seconds,
        )
        plan = ProcessPlan(
            f"{self.name}.packager", "media.hls", config, settings.sockets, GetPackagerStatus()
        )
        plan.on_change = self._process_changed
        return MediaProcess(plan)

    def _make_recorder(self) -> MediaProcess:
        settings = self._settings
        config = RecorderConfig(
            control_socket=settings.sockets / f"{self.name}.recorder",
            linger_seconds=settings.linger_seconds,
            meeting=self.name,
            bus_url=settings.bus_url(self.name),
            directory=self.directory / "recording",
        )
        plan = ProcessPlan(
            f"{self.name}.recorder", "media.recorder", config, settings.sockets, GetRecorderStatus()
        )
        plan.events = (RecorderChanged,)
        plan.on_event = self._hear
        plan.on_change = self._process_changed
        return MediaProcess(plan)

    async def _studio_connected(self) -> None:
        if self.status is None:
            self.status = await self.studio.call(GetStatus())
            self._on_air = list(self.status.on_air)
        else:
            await self.reassert_on_air()
        self._changed(self.ref)

    def _process_changed(self) -> None:
        self._changed(self.ref)

    def _hear(self, event: Event) -> None:
        if isinstance(event, StatusChanged):
            self.status = event.status
        elif isinstance(event, RecorderChanged):
            self.recording = event.status
        elif isinstance(event, FeedRefused):
            self.refuse(event.sentence)
        self._changed(self.ref)

    def refuse(self, sentence: str) -> None:
        """Remember for the console that a publisher was turned away."""
        self.refusals.appendleft(sentence)


NO_MEETING = Refused("no_meeting", "This meeting is not being streamed now.")
