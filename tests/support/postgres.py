"""A PostgreSQL of our own for the length of a test: Debian's programs, a free port, a temporary directory.

PostgreSQL refuses to run as root, so as root it runs as Debian's user ``postgres``.
"""

import asyncio
import os
import pwd
import shutil
import socket
import tempfile
from pathlib import Path
from types import TracebackType
from typing import Self

DEADLINE_SECONDS = 60.0
_PROGRAMS = Path("/usr/lib/postgresql")
_USER = "postgres"
_SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "fsync": "off",
    "full_page_writes": "off",
    "max_connections": "60",
}


class PostgresServer:
    """Use as an async context manager; ``url`` is an empty database."""

    def __init__(self) -> None:
        self.port = _free_port()
        self._directory: Path | None = None
        self._process: asyncio.subprocess.Process | None = None

    @property
    def url(self) -> str:
        """``postgresql://`` address of the database."""
        return f"postgresql://moothall@127.0.0.1:{self.port}/postgres"

    async def __aenter__(self) -> Self:
        programs = _programs()
        self._directory = Path(tempfile.mkdtemp(prefix="moothall-postgres-"))
        if os.geteuid() == 0:
            shutil.chown(self._directory, _USER)
        data = self._directory / "data"
        initdb = await _start(
            programs / "initdb",
            "--username=moothall",
            "--auth=trust",
            "--no-sync",
            "--encoding=UTF8",
            f"--pgdata={data}",
        )
        if await initdb.wait() != 0:
            raise RuntimeError("initdb failed; its complaint is above")
        settings = [f"--{name}={value}" for name, value in _SETTINGS.items()]
        self._process = await _start(programs / "postgres", "-D", str(data), "-p", str(self.port), *settings)
        ready = programs / "pg_isready"
        async with asyncio.timeout(DEADLINE_SECONDS):
            while await (await _start(ready, "-h", "127.0.0.1", "-p", str(self.port))).wait() != 0:
                if self._process.returncode is not None:
                    raise RuntimeError(f"PostgreSQL ended with code {self._process.returncode}")
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._process is not None and self._process.returncode is None:
            self._process.send_signal(2)  # SIGINT: "fast shutdown", clients are thrown out.
            await self._process.wait()
        if self._directory is not None:
            shutil.rmtree(self._directory, ignore_errors=True)


async def _start(program: Path, *arguments: str) -> asyncio.subprocess.Process:
    if os.geteuid() == 0:
        user = pwd.getpwnam(_USER)
        return await asyncio.create_subprocess_exec(
            program,
            *arguments,
            stdout=asyncio.subprocess.DEVNULL,
            user=user.pw_uid,
            group=user.pw_gid,
            extra_groups=[],
            cwd="/",
            env=_environment(),
        )
    return await asyncio.create_subprocess_exec(
        program, *arguments, stdout=asyncio.subprocess.DEVNULL, env=_environment()
    )


def _environment() -> dict[str, str]:
    return {"PATH": os.environ.get("PATH", ""), "LC_ALL": "C.UTF-8"}


def _programs() -> Path:
    """The newest version's programs. Raises ``RuntimeError`` when there is none."""
    versions = sorted(_PROGRAMS.glob("*/bin/postgres"), key=lambda path: int(path.parts[-3]))
    if not versions:
        raise RuntimeError("These tests need PostgreSQL: install Debian's package postgresql")
    return versions[-1].parent


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
