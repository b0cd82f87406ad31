"""A process that waits for its turn: nobody is left behind, whenever its keeper loses interest."""

import asyncio
import os
import subprocess
from contextlib import suppress
from pathlib import Path

import pytest

from hub.supervision.spare import Spare
from tests.support.waiting import until

WAITS = "import sys; sys.stdin.readline() and open(sys.argv[1], 'w').close()"


@pytest.fixture
def born(monkeypatch: pytest.MonkeyPatch) -> list[subprocess.Popen[bytes]]:
    """Every child of this process, with what became of it."""
    children: list[subprocess.Popen[bytes]] = []

    class Noted(subprocess.Popen[bytes]):
        def __init__(self, *args: object, **options: object) -> None:
            super().__init__(*args, **options)  # type: ignore[call-overload]
            children.append(self)

    monkeypatch.setattr(subprocess, "Popen", Noted)
    return children


def spare(folder: Path) -> Spare:
    return Spare(("-c", WAITS, str(folder / "begun")), folder / "log", os.environ)


async def steps(count: int) -> None:
    """Let the loop go round so often."""
    for _ in range(count):
        await asyncio.sleep(0)


@pytest.mark.parametrize("again", [0, 1, 2, 3])
@pytest.mark.parametrize("after", range(1, 7))
async def test_a_keeper_that_is_cancelled_leaves_nobody_behind(
    tmp_path: Path, born: list[subprocess.Popen[bytes]], after: int, again: int
) -> None:
    """Cancelled twice, as the health check is whose keeper is cancelled while it waits for that check."""
    waiting = spare(tmp_path)
    preparing = asyncio.create_task(waiting.prepare())
    await steps(after)
    preparing.cancel()
    await steps(again)
    preparing.cancel()
    with suppress(asyncio.CancelledError):
        await preparing
    await waiting.close()
    assert [child.returncode is None for child in born] == [False]
    assert not (tmp_path / "begun").exists()


async def test_who_closes_may_be_cancelled_and_close_again(
    tmp_path: Path, born: list[subprocess.Popen[bytes]]
) -> None:
    waiting = spare(tmp_path)
    await waiting.prepare()
    closing = asyncio.create_task(waiting.close())
    await steps(1)
    closing.cancel()
    with pytest.raises(asyncio.CancelledError):
        await closing
    await waiting.close()
    assert [child.returncode is None for child in born] == [False]


async def test_what_a_cancelled_keeper_had_started_is_there_for_the_next(
    tmp_path: Path, born: list[subprocess.Popen[bytes]]
) -> None:
    waiting = spare(tmp_path)
    preparing = asyncio.create_task(waiting.prepare())
    await steps(1)
    preparing.cancel()
    with pytest.raises(asyncio.CancelledError):
        await preparing
    await waiting.prepare()
    child = waiting.take()
    assert child is not None
    await until((tmp_path / "begun").exists, "the spare to begin")
    assert await child.wait() == 0
    await waiting.close()
    assert len(born) == 1
