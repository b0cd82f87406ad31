"""What RFC 8216bis asks of a low-latency server, by asking it. ``Broken`` has the name of the rule."""

import asyncio
import gzip
import re
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from media.formats.boxes import walk
from media.formats.cmaf import VIDEO_ID
from media.formats.mp4_reader import read_fragment
from tests.support.hls_playlist import Broken, Read, need
from tests.support.hls_rules import check, check_delta

PLAYLIST = "application/vnd.apple.mpegurl"
PATIENCE = 10.0


@dataclass(frozen=True)
class Answer:
    """Whole, as it came."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def text(self) -> str:
        packed = self.headers.get("Content-Encoding") == "gzip"
        return (gzip.decompress(self.body) if packed else self.body).decode()

    @property
    def max_age(self) -> int:
        """Seconds for which it may be kept."""
        said = self.headers.get("Cache-Control", "")
        found = re.search(r"max-age=(\d+)", said)
        return int(found[1]) if found and "no-store" not in said else 0


Fetch = Callable[[str], Coroutine[Any, Any, Answer]]
"""Of a path with its query, by somebody who reads gzip."""
Grow = Callable[[], Awaitable[None]]
"""Let one more part come."""


async def check_server(fetch: Fetch, grow: Grow, name: str = "video.m3u8") -> None:
    """All rules, while the programme goes on. Begin with a growing segment."""
    await _check_kinds(fetch, name)
    await _check_delta(fetch, name)
    await _check_media(fetch, check((await fetch(name)).text))
    await _check_refusals(fetch, name)
    await _check_hint(fetch, grow, name)
    await _check_reload(fetch, grow, name)


async def _check_kinds(fetch: Fetch, name: str) -> None:
    for playlist in ("main.m3u8", name):
        answer = await fetch(playlist)
        need(answer.status == 200, "reload-fresh", f"{playlist}: {answer.status}.")
        need(answer.headers.get("Content-Type") == PLAYLIST, "type", playlist)
        need(answer.headers.get("Access-Control-Allow-Origin") == "*", "cross-origin", playlist)
        need(len(answer.body) < 1024 or answer.headers.get("Content-Encoding") == "gzip", "packed", playlist)
    target = check(answer.text).target
    need(answer.max_age <= target / 2, "kept-playlists", f"{answer.max_age} s.")


async def _check_media(fetch: Fetch, playlist: Read) -> None:
    """Of the last segment that is complete and has its parts listed, and of its init segment."""
    item = next(item for item in reversed(playlist.items) if item.uri and item.parts)
    bodies = []
    for uri in (playlist.map, item.uri, *(uri for _, uri, _ in item.parts)):
        answer = await fetch(uri)
        need(answer.status == 200 and answer.headers.get("Content-Type") == "video/mp4", "type", uri)
        need(answer.headers.get("Access-Control-Allow-Origin") == "*", "cross-origin", uri)
        need(answer.max_age > 3600 and "immutable" in answer.headers["Cache-Control"], "kept-media", uri)
        bodies.append(answer.body)
    _, segment, *parts = bodies
    need(b"".join(parts) == segment, "joined", item.uri)
    for (_, uri, independent), data in zip(item.parts, parts, strict=True):
        need(_begins_with_key(data) == independent, "independent", uri)


def _begins_with_key(data: bytes) -> bool:
    end = next(one.end for one in walk(data) if one.kind == "mdat")
    return next(run.keys[0] for run in read_fragment(data[:end]).runs if run.track == VIDEO_ID)


async def _check_delta(fetch: Fetch, name: str) -> None:
    whole, delta = await fetch(name), await fetch(f"{name}?_HLS_skip=YES")
    need(not check(whole.text).skipped, "delta-asked", "It was not asked for.")
    need(check(delta.text).skipped, "delta-asked", "The whole playlist came.")
    check_delta(whole.text, delta.text)


async def _check_refusals(fetch: Fetch, name: str) -> None:
    msn = check((await fetch(name)).text).edge[0]
    for query in (f"_HLS_msn={msn + 3}", f"_HLS_msn={msn}&_HLS_part=40", "_HLS_part=1"):
        answer = await _in_time(fetch(f"{name}?{query}"), "far", query)
        need(answer.status == 400, "far", f"{query}: {answer.status}.")
        need(answer.max_age == 0, "kept-refusals", query)


async def _check_hint(fetch: Fetch, grow: Grow, name: str) -> None:
    hint = check((await fetch(name)).text).hint
    async with _asking(fetch(hint)) as asked:
        await _stays(asked, fetch, name, "hint-held")
        await grow()
        answer = await _in_time(asked, "hint-whole", hint)
    listed = {uri for item in check((await fetch(name)).text).items for _, uri, _ in item.parts}
    need(answer.status == 200 and hint in listed, "hint-whole", hint)
    need(answer.body == (await fetch(hint)).body, "hint-whole", hint)


async def _check_reload(fetch: Fetch, grow: Grow, name: str) -> None:
    msn, part = check((await fetch(name)).text).edge
    async with (
        _asking(fetch(f"{name}?_HLS_msn={msn}&_HLS_part={part + 1}")) as wanted,
        _asking(fetch(f"{name}?_HLS_msn={msn}")) as whole,
    ):
        await _stays(wanted, fetch, name, "reload-held")
        await _stays(whole, fetch, name, "reload-whole")
        await grow()
        answer = await _in_time(wanted, "reload-fresh", f"{msn}/{part + 1}")
        need(check(answer.text).edge > (msn, part), "reload-fresh", f"{check(answer.text).edge}.")
        while msn not in _complete(await fetch(name)):
            need(not whole.done(), "reload-whole", f"{msn}.")
            await grow()
        answer = await _in_time(whole, "reload-whole", f"{msn}")
        need(msn in _complete(answer), "reload-whole", f"{msn}.")


def _complete(answer: Answer) -> set[int]:
    return {item.msn for item in check(answer.text).items if item.uri}


@asynccontextmanager
async def _asking(coming: Coroutine[Any, Any, Answer]) -> AsyncIterator[asyncio.Task[Answer]]:
    """Ask, and have asked no more when nobody wants to know."""
    asked = asyncio.create_task(coming)
    try:
        yield asked
    finally:
        asked.cancel()
        await asyncio.wait([asked])


async def _stays(asked: asyncio.Task[Answer], fetch: Fetch, name: str, rule: str) -> None:
    """It is not answered while others are."""
    for _ in range(3):
        await fetch(name)
    need(not asked.done(), rule, "It came at once.")


async def _in_time(coming: Awaitable[Answer], rule: str, what: str) -> Answer:
    try:
        async with asyncio.timeout(PATIENCE):
            return await coming
    except TimeoutError:
        raise Broken(rule, f"{what} never came.") from None
