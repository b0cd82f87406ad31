"""All processes of one meeting, as ``moothall demo`` starts them, to be driven and killed."""

import asyncio
import json
import os
import secrets
import shutil
import signal
import socket
import sys
import tempfile
import uuid
from asyncio.subprocess import Process
from contextlib import suppress
from pathlib import Path
from typing import Any, TypeVar

from aiohttp import ClientError, ClientSession, ClientTimeout

from hub.cutting import Outcome, cut_here
from hub.settings import Settings
from media.control.channel import ControlClient
from media.control.command import Command, Disconnected, Message, Refused
from media.control.studio import GetStatus, OpenFeed, OpenSpeaker, StudioStatus
from media.gate.wish import Wish, Wishes
from tests.support.processes import MARK, ended, marked, send
from tests.support.sockets import signed_in

ROOT = Path(__file__).parents[2]
START_SECONDS = 60.0
R = TypeVar("R", bound=Message)


class RefusedByHub(Exception):  # noqa: N818  an answer, not a fault
    """A command got an answer that says no; ``str`` is its code."""


class GateHouse:
    """Use as an async context manager. ``code``: a folder with the packages to run; the repository's."""

    def __init__(self, directory: Path, *, delay: int = 0, code: Path = ROOT) -> None:
        self.directory = directory
        self.delay = delay
        self._code = code
        self._run = uuid.uuid4().hex
        self._sockets = Path(tempfile.mkdtemp(prefix="moot-gate-"))
        self._port = _free_port()
        self._hub: Process | None = None
        self._reviving: asyncio.Task[None] | None = None
        self._cookies = ""
        self._http: ClientSession | None = None
        self.ref = ""
        self.settings = Settings(data_dir=directory / "data", run_dir=self._sockets, port=self._port)

    async def __aenter__(self) -> "GateHouse":
        self.directory.mkdir(parents=True, exist_ok=True)
        try:
            links = await self._start_hub()
            self.ref = links["meeting"].rsplit("/", 1)[1]
            self._cookies = await signed_in(links["console"])
        except BaseException:
            await self.__aexit__()
            raise
        self._http = ClientSession(timeout=ClientTimeout(total=20))
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._reviving is not None:
            await self._reviving
        if self._http is not None:
            await self._http.close()
        if self._hub is not None and self._hub.returncode is None:
            self._hub.terminate()
        left = await ended(self._run, 20)
        send(signal.SIGKILL, left)
        if self._hub is not None:
            await self._hub.communicate()
        shutil.rmtree(self._sockets, ignore_errors=True)

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self._port}"

    @property
    def meeting(self) -> str:
        """Address of the meeting's page."""
        return f"{self.address}/meetings/{self.ref}"

    @property
    def http(self) -> ClientSession:
        assert self._http is not None
        return self._http

    @property
    def hls_socket(self) -> Path:
        return self._sockets / f"{self.settings.media_name(self.ref)}.hls"

    @property
    def recording(self) -> Path:
        return self.settings.meeting_dir(self.ref) / "recording"

    @property
    def hub_lives(self) -> bool:
        return self._hub is not None and self._hub.returncode is None and self._reviving is None

    def log(self) -> str:
        """The end of what the processes wrote."""
        logs = [self.directory / "hub.log", *sorted(self._sockets.glob("*.log"))]
        return "\n".join(f"--- {log.name}\n{log.read_text(errors='replace')[-3000:]}" for log in logs)

    # Commands

    async def do(self, name: str, **payload: object) -> dict[str, Any]:
        """A clerk's command. Raises ``RefusedByHub``, ``ClientError`` and ``TimeoutError``."""
        body = {"client_id": secrets.token_hex(8), **payload}
        headers = {"Cookie": self._cookies, "Origin": self.address}
        address = f"{self.address}/api/v1/meetings/{self.ref}/commands/{name}"
        async with self.http.post(address, json=body, headers=headers) as response:
            answer: dict[str, Any] = await response.json(content_type=None)
        if response.status != 200:
            raise RefusedByHub(f"{name}: {answer.get('code')}: {answer.get('detail')}")
        return answer

    async def at_the_machine(self) -> Outcome:
        """``moothall cut``."""
        return await cut_here(self.settings, self.ref, by="test", reason="a test")

    async def by_file(self) -> None:
        """Only the file, and nobody who asks."""
        journal = self.settings.meeting_dir(self.ref) / "gate.jsonl"
        await asyncio.to_thread(Wishes(journal).put, Wish(by="test"))

    async def studio(self, command: Command[R]) -> R:
        """Ask the studio itself. Raises ``Refused``, ``Disconnected`` and ``OSError``."""
        client = ControlClient(self._sockets / f"{self.settings.media_name(self.ref)}.studio")
        try:
            async with asyncio.timeout(10):
                await client.connect()
                return await client.call(command)
        except TimeoutError as error:
            raise Disconnected("no answer") from error
        finally:
            await client.close()

    async def status(self, seconds: float = 30.0) -> StudioStatus:
        """The studio's, as soon as it has one."""
        async with asyncio.timeout(seconds):
            while True:
                try:
                    return await self.studio(GetStatus())
                except (OSError, Disconnected):
                    await asyncio.sleep(0.05)

    # Offers

    async def chamber(self, sdp: str) -> str:
        return (await self.studio(OpenFeed(source="chamber", sdp=sdp, label="Chamber"))).sdp

    async def speaker(self, name: str, sdp: str) -> str:
        return (await self.studio(OpenSpeaker(speaker=name, label=f"Speaker {name}", sdp=sdp))).sdp

    async def viewer(self, sdp: str) -> str:
        headers = {"Content-Type": "application/sdp"}
        async with self.http.post(f"{self.meeting}/whep", data=sdp, headers=headers) as response:
            text = await response.text()
        if response.status != 201:
            raise Refused("no_viewer", text)
        return text

    # Kills

    def kill(self, module: str) -> int:
        """SIGKILL every process of this module that is at work; how many there were."""
        running = marked(self._run).items()
        pids = [pid for pid, command in running if f"-m {module}" in command and "--spare" not in command]
        send(signal.SIGKILL, pids)
        return len(pids)

    async def kill_hub(self) -> None:
        """SIGKILL the hub; another is started at once, and is there some seconds later."""
        if not self.hub_lives or self._hub is None:
            return
        self._hub.kill()
        await self._hub.wait()
        self._reviving = asyncio.create_task(self._revive(), name="another hub")

    async def until_hub(self) -> None:
        """Wait until there is a hub."""
        if self._reviving is not None:
            await self._reviving
        async with asyncio.timeout(START_SECONDS):
            while True:
                with suppress(ClientError, OSError):
                    async with self.http.get(f"{self.address}/readyz") as response:
                        if response.status == 200:
                            return
                await asyncio.sleep(0.05)

    async def _revive(self) -> None:
        await self._start_hub()
        self._reviving = None

    async def _start_hub(self) -> dict[str, str]:
        own = {
            MARK: self._run,
            "MOOTHALL_RUN_DIR": str(self._sockets),
            "MOOTHALL_RTMP_PORT": "0",
            "MOOTHALL_SRT_PORT": "0",
            "MOOTHALL_RELAY_PORT": "0",
            "MOOTHALL_BROADCAST_DELAY_SECONDS": str(self.delay),
            "PYTHONPATH": str(self._code),
        }
        command = ("demo", "--json", "--no-feed", "--port", str(self._port))
        with (self.directory / "hub.log").open("ab") as log:
            self._hub = await asyncio.create_subprocess_exec(
                *(sys.executable, "-c", "from hub.cli import main; main()"),
                *(*command, "--data-dir", str(self.directory / "data")),
                stdin=asyncio.subprocess.DEVNULL,
                stdout=asyncio.subprocess.PIPE,
                stderr=log,
                cwd=self._code,
                env={**os.environ, **own},
            )
        assert self._hub.stdout is not None
        line = await asyncio.wait_for(self._hub.stdout.readline(), START_SECONDS)
        assert line, f"the hub did not start\n{self.log()}"
        links: dict[str, str] = json.loads(line)
        return links


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
