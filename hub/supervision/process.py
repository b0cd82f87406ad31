"""One media process: adopted when it already runs, started when it does not, restarted when it dies.

Life and death are read from the control connection, not from the child's exit: a hub that was restarted
itself has no children, and must find its studios all the same.
"""

import asyncio
import os
import signal
import sys
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import structlog

from hub.supervision.spare import Spare
from media.config import ProcessConfig
from media.control.channel import ControlClient
from media.control.command import Command, Disconnected, Event, Message, Refused

log = structlog.get_logger(__name__)

R = TypeVar("R", bound=Message)

CONNECT_DEADLINE = 30.0
"""Seconds a fresh process has to open its socket: imports take two, and ten on a machine that is too busy."""
LEAVE_SECONDS = 6.0
"""A dismissed or signalled process has this long before the next, stronger signal."""
HEALTH_EVERY = 2.0
HEALTH_DEADLINE = 5.0
BACK_OFF = (0.0, 0.2, 0.5, 1.0, 2.0, 5.0)


@dataclass
class ProcessPlan:
    """What to run, and what to do with what it says."""

    name: str
    module: str
    config: ProcessConfig
    folder: Path
    """Where the configuration, the process id and the log go."""
    health: Command[Any]
    events: tuple[type[Event], ...] = ()
    on_event: Callable[[Event], None] = lambda event: None
    on_connect: Callable[[], Awaitable[None]] | None = None
    on_change: Callable[[], None] = lambda: None
    """Called when ``connected`` has changed."""
    on_start: Callable[[ProcessConfig], ProcessConfig] = lambda config: config
    """What a process is told that is started now."""
    environment: dict[str, str] = field(default_factory=dict)
    spare: bool = False
    """Whether another one is kept waiting, to take over in a moment. The module must know ``--spare``."""


class MediaProcess:
    """Keeps one process running until ``stop``. Owned by whoever called ``start``."""

    def __init__(self, plan: ProcessPlan) -> None:
        self.plan = plan
        self.restarts = 0
        """How often the keeper began again. It may take two beginnings until a dying process is gone."""
        self.adopted = False
        """Whether the process that answers was found running."""
        self._client: ControlClient | None = None
        self._child: asyncio.subprocess.Process | None = None
        self._connected = asyncio.Event()
        self._stopping = False
        self._dismissed = False
        self._keeping: asyncio.Task[None] | None = None
        self._spare = Spare(self._command, plan.folder / f"{plan.name}.log", self._environment)

    @property
    def connected(self) -> bool:
        """Whether the process answers now."""
        return self._connected.is_set()

    def start(self) -> None:
        """Begin to keep it running. Does not wait: ``call`` does."""
        self._keeping = asyncio.create_task(self._keep(), name=f"keep {self.plan.name}")

    async def call(self, command: Command[R], deadline: float = 10.0) -> R:
        """Send a command, waiting for a process that is just (re)starting.

        Raises ``Refused`` and ``Disconnected``.
        """
        try:
            async with asyncio.timeout(deadline):
                await self._connected.wait()
        except TimeoutError:
            raise Disconnected(f"{self.plan.name} is not running") from None
        client = self._client
        if client is None:
            raise Disconnected(f"{self.plan.name} went away")
        return await client.call(command, deadline)

    async def dismiss(self, farewell: Command[R], deadline: float = 10.0) -> R | None:
        """Ask the process to finish and leave by itself. None when it did not answer: ``stop`` ends it."""
        self._stopping = True
        try:
            reply = await self.call(farewell, deadline)
        except (Refused, Disconnected) as error:
            log.warning("media_process_farewell_failed", process=self.plan.name, error=str(error))
            return None
        self._dismissed = True
        return reply

    async def stop(self) -> None:
        """End the process for good. One that was dismissed is first given time to leave by itself."""
        self._stopping = True
        await self._end(asked=self._dismissed)
        await self._leave()
        for leftover in (self._pid_file, self._config_file):
            leftover.unlink(missing_ok=True)

    async def let_go(self) -> None:
        """Stop watching and leave the process running: the hub goes, the meeting does not."""
        self._stopping = True
        await self._leave()

    async def _leave(self) -> None:
        if self._keeping is not None:
            self._keeping.cancel()
            with suppress(asyncio.CancelledError):
                await self._keeping
        await self._spare.close()
        await self._hang_up()

    async def _hang_up(self) -> None:
        was_connected = self.connected
        self._connected.clear()
        if was_connected:
            self.plan.on_change()
        client, self._client = self._client, None
        if client is not None:
            await client.close()

    @property
    def _config_file(self) -> Path:
        return self.plan.folder / f"{self.plan.name}.json"

    @property
    def _pid_file(self) -> Path:
        return self.plan.folder / f"{self.plan.name}.pid"

    async def _keep(self) -> None:
        failures = 0
        while not self._stopping:
            try:
                client = await self._connect()
                failures = 0
                await self._attend(client)
            except (OSError, Disconnected, Refused) as error:
                failures += 1
                log.warning("media_process_lost", process=self.plan.name, error=str(error))
            except Exception:
                # Whatever we did wrong with what it said: a process without a keeper would never come back.
                failures += 1
                log.exception("media_process_keeper_failed", process=self.plan.name)
            await self._hang_up()
            if not self._stopping:
                self.restarts += 1
                await asyncio.sleep(BACK_OFF[min(failures, len(BACK_OFF) - 1)])

    async def _connect(self) -> ControlClient:
        client = ControlClient(self.plan.config.control_socket, self.plan.events)
        try:
            await client.connect()
            self.adopted = self._child is None
        except OSError:
            await self._end(asked=False)
            await self._spawn()
            client = await self._wait_for_socket()
            self.adopted = False
        self._client = client
        try:
            await client.call(self.plan.health, HEALTH_DEADLINE)
        except Disconnected:
            # It listens and says nothing. Nobody else would end it: health is watched once it has answered.
            await self._end(asked=False, signals=(signal.SIGKILL,))
            raise
        self._connected.set()
        self.plan.on_change()
        if self.plan.on_connect is not None:
            await self.plan.on_connect()
        return client

    async def _spawn(self) -> None:
        folder = self.plan.folder
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._config_file.write_text(self.plan.on_start(self.plan.config).model_dump_json(indent=1))
        self._child = self._spare.take() or await self._start_child()
        self._pid_file.write_text(str(self._child.pid))
        log.info("media_process_started", process=self.plan.name, pid=self._child.pid)

    async def _start_child(self) -> asyncio.subprocess.Process:
        with (self.plan.folder / f"{self.plan.name}.log").open("ab") as output:
            return await asyncio.create_subprocess_exec(
                *(sys.executable, *self._command),
                stdin=asyncio.subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,
                env=self._environment,
            )

    @property
    def _command(self) -> tuple[str, ...]:
        return "-m", self.plan.module, str(self._config_file)

    @property
    def _environment(self) -> dict[str, str]:
        return {**os.environ, **self.plan.environment}

    async def _wait_for_socket(self) -> ControlClient:
        deadline = asyncio.get_running_loop().time() + CONNECT_DEADLINE
        while True:
            client = ControlClient(self.plan.config.control_socket, self.plan.events)
            try:
                await client.connect()
            except OSError as error:
                if self._child is not None and self._child.returncode is not None:
                    raise Disconnected(
                        f"{self.plan.name} ended with {self._child.returncode} as it started"
                    ) from error
                if asyncio.get_running_loop().time() > deadline:
                    raise Disconnected(f"{self.plan.name} did not open its socket") from error
                await asyncio.sleep(0.02)
            else:
                return client

    async def _attend(self, client: ControlClient) -> None:
        """Pass events on until the connection ends, and ask for health meanwhile."""
        health = asyncio.create_task(self._check_health(client))
        try:
            async for event in client.events():
                self.plan.on_event(event)
        finally:
            health.cancel()
            with suppress(asyncio.CancelledError, Disconnected, Refused):
                await health

    async def _check_health(self, client: ControlClient) -> None:
        """A process that does not answer is as good as dead: end it, and the keeper starts it anew."""
        while True:
            await asyncio.sleep(HEALTH_EVERY)
            try:
                await client.call(self.plan.health, HEALTH_DEADLINE)
            except Disconnected:
                if not client.closed.is_set():
                    log.error("media_process_silent", process=self.plan.name)
                    await self._end(asked=False, signals=(signal.SIGKILL,))
                return
            if self.plan.spare:
                # Not before: whoever has just taken over needs the processor itself.
                await self._spare.prepare()

    async def _end(
        self, *, asked: bool, signals: tuple[signal.Signals, ...] = (signal.SIGTERM, signal.SIGKILL)
    ) -> None:
        """Wait for the process to leave, and make it when it does not."""
        if asked and await self._gone(LEAVE_SECONDS):
            return
        for number in signals:
            pid = self._pid()
            if pid is None:
                return
            with suppress(ProcessLookupError):
                os.kill(pid, number)
            if await self._gone(LEAVE_SECONDS):
                return

    async def _gone(self, deadline: float) -> bool:
        if self._child is not None:
            try:
                async with asyncio.timeout(deadline):
                    await self._child.wait()
            except TimeoutError:
                return False
            return True
        end = asyncio.get_running_loop().time() + deadline
        while self._pid() is not None:
            if asyncio.get_running_loop().time() > end:
                return False
            await asyncio.sleep(0.02)
        return True

    def _pid(self) -> int | None:
        """The process's id, if it is still ours: the id may have been given to another program since."""
        if self._child is not None:
            return self._child.pid if self._child.returncode is None else None
        try:
            pid = int(self._pid_file.read_text())
            words = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
        except (OSError, ValueError):
            return None
        return pid if str(self._config_file).encode() in words else None
