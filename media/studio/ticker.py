"""The studio's heart: in every tick one picture and its blocks of sound, in a thread of its own."""

import threading
from collections.abc import Callable

import structlog

from media.clock import Clock
from media.gate.gate import PublicPicture
from media.rhythm import DEFAULT, Rhythm
from media.studio.cost import spending
from media.studio.delay import Broadcast
from media.studio.encoders import Media
from media.studio.outbox import Batch, Outbox
from media.studio.pace import Pace
from media.studio.production import Production

log = structlog.get_logger(__name__)

LATE = 1.5
"""Periods. A tick that begins later than this after its time goes without a picture, but never without
sound."""
LOST = 5.0
"""A ticker that was away for longer (the machine slept) goes on at the next whole group."""


class Ticker:
    """Tick ``n`` is due ``n`` periods after the epoch and carries the media of that moment.

    ``start_index``: the first tick, a whole number of groups. ``start_time``: when it is due, monotonic
    seconds. ``failed`` is called, in the ticker's thread, with the error that ended it.
    """

    def __init__(
        self,
        clock: Clock,
        production: Production,
        broadcast: Broadcast,
        outbox: Outbox,
        start_index: int,
        start_time: float,
        failed: Callable[[BaseException], None],
        rhythm: Rhythm = DEFAULT,
    ) -> None:
        self._clock = clock
        self._rhythm = rhythm
        self._production = production
        self.broadcast = broadcast
        self._outbox = outbox
        self._index = start_index
        self._due = start_time
        self._failed = failed
        self._group = -1
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="ticker", daemon=True)
        self.pictures = 0
        self.late_ticks = 0
        self.pace = Pace(rhythm.period)
        self.last_picture: PublicPicture | None = None

    @property
    def seconds(self) -> float:
        """Programme time of the tick that is under way, or of the next. Any thread may ask."""
        return self._index * self._rhythm.period

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """End. Blocks for one tick at most."""
        self._stop.set()
        if self._thread.is_alive():
            self._thread.join()

    def turn(self) -> None:
        """One tick, now. Raises ``av.error.FFmpegError`` when an encoder fails."""
        late = self._clock.monotonic() - self._due
        if late > LOST:
            self._catch_up(late)
            return
        batch = Batch()
        tick = self._production.begin(self._due)
        with spending("mix"):
            blocks = [self._production.sound(tick, lead) for lead in self._rhythm.leads(self._index)]
        picture, group = None, self._rhythm.group(self._index)
        left_out = late > LATE * self._rhythm.period and group == self._group
        self.pace.put(left_out=left_out)
        if left_out:
            self.late_ticks += 1
        else:
            with spending("compose"):
                self.last_picture = picture = self._production.picture(tick)
            self._group = group
            self.pictures += 1
        interpreted = tuple(block.interpreted for block in blocks if block.interpreted is not None)
        public = tuple(block.public for block in blocks)
        media = Media(
            public,
            picture,
            interpreted if len(interpreted) == len(blocks) else (),
            self._production.transcript.pass_on(tick),
        )
        batch.units = self.broadcast.turn(media, tick, self._index)
        for block in blocks:
            batch.returns += block.returns.items()
        batch.private = self._production.private(tick)
        self._production.record_privately(tick, self._index, blocks)
        batch.levels = self._production.sounding.take_levels()
        self._index += 1
        self._due += self._rhythm.period
        self._outbox.put(batch)

    def _run(self) -> None:
        try:
            while not self._stop.wait(max(0.0, self._due - self._clock.monotonic())):
                self.turn()
        except Exception as error:
            # The process ends and is started again.
            log.exception("ticker_failed")
            self._failed(error)

    def _catch_up(self, late: float) -> None:
        group = self._rhythm.group(self._index + int(late / self._rhythm.period)) + 1
        ticks = group * self._rhythm.pictures - self._index
        log.warning("ticker_was_away", seconds=round(late, 1))
        self.late_ticks += ticks
        self._index += ticks
        self._due += ticks * self._rhythm.period
