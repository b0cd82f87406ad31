"""The three namespaces on a real socket and a real database, with a small engine and studio behind them."""

import asyncio
import shutil
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, suppress
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import pytest_asyncio
import socketio
from aiohttp import web

from hub.database import Database, sqlite_file
from hub.domain.clock import SystemTokens
from hub.domain.commands import dispatch
from hub.domain.demo_council import CLERK, Seed, seed
from hub.domain.desk import Desk
from hub.domain.links import LinkKey
from hub.domain.models import Meeting
from hub.domain.people import Role, Viewer
from hub.domain.services.accounts import add_user, new_sign_in_link, redeem
from hub.domain.services.registration import SlotTaken, register, take_slot
from hub.domain.views import find_meetings, meeting_id, public_snapshot
from hub.migrations import upgrade
from hub.supervision.watch import Changes
from media.client import EngineSnapshot
from signalling.audience import AudienceNamespace
from signalling.broadcast import Broadcaster, Namespaces
from signalling.console import ConsoleNamespace
from signalling.speaker import SpeakerNamespace
from signalling.transport import evict_slow_clients, make_server
from tests.hub.fakes import FakeAnnouncer, FakeClock, FakeStudio
from tests.signalling.line import Line
from tests.web.engine import FakeEngine

COOKIE = "staff_session"
SECOND_CLERK = "bob@ouseby.example"
PHONE_OF_SAM = "phone-of-sam"


class HallEngine(FakeEngine):
    """An engine whose state a test changes. Its watch coalesces as the real one does."""

    def __init__(self, recordings: Path) -> None:
        super().__init__(recordings)
        self.watch = Changes()
        self.viewing = 0

    async def snapshot(self, ref: str) -> EngineSnapshot:
        self._ask("snapshot", ref)
        return EngineSnapshot(studio=None, recorder=None, viewers=self.viewing, alarms=[], refusals=[])

    def changes(self) -> AsyncIterator[str]:
        return self.watch.changes()


@dataclass(frozen=True)
class Council:
    """The demo's council in a file that tests copy, with two clerks."""

    file: Path
    seed: Seed


@dataclass
class Hall:
    """A running server and all that is behind it. Lines are hung up when the test ends."""

    address: str
    desk: Desk
    clock: FakeClock
    studio: FakeStudio
    engine: HallEngine
    server: socketio.AsyncServer
    namespaces: Namespaces
    runner: web.AppRunner
    seed: Seed
    lines: AsyncExitStack = field(default_factory=AsyncExitStack)
    sent: int = 0

    @property
    def ref(self) -> str:
        return self.seed.meeting_ref

    def connections(self) -> int:
        """Open TCP connections."""
        assert self.runner.server is not None
        return len(self.runner.server.connections)

    async def line(self, namespace: str, auth: dict[str, object], cookies: str = "") -> Line:
        """Somebody who was let in and has the first snapshot."""
        line = Line(namespace)
        await line.connect(self.address, auth, cookies)
        self.lines.push_async_callback(line.close)
        await line.until("state", bool, "the first snapshot")
        return line

    async def viewer(self, device: str = "device-of-ann") -> Line:
        return await self.line("/audience", {"meeting": self.ref, "device": device})

    async def speaker(self, device: str = PHONE_OF_SAM) -> Line:
        """Sam, who pressed Continue on this device."""
        await self.take_slot(device)
        return await self.line("/speaker", {"token": self.seed.speaker_token, "device": device})

    async def take_slot(self, device: str) -> SlotTaken:
        return await take_slot(self.desk, self.seed.speaker_token, device)

    async def console(self, email: str = CLERK) -> Line:
        line = await self.line("/console", {"meeting": self.ref}, await self.sign_in(email))
        await line.until("engine", bool, "the first engine snapshot")
        return line

    async def sign_in(self, email: str = CLERK) -> str:
        """The cookie of a new session."""
        signed_in = await redeem(self.desk, await new_sign_in_link(self.desk, email))
        return f"{COOKIE}={signed_in.token}"

    async def do(self, name: str, /, **payload: object) -> dict[str, object]:
        """A command of the clerk from elsewhere, as from the API."""
        self.sent += 1
        message = {"client_id": f"elsewhere-{self.sent}", **payload}
        return await dispatch(self.desk, self.seed.clerk, self.ref, name, message)

    async def ask(self, text: str, device: str = "device-of-eve") -> int:
        """A question of a viewer from elsewhere."""
        self.sent += 1
        viewer = Viewer(device, await meeting_id(self.desk, self.ref))
        message = {"client_id": f"elsewhere-{self.sent}", "text": text, "author": "", "item_id": None}
        answer = await dispatch(self.desk, viewer, self.ref, "question.submit", message)
        return int(answer["question"]["id"])

    async def register(
        self, name: str, email: str = "somebody@example.org", phone: str = "", summary: str = ""
    ) -> int:
        """Somebody registers to speak on the form; the registration."""
        person = await register(self.desk, self.ref, name=name, email=email, phone=phone, summary=summary)
        return person.registration_id

    async def refs(self) -> list[str]:
        """All meetings."""
        return [card.ref for card in (await find_meetings(self.desk)).meetings]

    async def live(self) -> None:
        await self.do("meeting.open_room")
        await self.do("meeting.go_live", confirmed=True)

    async def version(self) -> int:
        return (await public_snapshot(self.desk, self.ref)).version

    async def meeting(self) -> Meeting:
        async with self.desk.store.read() as session:
            return await session.get_one(Meeting, await meeting_id(self.desk, self.ref))


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def council(tmp_path_factory: pytest.TempPathFactory) -> Council:
    """Migrated and seeded once: both take longer than most tests."""
    file = tmp_path_factory.mktemp("council") / "moothall.sqlite3"
    await upgrade(sqlite_file(file))
    async with Database(sqlite_file(file)) as database:
        desk = _desk(database, FakeClock())
        planted = await seed(desk)
        await add_user(desk, SECOND_CLERK, "Bob Dene", Role.CLERK)
    return Council(file, planted)


@pytest.fixture
async def hall(tmp_path: Path, council: Council) -> AsyncIterator[Hall]:
    file = tmp_path / "moothall.sqlite3"
    shutil.copy(council.file, file)
    async with Database(sqlite_file(file)) as database:
        clock = FakeClock()
        desk = _desk(database, clock)
        engine = HallEngine(tmp_path / "recordings")
        broadcaster = Broadcaster(lambda: namespaces)
        desk.announcer = broadcaster
        namespaces = Namespaces(
            AudienceNamespace(desk, engine),
            SpeakerNamespace(desk, engine),
            ConsoleNamespace(desk, engine, COOKIE),
        )
        server = make_server()
        runner = web.AppRunner(
            _application(server, namespaces, broadcaster, engine), shutdown_timeout=0.5, access_log=None
        )
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        port = runner.addresses[0][1]
        assert isinstance(desk.studio, FakeStudio)
        running = Hall(
            f"http://127.0.0.1:{port}", desk, clock, desk.studio, engine, server, namespaces, runner,
            council.seed,
        )  # fmt: skip
        try:
            yield running
        finally:
            await running.lines.aclose()
            await runner.cleanup()


def _desk(database: Database, clock: FakeClock) -> Desk:
    return Desk(
        store=database,
        clock=clock,
        tokens=SystemTokens(),
        studio=FakeStudio(clock),
        announcer=FakeAnnouncer(),
        links=LinkKey(b"key of the tests"),
        council="Ouseby City Council",
        public_url="https://meetings.example.org",
    )


def _application(
    server: socketio.AsyncServer, namespaces: Namespaces, broadcaster: Broadcaster, engine: HallEngine
) -> web.Application:
    """As ``hub.app`` puts them together."""
    application = web.Application()
    for namespace in (namespaces.audience, namespaces.speakers, namespaces.console):
        server.register_namespace(namespace)
    server.attach(application)

    async def sockets(_: web.Application) -> AsyncIterator[None]:
        tasks = [
            asyncio.create_task(broadcaster.follow_engine(engine)),
            asyncio.create_task(broadcaster.follow_studios(engine)),
            asyncio.create_task(evict_slow_clients(server)),
        ]
        yield
        for task in tasks:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task
        await broadcaster.close()
        await server.shutdown()

    application.cleanup_ctx.append(sockets)
    return application
