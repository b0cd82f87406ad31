"""Debian's Firefox, headless, driven by WebDriver BiDi (W3C): the few commands that a test needs."""

import asyncio
import json
import re
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp

FIREFOX = shutil.which("firefox-esr") or shutil.which("firefox")
START_SECONDS = 60.0
ANSWER_SECONDS = 30.0
PREFERENCES = {
    "media.autoplay.default": "0",
    "datareporting.policy.dataSubmissionEnabled": "false",
    "app.update.disabledForTesting": "true",
    "browser.shell.checkDefaultBrowser": "false",
    "network.captive-portal-service.enabled": "false",
    "network.connectivity-service.enabled": "false",
}


class Firefox:
    """One tab."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self._socket = socket
        self._sent = 0
        self._context = ""

    async def begin(self, script: str) -> None:
        """Open the session. ``script``: runs first in every page."""
        await self._call("session.new", capabilities={})
        await self._call("script.addPreloadScript", functionDeclaration=f"() => {{ {script} }}")
        tree = await self._call("browsingContext.getTree")
        self._context = tree["contexts"][0]["context"]

    async def open(self, address: str) -> None:
        """Go to a page and wait until it is loaded."""
        await self._call("browsingContext.navigate", context=self._context, url=address, wait="complete")

    async def evaluate(self, expression: str) -> Any:
        """The value of an expression of plain values, awaited, in the page. Raises ``AssertionError``."""
        told = await self._call(
            "script.evaluate",
            expression=f"(async () => JSON.stringify(await ({expression})))()",
            target={"context": self._context},
            awaitPromise=True,
        )
        assert told["type"] == "success", told
        return json.loads(told["result"].get("value", "null"))

    async def until(self, expression: str, seconds: float) -> Any:
        """Wait until an expression is true. Raises ``TimeoutError``."""
        async with asyncio.timeout(seconds):
            while not (found := await self.evaluate(expression)):
                await asyncio.sleep(0.1)
        return found

    async def _call(self, method: str, **params: Any) -> dict[str, Any]:
        self._sent += 1
        await self._socket.send_json({"id": self._sent, "method": method, "params": params})
        async with asyncio.timeout(ANSWER_SECONDS):
            while True:
                told = await self._socket.receive_json()
                if told.get("id") == self._sent:
                    assert told["type"] == "success", told
                    result: dict[str, Any] = told["result"]
                    return result


@asynccontextmanager
async def firefox(directory: Path, script: str) -> AsyncIterator[Firefox]:
    """One with a profile of its own."""
    assert FIREFOX is not None
    profile = directory / "firefox"
    profile.mkdir()
    lines = (f'user_pref("{name}", {value});\n' for name, value in PREFERENCES.items())
    (profile / "user.js").write_text("".join(lines))
    process = await asyncio.create_subprocess_exec(
        FIREFOX, "--headless", "--no-remote", "--profile", str(profile), "--remote-debugging-port", "0",
        "about:blank", stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    reading: asyncio.Task[None] | None = None
    try:
        address = await _address(process)
        reading = asyncio.create_task(_read_on(process))
        async with (
            aiohttp.ClientSession() as session,
            session.ws_connect(f"{address}/session", max_msg_size=0) as socket,
        ):
            one = Firefox(socket)
            await one.begin(script)
            yield one
    finally:
        process.terminate()
        await process.wait()
        if reading is not None:
            await reading


async def _address(process: asyncio.subprocess.Process) -> str:
    assert process.stderr is not None
    async with asyncio.timeout(START_SECONDS):
        while line := await process.stderr.readline():
            if found := re.search(r"BiDi listening on (ws://\S+)", line.decode(errors="replace")):
                return found[1]
    raise AssertionError("Firefox ended before it could be driven")


async def _read_on(process: asyncio.subprocess.Process) -> None:
    """What it says has to be read, or it stops."""
    assert process.stderr is not None
    while await process.stderr.readline():
        pass
