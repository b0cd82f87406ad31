"""A program at the far end of a Socket.IO namespace: what it was told last, and waiting for what comes."""

import asyncio
import uuid
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import socketio
from aiohttp import ClientSession, CookieJar
from socketio.exceptions import BadNamespaceError

from tests.support.patch import patched

ACK_SECONDS = 15.0
STATE_SECONDS = 20.0

Told = dict[str, Any]


class RefusalError(AssertionError):
    """An acknowledgement said no."""

    def __init__(self, command: str, error: Told) -> None:
        super().__init__(f"{command}: {error['code']}: {error['message']}")
        self.code: str = error["code"]
        self.message: str = error["message"]


class Socket:
    """One connection to one namespace. ``told`` has the last payload of every event."""

    def __init__(self, namespace: str) -> None:
        self.namespace = namespace
        self.told: dict[str, Any] = {}
        self._client = socketio.AsyncClient(reconnection=False)
        self._changed = asyncio.Condition()
        self._gathered: dict[str, list[Any]] = {}
        self._client.on("*", self._hear, namespace=namespace)

    async def connect(self, address: str, auth: Told, cookies: str = "") -> None:
        """Raises ``socketio.exceptions.ConnectionError`` when the server refuses."""
        await self._client.connect(
            address,
            headers={"Cookie": cookies} if cookies else {},
            auth=auth,
            namespaces=[self.namespace],
            transports=["websocket"],
            wait_timeout=ACK_SECONDS,
        )

    async def close(self) -> None:
        """Hang up."""
        await self._client.disconnect()

    async def call(self, command: str, **payload: object) -> Told:
        """Send a command and return its acknowledgement. Raises ``RefusalError``."""
        message = {"client_id": uuid.uuid4().hex, **payload}
        answer: Told = await self._client.call(command, message, self.namespace, timeout=ACK_SECONDS)
        if not answer["ok"]:
            raise RefusalError(command, answer["error"])
        return answer

    async def until(
        self, event: str, true: Callable[[Any], bool], what: str, seconds: float = STATE_SECONDS
    ) -> Any:
        """Wait until the last payload of an event fulfils something, and return it."""
        try:
            async with asyncio.timeout(seconds), self._changed:
                await self._changed.wait_for(lambda: event in self.told and true(self.told[event]))
        except TimeoutError:
            raise AssertionError(
                f"waited {seconds:g} s for {what}; last told: {self.told.get(event)}"
            ) from None
        return self.told[event]

    async def gather(
        self, event: str, enough: Callable[[list[Any]], bool], what: str, seconds: float = STATE_SECONDS
    ) -> list[Any]:
        """Every payload of an event from now on, in order, until they are enough."""
        gathered = self._gathered[event] = []
        try:
            async with asyncio.timeout(seconds), self._changed:
                await self._changed.wait_for(lambda: enough(gathered))
        except TimeoutError:
            raise AssertionError(f"waited {seconds:g} s for {what}; told so far: {gathered}") from None
        finally:
            del self._gathered[event]
        return gathered

    async def _hear(self, event: str, *payload: Any) -> None:
        if event == "delta":
            try:
                event, payload = "state", (await self._changed_state(payload[0]),)
            except BadNamespaceError:  # hung up meanwhile: what it would have become does not matter
                return
        async with self._changed:
            self._keep(event, payload[0] if payload else None)
            self._changed.notify_all()

    def _keep(self, event: str, payload: Any) -> None:
        self.told[event] = payload
        if event in self._gathered:
            self._gathered[event].append(payload)

    async def _changed_state(self, delta: Told) -> Told:
        """As a page has it: the delta applied, or the whole snapshot when it does not fit."""
        held = self.told.get("state")
        if held is not None and held["version"] == delta["from"]:
            changed: Told = patched(held, delta["patch"])
            return changed
        state: Told = (await self.call("state.get"))["state"]
        return state


class Console(Socket):
    """A clerk's console without a browser."""

    @property
    def public(self) -> Told:
        """The public part of the last snapshot."""
        public: Told = self.told["state"]["public"]
        return public

    @property
    def pictures(self) -> int:
        """Pictures that the studio has encoded."""
        return int(self.told["engine"]["studio"]["pictures"])

    async def studio(self, true: Callable[[Told], bool], what: str, seconds: float = STATE_SECONDS) -> Told:
        """Wait for a state of the studio."""
        engine = await self.until(
            "engine", lambda told: told["studio"] and true(told["studio"]), what, seconds
        )
        studio: Told = engine["studio"]
        return studio

    async def feed(self, true: Callable[[Told], bool], what: str, source: str = "chamber") -> Told:
        """Wait for a state of one feed."""

        def ready(studio: Told) -> bool:
            return any(feed["source"] == source and true(feed) for feed in studio["feeds"])

        studio = await self.studio(ready, what)
        found: Told = next(feed for feed in studio["feeds"] if feed["source"] == source)
        return found

    async def refused(self, true: Callable[[str], bool], what: str) -> str:
        """Wait for a sentence about a publisher that was turned away."""
        engine = await self.until("engine", lambda told: any(true(one) for one in told["refusals"]), what)
        return next(str(one) for one in engine["refusals"] if true(one))

    async def fresh(self) -> Told:
        """The studio's next status."""
        before = self.pictures
        return await self.studio(lambda studio: studio["pictures"] != before, "the programme to go on")

    async def ticks(self, pictures: int = 25) -> None:
        """Wait until the programme has gone on for so many pictures."""
        before = self.pictures
        await self.studio(lambda studio: studio["pictures"] >= before + pictures, "the programme to go on")


async def signed_in(link: str) -> str:
    """Use a one-time sign-in link up; the cookies of the session."""
    async with ClientSession(cookie_jar=CookieJar(unsafe=True)) as session:
        async with session.get(link) as page:
            assert page.status == 200, f"{link}: {page.status}"
        origin = "/".join(link.split("/")[:3])
        async with session.post(link, headers={"Origin": origin}) as page:
            assert page.status == 200, f"{link}: {page.status}"
        return "; ".join(f"{cookie.key}={cookie.value}" for cookie in session.cookie_jar)


@asynccontextmanager
async def console(address: str, ref: str, cookies: str) -> AsyncIterator[Console]:
    """A console that has its first snapshots."""
    connection = Console("/console")
    await connection.connect(address, {"meeting": ref}, cookies)
    try:
        await connection.until("state", bool, "the console's first snapshot")
        await connection.until("engine", bool, "the console's first engine snapshot")
        yield connection
    finally:
        await connection.close()


@asynccontextmanager
async def audience(address: str, ref: str, device: str) -> AsyncIterator[Socket]:
    """A viewer's socket that has its first snapshot."""
    connection = Socket("/audience")
    await connection.connect(address, {"meeting": ref, "device": device})
    try:
        await connection.until("state", bool, "the first public snapshot")
        yield connection
    finally:
        await connection.close()
