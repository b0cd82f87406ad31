"""The packager keeps the rules of a server; and the checker of them finds each that is broken on purpose."""

import gzip
import re
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from tests.media.hls.packaging import House, house
from tests.support.encoded import programme
from tests.support.hls_playlist import SERVER_RULES, Broken
from tests.support.hls_server import Answer, Fetch, check_server

SECONDS, BEGUN = 30.0, 20.3
Spoil = Callable[[str, Fetch], Coroutine[Any, Any, Answer]]


class Programme:
    """What is still to come."""

    def __init__(self, home: House) -> None:
        self._home = home
        self._units = programme(SECONDS)
        self._at = 0

    async def until(self, seconds: float) -> None:
        start = self._at
        while self._at < len(self._units) and self._units[self._at].seconds < seconds:
            self._at += 1
        await self._home.give(self._units[start : self._at])
        self.seconds = seconds

    async def grow(self) -> None:
        await self.until(self.seconds + 0.52)


@asynccontextmanager
async def growing(directory: Path) -> AsyncIterator[tuple[Fetch, Programme]]:
    """A packager in the middle of a segment, and how to ask it."""
    async with (
        house(directory) as home,
        aiohttp.ClientSession(
            connector=aiohttp.UnixConnector(str(home.config.http_socket)), auto_decompress=False
        ) as client,
    ):
        coming = Programme(home)
        await coming.until(BEGUN)

        async def fetch(path: str) -> Answer:
            async with client.get(f"http://origin/{path}", headers={"Accept-Encoding": "gzip"}) as answer:
                return Answer(answer.status, dict(answer.headers), await answer.read())

        yield fetch, coming


async def test_the_packager_keeps_them(tmp_path: Path) -> None:
    async with growing(tmp_path) as (fetch, coming):
        await check_server(fetch, coming.grow)


def answers(words: str, change: Callable[[Answer], Answer]) -> Spoil:
    """Other answers to such paths."""

    async def spoil(path: str, fetch: Fetch) -> Answer:
        answer = await fetch(path)
        return change(answer) if re.search(words, path) else answer

    return spoil


def requests(words: str, to: str) -> Spoil:
    """A server that reads such paths as others."""
    return lambda path, fetch: fetch(re.sub(words, to, path))


def header(words: str, name: str, value: str) -> Spoil:
    return answers(words, lambda answer: replace(answer, headers={**answer.headers, name: value}))


def status(words: str, code: int) -> Spoil:
    return answers(words, lambda answer: replace(answer, status=code))


def text(words: str, change: Callable[[str], str]) -> Spoil:
    def spoil(answer: Answer) -> Answer:
        return replace(answer, body=gzip.compress(change(answer.text).encode()))

    return answers(words, spoil)


def plain(answer: Answer) -> Answer:
    return Answer(answer.status, {**answer.headers, "Content-Encoding": "identity"}, answer.text.encode())


def once(words: str, change: Callable[[Answer], Answer]) -> Spoil:
    """Only the first answer to each path is another."""
    seen: set[str] = set()

    async def spoil(path: str, fetch: Fetch) -> Answer:
        answer = await fetch(path)
        first = path not in seen
        seen.add(path)
        return change(answer) if first and re.search(words, path) else answer

    return spoil


def stale() -> Spoil:
    """A cache that gives what it had when somebody began to wait."""

    async def spoil(path: str, fetch: Fetch) -> Answer:
        if not re.search(r"_HLS_msn=\d+&_HLS_part=\d$", path):
            return await fetch(path)
        before = await fetch("video.m3u8")
        await fetch(path)
        return before

    return spoil


UNMARKED = r"(#EXT-X-PART:[^\n]*\n#EXT-X-PART:[^\n]*\n#EXT-X-PART:[^\n]*),INDEPENDENT=YES"
SPOILS: list[tuple[str, Spoil]] = [
    ("type", header(r"main", "Content-Type", "text/plain")),
    ("type", header(r"\.m4s", "Content-Type", "application/octet-stream")),
    ("type", status(r"\.mp4", 404)),
    ("packed", answers(r"video\.m3u8$", plain)),
    ("cross-origin", header(r"m3u8", "Access-Control-Allow-Origin", "https://council.example")),
    ("cross-origin", header(r"\.mp4", "Access-Control-Allow-Origin", "")),
    ("kept-media", header(r"\.m4s", "Cache-Control", "no-store")),
    ("kept-playlists", header(r"video\.m3u8$", "Cache-Control", "max-age=4")),
    ("kept-refusals", header(r"_HLS_part=40", "Cache-Control", "max-age=60")),
    ("joined", answers(r"p\d+\.m4s", lambda answer: replace(answer, body=answer.body + b"\0\0\0\x08free"))),
    ("independent", text(r"video\.m3u8", lambda said: re.sub(UNMARKED, r"\1", said))),
    ("delta-asked", requests(r"\?_HLS_skip=YES", "")),
    ("delta-asked", requests(r"video\.m3u8$", "video.m3u8?_HLS_skip=YES")),
    ("far", status(r"_HLS_part=40", 200)),
    ("far", status(r"\?_HLS_part=1$", 404)),
    ("far", requests(r"_HLS_msn=\d+$", "_HLS_msn=0")),
    ("hint-held", requests(r"p0000040\.m4s", "p0000039.m4s")),
    ("hint-whole", once(r"p0000040\.m4s", lambda answer: replace(answer, body=answer.body[:-9]))),
    ("reload-held", requests(r"\?_HLS_msn=\d+&_HLS_part=\d$", "")),
    ("reload-whole", requests(r"\?_HLS_msn=10$", "")),
    ("reload-fresh", stale()),
    ("reload-fresh", status(r"main", 503)),
]


@pytest.mark.parametrize(("rule", "spoil"), SPOILS, ids=[rule for rule, _ in SPOILS])
async def test_a_broken_server_is_found(tmp_path: Path, rule: str, spoil: Spoil) -> None:
    async with growing(tmp_path) as (fetch, coming):
        with pytest.raises(Broken) as found:
            await check_server(lambda path: spoil(path, fetch), coming.grow)
        assert found.value.rule == rule


def test_every_rule_is_broken_on_purpose() -> None:
    assert {rule for rule, _ in SPOILS} == set(SERVER_RULES)
