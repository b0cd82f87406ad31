"""Encoders stay connected through a death of studio or hub, and what they sent in private stays private.

The next studio is given the newest seconds of their stream, in which pictures of a private session may be.
Here the whole house is looked at, which would leave them out as too late as well. That they are
handed on to nobody, is looked at in ``tests/media/ingest/test_feeds.py``.
"""

import asyncio
import os
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from aiohttp import ClientSession

from tests.faults.conftest import Running, attended
from tests.support.demo import Demo, demo
from tests.support.judge import CHAMBER, PRIVATE, still
from tests.support.outputs import collecting, public_shows
from tests.support.publishers import Feed, FfmpegPublisher, Target, rtmp, srt
from tests.support.sockets import signed_in
from tests.support.waiting import until_async

FEED = Feed(CHAMBER, PRIVATE)
SEEN_SECONDS = 30.0
GUILTY = -45.0
"""dBFS. A private tone above this was heard."""
PICTURES = 150
"""As many as the next studio was given of the stream, and some more."""


@asynccontextmanager
async def meeting(
    directory: Path, protocol: str
) -> AsyncIterator[tuple[Running, FfmpegPublisher, ClientSession]]:
    """Live, with an encoder in the chamber, and an officer who fetches pictures."""
    async with demo(directory / "hall", "--no-feed") as hall:
        cookies = await signed_in(hall.links.console)
        async with (
            attended(hall, cookies) as running,
            FfmpegPublisher(FEED, target(hall, protocol), directory / "encoder.log") as encoder,
            ClientSession(headers={"Cookie": cookies}) as officer,
        ):
            await public_shows(running.http, hall.links.meeting, CHAMBER, seconds=SEEN_SECONDS)
            yield running, encoder, officer


def target(hall: Demo, protocol: str) -> Target:
    return rtmp(hall.links.rtmp) if protocol == "rtmp" else srt(hall.links.srt)


async def preview_shows(running: Running, http: ClientSession, colour: tuple[int, int, int]) -> None:
    """Wait until the officers see this in the chamber."""
    home = running.demo.links.home.rstrip("/")

    async def shows() -> bool:
        async with http.get(f"{home}/console/meetings/{running.ref}/picture.jpg?of=chamber") as response:
            return response.status == 200 and still(await response.read()).shows(colour)

    await until_async(shows, f"{colour} in the chamber", SEEN_SECONDS)


async def killed(running: Running) -> None:
    """Kill the studio; until another one has the chamber again."""
    session = running.clerk.told["engine"]["studio"]["session"]
    pid = running.pid("-m media.studio")
    assert pid is not None
    os.kill(pid, signal.SIGKILL)
    await running.clerk.until(
        "engine",
        lambda told: (
            told["studio"]["session"] != session
            and any(
                feed["source"] == "chamber" and feed["state"] == "live" for feed in told["studio"]["feeds"]
            )
        ),
        "the next studio, with the chamber",
        SEEN_SECONDS,
    )


@pytest.mark.parametrize("protocol", ["rtmp", "srt"])
async def test_a_studio_that_dies_after_a_private_session_shows_nothing_of_it(
    tmp_path: Path, protocol: str
) -> None:
    async with (
        meeting(tmp_path, protocol) as (running, encoder, officer),
        collecting(running.demo.links.meeting) as outputs,
    ):
        exempt = running.clerk.told["state"]["public"]["agenda"][-1]["id"]
        await running.clerk.call("meeting.private", item_id=exempt, paragraphs=[3], reason="Contract")
        await encoder.switch()
        await preview_shows(running, officer, PRIVATE.colour)
        await encoder.switch_back()
        await preview_shows(running, officer, CHAMBER.colour)
        await running.take_live()
        await killed(running)
        pictures = running.clerk.told["engine"]["studio"]["pictures"]
        await running.clerk.until(
            "engine",
            lambda told: told["studio"]["pictures"] >= pictures + PICTURES,
            "the programme",
            SEEN_SECONDS,
        )
        await public_shows(running.http, running.demo.links.meeting, CHAMBER, seconds=SEEN_SECONDS)
        assert encoder.beginnings == 1
        assert encoder.publishing, encoder.said()
    evidence = [one for one in await asyncio.to_thread(outputs.evidence) if one.pictures]
    assert all(one.shows(CHAMBER) for one in evidence)
    assert {one.name: one.shows(PRIVATE) for one in evidence} == {one.name: [] for one in evidence}
    assert {
        one.name: one.level(PRIVATE) for one in evidence if one.sound.size and one.level(PRIVATE) > GUILTY
    } == {}


@pytest.mark.parametrize("protocol", ["rtmp", "srt"])
async def test_the_next_hub_cuts_no_encoder_off(tmp_path: Path, protocol: str) -> None:
    async with meeting(tmp_path, protocol) as (running, encoder, _):
        first = running.demo
        os.kill(first.links.pid, signal.SIGKILL)
        await first.process.wait()
        async with (
            demo(
                tmp_path / "hall", "--no-feed", environment={"MOOTHALL_RUN_DIR": str(first.sockets)}
            ) as second,
            attended(second, await signed_in(second.links.console)) as after,
        ):
            told = await after.clerk.until(
                "engine",
                lambda told: any(feed["state"] == "live" for feed in told["studio"]["feeds"]),
                "the chamber at the next hub",
                SEEN_SECONDS,
            )
            (feed,) = told["studio"]["feeds"]
            await public_shows(after.http, second.links.meeting, CHAMBER, seconds=SEEN_SECONDS)
            assert (feed["source"], feed["kind"], told["refusals"]) == ("chamber", protocol, [])
            assert encoder.publishing, encoder.said()
