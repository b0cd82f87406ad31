"""The composition root: puts the rooms together into one application and runs it."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta

import structlog
from aiohttp import web

from hub.adapters.smtp import MailServer, NoMailer, SmtpMailer
from hub.claim import cannot_listen, claim
from hub.database import Database
from hub.domain import views
from hub.domain.clock import SystemClock, SystemTokens
from hub.domain.desk import Desk
from hub.domain.ports import Announcer, Mailer, StudioPort
from hub.domain.turn import TurnServers
from hub.expiry import RecordingKeeper
from hub.imports import ImportWatch
from hub.link_key import link_key
from hub.migrations import upgrade
from hub.post import PostRoom
from hub.settings import Settings
from hub.supervision.archive import DiskArchive
from hub.supervision.cuts import CutWatch
from hub.supervision.engine import ProcessEngine
from hub.supervision.places import PlaceKeeper
from hub.supervision.resume import resume_meetings
from hub.supervision.studio_port import EngineStudioPort
from signalling.audience import AudienceNamespace
from signalling.broadcast import Broadcaster, Namespaces
from signalling.console import ConsoleNamespace
from signalling.neighbours import Neighbours
from signalling.speaker import SpeakerNamespace
from signalling.transport import evict_slow_clients, hang_up, make_server
from web.keys import DESK, ENGINE, SITE, SiteSettings
from web.letters import LetterWriter
from web.site import add_site
from web.visitors import STAFF_COOKIE

log = structlog.get_logger(__name__)

SHUTDOWN_SECONDS = 5.0
BODY_LIMIT = 2 * 1024 * 1024


@dataclass(frozen=True)
class Hub:
    """What a running hub is made of."""

    settings: Settings
    desk: Desk
    engine: ProcessEngine
    application: web.Application


class Silence:
    """Implements ``hub.domain.ports.Announcer`` where nobody is connected."""

    async def meeting_changed(self, ref: str) -> None:
        pass


@asynccontextmanager
async def open_desk(settings: Settings) -> AsyncIterator[Desk]:
    """The domain without media or sockets: for commands that only touch the database."""
    async with _database(settings) as database:
        engine = ProcessEngine(settings, lambda refs: views.stream_keys(desk, refs))
        desk = _desk(settings, database, EngineStudioPort(engine, SystemClock()), Silence())
        yield desk


@asynccontextmanager
async def open_hub(settings: Settings, *, generated_feed: bool, leave_running: bool) -> AsyncIterator[Hub]:
    """Everything, started: database, media processes, sockets, pages. Leaving stops it in the opposite order.

    ``leave_running``: when the hub goes, the media processes stay, and the next hub finds them.
    """
    async with _database(settings) as database:
        engine = ProcessEngine(
            settings, lambda refs: views.stream_keys(desk, refs), generated_feed=generated_feed
        )
        broadcaster = Broadcaster(lambda: namespaces)
        desk = _desk(settings, database, EngineStudioPort(engine, SystemClock()), broadcaster)
        namespaces = Namespaces(
            AudienceNamespace(desk, engine, behind_proxy=bool(settings.public_url)),
            SpeakerNamespace(desk, engine),
            ConsoleNamespace(desk, engine, STAFF_COOKIE),
        )
        application = _application(settings, desk, engine)
        _add_sockets(application, settings, engine, broadcaster, namespaces)
        await engine.start([running.ref for running in await views.running_meetings(desk)])
        try:
            await resume_meetings(desk, engine)
            yield Hub(settings, desk, engine, application)
        finally:
            await engine.close(leave_running=leave_running)


@asynccontextmanager
async def serving(settings: Settings, *, generated_feed: bool, leave_running: bool) -> AsyncIterator[Hub]:
    """A hub that listens. Raises ``Taken`` before it touches anything."""
    with claim(settings) as doors:
        async with (
            open_hub(settings, generated_feed=generated_feed, leave_running=leave_running) as hub,
            listening(hub, doors),
        ):
            yield hub


@asynccontextmanager
async def listening(hub: Hub, doors: list[socket.socket]) -> AsyncIterator[None]:
    """Serve the application on the sockets that were claimed. Raises ``Taken``."""
    runner = web.AppRunner(hub.application, shutdown_timeout=SHUTDOWN_SECONDS, access_log=None)
    await runner.setup()
    try:
        for door in doors:
            await _listen(web.SockSite(runner, door), hub.settings)
        log.info("hub_listening", address=address_of(hub.settings))
        yield
    finally:
        await runner.cleanup()


async def _listen(site: web.SockSite, settings: Settings) -> None:
    try:
        await site.start()
    except OSError as error:
        raise cannot_listen(settings.host, settings.port, error) from error


def address_of(settings: Settings) -> str:
    """The address that people use."""
    return settings.public_url.rstrip("/") or f"http://{settings.host}:{settings.port}"


def with_free_ports(settings: Settings) -> Settings:
    """Settings in which every 0 among the TCP and SRT ports is a port that was free a moment ago."""
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


@asynccontextmanager
async def _database(settings: Settings) -> AsyncIterator[Database]:
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    await upgrade(settings.database)
    database = Database(settings.database)
    try:
        yield database
    finally:
        await database.close()


def _desk(settings: Settings, database: Database, studio: StudioPort, announcer: Announcer) -> Desk:
    return Desk(
        store=database,
        clock=SystemClock(),
        tokens=SystemTokens(),
        studio=studio,
        announcer=announcer,
        links=link_key(settings.data_dir),
        turn=TurnServers(tuple(settings.turn_urls), settings.turn_secret),
        sends_mail=bool(settings.smtp_host),
        council=settings.council,
        public_url=address_of(settings),
        interpreted_language=settings.interpreted_language,
        kept_after_meeting=timedelta(days=settings.personal_data_days),
        recordings_kept=timedelta(days=settings.recording_days) if settings.recording_days else None,
    )


def _application(settings: Settings, desk: Desk, engine: ProcessEngine) -> web.Application:
    application = web.Application(client_max_size=BODY_LIMIT)
    application[DESK] = desk
    application[ENGINE] = engine
    application[SITE] = SiteSettings(
        council=settings.council,
        colour=settings.colour,
        public_url=settings.public_url.rstrip("/"),
        secure_cookies=settings.public_url.startswith("https://"),
        rtmp=f"rtmp://{settings.host}:{settings.rtmp_port}/live",
        srt=f"srt://{settings.host}:{settings.srt_port}",
        interpreted_language=settings.interpreted_language,
        small_rendition=settings.small_rendition,
        captions_language=settings.captions_language,
        embed_ancestors=settings.embed_ancestors,
        ice_servers=tuple(settings.ice_servers),
        overflow_url=settings.overflow_url,
    )
    add_site(application)
    return application


def _post_room(settings: Settings, desk: Desk) -> PostRoom:
    writer = LetterWriter(settings.council, settings.smtp_from or "nobody@localhost", desk.public_url)
    server = MailServer(
        settings.smtp_host,
        settings.smtp_port,
        settings.smtp_security,
        settings.smtp_user,
        settings.smtp_password,
    )
    mailer: Mailer = SmtpMailer(server) if settings.smtp_host else NoMailer()
    return PostRoom(desk, mailer, writer.write)


def _add_sockets(
    application: web.Application,
    settings: Settings,
    engine: ProcessEngine,
    broadcaster: Broadcaster,
    namespaces: Namespaces,
) -> None:
    neighbours = Neighbours(settings.redis_url) if settings.redis_url else None
    server = make_server(neighbours)
    for namespace in (namespaces.audience, namespaces.speakers, namespaces.console):
        server.register_namespace(namespace)
    server.attach(application)

    def here(ref: str) -> set[int]:
        return {resident.registration_id for _, resident in namespaces.speakers.present(ref)}

    keeper = PlaceKeeper(namespaces.speakers.desk, engine, here)
    cuts = CutWatch(namespaces.speakers.desk, engine)
    post = _post_room(settings, namespaces.speakers.desk)
    recordings = RecordingKeeper(namespaces.speakers.desk, DiskArchive(settings.meetings_dir))

    async def sockets(_: web.Application) -> AsyncIterator[None]:
        tasks = [
            asyncio.create_task(broadcaster.follow_engine(engine), name="follow the engine"),
            asyncio.create_task(broadcaster.follow_studios(engine), name="follow the studios"),
            asyncio.create_task(broadcaster.follow_levels(engine), name="follow the levels"),
            asyncio.create_task(keeper.follow(), name="keep the places of lost speakers"),
            asyncio.create_task(cuts.follow(), name="take down cuts made past the hub"),
            asyncio.create_task(evict_slow_clients(server), name="evict slow sockets"),
            asyncio.create_task(post.follow(), name="send e-mails"),
            asyncio.create_task(recordings.follow(), name="delete recordings that are kept no longer"),
            asyncio.create_task(ImportWatch(namespaces.audience.desk).follow(), name="notice imports"),
        ]
        if neighbours is not None:
            tasks.append(asyncio.create_task(neighbours.follow(), name="follow the other hubs"))
        yield
        for task in tasks:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task
        await broadcaster.close()

    async def farewell(_: web.Application) -> None:
        await hang_up(server)

    application.cleanup_ctx.append(sockets)
    application.on_shutdown.append(farewell)
