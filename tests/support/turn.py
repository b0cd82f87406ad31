"""Debian's coturn on loopback."""

import asyncio
import shutil
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from tests.support.waiting import until_async

SECRET = "shared with coturn"
REALM = "meetings.example.org"


@asynccontextmanager
async def turn_server(directory: Path) -> AsyncIterator[int]:
    """Its UDP and TCP port. It relays to this machine too, which a real one must not."""
    program = shutil.which("turnserver")
    assert program is not None, "see deploy/test-machine"
    port = _free_port()
    process = await asyncio.create_subprocess_exec(
        program, "-n", "--no-cli", "--no-tls", "--no-dtls", "--log-file=stdout", "--simple-log",
        "--use-auth-secret", f"--static-auth-secret={SECRET}", f"--realm={REALM}",
        "--listening-ip=127.0.0.1", f"--listening-port={port}", "--relay-ip=127.0.0.1",
        "--allow-loopback-peers", "--min-port=49152", "--max-port=49251",
        f"--pidfile={directory}/turn.pid", f"--userdb={directory}/turn.db",
        stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.DEVNULL,
    )  # fmt: skip
    try:
        await until_async(lambda: _listens(port), "coturn to listen")
        yield port
    finally:
        process.terminate()
        await process.wait()


def _free_port() -> int:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


async def _listens(port: int) -> bool:
    try:
        _, writer = await asyncio.open_connection("127.0.0.1", port)
    except OSError:
        return False
    writer.close()
    await writer.wait_closed()
    return True
