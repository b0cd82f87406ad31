"""The real site on a real database, with a small engine behind it."""

import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient

from hub.domain.models import AgendaItem, Attendee, Document, Meeting, Registration
from hub.domain.services.accounts import new_sign_in_link
from hub.domain.states.meeting import MeetingState
from hub.domain.turn import TurnServers
from media.formats.recording_index import INDEX_NAME, FileLine, FragmentLine, encode_line
from tests.hub import conftest as council
from tests.hub.conftest import House
from tests.hub.fakes import START
from tests.support.clock import HandClock
from tests.web.engine import FakeEngine
from web.assets import Assets
from web.keys import DESK, ENGINE, SITE, SiteSettings
from web.site import add_site

Client = TestClient[web.Request, web.Application]

ASSETS = (
    "site.css",
    "site.js",
    "public.js",
    "speaker.js",
    "console.js",
    "display.js",
    "chair.js",
    "embed.js",
)
SECRETS = (
    "planted@example.org",
    "07700900123",
    "SUMMARY-SECRET",
    "SECRET-TITLE",
    "SECRET-LINK",
    "PENDING-SECRET",
    "NOTE-SECRET",
)
"""Planted in the database: none of them may reach the public."""

OFFER = "v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\nm=video 9 UDP/TLS/RTP/SAVPF 96\r\na=recvonly\r\n"


@dataclass
class Site:
    """A running site."""

    client: Client
    house: House
    engine: FakeEngine
    clock: HandClock
    """Of limits on how often; the council's is ``house.clock``."""

    @property
    def meeting(self) -> str:
        return f"/meetings/{self.house.ref}"

    async def text(self, path: str, status: int = 200) -> str:
        """The body of a page that answers as expected."""
        async with self.client.get(path) as response:
            assert response.status == status, await response.text()
            return await response.text()

    async def add_meetings(self, count: int) -> None:
        """Old ones, recorded; number 0 is the oldest."""
        async with self.house.desk.store.write() as session:
            for number in range(count):
                session.add(
                    Meeting(
                        ref=f"old-{number}",
                        committee_id=1,
                        title=f"Planning Committee Nº {number}",
                        starts_at=START - timedelta(days=1000 - number),
                        state=MeetingState.PUBLISHED,
                    )
                )

    async def sign_in(self) -> None:
        """As the clerk."""
        token = await new_sign_in_link(self.house.desk, "ann@example.org")
        async with self.client.post(f"/sign-in/{token}", allow_redirects=False) as response:
            assert response.status == 303

    async def end(self) -> None:
        """Live through a meeting whose recording is on disk at its end."""
        await self.house.live()
        self.house.clock.advance(seconds=10)
        await self.house.next()
        self.house.clock.advance(seconds=10)
        await self.house.next()
        record(self.engine.recording(self.house.ref))
        await self.house.do("meeting.end", confirmed=True)


def record(directory: Path) -> None:
    """A recording of 30 seconds of programme in one file; its bytes are numbered rather than media."""
    directory.mkdir(parents=True)
    name, init, size = "a1-0.mp4", 100, 1000
    lines: list[FileLine | FragmentLine] = [
        FileLine(name, init, 1, 1_795_000_000_000, "avc1.42e01f,mp4a.40.2", 1280, 720)
    ]
    lines += [FragmentLine(name, init + size * n, size, float(n), 1.0, True) for n in range(30)]
    (directory / name).write_bytes(bytes(n % 251 for n in range(init + size * 30)))
    (directory / INDEX_NAME).write_bytes(b"".join(map(encode_line, lines)))


empty_database, furnished, house = council.empty_database, council.furnished, council.house
"""The fixtures of ``tests/hub``: a council with one meeting and two officers, on a database of its own."""


@pytest.fixture
def assets(tmp_path: Path) -> Assets:
    """A build of the front end with nothing in its files."""
    folder = tmp_path / "dist"
    folder.mkdir()
    names = {name: name.replace(".", "-abc123.") for name in ASSETS}
    (folder / "manifest.json").write_text(json.dumps(names))
    for hashed in names.values():
        (folder / hashed).write_text("/* built */")
    return Assets(folder)


@pytest.fixture
def public_url() -> str:
    """No proxy in front, unless a test says so."""
    return ""


@pytest.fixture
def captions_language() -> str:
    """What captioners of this site write; empty for none."""
    return ""


@pytest.fixture
def ice_servers() -> tuple[str, ...]:
    """None, unless a test says so."""
    return ()


@pytest.fixture
def overflow_url() -> str:
    """No other house, unless a test says so."""
    return ""


@pytest.fixture
async def site(
    tmp_path: Path,
    house: House,
    assets: Assets,
    public_url: str,
    ice_servers: tuple[str, ...],
    captions_language: str,
    overflow_url: str,
    aiohttp_client: Callable[[web.Application], Awaitable[Client]],
) -> Site:
    """The site of the house's council, with secrets planted in its database."""
    await plant(house)
    engine = FakeEngine(tmp_path / "recordings")
    app = web.Application(client_max_size=300_000)
    turn = tuple(url for url in ice_servers if url.startswith("turn"))
    house.desk.turn = TurnServers(turn, "turn-secret")
    app[DESK] = house.desk
    app[ENGINE] = engine
    app[SITE] = SiteSettings(
        council="Ouseby City Council",
        public_url=public_url,
        rtmp="rtmp://127.0.0.1:1935/live",
        srt="srt://127.0.0.1:9000",
        ice_servers=tuple(url for url in ice_servers if url.startswith("stun")),
        captions_language=captions_language,
        overflow_url=overflow_url,
    )
    clock = HandClock()
    add_site(app, assets, clock)
    return Site(await aiohttp_client(app), house, engine, clock)


async def plant(house: House) -> None:
    """Add papers, people, and secrets."""
    async with house.desk.store.write() as session:
        session.add(
            Registration(
                meeting_id=house.meeting_id,
                name="Pat Planted",
                email="planted@example.org",
                phone="07700900123",
                summary="SUMMARY-SECRET",
                token_hash="none",
            )
        )
        session.add(Attendee(meeting_id=house.meeting_id, name="Councillor Ada Ash", role="Chair"))
        private = await session.get_one(AgendaItem, house.items[3])
        private.modgov_id = 18999
        private.text_html = "<p>SECRET-TITLE</p>"
        private.minutes_html = "<p>SECRET-TITLE</p>"
        session.add(
            Document(
                item_id=house.items[4],
                title="SECRET-TITLE",
                url="https://x.example/SECRET-LINK",
                restricted=True,
            )
        )
    await house.do("note.write", item_id=house.items[2], text="NOTE-SECRET: Cllr Ash left")
    await house.ask("PENDING-SECRET: who knew?", device="somebody")
