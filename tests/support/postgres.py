"""A PostgreSQL of our own for the length of a test: Debian's programs, a free port, a temporary directory.

PostgreSQL refuses to run as root, so as root it runs as Debian's user ``postgres``.
"""

import asyncio
import os
import pwd
import shutil
import signal
import socket
import tempfile
from pathlib import Path
from types import TracebackType
from typing import Self

from tests.support.processes import send

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
    """Use as an async context manager; ``url`` is an empty database.

    ``kill`` and ``start`` again keep the port and what was committed.
    """

    def __init__(self) -> None:
        self.port = _free_port()
        self._directory: Path | None = None
        self._process: asyncio.subprocess.Process | None = None

    @property
    def url(self) -> str:
        """``postgresql://`` address of the database."""
        return f"postgresql://moothall@127.0.0.1:{self.port}/postgres"

    @property
    def running(self) -> bool:
        """Frozen or not."""
        return self._process is not None and self._process.returncode is None

    async def __aenter__(self) -> Self:
        self._directory = Path(tempfile.mkdtemp(prefix="moothall-postgres-"))
        if os.geteuid() == 0:
            shutil.chown(self._directory, _USER)
        initdb = await _start(
            _programs() / "initdb",
            "--username=moothall",
            "--auth=trust",
            "--no-sync",
            "--encoding=UTF8",
            f"--pgdata={self._data}",
        )
        if await initdb.wait() != 0:
            raise RuntimeError("initdb failed; its complaint is above")
        await self.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._process is not None and self.running:
            self.thaw()
            self._process.send_signal(2)  # SIGINT: "fast shutdown", clients are thrown out.
            await self._process.wait()
        if self._directory is not None:
            shutil.rmtree(self._directory, ignore_errors=True)

    async def start(self) -> None:
        """Start it and wait until it answers; after a kill it recovers first."""
        programs = _programs()
        settings = [f"--{name}={value}" for name, value in _SETTINGS.items()]
        self._process = await _start(
            programs / "postgres", "-D", str(self._data), "-p", str(self.port), *settings
        )
        ready = programs / "pg_isready"
        async with asyncio.timeout(DEADLINE_SECONDS):
            while await (await _start(ready, "-h", "127.0.0.1", "-p", str(self.port))).wait() != 0:
                if self._process.returncode is not None:
                    raise RuntimeError(f"PostgreSQL ended with code {self._process.returncode}")

    async def kill(self) -> None:
        """SIGKILL to the server and to everything that serves a client."""
        assert self._process is not None, "not started"
        self._send(signal.SIGKILL)
        await self._process.wait()

    def freeze(self) -> None:
        """From now on it takes connections and answers nothing, as on a machine that hangs."""
        self._send(signal.SIGSTOP)

    def thaw(self) -> None:
        """It goes on where it was."""
        self._send(signal.SIGCONT)

    @property
    def _data(self) -> Path:
        assert self._directory is not None, "not entered"
        return self._directory / "data"

    def _send(self, number: signal.Signals) -> None:
        assert self._process is not None, "not started"
        children = Path(f"/proc/{self._process.pid}/task/{self._process.pid}/children")
        before = children.read_text()
        self._process.send_signal(number)
        # Frozen, it starts no others any more; killed, it has none.
        after = children.read_text() if children.exists() else ""
        send(number, {int(pid) for pid in (before + " " + after).split()})


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
