"""Debian’s nginx, as we ship it, before the site and a real packager: what the hub is asked by how many."""

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp
import pytest

from tests.media.hls.packaging import House, house
from tests.support.encoded import two_sizes
from tests.support.hls_player import Edge, Player
from tests.support.hls_rules import check, check_delta
from tests.support.nginx import NGINX, Nginx, nginx
from tests.web.conftest import Site

pytestmark = pytest.mark.skipif(NGINX is None, reason="nginx is not installed")

UNITS = two_sizes(14.0)
BEGUN_SECONDS = 5.0


class Audience:
    """Players, and which of them has which part."""

    def __init__(self) -> None:
        self._have: dict[str, int] = {}
        self._came = asyncio.Event()

    def came(self, name: str, size: int, edge: Edge) -> None:
        assert size > 0
        self._have[name] = self._have.get(name, 0) + 1
        self._came.set()

    async def all_have(self, parts: int, players: int) -> None:
        """Wait until so many parts are with everybody. Raises ``TimeoutError``."""
        async with asyncio.timeout(20):
            while sum(count == players for count in self._have.values()) < parts:
                self._came.clear()
                await self._came.wait()


@asynccontextmanager
async def broadcast(site: Site, tmp_path: Path) -> AsyncIterator[tuple[House, Nginx]]:
    """Five seconds of a live meeting so far."""
    directory = tmp_path / "nginx"
    directory.mkdir()
    async with house(tmp_path) as home, nginx(directory, site.client.port or 0) as front:
        site.engine.socket = home.config.http_socket
        await home.give([unit for unit in UNITS if unit.seconds < BEGUN_SECONDS])
        yield home, front


def asked(site: Site) -> int:
    """Requests that the hub has answered so far."""
    runner = site.client.server.runner
    assert runner is not None
    assert runner.server is not None
    return runner.server.requests_count


async def watched_by(site: Site, home: House, front: Nginx, players: int) -> int:
    """How often the hub is asked while so many watch four parts come."""
    audience = Audience()
    folder = f"{front.address}{site.meeting}/hls"
    watching = [
        asyncio.create_task(Player(folder, audience.came, front.trust).play()) for _ in range(players)
    ]
    try:
        await audience.all_have(1, players)
        before = asked(site)
        for part in range(4):
            start = BEGUN_SECONDS + part / 2
            await home.give([unit for unit in UNITS if start <= unit.seconds < start + 0.5])
            await audience.all_have(2 + part, players)
        return asked(site) - before
    finally:
        for task in watching:
            task.cancel()
        await asyncio.wait(watching)


@pytest.mark.parametrize("players", [3, 60])
async def test_the_hub_is_asked_once_however_many_watch(site: Site, tmp_path: Path, players: int) -> None:
    async with broadcast(site, tmp_path) as (home, front):
        # One for each part and each playlist, and one that may be on its way at either end.
        assert 8 <= await watched_by(site, home, front, players) <= 10


async def test_the_snapshot_is_made_once_a_second(site: Site, tmp_path: Path) -> None:
    async with broadcast(site, tmp_path) as (_, front), aiohttp.ClientSession() as session:
        before, address = asked(site), f"{front.address}{site.meeting}/state.json"

        async def look(number: int) -> str:
            async with session.get(f"{address}?v={number}", ssl=front.trust) as response:
                assert response.status == 200
                return await response.text()

        assert len(set(await asyncio.gather(*(look(number) for number in range(80))))) == 1
        assert asked(site) - before <= 3


async def test_what_goes_through_is_whole_and_by_the_rules(site: Site, tmp_path: Path) -> None:
    async with broadcast(site, tmp_path) as (home, front), aiohttp.ClientSession() as session:
        folder = f"{front.address}{site.meeting}/hls"

        async def get(path: str, encoding: str = "gzip, br") -> tuple[bytes, aiohttp.ClientResponse]:
            headers = {"Accept-Encoding": encoding}
            async with session.get(f"{folder}/{path}", ssl=front.trust, headers=headers) as response:
                return await response.read(), response

        await home.give([unit for unit in UNITS if unit.seconds >= BEGUN_SECONDS])
        await home.give([unit for unit in two_sizes(40.0) if unit.seconds >= 14.0])
        for encoding, said in (("gzip, deflate, br", "gzip"), ("br", None), ("x-gzip;q=1, gzip", "gzip")):
            whole, response = await get("video.m3u8", encoding)
            assert response.headers.get("Content-Encoding") == said
            assert "Age" not in response.headers
            playlist = check(whole.decode())
        delta, _ = await get("video.m3u8?_HLS_skip=YES")
        check_delta(whole.decode(), delta.decode())
        for name in (playlist.items[0].uri, playlist.items[-1].parts[-1][1]):
            assert (await get(name))[0] == await home.bytes(name)
            assert "immutable" in (await get(name))[1].headers["Cache-Control"]
        for query, status in (("_HLS_msn=99", 400), ("_HLS_part=1", 400), ("_HLS_msn=nonsense", 400)):
            assert (await get(f"video.m3u8?{query}"))[1].status == status
        assert (await get("video.m3u8"))[1].status == 200, "refusals are not kept for others"


async def test_browsers_get_http_2(site: Site, tmp_path: Path) -> None:
    async with broadcast(site, tmp_path) as (_, front):
        front.trust.set_alpn_protocols(["h2", "http/1.1"])
        port = int(front.address.rpartition(":")[2])
        _, writer = await asyncio.open_connection("127.0.0.1", port, ssl=front.trust)
        tls = writer.get_extra_info("ssl_object")
        assert isinstance(tls, ssl.SSLObject)
        assert tls.selected_alpn_protocol() == "h2"
        writer.transport.abort()


async def test_of_a_recording_only_the_pieces_are_fetched_that_are_asked_for(
    site: Site, tmp_path: Path
) -> None:
    await site.end()
    (file,) = site.engine.recording(site.house.ref).glob("*.mp4")
    content = bytes(range(251)) * 40_000
    file.write_bytes(content)
    directory = tmp_path / "nginx"
    directory.mkdir()
    async with nginx(directory, site.client.port or 0) as front, aiohttp.ClientSession() as session:
        address = f"{front.address}{site.meeting}/hls/{file.name}"
        before = asked(site)
        for start, end in (
            (5_000_000, 5_600_000),
            (5_100_000, 5_200_000),
            (100, 199),
            (1_048_000, 1_049_000),
        ):
            headers = {"Range": f"bytes={start}-{end}"}
            async with session.get(address, headers=headers, ssl=front.trust) as response:
                assert response.status == 206
                assert response.headers["Content-Range"] == f"bytes {start}-{end}/{len(content)}"
                assert await response.read() == content[start : end + 1]
        assert asked(site) - before == 4, "pieces 4 and 5, then 0, then 1"
        kept = sum(path.stat().st_size for path in (directory / "cache").rglob("*") if path.is_file())
        assert kept < 5_000_000
