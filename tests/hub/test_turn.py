"""Time-limited credentials, as Debian's coturn takes them."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import aioice.turn
import pytest
from aioice.stun import TransactionFailed

from hub.domain.turn import LIFE, TurnServers
from tests.hub.fakes import START
from tests.support.turn import SECRET, turn_server


@pytest.fixture
async def port(tmp_path: Path) -> AsyncIterator[int]:
    async with turn_server(tmp_path) as turn:
        yield turn.port


async def allocate(port: int, secret: str, now: datetime) -> str:
    """Ask for a relayed address; gives it."""
    (server,) = TurnServers((f"turn:127.0.0.1:{port}",), secret).servers("speaker-7", now)
    transport, _ = await aioice.turn.create_turn_endpoint(
        asyncio.DatagramProtocol,
        server_addr=("127.0.0.1", port),
        username=str(server["username"]),
        password=str(server["credential"]),
    )
    address: str = transport.get_extra_info("sockname")[0]
    transport.close()
    return address


async def test_coturn_relays_for_whom_we_send(port: int) -> None:
    assert await allocate(port, SECRET, datetime.now(UTC)) == "127.0.0.1"


async def test_and_for_nobody_else(port: int) -> None:
    with pytest.raises(TransactionFailed):
        await allocate(port, "guessed", datetime.now(UTC))
    with pytest.raises(TransactionFailed):
        await allocate(port, SECRET, datetime.now(UTC) - LIFE - timedelta(minutes=1))


def test_the_name_says_until_when_and_the_secret_is_not_in_it() -> None:
    (server,) = TurnServers(("turn:turn.example.org", "turns:turn.example.org:443"), "hunter2").servers(
        "speaker-7", START
    )
    assert server["username"] == f"{int(START.timestamp()) + 12 * 3600}:speaker-7"
    assert server["credential"] == "E3+tkCx36GmlR+fqEB9dIUZ7xwA="
    assert "hunter2" not in str(server)


def test_without_a_server_there_is_nothing_to_give() -> None:
    assert TurnServers((), "").servers("speaker-7", START) == []
