"""The crowd's process, from outside."""

import asyncio
import json
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

LINE_LIMIT = 64 * 1024 * 1024


class CrowdProcess:
    """One order at a time."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process

    async def ask(self, do: str, **arguments: Any) -> Any:
        """Give an order, and wait until it is done. Raises ``SystemExit`` when the crowd died of it."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps({"do": do, **arguments}).encode() + b"\n")
        line = await self._process.stdout.readline()
        if not line:
            raise SystemExit("The crowd's process died.")
        return json.loads(line)

    def tell(self, do: str, **arguments: Any) -> None:
        """Give an order without waiting for it: a storm is not held up by whoever it is made of."""
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps({"do": do, "quiet": True, **arguments}).encode() + b"\n")

    async def until(self, what: str, count: int, seconds: float = 60.0) -> dict[str, Any]:
        """Wait until so many have got that far."""
        async with asyncio.timeout(seconds):
            while True:
                state: dict[str, Any] = await self.ask("state")
                if state[what] >= count:
                    return state
                await asyncio.sleep(0.05)


@asynccontextmanager
async def crowd(*, coalesce: bool) -> AsyncIterator[CrowdProcess]:
    """A process without guests yet."""
    arguments = ["-m", "bench.crowd", *(["--coalesce"] if coalesce else [])]
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *arguments,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        limit=LINE_LIMIT,
    )
    try:
        yield CrowdProcess(process)
    finally:
        assert process.stdin is not None
        process.stdin.close()
        try:
            async with asyncio.timeout(10):
                await process.wait()
        except TimeoutError:
            process.kill()
            await process.wait()
