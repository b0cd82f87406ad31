"""The keeper of a process survives what it may not expect, and ends what neither lives nor dies."""

import os
import signal
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from hub.supervision.process import MediaProcess, ProcessPlan
from media.config import IngestConfig
from media.control.command import Disconnected, Event
from media.control.ingest import GetIngestStatus, PublisherRefused, SetKeys
from tests.support.waiting import until

DEADLINE = 15.0
Keep = Callable[..., MediaProcess]


@pytest.fixture
async def keep() -> AsyncIterator[Keep]:
    """Makes keepers of one and the same process; all of them are stopped in the end."""
    made: list[MediaProcess] = []
    with TemporaryDirectory(prefix="moot") as folder:

        def make(**plan: Callable[..., object]) -> MediaProcess:
            config = IngestConfig(control_socket=Path(folder) / "plain")
            process = MediaProcess(
                ProcessPlan(
                    name="plain",
                    module="tests.support.plain_process",
                    config=config,
                    folder=Path(folder),
                    health=GetIngestStatus(),
                    events=(PublisherRefused,),
                    **plan,  # type: ignore[arg-type]  # each test gives the callbacks it is about
                )
            )
            made.append(process)
            process.start()
            return process

        yield make
        for process in made:
            await process.stop()


def pid_of(process: MediaProcess) -> int:
    return int((process.plan.folder / "plain.pid").read_text())


async def test_what_fails_when_an_event_comes_does_not_end_the_keeping(keep: Keep) -> None:
    heard: list[Event] = []

    def hear(event: Event) -> None:
        heard.append(event)
        if len(heard) == 1:
            raise KeyError("a mistake of ours")

    process = keep(on_event=hear)
    with suppress(Disconnected):  # the mistake may come before the answer
        await process.call(SetKeys(keys=[]), DEADLINE)
    first = pid_of(process)
    await until(lambda: process.restarts == 1, "the keeper to begin again", DEADLINE)
    await process.call(SetKeys(keys=[]), DEADLINE)
    await until(lambda: len(heard) == 2, "the next event", DEADLINE)
    assert pid_of(process) == first, "the process had done nothing wrong"


async def test_what_fails_when_it_connects_is_tried_again(keep: Keep) -> None:
    tries: list[bool] = []

    async def connected() -> None:
        tries.append(True)
        if len(tries) < 3:
            raise RuntimeError("the database is away")

    process = keep(on_connect=connected)
    await until(lambda: len(tries) == 3, "the third try", DEADLINE)
    await process.call(GetIngestStatus(), DEADLINE)


async def test_a_process_that_hangs_when_the_hub_comes_back_is_replaced(
    keep: Keep, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = keep()
    await before.call(GetIngestStatus(), DEADLINE)
    first = pid_of(before)
    await before.let_go()
    os.kill(first, signal.SIGSTOP)
    monkeypatch.setattr("hub.supervision.process.HEALTH_DEADLINE", 0.5)
    after = keep()
    await after.call(GetIngestStatus(), DEADLINE)
    assert pid_of(after) != first


async def test_who_depends_on_it_is_told_when_it_is_lost_and_when_it_is_back(keep: Keep) -> None:
    seen: list[bool] = []
    process: MediaProcess = keep(on_change=lambda: seen.append(process.connected))
    await process.call(GetIngestStatus(), DEADLINE)
    os.kill(pid_of(process), signal.SIGKILL)
    await until(lambda: len(seen) == 3, "it to be back", DEADLINE)
    assert seen == [True, False, True]
