"""A whole house with several meetings, as ``moothall demo`` starts it, to be driven and killed."""

import asyncio
import json
import os
import secrets
import shutil
import signal
import socket
import sys
import tempfile
import time
import uuid
from asyncio.subprocess import Process
from contextlib import suppress
from pathlib import Path
from typing import Any

from aiohttp import ClientError, ClientSession, ClientTimeout

from hub.settings import Settings
from tests.gate.meeting import CAPTIONS, LANGUAGE, RELAY, RefusedByHub
from tests.support.processes import MARK, ended, marked, send
from tests.support.redis import RedisServer
from tests.support.sockets import signed_in

ROOT = Path(__file__).parents[2]
START_SECONDS = 240.0
MOOTHALL = (sys.executable, "-c", "import sys; from hub.cli import main; sys.stdin.readline() and main()")
"""Imports everything, which takes seconds, and then waits for a line to begin."""


class GateHouse:
    """Use as an async context manager. ``redis``: for the bus; the relay then runs apart.

    ``code``: a folder with all packages.
    """

    def __init__(self, directory: Path, *, redis: RedisServer | None = None, code: Path = ROOT) -> None:
        self.directory = directory
        self._code = code
        self._redis = redis
        self._mending: asyncio.Task[None] | None = None
        self._run = uuid.uuid4().hex
        self.redis_kills: list[float] = []
        """When Redis was killed, of the monotonic clock."""
        self._sockets = Path(tempfile.mkdtemp(prefix="moot-gate-"))
        self._port = _free_port()
        self._hub: Process | None = None
        self._relay: Process | None = None
        self._next_hub: Process | None = None
        self._next_relay: Process | None = None
        self._reviving: asyncio.Task[None] | None = None
        self._cookies = ""
        self._http: ClientSession | None = None
        self.first = ""
        """The meeting that the demo shows."""
        self._key = ""
        self.encoders: dict[str, str] = {}
        """Where those of the first meeting send to, by protocol."""
        self.settings = Settings(
            data_dir=directory / "data",
            run_dir=self._sockets,
            port=self._port,
            redis_url=redis.url if redis is not None else "",
        )

    async def __aenter__(self) -> "GateHouse":
        self.directory.mkdir(parents=True, exist_ok=True)
        try:
            if self._redis:
                await self.start_relay()
            links = await self._start_hub()
            self.first = links["meeting"].rsplit("/", 1)[1]
            self._key = links["whip_token"]
            self.encoders = {protocol: links[protocol] for protocol in ("rtmp", "srt")}
            self._cookies = await signed_in(links["console"])
        except BaseException:
            await self.__aexit__()
            raise
        self._http = ClientSession(timeout=ClientTimeout(total=20))
        return self

    async def __aexit__(self, *_: object) -> None:
        for task in (self._mending, self._reviving):
            if task is not None:
                await task
        if self._http is not None:
            await self._http.close()
        found = (self._hub, self._relay, self._next_hub, self._next_relay)
        children = [child for child in found if child is not None]
        for child in children:
            if child.returncode is None:
                child.terminate()
        left = await ended(self._run, 20)
        send(signal.SIGKILL, left)
        for child in children:
            await child.communicate()
        shutil.rmtree(self._sockets, ignore_errors=True)

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self._port}"

    @property
    def http(self) -> ClientSession:
        assert self._http is not None
        return self._http

    @property
    def hub_lives(self) -> bool:
        return self._hub is not None and self._hub.returncode is None and self._reviving is None

    def log(self) -> str:
        """The end of what the processes wrote."""
        logs = [*sorted(self.directory.glob("*.log")), *sorted(self._sockets.glob("*.log"))]
        return "\n".join(f"--- {log.name}\n{log.read_text(errors='replace')[-3000:]}" for log in logs)

    async def do(self, ref: str, name: str, **payload: object) -> None:
        """A clerk's command. Raises ``RefusedByHub``, ``ClientError`` and ``TimeoutError``."""
        body = {"client_id": secrets.token_hex(8), **payload}
        address = f"{self.address}/api/v1/meetings/{ref}/commands/{name}"
        async with self.http.post(address, json=body, headers=self.clerk) as response:
            answer: dict[str, Any] = await response.json(content_type=None)
        if response.status != 200:
            raise RefusedByHub(f"{name}: {answer.get('code')}: {answer.get('detail')}")

    def key(self, ref: str) -> str:
        """The stream key of a meeting's chamber; empty when nobody knows it."""
        return self._key if ref == self.first else ""

    @property
    def clerk(self) -> dict[str, str]:
        """What a clerk's requests carry."""
        return {"Cookie": self._cookies, "Origin": self.address}

    # Kills

    def kill(self, module: str, meeting: str) -> int:
        """SIGKILL the process of this module that is at work for a meeting; the relay has no meeting."""
        if module == RELAY and self._relay is not None:
            if self._relay.returncode is not None or self._reviving is not None:
                return 0
            self._relay.kill()
            self._reviving = asyncio.create_task(self._revive_relay(), name="another relay")
            return 1
        return len(send(signal.SIGKILL, self.pids(module, meeting)))

    def pids(self, module: str, meeting: str) -> list[int]:
        """Processes of a module that are at work for a meeting."""
        return [
            pid
            for pid, command in marked(self._run).items()
            if f"-m {module}" in command and (module == RELAY or f"/{meeting}." in command)
        ]

    async def kill_hub(self) -> int:
        """SIGKILL the hub; another is started at once, and is there some seconds later."""
        if not self.hub_lives or self._hub is None:
            return 0
        self._hub.kill()
        self._reviving = asyncio.create_task(self._revive(), name="another hub")
        return 1

    @property
    def has_redis(self) -> bool:
        """Whether there is a Redis to be killed now."""
        return self._redis is not None and (self._mending is None or self._mending.done())

    async def kill_redis(self, seconds: float) -> int:
        """SIGKILL Redis, and start an empty one so many seconds later."""
        if self._redis is None or not self.has_redis:
            return 0
        self.redis_kills.append(time.monotonic())
        self._mending = asyncio.create_task(self._mend(self._redis, seconds), name="another Redis")
        return 1

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

    async def _mend(self, redis: RedisServer, seconds: float) -> None:
        await redis.stop()
        await asyncio.sleep(seconds)
        await redis.start()

    async def _revive(self) -> None:
        assert self._hub is not None
        await self._hub.wait()
        await self._start_hub()
        self._reviving = None

    async def _revive_relay(self) -> None:
        assert self._relay is not None
        await self._relay.wait()
        await self.start_relay()
        self._reviving = None

    async def start_relay(self) -> None:
        """A relay apart from the hub, which finds it through Redis."""
        relay = "relay", {"MOOTHALL_DATA_DIR": str(self.directory / "relay")}
        self._relay = _begun(self._next_relay or await self._start(*relay))
        self._next_relay = await self._start(*relay)

    async def _start_hub(self) -> dict[str, str]:
        where = ("--port", str(self._port), "--data-dir", str(self.directory / "data"))
        demo = ("demo", "--json", "--no-feed", *where)
        async with asyncio.timeout(START_SECONDS):
            line = b""
            # The demo gives up when a machine is too busy to start a studio within some seconds.
            while not line:
                self._hub = _begun(self._next_hub or await self._start(*demo))
                self._next_hub = None
                assert self._hub.stdout is not None
                line = await self._hub.stdout.readline()
                if not line:
                    await self._hub.wait()
            self._next_hub = await self._start(*demo)
        links: dict[str, str] = json.loads(line)
        return links

    async def _start(self, *command: str | dict[str, str]) -> Process:
        own = {
            MARK: self._run,
            "MOOTHALL_RUN_DIR": str(self._sockets),
            "MOOTHALL_RTMP_PORT": "0",
            "MOOTHALL_SRT_PORT": "0",
            "MOOTHALL_RELAY_PORT": "0",
            "MOOTHALL_INTERPRETED_LANGUAGE": LANGUAGE,
            "MOOTHALL_CAPTIONS_LANGUAGE": CAPTIONS,
            "PYTHONPATH": str(self._code),
        }
        if self._redis is not None:
            own |= {"MOOTHALL_REDIS_URL": self._redis.url, "MOOTHALL_EMBEDDED_RELAY": "false"}
        words = [word for word in command if isinstance(word, str)]
        for more in command:
            own |= more if isinstance(more, dict) else {}
        with (self.directory / f"{words[0]}.log").open("ab") as log:
            return await asyncio.create_subprocess_exec(
                *MOOTHALL,
                *words,
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                stderr=log,
                cwd=self._code,
                env={**os.environ, **own},
            )


def _begun(child: Process) -> Process:
    assert child.stdin is not None
    child.stdin.write(b"begin\n")
    return child


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
