"""A spare for a process that must be back soon: it has imported everything, and waits for the word to begin.

The media libraries take one to three seconds to import on a busy machine; a meeting off air cannot wait.
The spare's standard input is a pipe from the hub: a line means "begin", its end means that the hub is gone.
"""

import asyncio
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path

import structlog

log = structlog.get_logger(__name__)

LEAVE_SECONDS = 2.0
ARGUMENT = "--spare"


class Spare:
    """At most one waiting child. ``command``: what the interpreter runs, without ``--spare``."""

    def __init__(self, command: Sequence[str], log: Path, environment: Mapping[str, str]) -> None:
        self._command = [sys.executable, *command, ARGUMENT]
        self._log = log
        self._environment = dict(environment)
        self._child: asyncio.subprocess.Process | None = None
        self._starting: asyncio.Task[None] | None = None

    async def prepare(self) -> None:
        """See to it that a spare is waiting. One that cannot be started is tried again with the next call.

        Whoever is cancelled meanwhile leaves the start to ``close``: asyncio kills a child whose start is
        cancelled, and does not wait for it when it is cancelled again.
        """
        if self._child is not None and self._child.returncode is None:
            return
        if self._starting is None or self._starting.done():
            self._starting = asyncio.create_task(self._start(), name="start a spare")
        await asyncio.shield(self._starting)

    async def _start(self) -> None:
        try:
            with self._log.open("ab") as output:
                self._child = await asyncio.create_subprocess_exec(
                    *self._command,
                    stdin=asyncio.subprocess.PIPE,
                    stdout=output,
                    stderr=output,
                    start_new_session=True,
                    env=self._environment,
                )
        except OSError as error:
            log.error("spare_not_started", error=str(error))

    def take(self) -> asyncio.subprocess.Process | None:
        """Let the spare begin: it is now a process like any other. None when there is none."""
        child, self._child = self._child, None
        if child is None or child.returncode is not None or child.stdin is None:
            return None
        child.stdin.write(b"begin\n")
        child.stdin.close()
        return child

    async def close(self) -> None:
        """Send the spare away."""
        if self._starting is not None:
            await asyncio.shield(self._starting)
        child = self._child
        if child is None:
            return
        if child.stdin is not None:
            child.stdin.close()
        try:
            async with asyncio.timeout(LEAVE_SECONDS):
                await child.wait()
        except TimeoutError:
            with suppress(ProcessLookupError):  # it left a moment ago
                child.kill()
            await child.wait()
        self._child = None
