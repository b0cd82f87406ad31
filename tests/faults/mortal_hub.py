"""A hub that is killed again and again, always at the same address, with the next one waiting to begin."""

import asyncio
import os
import shutil
import signal
import socket
import sys
import tempfile
import uuid
from asyncio.subprocess import Process
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from hub.database import Database, sqlite_file
from hub.domain.clock import SystemTokens
from hub.domain.desk import Desk
from hub.domain.models import AgendaItem, Committee, Meeting, key
from hub.domain.people import Role
from hub.domain.services.accounts import add_user, new_sign_in_link
from hub.link_key import link_key
from hub.migrations import upgrade
from tests.hub.fakes import FakeAnnouncer, FakeClock, FakeStudio
from tests.support.processes import MARK, ended, send

REF = "2030-01-01-planning-committee-a"
CLERK = "clerk@example.org"
START = (
    sys.executable,
    "-c",
    "import sys; from hub.cli import main; sys.stdin.readline() and main()",
    "serve",
)
"""Imports everything, which takes seconds, and then waits for a line to begin."""


@dataclass(frozen=True)
class Seed:
    """What is in the database before anybody comes."""

    item: int
    sign_in: str
    """The token of the clerk's one-time link."""


async def seed(data: Path) -> Seed:
    """A council with one meeting in three days, whose public may ask and register."""
    data.mkdir(parents=True)
    url = sqlite_file(data / "moothall.sqlite3")
    await upgrade(url)
    async with Database(url) as database:
        clock = FakeClock(datetime.now(UTC))
        links = link_key(data)
        desk = Desk(database, clock, SystemTokens(), FakeStudio(clock), FakeAnnouncer(), links, "Ouseby", "")
        async with database.write() as session:
            committee = Committee(name="Planning Committee A")
            session.add(committee)
            await session.flush()
            begins = clock.now() + timedelta(days=6)
            meeting = Meeting(ref=REF, committee_id=key(committee), title="Planning", starts_at=begins)
            session.add(meeting)
            await session.flush()
            item = AgendaItem(
                meeting_id=key(meeting), position=1, number="1.", title="Mill Lane", public_can_speak=True
            )
            session.add(item)
            await session.flush()
            found = key(item)
        await add_user(desk, CLERK, "Ann Clark", Role.CLERK)
        return Seed(found, await new_sign_in_link(desk, CLERK))


class MortalHub:
    """Use as an async context manager."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._run = uuid.uuid4().hex
        self._sockets = Path(tempfile.mkdtemp(prefix="moot-test-"))
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self._port = int(probe.getsockname()[1])
        self._hub: Process | None = None
        self._next: Process | None = None

    async def __aenter__(self) -> "MortalHub":
        self._next = await self._wait()
        await self.begin()
        return self

    async def __aexit__(self, *_: object) -> None:
        for process in (self._hub, self._next):
            if process is not None and process.returncode is None:
                process.terminate()
        send(signal.SIGKILL, await ended(self._run, 20))
        for process in (self._hub, self._next):
            if process is not None:
                await process.communicate()
        shutil.rmtree(self._sockets)

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self._port}"

    def kill(self) -> None:
        """SIGKILL."""
        assert self._hub is not None
        self._hub.kill()

    async def begin(self) -> None:
        """The next one begins, and another waits."""
        if self._hub is not None:
            await self._hub.wait()
        assert self._next is not None
        assert self._next.stdin is not None
        self._hub = self._next
        self._next.stdin.write(b"\n")
        await self._next.stdin.drain()
        assert self._hub.stdout is not None
        line = await self._hub.stdout.readline()
        assert b"http://" in line, self.log()
        self._next = await self._wait()

    def log(self) -> str:
        """The end of what they said."""
        return (self._directory / "hub.log").read_text(errors="replace")[-5000:]

    async def _wait(self) -> Process:
        environment = {
            **os.environ,
            "MOOTHALL_DATA_DIR": str(self._directory / "data"),
            "MOOTHALL_RUN_DIR": str(self._sockets),
            "MOOTHALL_PORT": str(self._port),
            "MOOTHALL_RTMP_PORT": "0",
            "MOOTHALL_SRT_PORT": "0",
            "MOOTHALL_RELAY_PORT": "0",
            MARK: self._run,
        }
        with (self._directory / "hub.log").open("ab") as log:
            return await asyncio.create_subprocess_exec(
                *START,
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                stderr=log,
                env=environment,
            )
