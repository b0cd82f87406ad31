"""The names for TURN that WHIP and WHEP give away, tried on Debian's coturn."""

import asyncio
import re
import shutil
import socket
import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aioice import stun, turn

from tests.support.waiting import until_async
from web.live.turn import VALID_SECONDS, credentials, link

COTURN = shutil.which("turnserver") or "/usr/bin/turnserver"
SECRET = "a secret of coturn and the hub"


@pytest.fixture
async def coturn(tmp_path: Path) -> AsyncIterator[tuple[str, int]]:
    """Its address."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    process = await asyncio.create_subprocess_exec(
        *(COTURN, "-n", "--listening-ip", "127.0.0.1", "--listening-port", str(port)),
        *("--relay-ip", "127.0.0.1", "--realm", "council", "--no-cli", "--no-tls", "--no-dtls"),
        *("--use-auth-secret", "--static-auth-secret", SECRET, "--log-file", "stdout"),
        *("--pidfile", str(tmp_path / "pid"), "--userdb", str(tmp_path / "users")),
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.DEVNULL,
    )
    address = ("127.0.0.1", port)

    async def listens() -> bool:
        return await allocates(address, *credentials(SECRET, time.time()))

    await until_async(listens, "coturn to listen", 30.0)
    yield address
    process.terminate()
    await process.wait()


async def allocates(address: tuple[str, int], name: str, password: str) -> bool:
    """Whether coturn relays for whoever has this name and this password."""
    try:
        async with asyncio.timeout(2.0):
            transport, _ = await turn.create_turn_endpoint(
                asyncio.DatagramProtocol, server_addr=address, username=name, password=password
            )
    except (TimeoutError, stun.TransactionError):
        return False
    transport.close()
    return True


async def test_coturn_takes_the_names_until_they_expire(coturn: tuple[str, int]) -> None:
    now = time.time()
    name, password = credentials(SECRET, now)
    assert await allocates(coturn, name, password)
    assert not await allocates(coturn, name, password[::-1])
    assert not await allocates(coturn, *credentials("another secret", now))
    assert not await allocates(coturn, *credentials(SECRET, now - VALID_SECONDS - 60)), "it has expired"


def test_no_two_callers_have_one_name() -> None:
    assert len({credentials(SECRET, 1000.0) for _ in range(10)}) == 10


def test_turn_is_left_out_without_a_secret() -> None:
    urls = ["turn:turn.example", "stun:stun.example", "turns:turn.example:443?transport=tcp"]
    assert link(urls, "", 0.0) == '<stun:stun.example>; rel="ice-server"'
    assert re.findall(r"<([^>]+)>", link(urls, SECRET, 0.0)) == urls
    assert link([], SECRET, 0.0) == ""
