from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from media.control.channel import ControlClient
from tests.media.relay.feed import RED, Encoder, Feed
from tests.media.relay.process import RelayProcess


@pytest.fixture
async def relay(tmp_path: Path) -> AsyncIterator[RelayProcess]:
    process = RelayProcess(tmp_path)
    await process.start()
    yield process
    assert await process.stop() == 0


@pytest.fixture
async def control(relay: RelayProcess) -> AsyncIterator[ControlClient]:
    client = await relay.connect()
    yield client
    await client.close()


@pytest.fixture
async def red_feed(relay: RelayProcess) -> AsyncIterator[Feed]:
    feed = await Feed.open(relay.bus("m1"), Encoder(RED, session=1))
    yield feed
    await feed.close()
