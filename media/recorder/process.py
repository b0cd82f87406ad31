"""The recorder process: bus in, fragmented MP4 on disk, commands from the hub."""

import asyncio
import signal
from contextlib import suppress

import structlog

from media.bus import BusAddress, Subscription, subscribe
from media.clock import Clock, SystemClock
from media.config import RecorderConfig
from media.control.channel import ControlServer
from media.control.recorder import FinishRecording, GetRecorderStatus, RecorderChanged, RecorderStatus
from media.recorder.cutter import Cutter
from media.recorder.disk import RecordingDirectory
from media.recorder.linger import Linger
from media.recorder.shelf import Shelf
from media.recorder.tally import Tally

log = structlog.get_logger(__name__)

SHELF_FRAGMENTS = 360
"""Two minutes at three a second, about 40 MB."""
RETRY_SECONDS = 1.0
REPORT_SECONDS = 1.0
QUIET_SECONDS = 0.5
"""When nothing came for so long, what is in hand is written without waiting for more."""


class Recorder:
    """Owns its four tasks: reading the bus, writing to disk, reporting, and the control channel."""

    def __init__(
        self, config: RecorderConfig, subscription: Subscription, clock: Clock, shelf: Shelf | None = None
    ) -> None:
        self._config = config
        self._subscription = subscription
        self._cutter = Cutter(config.interpreted_language, config.captions_language)
        self._shelf = shelf or Shelf(SHELF_FRAGMENTS)
        self._tally = Tally()
        self._linger = Linger(config.linger_seconds, clock)
        self._stop = asyncio.Event()
        self._control = ControlServer(
            config.control_socket,
            {GetRecorderStatus: self._get_status, FinishRecording: self._finish_recording},
        )
        self._reading: asyncio.Task[None] | None = None
        self._writing: asyncio.Task[None] | None = None

    def stop(self) -> None:
        """Write what is in hand and let ``run`` return."""
        self._stop.set()

    async def run(self) -> None:
        """Record until ``stop``, ``FinishRecording`` or the end of the linger time."""
        await self._control.start()
        try:
            async with asyncio.TaskGroup() as tasks:
                self._reading = tasks.create_task(self._read())
                self._writing = tasks.create_task(self._write())
                tasks.create_task(self._report())
        finally:
            await self._subscription.close()
            await self._control.close()

    @property
    def status(self) -> RecorderStatus:
        """How much is safe on disk now."""
        return self._tally.status(self._shelf.waiting_seconds, self._shelf.lost_seconds)

    async def _read(self) -> None:
        async for unit in self._subscription:
            self._linger.saw_unit()
            for cut in self._cutter.add(unit):
                self._shelf.put(cut)

    async def _write(self) -> None:
        directory = await self._open()
        if directory is None:
            return
        try:
            while (cut := await self._shelf.first()) is not None:
                try:
                    lines = await asyncio.to_thread(directory.append, cut)
                except OSError as error:
                    if not await self._endure(error):
                        return
                else:
                    self._shelf.done(cut)
                    self._tally.add(lines)
                    self._tally.trouble(None)
        finally:
            await asyncio.to_thread(directory.close)

    async def _open(self) -> RecordingDirectory | None:
        while True:
            try:
                directory = await asyncio.to_thread(RecordingDirectory, self._config.directory)
            except OSError as error:
                if not await self._endure(error):
                    return None
            else:
                self._tally.add(directory.lines)
                self._tally.trouble(None)
                return directory

    async def _endure(self, error: OSError) -> bool:
        """Wait for another attempt; False when the recording is finishing and there will be none."""
        if not self.status.healthy:
            log.debug("recorder_still_cannot_write", error=str(error))
        else:
            log.error("recorder_cannot_write", error=str(error))
        self._tally.trouble(error)
        if self._shelf.closed:
            return False
        await self._shelf.pause(RETRY_SECONDS)
        return True

    async def _report(self) -> None:
        while not self._stop.is_set():
            with suppress(TimeoutError):
                async with asyncio.timeout(REPORT_SECONDS):
                    await self._stop.wait()
            if self._control.peers:
                self._linger.saw_hub()
            if self._linger.over:
                log.info("recorder_not_needed")
                self._stop.set()
            if self._linger.quiet_seconds > QUIET_SECONDS and not self._shelf.closed:
                self._flush()
            self._control.publish(RecorderChanged(status=self.status))
        await self._finish()

    def _flush(self) -> None:
        for cut in self._cutter.flush():
            self._shelf.put(cut)

    async def _finish(self) -> None:
        """Everything in hand goes to disk. May be called twice."""
        if self._reading is not None:
            self._reading.cancel()
            await asyncio.wait({self._reading})
        self._flush()
        self._shelf.close()
        if self._writing is not None:
            await asyncio.wait({self._writing})

    async def _get_status(self, _: GetRecorderStatus) -> RecorderStatus:
        return self.status

    async def _finish_recording(self, _: FinishRecording) -> RecorderStatus:
        await self._finish()
        self._stop.set()
        return self.status


async def record(config: RecorderConfig) -> None:
    """Run a recorder until it is told to finish, by command or by SIGTERM."""
    recorder = Recorder(config, subscribe(BusAddress(config.bus_url)), SystemClock())
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, recorder.stop)
    log.info("recorder_started", meeting=config.meeting)
    await recorder.run()
