"""One meeting's studio: everything between the sources and the bus, put together."""

import asyncio
import secrets
from collections.abc import Callable

import structlog

from media.access_unit import AccessUnit
from media.bus import BusAddress, Publisher, open_publisher
from media.clock import Clock
from media.config import StudioConfig
from media.control.feeds import FeedRefused
from media.control.picture import LayoutName
from media.control.studio import LevelsMeasured, StudioStatus
from media.gate.gate import PublicGate
from media.gate.journal import Journal
from media.gate.moment import Moment
from media.gate.rehearsal import RehearsalGate
from media.gate.wish import Wish
from media.programme.slate import Slates
from media.rhythm import Rhythm
from media.sources.desk import CHAMBER, FeedDesk
from media.sources.dtls import take_rsa_certificates
from media.sources.feeds import FeedsServer
from media.sources.hooks import measure_levels_quickly
from media.sources.ice import listen_on, reject_broken_stun
from media.sources.intake import Intake
from media.sources.projector import Projector
from media.sources.spare import SpareDecoder
from media.sources.speaker import Speakers
from media.sources.test_card import TestCard
from media.sources.whip import WhipFeeds
from media.studio.delay import Broadcast
from media.studio.director import Director
from media.studio.encoders import Encoders
from media.studio.epoch import Start, epoch_path, next_start, read_epoch, write_epoch
from media.studio.outbox import Batch, Outbox
from media.studio.private_recorder import PrivateRecorder
from media.studio.private_room import PrivateRoom
from media.studio.production import Production
from media.studio.ticker import Ticker

log = structlog.get_logger(__name__)


class Studio:
    """Made on the event loop's thread. ``refused``: called on it for every publisher turned away.

    ``session``: random, 32 bits. ``failed``: called in the ticker's thread when the ticker died.
    ``measured``: called on the event loop's thread ten times a second. ``spare``: decoders that wait already.
    """

    def __init__(
        self,
        config: StudioConfig,
        clock: Clock,
        session: int,
        refused: Callable[[FeedRefused], None],
        failed: Callable[[BaseException], None],
        measured: Callable[[LevelsMeasured], None] = lambda levels: None,
        spare: SpareDecoder | None = None,
    ) -> None:
        loop = asyncio.get_running_loop()
        self.config = config
        self.clock = clock
        self._failed = failed
        self._measured = measured
        self.slates = Slates(config.council, config.colour, clock)
        self._journal = journal = Journal(config.journal)
        journal.lock()
        epoch_file = epoch_path(config.journal)
        expected = epoch_file.exists()
        gate = RehearsalGate if config.rehearsal else PublicGate
        self.gate = gate.resume(
            journal,
            config.waiting_slate,
            clock,
            self.slates.slate,
            expected=expected,
            delay=config.delay_seconds,
        )
        self._wishes: set[asyncio.Task[None]] = set()
        self.gate.on_wish = lambda moment, wish: _call(loop, self._write_down, moment, wish)
        epoch_ms = read_epoch(epoch_file)
        if epoch_ms is None:
            epoch_ms = write_epoch(epoch_file, clock)
        self.session, self.epoch_ms = session, epoch_ms
        self._rhythm = rhythm = Rhythm(config.frames_per_second)
        self.broadcast = Broadcast(
            self.gate, lambda: Encoders(session, epoch_ms, rhythm, small=config.small_rendition), rhythm
        )
        self.desk = FeedDesk(clock, lambda event: _tell(loop, refused, event), rhythm)
        if self.gate.now.open:
            self.desk.opened(ago=max(0.0, clock.wall() - self.gate.now.since_ms / 1000))
        self.director = Director(self.desk)
        self._spare = spare = spare or SpareDecoder()
        self.whip = WhipFeeds(self.desk, config.media_address, config.ice_servers, _token, spare)
        self.speakers = Speakers(self.desk, config.media_address, config.ice_servers, spare)
        self.projector = Projector(self.desk, clock)
        self._feeds = FeedsServer(config.feeds_socket, self.desk, spare)
        self._test_card = self._make_test_card() if config.generated_feed else None
        self.private = PrivateRoom(self.gate, self.desk, self.speakers, self.slates)
        self._private_recorder = _private_recorder(config)
        self._production = Production(
            clock,
            self.gate,
            self.desk,
            self.director,
            self.speakers,
            self.slates,
            self.private,
            self._private_recorder,
            rhythm,
        )
        self.transcript = self._production.transcript
        self._outbox = Outbox(loop, self._deliver)
        self._publisher: Publisher | None = None
        self.ticker: Ticker | None = None

    async def start(self) -> None:
        """Open the bus and begin to tick. Raises ``OSError`` when the bus or a socket cannot be opened."""
        reject_broken_stun()
        take_rsa_certificates()
        measure_levels_quickly()
        listen_on(self.config.media_address)
        if not self.config.rehearsal:
            self._publisher = await open_publisher(BusAddress(self.config.bus_url))
        await self._feeds.start()
        if self._test_card is not None:
            self._test_card.start()
        start = next_start(self.epoch_ms, self.clock.wall(), self._rhythm)
        self.ticker = self._make_ticker(start)
        self.ticker.start()
        self._spare.enter()
        await asyncio.to_thread(self._spare.prepare)
        log.info("studio_started", gate=self.gate.now.state.value, index=start.index)

    async def close(self) -> None:
        """Hang up on everybody, stop ticking, close the bus."""
        await self._feeds.close()
        await self.whip.close_all()
        await self.speakers.close_all()
        await asyncio.to_thread(self._spare.close)
        await self.projector.stop()
        if self._test_card is not None:
            await asyncio.to_thread(self._test_card.stop)
        if self.ticker is not None:
            await asyncio.to_thread(self.ticker.stop)
        if self._private_recorder is not None:
            await asyncio.to_thread(self._private_recorder.close)
        if self._publisher is not None:
            await self._publisher.close()
        await asyncio.gather(*self._wishes)
        self._journal.unlock()

    def status(self) -> StudioStatus:
        """The whole status."""
        now = self.clock.monotonic()
        scene, direction = self.director.scene(now), self.director.direction
        ticker = self.ticker
        return StudioStatus(
            meeting=self.config.meeting,
            session=self.session,
            epoch_ms=self.epoch_ms,
            gate=self.gate.status(),
            layout=scene.layout.value if self.gate.now.open else LayoutName.SLATE.value,
            override=direction.override,
            on_air=list(direction.on_air),
            captions_visible=direction.captions_visible,
            captions=dict(direction.captions),
            feeds=self.desk.statuses(),
            programme_dbfs=self._production.sounding.level_dbfs,
            pictures=ticker.pictures if ticker else 0,
            late_ticks=ticker.late_ticks if ticker else 0,
            alarms=[*self._production.sounding.alarms, *(ticker.pace.alarms() if ticker else ())],
            languages=self._languages(),
            page=self.projector.page,
            admitted=self.private.admitted,
            without_private_picture=self.private.without_picture,
            seals_private=self._private_recorder is not None,
            private_recording=self._private_recorder.sentence if self._private_recorder else "",
        )

    def _write_down(self, moment: Moment, wish: Wish) -> None:
        task = asyncio.create_task(self.gate.write_down(moment, wish), name="write down a cut")
        self._wishes.add(task)
        task.add_done_callback(self._wishes.discard)

    def _languages(self) -> list[str]:
        language = self.config.interpreted_language
        return [language] if language is not None and self._production.sounding.interpreting else []

    def _deliver(self, batch: Batch) -> None:
        if batch.levels is not None:
            self._measured(batch.levels)
        if self._publisher is not None:
            _publish(self._publisher, batch.units)
        if batch.private is not None:
            self.private.hand_over(batch.private)
        elif self.private.over:
            self.private.leave()
        for track, sound in batch.returns:
            track.offer(sound)

    def _make_ticker(self, start: Start) -> Ticker:
        return Ticker(
            self.clock,
            self._production,
            self.broadcast,
            self._outbox,
            start.index,
            self.clock.monotonic() + start.wait,
            self._failed,
            self._rhythm,
        )

    def _make_test_card(self) -> TestCard:
        intake = Intake(CHAMBER, "test", "Generated test feed", self.clock, self._rhythm)
        self.desk.stand_in(intake)
        return TestCard(intake, self.clock, lambda: self.desk.find(CHAMBER) is intake, self._rhythm)


def _private_recorder(config: StudioConfig) -> PrivateRecorder | None:
    if config.private_folder is None or config.private_key is None:
        return None
    return PrivateRecorder(config.private_folder, config.private_key, Rhythm(config.frames_per_second))


def _publish(publisher: Publisher, units: list[AccessUnit]) -> None:
    for unit in units:
        publisher.publish(unit)


def _tell(
    loop: asyncio.AbstractEventLoop, refused: Callable[[FeedRefused], None], event: FeedRefused
) -> None:
    loop.call_soon_threadsafe(refused, event)


def _call(
    loop: asyncio.AbstractEventLoop, then: Callable[[Moment, Wish], None], moment: Moment, wish: Wish
) -> None:
    loop.call_soon_threadsafe(then, moment, wish)


def _token() -> str:
    return secrets.token_urlsafe(24)
