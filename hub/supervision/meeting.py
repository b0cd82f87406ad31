"""The media processes of one meeting: studio, packager and recorder."""

import asyncio
import shutil
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path

import structlog

from hub.domain.ports import Equipment
from hub.domain.services.stream_keys import CHAMBER
from hub.settings import Settings
from hub.supervision.alarms import of_packager, of_recorder, of_studio
from hub.supervision.ears import Ears
from hub.supervision.equipment import equipment_of
from hub.supervision.looks import Looks
from hub.supervision.on_air import OnAir
from hub.supervision.packaging import PackagerReports
from hub.supervision.plans import Places, StudioWishes, packager_plan, recorder_plan, studio_plan
from hub.supervision.presentation import Presentation
from hub.supervision.process import MediaProcess
from media.clock import SystemClock
from media.config import ProcessConfig, StudioConfig
from media.control.alarm import Alarm
from media.control.command import Disconnected, Event, Refused
from media.control.feeds import FeedRefused
from media.control.recorder import (
    FinishPackaging,
    FinishRecording,
    GetPackagerStatus,
    GetRecorderStatus,
    PackagerChanged,
    PackagerStatus,
    RecorderChanged,
    RecorderStatus,
)
from media.control.studio import (
    GateStatus,
    GetStatus,
    LevelsMeasured,
    SetDelay,
    SetGate,
    StatusChanged,
    Stop,
    StudioStatus,
)
from media.gate.wish import Wish, Wishes

log = structlog.get_logger(__name__)

LOOK = "look.json"
REFUSALS_KEPT = 10
CUT_DEADLINE = 1.0
"""Seconds a studio has to say that it cut, before the cut is left for it on disk as well."""
LONGEST_DELAY = 61.0
FINISH_DEADLINE = 8.0
RECORDED_WITHIN = 1.0
"""Seconds that the recording may lack of the rewind window for it to go."""


class MeetingMedia:
    """Owns the processes of one meeting and remembers what they last said."""

    def __init__(
        self,
        ref: str,
        settings: Settings,
        wishes: StudioWishes,
        changed: Callable[[str], None],
        measured: Callable[[str, LevelsMeasured], None] = lambda ref, levels: None,
    ) -> None:
        self.ref = ref
        self.name = settings.media_name(ref)
        self.rehearsal = wishes.rehearsal
        self.status: StudioStatus | None = None
        self.recording: RecorderStatus | None = None
        self._reports = PackagerReports(SystemClock())
        self.refusals: deque[str] = deque(maxlen=REFUSALS_KEPT)
        self.ears = Ears()
        self._settings = settings
        self._changed = changed
        self._measured = measured
        self._met = False
        self._goodbye: asyncio.Task[None] | None = None
        self._places = Places.of(settings, ref)
        self.studio = MediaProcess(
            replace(
                studio_plan(settings, self._places, wishes),
                on_event=self._hear,
                on_connect=self._studio_connected,
                on_change=self._process_changed,
                on_start=self._next_studio,
            )
        )
        self.on_air = OnAir(self.studio, self._told)
        self.looks = Looks(self.studio, self.directory / LOOK)
        self.presentation = Presentation(self.directory)
        self.packager: MediaProcess | None = None
        self.recorder: MediaProcess | None = None

    @property
    def packaging(self) -> PackagerStatus | None:
        """The live edge of LL-HLS."""
        return self._reports.status

    @property
    def hls_socket(self) -> Path:
        """The packager's HTTP origin."""
        return self._places.hls_socket

    @property
    def journal(self) -> Path:
        """The gate's journal."""
        return self._places.journal

    @property
    def directory(self) -> Path:
        """Journal, rewind window and recording of this meeting."""
        return self._places.directory

    async def start_recording(self) -> None:
        """Start packager and recorder, and wait until both answer. Of a rehearsal nothing is kept."""
        if self.rehearsal:
            return
        if self.packager is None:
            packager = packager_plan(self._settings, self._places)
            self.packager = MediaProcess(
                replace(
                    packager,
                    on_event=self._hear,
                    on_connect=self._packager_connected,
                    on_change=self._process_changed,
                )
            )
            self.packager.start()
        if self.recorder is None:
            recorder = recorder_plan(self._settings, self._places)
            self.recorder = MediaProcess(
                replace(recorder, on_event=self._hear, on_change=self._process_changed)
            )
            self.recorder.start()
        packaging, self.recording = await asyncio.gather(
            self.packager.call(GetPackagerStatus()), self.recorder.call(GetRecorderStatus())
        )
        self._reports.put(packaging)

    async def move_gate(self, command: SetGate | SetDelay) -> None:
        """Tell the studio, and know at once what became of it. Raises ``Refused`` and ``Disconnected``."""
        self._know(await self.studio.call(command))

    async def cut(self, command: SetGate) -> None:
        """Close the gate. Without an answer the cut is put where the studio looks before its next picture.

        A studio that is being started is given time to say that it did; then it is enough that the cut lies
        on disk. Raises ``Refused``, and ``Disconnected`` when neither was possible.
        """
        if self.studio.connected:
            try:
                self._know(await self.studio.call(command, CUT_DEADLINE))
            except Disconnected:
                log.warning("cut_not_answered", meeting=self.ref)
            else:
                return
        await self._wish(command)
        try:
            self._know(await self.studio.call(command))
        except Disconnected:
            log.warning("cut_left_on_disk", meeting=self.ref)

    async def drained(self) -> None:
        """Wait until the public have seen all that the broadcast delay still lets out."""
        status = await self.studio.call(GetStatus())
        left = status.gate.held_until_ms / 1000 - SystemClock().wall()
        if left > 0:
            await asyncio.sleep(min(left + 0.1, LONGEST_DELAY))

    async def _wish(self, command: SetGate) -> None:
        wish = Wish(
            state=command.state,
            slate=command.slate,
            reason=command.reason,
            by=command.by,
            even_if_closed=True,
        )
        try:
            await asyncio.to_thread(Wishes(self.journal).put, wish)
        except OSError as error:
            log.error("cut_not_written", meeting=self.ref, error=str(error))
            raise Disconnected(f"Neither the studio nor the disk takes the cut: {error}") from error

    def _told(self, status: StudioStatus) -> None:
        self.status = status

    def _know(self, gate: GateStatus) -> None:
        if self.status is not None:
            self.status = self.status.model_copy(update={"gate": gate})

    async def close_speaker(self, speaker: str) -> None:
        """Hang up on somebody, and forget where they were to be seen."""
        self.looks.forget(speaker)
        await self.on_air.close(speaker)

    async def finish(self) -> None:
        """End what writes, then the studio. Returns when all is on disk.

        The packager stays some seconds longer for players that still ask. Then the rewind window goes, if all
        of it is in the recording.
        """
        await self.drained()
        recorded = asyncio.Event()
        try:
            if self.packager is not None:
                packaged = await self.packager.dismiss(FinishPackaging(), FINISH_DEADLINE)
                goodbye = self._take_leave(self.packager, packaged, recorded)
                self._goodbye = asyncio.create_task(goodbye, name=f"goodbye of {self.ref}")
            if self.recorder is not None:
                status = await self.recorder.dismiss(FinishRecording(), FINISH_DEADLINE)
                self.recording = status or self.recording
                await self.recorder.stop()
        finally:
            recorded.set()
        await self.studio.dismiss(Stop())
        await self.studio.stop()
        self.status = None

    async def _take_leave(
        self, packager: MediaProcess, packaged: PackagerStatus | None, recorded: asyncio.Event
    ) -> None:
        await packager.stop()
        await recorded.wait()
        if packaged is None or self.recording is None or not self.recording.healthy:
            return
        if self.recording.last_seconds < packaged.last_seconds - RECORDED_WITHIN:
            return
        try:
            await asyncio.to_thread(shutil.rmtree, self._places.rewind)
        except OSError as error:
            log.warning("rewind_window_not_removed", meeting=self.ref, error=str(error))

    @property
    def leaving(self) -> bool:
        """Whether the packager of a finished meeting is still there."""
        return self._goodbye is not None and not self._goodbye.done()

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

    def alarms(self) -> list[Alarm]:
        """What is wrong now: what it is, whether the public still see, what happens next."""
        return [
            *of_studio(self.status, connected=self.studio.connected),
            *self._packager_alarms(),
            *(
                of_recorder(self.recording, connected=self.recorder.connected)
                if self.recorder is not None
                else ()
            ),
        ]

    def _packager_alarms(self) -> Iterable[Alarm]:
        if self.packager is None or self._goodbye is not None:
            return ()
        return of_packager(
            self.packaging,
            connected=self.packager.connected,
            fed=self.studio.connected,
            silent=self._reports.silent_seconds,
        )

    def equipment(self, disk_hours: float) -> Equipment:
        """What is there for the meeting to go live."""
        return equipment_of(
            self.status,
            connected=self.studio.connected,
            sound=self.ears.sound(CHAMBER),
            recording=self.recording,
            disk_hours=disk_hours,
        )

    def _next_studio(self, config: ProcessConfig) -> ProcessConfig:
        """One that finds no journal has the delay of the studio before it, or a longer one."""
        if self.status is None or not isinstance(config, StudioConfig):
            return config
        delay = max(config.delay_seconds, self.status.gate.delay_seconds)
        return config.model_copy(update={"delay_seconds": delay})

    async def _studio_connected(self) -> None:
        if self.status is None:
            self.status = await self.studio.call(GetStatus())
        if not self._met and self.studio.adopted:
            self.on_air.learn(self.status)
            await self.looks.learn(self.status)
            self.presentation.learn(self.status)
        else:
            before = self.status
            await self.looks.reassert()
            await self.on_air.reassert()
            await self.presentation.reassert(self.studio, before)
        self._met = True
        self._changed(self.ref)

    async def _packager_connected(self) -> None:
        """Of the one before it nothing holds any more, least of all how long it had been silent."""
        if self.packager is not None:
            self._reports.put(await self.packager.call(GetPackagerStatus()))
            self._changed(self.ref)

    def _process_changed(self) -> None:
        self._changed(self.ref)

    def _hear(self, event: Event) -> None:
        if isinstance(event, LevelsMeasured):
            self.ears.put(event)
            self._measured(self.ref, event)
            return
        if isinstance(event, StatusChanged):
            self.status = event.status
        elif isinstance(event, RecorderChanged):
            self.recording = event.status
        elif isinstance(event, PackagerChanged):
            self._reports.put(event.status)
        elif isinstance(event, FeedRefused):
            self.refuse(event.sentence)
        self._changed(self.ref)

    def refuse(self, sentence: str) -> None:
        """Remember for the console that a publisher was turned away."""
        self.refusals.appendleft(sentence)


NO_MEETING = Refused("no_meeting", "This meeting is not being streamed now.")
