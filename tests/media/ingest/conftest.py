import asyncio
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from media.config import IngestConfig
from media.control.channel import ControlClient
from media.control.ingest import GetIngestStatus, IngestStatus, PublisherRefused, SetKeys, StreamKey
from media.sources.feeds import FeedsServer
from media.sources.spare import SpareDecoder
from tests.media.ingest.studio_end import DEADLINE, RecordingDesk
from tests.support.waiting import connected, until_async

KEY = "c0ffee-5eed-key-of-the-chamber"


@dataclass(frozen=True)
class Ingest:
    """A real ingest process and the hub's line to it."""

    control: ControlClient
    status: IngestStatus
    feeds_socket: Path

    def rtmp(self, key: str = KEY, app: str = "live") -> tuple[str, ...]:
        return ("-f", "flv", f"rtmp://127.0.0.1:{self.status.rtmp_port}/{app}/{key}")

    def srt(self, stream_id: str | None = KEY, more: str = "", port: int = 0) -> tuple[str, ...]:
        """``port``: of somebody who stands between, if there is one."""
        asked = "" if stream_id is None else f"&streamid={stream_id}"
        url = f"srt://127.0.0.1:{port or self.status.srt_port}?connect_timeout=5000{asked}{more}"
        return ("-f", "mpegts", url)

    async def set_keys(self, *keys: str) -> None:
        await self.control.call(
            SetKeys(
                keys=[
                    StreamKey(key=key, source="chamber", feeds_socket=str(self.feeds_socket)) for key in keys
                ]
            )
        )

    async def refusal(self) -> PublisherRefused:
        """The next event."""
        async with asyncio.timeout(DEADLINE):
            async for event in self.control.events():
                assert isinstance(event, PublisherRefused)
                return event
        raise AssertionError("the ingest process went away")

    async def publishers(self, wanted: Callable[[dict[str, int]], bool]) -> None:
        """Wait until the counts are as wanted: each status is a question to the process."""

        async def there() -> bool:
            return wanted((await self.control.call(GetIngestStatus())).publishers)

        await until_async(there, "the publishers")


@pytest.fixture
async def desk() -> RecordingDesk:
    return RecordingDesk()


@pytest.fixture
async def studio(tmp_path: Path, desk: RecordingDesk) -> AsyncIterator[FeedsServer]:
    spare = SpareDecoder()
    server = FeedsServer(tmp_path / "feeds", desk, spare)
    await server.start()
    yield server
    await server.close()
    spare.close()


@pytest.fixture
async def ingest(tmp_path: Path, studio: FeedsServer) -> AsyncIterator[Ingest]:
    async with opened_door(tmp_path, tmp_path / "feeds") as found:
        yield found


@asynccontextmanager
async def opened_door(directory: Path, feeds_socket: Path) -> AsyncIterator[Ingest]:
    """An ingest process in ``directory`` that lets ``KEY`` in to a studio's socket."""
    config = IngestConfig(control_socket=directory / "door", rtmp_port=0, srt_port=0)
    file = directory / "ingest.json"
    file.write_text(config.model_dump_json())
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-W", "error", "-m", "media.ingest", str(file)
    )
    try:
        control = await connected(config.control_socket, (PublisherRefused,), process=process)
        found = Ingest(control, await control.call(GetIngestStatus()), feeds_socket)
        await found.set_keys(KEY)
        yield found
    finally:
        if process.returncode is None:
            process.terminate()
        async with asyncio.timeout(DEADLINE):
            code = await process.wait()
    await control.close()
    assert code == 0
