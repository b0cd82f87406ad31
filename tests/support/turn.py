"""Debian's coturn on loopback."""

import asyncio
import shutil
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from tests.support.certificates import key_hash, self_signed
from tests.support.waiting import until_async

SECRET = "shared with coturn"
REALM = "meetings.example.org"


@dataclass(frozen=True)
class Turn:
    """A running server."""

    port: int
    """Of UDP and TCP."""
    tls_port: int
    trust: str
    """What Chromium is to be told, that it trusts its certificate."""

    def url(self, way: str) -> str:
        """As it stands in ``MOOTHALL_TURN_URLS``, by "udp", "tcp" or "tls" (RFC 7065)."""
        if way == "tls":
            return f"turns:127.0.0.1:{self.tls_port}?transport=tcp"
        return f"turn:127.0.0.1:{self.port}?transport={way}"


@asynccontextmanager
async def turn_server(directory: Path) -> AsyncIterator[Turn]:
    """It relays to this machine too, which a real one must not."""
    program = shutil.which("turnserver")
    assert program is not None, "see deploy/test-machine"
    port, tls_port = _free_port(), _free_port()
    certificate = self_signed(directory)
    process = await asyncio.create_subprocess_exec(
        program, "-n", "--no-cli", "--no-dtls", "--log-file=stdout", "--simple-log",
        f"--tls-listening-port={tls_port}", f"--cert={certificate}", f"--pkey={directory}/privkey.pem",
        "--use-auth-secret", f"--static-auth-secret={SECRET}", f"--realm={REALM}",
        "--listening-ip=127.0.0.1", f"--listening-port={port}", "--relay-ip=127.0.0.1",
        "--allow-loopback-peers", "--min-port=49152", "--max-port=49251",
        f"--pidfile={directory}/turn.pid", f"--userdb={directory}/turn.db",
        stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.DEVNULL,
    )  # fmt: skip
    try:
        for listening in (port, tls_port):
            await until_async(partial(_listens, listening), "coturn to listen")
        yield Turn(port, tls_port, f"--ignore-certificate-errors-spki-list={key_hash(certificate)}")
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
