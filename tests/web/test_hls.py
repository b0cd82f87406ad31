"""LL-HLS: passed on while live, from the recording afterwards; and the recording as a file."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import m3u8
import pytest
from aiohttp import web

from tests.support.waiting import until
from tests.web.conftest import Site

UNLIKE = ("Date", "Connection", "Server", "Age")
"""Headers in which answers to the same request may differ."""


@pytest.fixture
async def origin(site: Site, tmp_path: Path) -> AsyncIterator[list[web.Request]]:
    """An origin on a Unix socket that keeps what it was asked."""
    asked: list[web.Request] = []

    async def answer(request: web.Request) -> web.StreamResponse:
        asked.append(request)
        if request.path == "/gone.m4s":
            response = web.StreamResponse(headers={"Content-Length": "1000"})
            await response.prepare(request)
            await response.write(b"half")
            assert request.transport is not None
            request.transport.abort()
            return response
        if request.path == "/slow.m4s":
            await asyncio.sleep(0.2)
            return web.Response(body=b"slow" * 100_000, headers={"Cache-Control": "max-age=60"})
        if request.path == "/part.m4s":
            return web.Response(body=bytes(200_000), headers={"Cache-Control": "public, max-age=60"})
        if request.path == "/missing.m4s":
            raise web.HTTPNotFound(text="There is no such segment.\n")
        headers = {"Cache-Control": "public, max-age=1", "X-Internal": "origin", "Content-Encoding": "gzip"}
        return web.Response(body=b"\x1f\x8bnot really", headers=headers, content_type="video/mp4")

    app = web.Application()
    app.router.add_get("/{file}", answer)
    runner = web.AppRunner(app)
    await runner.setup()
    socket = tmp_path / "hls.sock"
    await web.UnixSite(runner, str(socket)).start()
    site.engine.socket = socket
    yield asked
    await runner.cleanup()


async def test_requests_are_passed_on_without_what_is_the_visitors(
    site: Site, origin: list[web.Request]
) -> None:
    address = f"{site.meeting}/hls/video.m3u8?_HLS_part=1&from=elsewhere&_HLS_msn=3"
    headers = {"Accept-Encoding": "gzip, br", "Cookie": "moothall_staff=secret"}
    async with site.client.session.get(site.client.make_url(address), headers=headers) as response:
        assert response.status == 200
        assert response.headers["Cache-Control"] == "public, max-age=1"
        assert response.headers["Content-Encoding"] == "gzip"
        assert response.headers["Access-Control-Allow-Origin"] == "*"
        assert "X-Internal" not in response.headers
        assert "Content-Security-Policy" in response.headers
    (request,) = origin
    assert request.path_qs == "/video.m3u8?_HLS_msn=3&_HLS_part=1"
    assert request.headers["Accept-Encoding"] == "gzip"
    assert "Cookie" not in request.headers


async def test_many_who_ask_for_the_same_are_one_request_to_the_origin(
    site: Site, origin: list[web.Request]
) -> None:
    async def ask(query: str) -> bytes:
        async with site.client.get(
            f"{site.meeting}/hls/slow.m4s?{query}", headers={"Accept-Encoding": "identity"}
        ) as response:
            assert response.status == 200
            return await response.read()

    bodies = await asyncio.gather(*(ask(f"from={number}") for number in range(60)))
    assert set(bodies) == {b"slow" * 100_000}
    assert len(origin) == 1
    assert await ask("") == bodies[0], "kept for as long as the origin allows"
    assert len(origin) == 1


async def test_a_number_with_zeros_before_it_is_the_same_number(
    site: Site, origin: list[web.Request]
) -> None:
    """Nobody has the origin hold a request for each way to write one."""
    for query in ("_HLS_msn=7&_HLS_part=0", "_HLS_msn=0007&_HLS_part=000", "_HLS_part=0&_HLS_msn=07"):
        await site.client.get(f"{site.meeting}/hls/video.m3u8?{query}")
    assert [request.path_qs for request in origin] == ["/video.m3u8?_HLS_msn=7&_HLS_part=0"]
    for query in ("_HLS_msn=00x", "_HLS_msn=-07", "_HLS_msn="):
        await site.client.get(f"{site.meeting}/hls/video.m3u8?{query}")
        assert origin[-1].path_qs == f"/video.m3u8?{query}", "what is no number stays what it is"


async def test_whoever_holds_too_many_requests_is_told_and_others_are_served(
    site: Site, origin: list[web.Request], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("web.live.shelf.WAITING_LIMIT", 8)

    async def ask(number: int) -> int:
        async with site.client.get(f"{site.meeting}/hls/slow.m4s?_HLS_msn={number}") as response:
            await response.read()
            assert response.status == 200 or response.headers["Retry-After"] == "1"
            return response.status

    assert sorted(await asyncio.gather(*map(ask, range(6)))) == [200, 200, 503, 503, 503, 503]
    assert await ask(9) == 200


async def test_head_is_the_answer_without_its_body(site: Site, origin: list[web.Request]) -> None:
    async with site.client.head(f"{site.meeting}/hls/slow.m4s") as response:
        assert response.status == 200
        assert response.headers["Content-Length"] == "400000"
        assert await response.read() == b""


async def test_refusals_are_passed_on(site: Site, origin: list[web.Request]) -> None:
    assert "There is no such segment." in await site.text(f"{site.meeting}/hls/missing.m4s", 404)


async def test_answers_made_once_are_those_that_would_be_made_each_time(
    site: Site, origin: list[web.Request]
) -> None:
    """A connection that is to be closed gets its answer from aiohttp, one that goes on gets bytes."""
    answers = []
    for connection in ("keep-alive", "close"):
        headers = {"Connection": connection, "Accept-Encoding": "identity"}
        async with site.client.get(f"{site.meeting}/hls/part.m4s", headers=headers) as response:
            ours = {name: value for name, value in response.headers.items() if name not in UNLIKE}
            answers.append((response.status, response.reason, ours, await response.read()))
            assert set(response.headers) >= {"Date", "Content-Security-Policy", "Content-Length"}
    assert answers[0] == answers[1]


async def test_who_does_not_read_is_not_written_to(site: Site, origin: list[web.Request]) -> None:
    assert len(await (await site.client.get(f"{site.meeting}/hls/part.m4s")).read()) == 200_000
    reader, writer = await asyncio.open_connection("127.0.0.1", site.client.port, limit=1000)
    request = f"GET {site.meeting}/hls/part.m4s HTTP/1.1\r\nHost: x\r\n\r\n".encode()
    writer.write(request * 400)
    await writer.drain()
    runner = site.client.server.runner
    assert runner is not None
    assert runner.server is not None
    server = runner.server
    await until(lambda: any(_buffered(one) for one in server.connections), "its answers to pile up")
    answered = server.requests_count
    await site.text(f"{site.meeting}/hls/missing.m4s", 404)
    assert sum(map(_buffered, server.connections)) < 600_000
    assert server.requests_count < answered + 50
    writer.transport.abort()
    reader.feed_eof()


def _buffered(connection: web.RequestHandler) -> int:
    return connection.transport.get_write_buffer_size() if connection.transport is not None else 0


async def test_half_a_segment_is_not_passed_on(site: Site, origin: list[web.Request]) -> None:
    async with site.client.get(f"{site.meeting}/hls/gone.m4s") as response:
        assert response.status == 503
        assert response.headers["Retry-After"] == "5"


async def test_players_some_seconds_behind_get_the_last_segments_after_the_end(
    site: Site, origin: list[web.Request]
) -> None:
    await site.end()
    site.engine.late_socket, site.engine.socket = site.engine.socket, None
    assert m3u8.loads(await site.text(f"{site.meeting}/hls/main.m3u8")).playlists, (
        "new players: the recording"
    )
    assert not origin
    async with site.client.get(f"{site.meeting}/hls/s-1-000020.m4s") as response:
        assert response.status == 200
    assert [request.path for request in origin] == ["/s-1-000020.m4s"]
    assert "There is no such segment." in await site.text(f"{site.meeting}/hls/missing.m4s", 404)
    site.engine.late_socket = None
    await site.text(f"{site.meeting}/hls/s-1-000020.m4s", 404)


async def test_an_origin_that_is_being_restarted(site: Site, tmp_path: Path) -> None:
    await site.house.live()
    site.engine.socket = tmp_path / "nobody.sock"
    async with site.client.get(f"{site.meeting}/hls/main.m3u8") as response:
        assert response.status == 503
        assert response.headers["Retry-After"] == "5"
        assert "being started again" in await response.text()


async def test_the_recording_plays_after_the_meeting(site: Site) -> None:
    await site.text(f"{site.meeting}/hls/main.m3u8", 404)
    await site.end()
    main = m3u8.loads(await site.text(f"{site.meeting}/hls/main.m3u8"))
    assert main.playlists[0].uri == "video.m3u8"
    video = m3u8.loads(await site.text(f"{site.meeting}/hls/video.m3u8"))
    assert video.is_endlist
    first = video.segments[0]
    size, start = map(int, first.byterange.split("@"))
    headers = {"Range": f"bytes={start}-{start + size - 1}"}
    async with site.client.get(f"{site.meeting}/hls/{first.uri}", headers=headers) as response:
        assert response.status == 206
        assert await response.read() == bytes(n % 251 for n in range(start, start + size))
    for name in ("index.jsonl", "other.mp4", "..%2f..%2fsecret", "main.m3u9"):
        await site.text(f"{site.meeting}/hls/{name}", 404)


async def test_the_recording_as_a_file(site: Site) -> None:
    await site.text(f"{site.meeting}/recording.mp4", 404)
    await site.end()
    async with site.client.get(
        f"{site.meeting}/recording.mp4", headers={"Range": "bytes=100-199"}
    ) as response:
        assert response.status == 206
        assert response.headers["Content-Range"] == "bytes 100-199/30100"
        assert response.content_type == "video/mp4"
        assert f"{site.house.ref}.mp4" in response.headers["Content-Disposition"]
        assert await response.read() == bytes(range(100, 200))
    for part in ("2", "0", "x"):
        await site.text(f"{site.meeting}/recording.mp4?part={part}", 404)
    async with site.client.get(
        f"{site.meeting}/recording.mp4", headers={"Range": "bytes=99999-"}
    ) as response:
        assert response.status == 416


async def test_chapters(site: Site) -> None:
    await site.end()
    items = site.house.items
    async with site.client.get(f"{site.meeting}/chapters.json") as response:
        chapters = await response.json()
    assert [(chapter["id"], chapter["start"], chapter["end"]) for chapter in chapters] == [
        (str(items[0]), 10.0, 20.0),
        (str(items[2]), 20.0, 30.0),
    ]
    async with site.client.get(f"{site.meeting}/chapters.vtt") as response:
        assert response.content_type == "text/vtt"
        assert "00:00:10.000 --> 00:00:20.000\n1. Apologies" in await response.text()
