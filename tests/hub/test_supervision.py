"""A media process is started, found again, and restarted when it dies. All with real processes."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from hub.supervision.process import MediaProcess, ProcessPlan
from media.config import IngestConfig
from media.control.command import Disconnected, Event, Refused
from media.control.ingest import GetIngestStatus, IngestStatus, PublisherRefused, SetKeys, StreamKey
from tests.support.waiting import until

DEADLINE = 15.0
Make = Callable[..., MediaProcess]


@pytest.fixture
async def make() -> AsyncIterator[Make]:
    """Makes keepers of one and the same process; all of them are stopped in the end."""
    made: list[MediaProcess] = []
    with TemporaryDirectory(prefix="moot") as folder:
        sockets = Path(folder)

        def build(
            module: str = "tests.support.plain_process", on_event: Callable[[Event], None] = print
        ) -> MediaProcess:
            config = IngestConfig(control_socket=sockets / "plain", rtmp_port=1234)
            plan = ProcessPlan(
                "plain", module, config, sockets, GetIngestStatus(), (PublisherRefused,), on_event
            )
            process = MediaProcess(plan)
            made.append(process)
            return process

        yield build
        for process in made:
            await process.stop()


def keys(*names: str) -> SetKeys:
    return SetKeys(keys=[StreamKey(key=name, source="chamber", feeds_socket="nowhere") for name in names])


def pid_of(process: MediaProcess) -> int:
    return int((process.plan.folder / "plain.pid").read_text())


async def test_a_process_starts_and_answers(make: Make) -> None:
    process = make()
    process.start()
    status = await process.call(GetIngestStatus(), DEADLINE)
    assert status == IngestStatus(rtmp_port=1234, srt_port=0, publishers={})


async def test_a_refusal_keeps_its_code_and_sentence(make: Make) -> None:
    process = make()
    process.start()
    with pytest.raises(Refused) as refusal:
        await process.call(keys("bad"), DEADLINE)
    assert (refusal.value.code, refusal.value.message) == ("bad_key", "That key is bad.")


async def test_events_reach_the_hub(make: Make) -> None:
    heard: asyncio.Queue[Event] = asyncio.Queue()
    process = make(on_event=heard.put_nowait)
    process.start()
    await process.call(keys("a", "b"), DEADLINE)
    async with asyncio.timeout(DEADLINE):
        event = await heard.get()
    assert isinstance(event, PublisherRefused)
    assert event.sentence == "2 keys"


async def test_a_killed_process_is_back_by_itself(make: Make) -> None:
    process = make()
    process.start()
    await process.call(keys("a"), DEADLINE)
    first = pid_of(process)
    os.kill(first, signal.SIGKILL)
    await until(lambda: not process.connected, "it to be missed")
    status = await process.call(GetIngestStatus(), DEADLINE)
    assert status.srt_port == 0, "a new process knows no keys"
    assert pid_of(process) != first
    assert process.restarts >= 1


async def test_a_process_that_hangs_is_ended_and_restarted(
    make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hub.supervision.process.HEALTH_EVERY", 0.05)
    monkeypatch.setattr("hub.supervision.process.HEALTH_DEADLINE", 0.5)
    process = make()
    process.start()
    await process.call(GetIngestStatus(), DEADLINE)
    first = pid_of(process)
    os.kill(first, signal.SIGSTOP)
    await until(lambda: process.restarts > 0, "a restart")
    await process.call(GetIngestStatus(), DEADLINE)
    assert pid_of(process) != first


async def test_a_new_hub_finds_the_running_process(make: Make) -> None:
    before = make()
    before.start()
    await before.call(keys("a", "b", "c"), DEADLINE)
    first = pid_of(before)
    await before.let_go()
    after = make()
    after.start()
    status = await after.call(GetIngestStatus(), DEADLINE)
    assert status.srt_port == 3, "the same process, with what it knew"
    assert pid_of(after) == first


async def test_stopping_an_adopted_process_ends_it(make: Make) -> None:
    before = make()
    before.start()
    await before.call(GetIngestStatus(), DEADLINE)
    first = pid_of(before)
    await before.let_go()
    after = make()
    after.start()
    await after.call(GetIngestStatus(), DEADLINE)
    await after.stop()
    await until(lambda: not is_running(first), "its end")


async def test_a_process_that_cannot_start_is_reported(make: Make) -> None:
    process = make(module="tests.support.no_such_process")
    process.start()
    with pytest.raises(Disconnected, match="plain is not running"):
        await process.call(GetIngestStatus(), 1.0)


def is_running(pid: int) -> bool:
    """False also for one that has ended and was not waited for yet: its command line is empty."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes() != b""
    except FileNotFoundError:
        return False
