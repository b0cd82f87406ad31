from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.support.redis import RedisServer


@pytest.fixture
async def redis_server(tmp_path: Path) -> AsyncIterator[RedisServer]:
    server = RedisServer(tmp_path)
    await server.start()
    yield server
    await server.stop()
