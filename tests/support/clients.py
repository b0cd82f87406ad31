"""The reference client of WHIP and WHEP, which other people wrote, in a browser."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from aiohttp import web
from playwright.async_api import Response

from tests.support.browser import Visitor
from tests.support.judge import Signature

PAGE = Path(__file__).with_name("whip_whep.html")
MODULE = Path(__file__).parents[2] / "web/front/node_modules/whip-whep"


@dataclass
class ReferenceClient:
    """npm's ``whip-whep`` in a page that another origin serves."""

    person: Visitor
    answers: list[tuple[str, int]] = field(default_factory=list)
    """Method and status of everything that the client asked of our program."""

    async def publish(self, url: str, key: str, source: Signature) -> None:
        """Send a canvas and an oscillator."""
        await self._call("publish", url, key, f"rgb{source.colour}", source.hz)

    async def view(self, url: str) -> None:
        """Receive."""
        await self._call("view", url)

    async def restart(self) -> None:
        """Restart ICE."""
        await self.person.page.evaluate("() => client.restart()")

    async def stop(self) -> None:
        """Hang up and delete the session."""
        await self.person.page.evaluate("() => client.stop()")

    async def get(self, name: str) -> Any:
        """A value of the page, or what a function of it returns."""
        return await self.person.page.evaluate(f"() => typeof {name} === 'function' ? {name}() : {name}")

    async def _call(self, name: str, *arguments: object) -> None:
        await self.person.page.evaluate(f"arguments => {name}(...arguments)", list(arguments))


@asynccontextmanager
async def reference_client(person: Visitor) -> AsyncIterator[ReferenceClient]:
    """The page, loaded."""

    async def page(_: web.Request) -> web.Response:
        return web.Response(text=PAGE.read_text(), content_type="text/html")

    app = web.Application()
    app.router.add_get("/", page)
    app.router.add_static("/whip-whep", MODULE)
    runner = web.AppRunner(app)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        client = ReferenceClient(person)

        def note(response: Response) -> None:
            if "/whip/" in response.url or "/whep" in response.url.removeprefix("http://").partition("/")[2]:
                client.answers.append((response.request.method, response.status))

        person.page.on("response", note)
        await person.page.goto(f"http://127.0.0.1:{runner.addresses[0][1]}/")
        await person.page.wait_for_function("() => window.ready")
        yield client
    finally:
        await runner.cleanup()
