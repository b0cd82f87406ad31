"""A packager that hangs without dying: SIGSTOP, as a driver or a disk that does not come back may do it."""

import os
import signal

from tests.faults.conftest import Running
from tests.faults.test_processes import BACK_SECONDS, codes, sees_the_feed
from tests.support.sockets import Told
from tests.support.waiting import until, until_async

HANGS = "hls_stands_still"


def alarm(engine: Told, code: str) -> str:
    """Its sentence; "" without it."""
    return next((str(one["sentence"]) for one in engine["alarms"] if one["code"] == code), "")


async def test_the_clerk_is_told_and_another_packager_takes_over(running: Running) -> None:
    await running.take_live()
    await until_async(lambda: sees_the_feed(running), "the feed at the public's end", BACK_SECONDS)
    pid = running.pid("media.hls")
    assert pid is not None
    assert HANGS not in codes(running.clerk.told["engine"])
    os.kill(pid, signal.SIGSTOP)
    engine = await running.clerk.until("engine", lambda told: HANGS in codes(told), HANGS, BACK_SECONDS)
    assert "its viewers see a picture that stands still" in alarm(engine, HANGS)
    assert "hls_away" not in codes(engine), "it is there, and that is the trouble"
    assert engine["packager"]["age_seconds"] > 3, "what a hung process said last grows old all the same"
    assert engine["studio"]["gate"]["state"] == "open", "the meeting goes on"
    recorded = engine["recorder"]["last_seconds"]

    await until(lambda: running.pid("media.hls") not in (None, pid), "another packager", BACK_SECONDS)
    engine = await running.clerk.until(
        "engine",
        lambda told: not codes(told) & {HANGS, "hls_away"} and told["packager"]["segments"],
        "the all-clear",
        BACK_SECONDS,
    )
    assert not running.demo.processes("media.hls").count(pid), "the one that hung is gone"
    assert engine["recorder"]["last_seconds"] > recorded
    await until_async(lambda: sees_the_feed(running), "the feed at the public's end", BACK_SECONDS)
