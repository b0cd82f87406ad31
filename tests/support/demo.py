"""``moothall demo`` as its own process, the way a user starts it."""

import asyncio
import os
import shutil
import signal
import sys
import tempfile
import uuid
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Self

from pydantic import BaseModel, ConfigDict

from tests.support.processes import MARK, ended, marked, send

READY_SECONDS = 60.0
STOP_SECONDS = 20.0
PROGRAM = Path(sys.executable).with_name("moothall")
ARTIFACTS = Path(__file__).parent.parent / "artifacts"
MODEST = {
    "MOOTHALL_RTMP_PORT": "0",
    "MOOTHALL_SRT_PORT": "0",
    "MOOTHALL_RELAY_PORT": "0",
    "MOOTHALL_SMALL_RENDITION": "false",
}
"""Ports that are free, and nothing that costs much and few tests look at."""


class Links(BaseModel):
    """The line of JSON that ``moothall demo --json`` prints once it is ready."""

    model_config = ConfigDict(frozen=True, extra="allow")

    home: str
    meeting: str
    console: str
    speaker: str
    whep: str
    hls: str
    whip: str
    whip_token: str
    rtmp: str
    srt: str
    api: str
    pid: int


class Moothall:
    """One ``moothall`` command and everything it starts. Use it as an async context manager.

    What it writes on standard error is in ``log``, what the media processes write is in ``sockets``. Both are
    kept in ``tests/artifacts`` when it has ended.
    """

    def __init__(
        self,
        log: Path,
        *arguments: str,
        environment: Mapping[str, str] | None = None,
        outlived: bool = False,
        program: Sequence[str] = (str(PROGRAM),),
    ) -> None:
        """``outlived``: its media processes go on when it ends, as those of ``serve`` in a live meeting."""
        self.log = log
        self._outlived = outlived
        self.run = uuid.uuid4().hex
        self.sockets = Path(tempfile.mkdtemp(prefix="moot-test-"))
        self._program = program
        self._arguments = arguments
        self._environment = dict(environment or {})
        self._process: asyncio.subprocess.Process | None = None

    async def __aenter__(self) -> Self:
        own = {"PYTHONUNBUFFERED": "1", "MOOTHALL_RUN_DIR": str(self.sockets), MARK: self.run}
        environment = {**os.environ, **MODEST, **own, **self._environment}
        with self.log.open("ab") as log:
            self._process = await asyncio.create_subprocess_exec(
                *self._program,
                *self._arguments,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=asyncio.subprocess.PIPE,
                stderr=log,
                env=environment,
            )
        return self

    async def __aexit__(self, *_: object) -> None:
        left = await self.stop()
        self._keep_logs()
        shutil.rmtree(self.sockets)
        assert not left, f"left behind after SIGTERM: {left}\n{self.tail()}"

    @property
    def process(self) -> asyncio.subprocess.Process:
        """The command itself."""
        assert self._process is not None, "not started"
        return self._process

    async def line(self, seconds: float = READY_SECONDS) -> str:
        """The next line of standard output."""
        assert self.process.stdout is not None
        try:
            async with asyncio.timeout(seconds):
                text = await self.process.stdout.readline()
        except TimeoutError:
            raise TimeoutError(f"{self.name} said nothing for {seconds:g} s\n{self.tail()}") from None
        assert text, f"{self.name} ended before it was ready\n{self.tail()}"
        return text.decode()

    async def finish(self, seconds: float = READY_SECONDS) -> tuple[int, str]:
        """Wait for a command that ends by itself: its exit code and standard output."""
        async with asyncio.timeout(seconds):
            out, _ = await self.process.communicate()
        return self.process.returncode or 0, out.decode()

    async def stop(self) -> dict[int, str]:
        """SIGTERM, then wait. Those of its processes that had to be killed are returned."""
        if self.process.returncode is None:
            self.process.send_signal(signal.SIGTERM)
        if self._outlived:
            async with asyncio.timeout(STOP_SECONDS):
                await self.process.wait()
            send(signal.SIGTERM, marked(self.run))
        left = await ended(self.run, STOP_SECONDS)
        send(signal.SIGKILL, left)
        await self.process.communicate()
        return left

    def processes(self, of: str) -> list[int]:
        """Ids of its living processes whose command line contains ``of``, for example ``media.studio``."""
        return [pid for pid, command in marked(self.run).items() if of in command]

    def tail(self, lines: int = 60) -> str:
        """The end of what was written on standard error."""
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-lines:])

    def _keep_logs(self) -> None:
        folder = ARTIFACTS / self.log.stem
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        for log in (self.log, *self.sockets.glob("*.log")):
            shutil.copy(log, folder)

    @property
    def name(self) -> str:
        """The command as typed."""
        return " ".join(("moothall", *self._arguments))


class Demo(Moothall):
    """A demo that is ready, with its links."""

    links: Links
    database: Path
    """Its file."""


@asynccontextmanager
async def demo(
    directory: Path,
    *options: str,
    environment: Mapping[str, str] | None = None,
    program: Sequence[str] = (str(PROGRAM),),
) -> AsyncIterator[Demo]:
    """Start a demo on free ports with its data in ``directory``; stop it and all it started afterwards."""
    directory.mkdir(parents=True, exist_ok=True)
    data = directory / "data"
    arguments = ("demo", "--json", "--port", "0", "--data-dir", str(data), *options)
    started = Demo(directory / "demo.log", *arguments, environment=environment, program=program)
    started.database = data / "moothall.sqlite3"
    async with started as running:
        running.links = Links.model_validate_json(await running.line())
        yield running


async def command(directory: Path, *arguments: str, environment: Mapping[str, str] | None = None) -> str:
    """Run a ``moothall`` command to its end and return what it printed. Fails when its exit code is not 0."""
    async with Moothall(directory / "command.log", *arguments, environment=environment) as running:
        code, out = await running.finish()
        assert code == 0, f"{running.name} ended with {code}\n{out}\n{running.tail()}"
        return out
