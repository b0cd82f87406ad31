"""One meeting's studio: everything between the sources and the bus, put together."""

import asyncio
import secrets
from collections.abc import Callable

import structlog

from media.access_unit import AccessUnit
from media.bus import BusAddress, Publisher, open_publisher
from media.clock import Clock
from media.config import StudioConfig
from media.control.studio import FeedRefused, StudioStatus
from media.gate.gate import PublicGate
from media.gate.journal import Journal
from media.programme.slate import Slates
from media.sources.desk import CHAMBER, FeedDesk
from media.sources.feeds import FeedsServer
from media.sources.ice import listen_on, reject_broken_stun
from media.sources.intake import Intake
from media.sources.speaker import Speakers
from media.sources.test_card import TestCard
from media.sources.whip import WhipFeeds
from media.studio.director import Director
from media.studio.encoder import Stamper
from media.studio.epoch import Start, epoch_path, next_start, read_epoch, write_epoch
from media.studio.outbox import Batch, Outbox
from media.studio.production import Production, loses_chamber
from media.studio.ticker import Ticker

log = structlog.get_logger(__name__)


class Studio:
    """Made on the event loop's thread. ``refused``: called on it for every publisher turned away.

    ``session``: random, 32 bits. ``failed``: called in the ticker's thread when the ticker died.
    """

    def __init__(
        self,
        config: StudioConfig,
        clock: Clock,
        session: int,
        refused: Callable[[FeedRefused], None],
        failed: Callable[[BaseException], None],
    ) -> None:
        loop = asyncio.get_running_loop()
        self.config = config
        self.clock = clock
        self._failed = failed
        self.slates = Slates(config.council, config.colour)
        journal = Journal(config.journal)
        epoch_file = epoch_path(config.journal)
        expected = epoch_file.exists()
        self.gate = PublicGate.resume(
            journal, config.waiting_slate, clock, self.slates.slate, expected=expected
        )
        epoch_ms = read_epoch(epoch_file)
        if epoch_ms is None:
            epoch_ms = write_epoch(epoch_file, clock)
        self.stamper = Stamper(session, epoch_ms)
        self.desk = FeedDesk(clock, lambda event: _tell(loop, refused, event))
        self.director = Director(self.desk)
        self.whip = WhipFeeds(self.desk, config.media_address, config.ice_servers, _token)
        self.speakers = Speakers(self.desk, config.media_address, config.ice_servers)
        self._feeds = FeedsServer(config.feeds_socket, self.desk)
        self._test_card = self._make_test_card() if config.generated_feed else None
        self._production = Production(clock, self.gate, self.desk, self.director, self.speakers, self.slates)
        self._outbox = Outbox(loop, self._deliver)
        self._publisher: Publisher | None = None
        self.ticker: Ticker | None = None

    async def start(self) -> None:
        """Open the bus and begin to tick. Raises ``OSError`` when the bus or a socket cannot be opened."""
        reject_broken_stun()
        listen_on(self.config.media_address)
        self._publisher = await open_publisher(BusAddress(self.config.bus_url))
        await self._feeds.start()
        if self._test_card is not None:
            self._test_card.start()
        start = next_start(self.stamper.epoch_ms, self.clock.wall())
        self.ticker = self._make_ticker(start)
        self.ticker.start()
        log.info("studio_started", gate=self.gate.now.state.value, index=start.index)

    async def close(self) -> None:
        """Hang up on everybody, stop ticking, close the bus."""
        await self._feeds.close()
        await self.whip.close_all()
        await self.speakers.close_all()
        if self._test_card is not None:
            await asyncio.to_thread(self._test_card.stop)
        if self.ticker is not None:
            await asyncio.to_thread(self.ticker.stop)
        if self._publisher is not None:
            await self._publisher.close()

    def status(self) -> StudioStatus:
        """The whole status."""
        now = self.clock.monotonic()
        scene = self.director.scene(now)
        slate = not self.gate.now.open or loses_chamber(scene, self.desk, now)
        ticker = self.ticker
        return StudioStatus(
            meeting=self.config.meeting,
            session=self.stamper.session,
            epoch_ms=self.stamper.epoch_ms,
            gate=self.gate.status(),
            layout="slate" if slate else scene.layout.value,
            override=self.director.direction.override,
            on_air=list(self.director.direction.on_air),
            feeds=self.desk.statuses(),
            programme_dbfs=self._production.level_dbfs,
            pictures=ticker.pictures if ticker else 0,
            late_ticks=ticker.late_ticks if ticker else 0,
        )

    def _deliver(self, batch: Batch) -> None:
        if self._publisher is not None:
            _publish(self._publisher, batch.units)
        for track, sound in batch.returns:
            track.offer(sound)

    def _make_ticker(self, start: Start) -> Ticker:
        return Ticker(
            self.clock,
            self._production,
            self.stamper,
            self._outbox,
            start.index,
            self.clock.monotonic() + start.wait,
            self._failed,
        )

    def _make_test_card(self) -> TestCard:
        intake = Intake(CHAMBER, "test", "Generated test feed", self.clock)
        self.desk.stand_in(intake)
        return TestCard(intake, self.clock, lambda: self.desk.find(CHAMBER) is intake)


def _publish(publisher: Publisher, units: list[AccessUnit]) -> None:
    for unit in units:
        publisher.publish(unit)


def _tell(
    loop: asyncio.AbstractEventLoop, refused: Callable[[FeedRefused], None], event: FeedRefused
) -> None:
    loop.call_soon_threadsafe(refused, event)


def _token() -> str:
    return secrets.token_urlsafe(24)
