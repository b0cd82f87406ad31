"""The composition root: puts the rooms together into one application and runs it."""

import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass

import asyncio

import structlog
from aiohttp import web

from hub.database import Database
from hub.domain import views
from hub.domain.clock import SystemClock, SystemTokens
from hub.domain.desk import Desk
from hub.domain.states.meeting import MeetingState
from hub.migrations import upgrade
from hub.settings import Settings
from hub.supervision.engine import ProcessEngine
from hub.supervision.resume import resume_meetings
from hub.supervision.studio_port import EngineStudioPort
from signalling.audience import AudienceNamespace
from signalling.broadcast import Broadcaster
from signalling.console import ConsoleNamespace
from signalling.speaker import SpeakerNamespace
from signalling.transport import guard, make_server
from web.keys import DESK, ENGINE, SITE, SiteSettings
from web.site import add_site

log = structlog.get_logger(__name__)

SHUTDOWN_SECONDS = 5.0


@dataclass(frozen=True)
class Hub:
    """What a running hub is made of."""

    settings: Settings
    desk: Desk
    engine: ProcessEngine
    application: web.Application


@asynccontextmanager
async def open_desk(settings: Settings) -> AsyncIterator[Desk]:
    """The domain without media: for commands that only touch the database."""
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    await upgrade(settings.database)
    database = Database(settings.database)
    try:
        engine = ProcessEngine(settings, lambda refs: views.stream_keys(desk, refs))
        desk = _desk(settings, database, engine, Broadcaster())
        yield desk
    finally:
        await database.close()


@asynccontextmanager
async def open_hub(settings: Settings, *, generated_feed: bool, leave_running: Callable[[], bool]) -> AsyncIterator[Hub]:
    """Everything, started: database, media processes, sockets and pages. Leaving stops it in the opposite order."""
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    await upgrade(settings.database)
    database = Database(settings.database)
    engine = ProcessEngine(settings, lambda refs: views.stream_keys(desk, refs), generated_feed=generated_feed)
    broadcaster = Broadcaster()
    desk = _desk(settings, database, engine, broadcaster)
    application = _application(settings, desk, engine, broadcaster)
    await engine.start()
    try:
        await resume_meetings(desk, engine)
        yield Hub(settings, desk, engine, application)
    finally:
        await engine.close(leave_running=leave_running())
        await database.close()


@asynccontextmanager
async def listening(hub: Hub) -> AsyncIterator[str]:
    """Serve the application; gives the address."""
    runner = web.AppRunner(hub.application, shutdown_timeout=SHUTDOWN_SECONDS, access_log=None)
    await runner.setup()
    site = web.TCPSite(runner, hub.settings.host, hub.settings.port)
    try:
        await site.start()
        log.info("hub_listening", address=address_of(hub.settings))
        yield address_of(hub.settings)
    finally:
        await runner.cleanup()


def address_of(settings: Settings) -> str:
    """The address that people use."""
    return settings.public_url.rstrip("/") or f"http://{settings.host}:{settings.port}"


def with_free_ports(settings: Settings) -> Settings:
    """Settings in which every 0 among the ports of the hub and the encoders is a port that was free a moment ago."""
    return settings.model_copy(
        update={
            "port": settings.port or _free_port(settings.host, socket.SOCK_STREAM),
            "rtmp_port": settings.rtmp_port or _free_port(settings.host, socket.SOCK_STREAM),
            "srt_port": settings.srt_port or _free_port(settings.host, socket.SOCK_DGRAM),
        }
    )


def _free_port(host: str, kind: socket.SocketKind) -> int:
    with socket.socket(socket.AF_INET, kind) as probe:
        probe.bind((host, 0))
        return int(probe.getsockname()[1])


def _desk(settings: Settings, database: Database, engine: ProcessEngine, broadcaster: Broadcaster) -> Desk:
    clock = SystemClock()
    return Desk(
        store=database,
        clock=clock,
        tokens=SystemTokens(),
        studio=EngineStudioPort(engine, clock),
        announcer=broadcaster,
        council=settings.council,
        public_url=address_of(settings),
    )


def _application(settings: Settings, desk: Desk, engine: ProcessEngine, broadcaster: Broadcaster) -> web.Application:
    application = web.Application(client_max_size=2 * 1024 * 1024)
    application[DESK] = desk
    application[ENGINE] = engine
    application[SITE] = SiteSettings(
        council=settings.council,
        colour=settings.colour,
        public_url=settings.public_url.rstrip("/"),
        secure_cookies=settings.public_url.startswith("https://"),
        rtmp=f"rtmp://{settings.host}:{settings.rtmp_port}/live",
        srt=f"srt://{settings.host}:{settings.srt_port}",
    )
    add_site(application)
    _add_sockets(application, settings, desk, engine, broadcaster)
    return application


def _add_sockets(
    application: web.Application, settings: Settings, desk: Desk, engine: ProcessEngine, broadcaster: Broadcaster
) -> None:
    server = make_server(settings.redis_url)
    audience, speakers, console = (kind(desk, engine) for kind in (AudienceNamespace, SpeakerNamespace, ConsoleNamespace))
    for namespace in (audience, speakers, console):
        server.register_namespace(namespace)
    broadcaster.attach(desk, audience, speakers, console)
    server.attach(application)

    async def sockets(_: web.Application) -> AsyncIterator[None]:
        following = asyncio.create_task(broadcaster.follow_engine(engine), name="follow the engine")
        guarding = guard(server)
        await anext(guarding)
        yield
        await anext(guarding, None)
        following.cancel()
        with suppress(asyncio.CancelledError):
            await following
        await broadcaster.close()
        await server.shutdown()

    application.cleanup_ctx.append(sockets)
