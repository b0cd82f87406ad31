"""What the public get by HTTP and Socket.IO while a meeting runs, beside live media: stills and pages."""

import asyncio
import re
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from itertools import cycle
from typing import Any

import socketio
from aiohttp import web
from socketio.exceptions import ConnectionError as SocketError

from tests.gate.council import HubMeeting
from tests.gate.judge import Judge
from tests.gate.marks import SECRET
from tests.gate.stills import Stills
from tests.gate.ways import ANSWER_SECONDS, AWAY
from tests.support.waiting import sent_away
from web.site import add_site

STATE, SNAPSHOT = "/meetings/{ref}/state.json", "/meetings/{ref}/snapshot.jpg"
ALWAYS = (STATE, SNAPSHOT)
AT_A_TIME = 2
"""Of the other addresses, in a round."""
JPEG = "image/jpeg"
TEXT = re.compile(r"text/|application/(json|problem\+json|.*xml|manifest\+json)|image/svg")
FIELD = re.compile(r"\{(\w+)")
AUDIENCE = "/audience"


@cache
def addresses() -> tuple[str, ...]:
    """Every address of the site that can be asked for with nothing but a meeting's ref, in all languages."""
    application = web.Application()
    add_site(application)
    paths = {
        route.resource.canonical
        for route in application.router.routes()
        if route.method == "GET" and route.resource is not None
    }
    return tuple(sorted(path for path in paths if set(FIELD.findall(path)) <= {"ref"}))


class Pages:
    """``closed``: whether the public have got nothing but the slate for certain."""

    def __init__(self, meeting: HubMeeting, judge: Judge, stills: Stills, closed: Callable[[], bool]) -> None:
        self._meeting = meeting
        self._judge = judge
        self._closed = closed
        self._stills = stills
        self._others = cycle(sorted(set(addresses()) - set(ALWAYS)))
        self.recorded = False
        """The meeting is over: stills are of its recording, of when the gate was open as well."""
        self.texts = 0
        self.searched: Counter[str] = Counter()
        """Answers that were read or looked at, by address."""

    async def look(self) -> None:
        """At the still, the state and some of the other pages. A hub that is dead gives nothing."""
        with suppress(*AWAY):
            for address in (*ALWAYS, *(next(self._others) for _ in range(AT_A_TIME))):
                await self.look_at(address)

    async def look_everywhere(self) -> None:
        """At every address. Raises ``AWAY``."""
        for address in addresses():
            await self.look_at(address)

    async def look_at(self, address: str, query: str = "") -> None:
        """Whatever it is: what is neither text nor a still is searched elsewhere. Raises ``AWAY``."""
        closed_before = self._closed() and not self.recorded
        url = self._meeting.house.address + address.format(ref=self._meeting.ref) + query
        async with asyncio.timeout(ANSWER_SECONDS), self._meeting.house.http.get(url) as response:
            kind = response.content_type
            data = await response.read() if kind == JPEG or TEXT.match(kind) else b""
        if not data:
            return
        if response.ok:
            self.searched[address] += 1
        if kind == JPEG:
            await self._stills.search(address + query, data, closed_before=closed_before)
        else:
            self.read(address, data.decode(errors="replace"))

    def read(self, where: str, text: str) -> None:
        """Search what the public can read."""
        self.texts += 1
        if SECRET in text:
            self._judge.accuse(f"{where} tells {SECRET}")


class Audience:
    """A viewer's page without a browser: everything that it is told by Socket.IO is read."""

    def __init__(self, meeting: HubMeeting, pages: Pages) -> None:
        self._meeting = meeting
        self._pages = pages
        self.told = 0
        self._task = asyncio.create_task(self._stay(), name="audience")

    async def close(self) -> None:
        """Leave."""
        await sent_away(self._task)

    async def _stay(self) -> None:
        while True:
            client = socketio.AsyncClient(reconnection=False)
            client.on("*", self._hear, namespace=AUDIENCE)
            try:
                await client.connect(
                    self._meeting.house.address,
                    auth={"meeting": self._meeting.ref, "device": "a-device-of-the-gate"},
                    namespaces=[AUDIENCE],
                    transports=["websocket"],
                )
                await client.wait()
            except (SocketError, *AWAY):
                await asyncio.sleep(0.3)
            finally:
                await client.disconnect()

    async def _hear(self, event: str, *payload: Any) -> None:
        self.told += 1
        self._pages.read(f"the audience's {event}", repr(payload))
