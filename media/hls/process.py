"""The packager process: bus in, LL-HLS out, segments on disk, commands from the hub."""

import asyncio
import hashlib
import secrets
import signal
from collections.abc import Callable
from contextlib import suppress
from functools import partial

import structlog
from aiohttp import web

from media.access_unit import VIDEO_CLOCK, Track
from media.bus import BusAddress, Subscription, subscribe
from media.clock import Clock, SystemClock
from media.config import PackagerConfig
from media.control.channel import ControlServer
from media.control.recorder import FinishPackaging, GetPackagerStatus, PackagerChanged, PackagerStatus
from media.formats.fragmenter import Fragment
from media.formats.h264 import ParameterSets, read_sps
from media.hls.captions import Captions
from media.hls.edge import Edge
from media.hls.library import Library
from media.hls.origin import Origin
from media.hls.segmenter import Output, Segmenter, SegmentStart
from media.hls.store import SegmentStore
from media.hls.window import Format, Segment, Window
from media.recorder.linger import Linger

log = structlog.get_logger(__name__)

JOBS_WAITING = 90
"""Jobs that may wait for a slow disk, three for each segment: a minute."""
CHECK_SECONDS = 1.0
FAREWELL_SECONDS = 4.0
"""Two target durations: so long the ended playlists stay, for players that ask for them by the clock."""


class Packager:
    """Owns the window of one meeting and its tasks: reading the bus, storing, HTTP, the control channel."""

    def __init__(
        self,
        config: PackagerConfig,
        subscription: Subscription,
        clock: Clock,
        run: str,
        farewell: float = FAREWELL_SECONDS,
    ) -> None:
        self._config = config
        self._farewell = farewell
        self._subscription = subscription
        self._linger = Linger(config.linger_seconds, clock)
        self._store = SegmentStore(config.directory)
        segments = self._store.load()
        self._window = Window(
            config.window_seconds, run, segments, config.interpreted_language, config.captions_language
        )
        self._captions = Captions()
        self._begun = 0
        self._library = Library(self._window)
        self._segmenter = Segmenter(
            bool(segments), self._window.end_ms, config.interpreted_language is not None
        )
        self._edge = Edge()
        self._jobs: asyncio.Queue[Callable[[], None] | None] = asyncio.Queue(JOBS_WAITING)
        self._last_seconds = 0.0
        self._clock = clock
        self._newest_at: float | None = None
        self._stop = asyncio.Event()
        self._reading: asyncio.Task[None] | None = None
        self._control = ControlServer(
            config.control_socket,
            {GetPackagerStatus: self._get_status, FinishPackaging: self._finish_packaging},
        )

    def stop(self) -> None:
        """Store what is in hand and let ``run`` return; a later start goes on from there."""
        self._stop.set()

    @property
    def status(self) -> PackagerStatus:
        """The live edge."""
        age = None if self._newest_at is None else round(self._clock.monotonic() - self._newest_at, 1)
        return PackagerStatus(
            segments=len(self._window.segments), last_seconds=self._last_seconds, age_seconds=age
        )

    async def run(self) -> None:
        """Package until ``stop``, ``FinishPackaging`` or the end of the linger time. Raises ``OSError``."""
        origin = Origin(self._window, self._library, self._edge, self._config.directory)
        runner = web.AppRunner(origin.application(), access_log=None)
        await runner.setup()
        self._config.http_socket.unlink(missing_ok=True)
        await web.UnixSite(runner, str(self._config.http_socket)).start()
        await self._control.start()
        try:
            async with asyncio.TaskGroup() as tasks:
                self._reading = tasks.create_task(self._read())
                tasks.create_task(self._write())
                tasks.create_task(self._watch())
        finally:
            await self._subscription.close()
            await runner.cleanup()
            await self._control.close()

    async def _read(self) -> None:
        async for unit in self._subscription:
            self._linger.saw_unit()
            if unit.track is Track.CAPTIONS:
                self._captions.add(unit)
            else:
                self._take(self._segmenter.add(unit))

    async def _write(self) -> None:
        while (job := await self._jobs.get()) is not None:
            try:
                await asyncio.to_thread(job)
            except OSError as error:
                log.error("packager_cannot_write", error=str(error))

    async def _watch(self) -> None:
        while not self._stop.is_set():
            with suppress(TimeoutError):
                async with asyncio.timeout(CHECK_SECONDS):
                    await self._stop.wait()
            if self._control.peers:
                self._linger.saw_hub()
            self._control.publish(PackagerChanged(status=self.status))
            if self._linger.over:
                log.info("packager_not_needed")
                self._stop.set()
        await self._finish()
        await self._jobs.put(None)
        if self._window.ended:
            await asyncio.sleep(self._farewell)
        self._edge.close()

    def _take(self, outputs: list[Output]) -> None:
        for output in outputs:
            if isinstance(output, SegmentStart):
                self._begun = output.start
                opened = self._window.begin(output, *self._formats(output))
                init = self._library.add_init(opened, output)
                self._enqueue(partial(self._store.begin, opened.as_gap(), init))
            elif isinstance(output, Fragment):
                told = self._captions.part(output.start, output.end)
                self._library.add_part(self._window.add(output, told))
                self._last_seconds = output.seconds + output.duration
                self._newest_at = self._clock.monotonic()
                self._grow()
            else:
                self._complete()
        if outputs:
            self._edge.moved()

    def _grow(self) -> None:
        if (grown := self._window.open) is not None:
            self._enqueue(partial(self._store.grow, grown.as_gap()))

    def _formats(self, start: SegmentStart) -> tuple[Format, Format | None]:
        """Of the full pictures and, if there are any, of the small ones."""
        separate = self._window.language is not None
        small = start.small_sets
        return (
            _format(start.sets, start.frame_rate, separate=separate),
            None if small is None else _format(small, start.frame_rate, separate=separate),
        )

    def _complete(self) -> None:
        end = round(self._last_seconds * VIDEO_CLOCK)
        completed = self._window.complete(self._captions.segment(self._begun, end))
        if completed is None:
            return
        segment, data = completed
        self._library.add_segment(segment, data)
        loop = asyncio.get_running_loop()

        def save() -> None:
            try:
                self._store.save(segment, data)
            except OSError as error:
                log.error("segment_not_stored", name=segment.name, error=str(error))
                loop.call_soon_threadsafe(self._library.not_stored, segment)
            else:
                loop.call_soon_threadsafe(self._library.stored, segment)

        if not self._enqueue(save):
            self._library.not_stored(segment)
        self._remove(self._window.prune())

    def _remove(self, gone: list[Segment]) -> None:
        if not gone:
            return
        left = tuple(self._window.segments)
        for segment in gone:
            self._library.forget(segment)
        self._enqueue(lambda: self._store.remove(gone, left))

    def _enqueue(self, job: Callable[[], None]) -> bool:
        """False when the disk is so slow that no more can wait: the caller's file stays as it is."""
        if self._jobs.full():
            log.error("packager_disk_too_slow")
            return False
        self._jobs.put_nowait(job)
        return True

    async def _finish(self) -> None:
        """No more units; the segment in hand is complete. May be called twice."""
        if self._reading is not None:
            self._reading.cancel()
            await asyncio.wait({self._reading})
        self._take(self._segmenter.flush())

    async def _get_status(self, _: GetPackagerStatus) -> PackagerStatus:
        return self.status

    async def _finish_packaging(self, _: FinishPackaging) -> PackagerStatus:
        await self._finish()
        self._window.finish()
        self._edge.moved()
        self._stop.set()
        return self.status


def _format(sets: ParameterSets, frame_rate: float, *, separate: bool) -> Format:
    facts = read_sps(sets.sps)
    digest = hashlib.sha256(sets.sps + sets.pps).hexdigest()[:12]
    return Format(
        f"init-{digest}{'-separate' if separate else ''}.mp4",
        sets.codec,
        facts.width,
        facts.height,
        frame_rate,
    )


async def package(config: PackagerConfig) -> None:
    """Run a packager until it is told to finish, by command or by SIGTERM."""
    packager = Packager(config, subscribe(BusAddress(config.bus_url)), SystemClock(), secrets.token_hex(4))
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, packager.stop)
    log.info("packager_started", meeting=config.meeting)
    await packager.run()
