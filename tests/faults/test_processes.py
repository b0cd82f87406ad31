"""Each media process is killed with SIGKILL: it comes back by itself, and the public see nothing private."""

import asyncio
import os
import signal
from functools import partial
from pathlib import Path

import pytest

from tests.faults.conftest import KINDS, TEST_CARD, Running, guilty
from tests.support.demo import command
from tests.support.judge import SILENT, loudest, pictures, sound, still
from tests.support.outputs import PublicOutputs, live_edge
from tests.support.processes import SPARE, spare_of
from tests.support.sockets import Told
from tests.support.waiting import until, until_async

BACK_SECONDS = 15.0
PRIVATE_AGAIN_SECONDS = 5.0
CUT_SECONDS = 0.5
"""Between the moment that the index names and the next encoded picture there is a command's way."""


def codes(engine: Told) -> set[str]:
    """The alarms."""
    return {alarm["code"] for alarm in engine["alarms"]}


async def test_a_studio_killed_while_private_is_private_again_and_nothing_was_seen(running: Running) -> None:
    await running.take_live()
    await until_async(lambda: sees_the_feed(running), "the feed at the public's end", BACK_SECONDS)
    exempt = running.clerk.told["state"]["public"]["agenda"][-1]["id"]
    await running.clerk.call("meeting.private", item_id=exempt, paragraphs=[3], reason="Contract")
    before = await running.gate("private")
    others = {kind: pid for kind, pid in running.pids().items() if kind != "media.studio"}
    loop = asyncio.get_running_loop()
    killed, pid = loop.time(), _kill(running, "media.studio")
    looking = asyncio.create_task(_look_until_back(running, before["session"]))
    studio = (
        await running.clerk.until(
            "engine", lambda told: told["studio"]["session"] != before["session"], "the studio", BACK_SECONDS
        )
    )["studio"]
    took = loop.time() - killed
    assert studio["gate"]["state"] == "private"
    assert studio["gate"]["slate"] == before["gate"]["slate"]
    assert took < PRIVATE_AGAIN_SECONDS, f"it took {took:.1f} s"
    assert not await looking, "the snapshot showed the room"
    assert running.pid("media.studio") != pid
    assert {kind: running.pid(kind) for kind in others} == others, "nobody else was restarted"
    await running.clerk.until("engine", lambda told: told["studio"]["pictures"] > 75, "some seconds of slate")
    await _nothing_private_is_listed(running)


async def test_the_clerk_is_told_while_a_studio_is_away(running: Running) -> None:
    """Without a spare: with one the studio is often back before the console's next look at it."""
    await running.take_live()
    await until(lambda: len(running.demo.processes(SPARE)) == 1, "the spare", BACK_SECONDS)
    await _send_spares_away(running, "media.studio")
    session = running.clerk.told["engine"]["studio"]["session"]
    _kill(running, "media.studio")
    await running.clerk.until("engine", lambda told: "studio_away" in codes(told), "the alarm", BACK_SECONDS)
    await running.clerk.until(
        "engine",
        lambda told: told["studio"]["session"] != session and "studio_away" not in codes(told),
        "the all-clear",
        BACK_SECONDS,
    )
    await running.gate("open")


@pytest.mark.parametrize(
    ("kind", "code"),
    [
        ("media.relay", "relay_away"),
        ("media.hls", "hls_away"),
        ("media.recorder", "recorder_away"),
        ("media.ingest", "ingest_away"),
    ],
)
async def test_any_other_process_that_is_killed_comes_back_by_itself(
    running: Running, kind: str, code: str
) -> None:
    await running.take_live()
    others = {other: running.pid(other) for other in KINDS if other != kind}
    await _send_spares_away(running, kind)
    pid = _kill(running, kind)
    engine = await running.clerk.until(
        "engine", lambda told: code in codes(told), f"the alarm {code}", BACK_SECONDS
    )
    assert engine["studio"]["gate"]["state"] == "open", "the meeting goes on"
    last = engine["recorder"]["last_seconds"]
    await running.clerk.until(
        "engine",
        lambda told: code not in codes(told),
        "the all-clear",
        BACK_SECONDS,
    )
    await until(lambda: running.pid(kind) not in (None, pid), f"one {kind}", BACK_SECONDS)
    assert {other: running.pid(other) for other in others} == others, "nobody else was restarted"
    await running.clerk.until(
        "engine",
        lambda told: told["recorder"]["last_seconds"] > last + 1,
        "the recording to go on",
        BACK_SECONDS,
    )
    await until_async(lambda: sees_the_feed(running), "the feed at the public's end", BACK_SECONDS)


async def test_the_recording_is_whole_after_all_this_and_keeps_what_is_private(running: Running) -> None:
    await running.take_live()
    index = running.clerk.told["state"]["public"]["index"]
    private = _private_seconds(index)
    await running.clerk.call("meeting.end", confirmed=True)
    said = await command(running.demo.log.parent, "verify", str(running.recording))
    assert "The recording is whole." in said
    recorded = [file.read_bytes() for file in sorted(running.recording.glob("*.mp4"))]
    seen = await asyncio.to_thread(lambda: [one for data in recorded for one in pictures(data)])
    shown = guilty(seen)
    assert shown, "the public part is there"
    hidden = [
        one for one in seen if any(start + CUT_SECONDS < one.seconds < end - 0.1 for start, end in private)
    ]
    assert len(hidden) > 50, "enough was looked at"
    assert not guilty(hidden)


async def sees_the_feed(running: Running) -> bool:
    """Whether what the public have by HLS now shows it."""
    media = await live_edge(running.http, running.demo.links.meeting)
    last = list(await asyncio.to_thread(lambda: list(pictures(media))))[-1:] if media else []
    return bool(guilty(last))


async def _send_spares_away(running: Running, kind: str) -> None:
    """With one, a process is back before anybody is told that it was away."""
    for spare in running.demo.processes(spare_of(kind)):
        os.kill(spare, signal.SIGKILL)
        await until(partial(_is_gone, spare), "the spare's end", BACK_SECONDS)


def _is_gone(pid: int) -> bool:
    return not Path(f"/proc/{pid}").exists()


def _kill(running: Running, kind: str) -> int:
    pid = running.pid(kind)
    assert pid is not None, running.pids()
    os.kill(pid, signal.SIGKILL)
    return pid


async def _look_until_back(running: Running, session: int) -> list[float]:
    """Look at the public snapshot until the studio is another."""
    found: list[float] = []
    while running.clerk.told["engine"]["studio"]["session"] == session:
        async with running.http.get(f"{running.demo.links.meeting}/snapshot.jpg") as response:
            jpeg = await response.read()
            if response.status == 200 and response.content_type == "image/jpeg":
                found += guilty([await asyncio.to_thread(still, jpeg)])
    return found


async def _nothing_private_is_listed(running: Running) -> None:
    """Everything in the rewind window, from the cut to the live edge: no picture and no sound of the room."""
    start, _ = _private_seconds(running.clerk.told["state"]["public"]["index"])[-1]
    outputs = PublicOutputs(running.demo.links.meeting, running.http)
    await outputs.collect()
    video = outputs.playlists["video.m3u8"]
    media = [*video.media(video.segments), *video.media(video.parts)]
    seen = await asyncio.to_thread(lambda: [one for data in media for one in pictures(data)])
    after = [one for one in seen if one.seconds > start + CUT_SECONDS]
    assert len(after) > 50, "enough was looked at"
    assert guilty([one for one in seen if one.seconds < start]), "the feed would be recognised"
    assert not guilty(after)
    inits = list(video.inits.values())
    last = [data for _, data in list(video.segments.values())[-1:]]
    heard = await asyncio.to_thread(sound, inits[-1] + b"".join(last))
    assert heard.size
    assert loudest(heard, TEST_CARD.hz) < SILENT


def _private_seconds(index: list[dict[str, object]]) -> list[tuple[float, float]]:
    """From and to, in programme time, of the private sessions for an item."""
    spans, start = [], None
    for point in index:
        seconds = float(str(point["seconds"]))
        if point["label"] == "Private session" and point["item_id"] is not None:
            start = seconds
        elif point["label"] == "Meeting resumed" and start is not None:
            spans.append((start, seconds))
            start = None
    return [*spans, (start, float("inf"))] if start is not None else spans
