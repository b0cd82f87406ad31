"""Our relay as the server: its own process, fed by the bus, asked through its control channel."""

from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

from bench.crowd.process import CrowdProcess
from media.access_unit import AccessUnit
from media.bus import Publisher, open_publisher
from media.control.channel import ControlClient
from media.control.relay import OpenViewer
from tests.media.relay.process import RelayProcess

MEETING = "m1"


class Hall:
    """A relay with one meeting."""

    def __init__(self, process: RelayProcess, control: ControlClient, publisher: Publisher) -> None:
        assert process.process is not None
        self.pid = process.process.pid
        self.control = control
        self._publisher = publisher
        self._guests = 0

    def tick(self, units: Sequence[AccessUnit]) -> None:
        for unit in units:
            self._publisher.publish(unit)

    async def open(self, offer: str) -> str:
        """The answer to one offer."""
        return (await self.control.call(OpenViewer(meeting=MEETING, sdp=offer))).sdp

    async def admit(self, crowd: CrowdProcess, count: int) -> None:
        offers = await crowd.ask("come", count=count)
        first, self._guests = self._guests, self._guests + count
        for number, offer in enumerate(offers, first):
            await crowd.ask("accept", number=number, description=await self.open(offer))


@asynccontextmanager
async def hall(folder: Path, **settings: object) -> AsyncIterator[Hall]:
    """A running relay."""
    folder.mkdir()
    async with AsyncExitStack() as stack:
        process = RelayProcess(folder, capacity=2000, **settings)
        await process.start()
        stack.push_async_callback(process.stop)
        control = await process.connect()
        stack.push_async_callback(control.close)
        publisher = await open_publisher(process.bus(MEETING))
        stack.push_async_callback(publisher.close)
        yield Hall(process, control, publisher)
