"""Debian's nginx with the configuration that we ship, on ports and folders of its own."""

import asyncio
import shutil
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from aiohttp.test_utils import unused_port

from tests.support.certificates import self_signed
from tests.support.waiting import until_async

CONFIGURATION = Path(__file__).parents[2] / "deploy/nginx.conf"
ASKED = "asked.log"
NGINX = shutil.which("nginx") or shutil.which("/usr/sbin/nginx")


@dataclass(frozen=True)
class Nginx:
    """A running one."""

    address: str
    pid: int
    certificate: Path
    trust: ssl.SSLContext
    """For clients of it."""
    asked: Path
    """A line for each request to the hub about live files."""


@asynccontextmanager
async def nginx(directory: Path, hub_port: int) -> AsyncIterator[Nginx]:
    """In front of the hub at ``hub_port``."""
    assert NGINX is not None
    port, plain_port = unused_port(), unused_port()
    certificate = self_signed(directory)
    configuration = directory / "nginx.conf"
    configuration.write_text(_here(CONFIGURATION.read_text(), directory, hub_port, port, plain_port))
    process = await asyncio.create_subprocess_exec(
        NGINX, "-p", str(directory), "-c", str(configuration), "-e", str(directory / "error.log"),
        "-g", f"daemon off; pid {directory}/pid;",
    )  # fmt: skip
    trust = ssl.create_default_context(cafile=str(certificate))

    async def answers() -> bool:
        assert process.returncode is None, (directory / "error.log").read_text()
        try:
            _, writer = await asyncio.open_connection("127.0.0.1", port)
        except OSError:
            return False
        writer.close()
        return True

    try:
        await until_async(answers, "nginx to listen")
        yield Nginx(f"https://127.0.0.1:{port}", process.pid, certificate, trust, directory / ASKED)
    finally:
        process.terminate()
        await process.wait()


def _here(text: str, directory: Path, hub_port: int, port: int, plain_port: int) -> str:
    """The configuration as it is but for places: each of them must be there to be replaced."""
    for old, new in (
        ("host.docker.internal:8080", f"127.0.0.1:{hub_port}"),
        ("/etc/nginx/tls", str(directory)),
        ("/var/cache/nginx/hls", str(directory / "cache")),
        ("listen 80;", f"listen 127.0.0.1:{plain_port};"),
        ("listen 443 ", f"listen 127.0.0.1:{port} "),
        ("    listen [::]:80;\n", ""),
        ("    listen [::]:443 ssl http2;\n", ""),
        ("  sendfile on;\n", f"  sendfile on;\n{_log(directory)}{_folders(directory)}"),
    ):
        assert old in text, old
        text = text.replace(old, new)
    return f"user root;\n{text}"


def _log(directory: Path) -> str:
    return (
        "  map $upstream_addr $upstream { default 1; '' 0; '-' 0; }\n"
        "  log_format asked '$upstream_cache_status $request_uri';\n"
        f"  access_log {directory}/{ASKED} asked if=$upstream;\n"
    )


def _folders(directory: Path) -> str:
    kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    return "".join(f"  {kind}_temp_path {directory}/{kind};\n" for kind in kinds)
