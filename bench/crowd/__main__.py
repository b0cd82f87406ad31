"""``python -m bench.crowd [--coalesce]``: told what to do by lines of JSON, answers each with one."""

import argparse
import asyncio
import json
import sys
import time
from collections.abc import Callable
from typing import Any

from bench.crowd import sdp
from bench.crowd.guest import Guest
from bench.crowd.inspection import Inspection
from media.relay.dtls import Identity

ONE_IN = 20
READ_SECONDS = 0.01
TICK_SECONDS = 0.05
LINE_LIMIT = 64 * 1024 * 1024


class Crowd:
    """All guests. Their sockets are read by the clock: who is waited for costs the sender a wake-up."""

    def __init__(self, *, coalesce: bool) -> None:
        self._coalesce = coalesce
        self._identity = Identity()
        self._guests: list[Guest] = []

    def come(self, count: int) -> list[str]:
        """So many more; their offers."""
        fresh = [Guest(self._identity, coalesce=self._coalesce) for _ in range(count)]
        self._guests += fresh
        return [sdp.offer(guest.me) for guest in fresh]

    def answer(self, number: int, description: str) -> str:
        """A server offers to guest ``number``, who accepts."""
        guest = self._guests[number]
        guest.begin(description, controlling=False, inspect=_inspection(number))
        return sdp.answer(guest.me, description)

    def accept(self, number: int, description: str) -> None:
        """A server accepted the offer of guest ``number``."""
        self._guests[number].begin(description, controlling=True, inspect=_inspection(number))

    def state(self) -> dict[str, Any]:
        """How far they are, and when."""
        moments = [guest.moments for guest in self._guests]
        return {
            "connected": sum(one.connected is not None for one in moments),
            "watching": sum("video" in guest.tallies and "audio" in guest.tallies for guest in self._guests),
            "first_picture": [one.picture - one.answered for one in moments if one.picture is not None],
            "first_picture_at": [one.picture for one in moments],
        }

    def begin(self) -> None:
        """Count from here."""
        for guest in self._guests:
            for tally in guest.tallies.values():
                tally.begin()
            if guest.inspection is not None:
                guest.inspection.begin()

    def end(self) -> list[dict[str, Any]]:
        """What each received since ``begin``."""
        return [_account(guest) for guest in self._guests]

    def read(self) -> None:
        """Take all that has arrived for anybody."""
        for guest in self._guests:
            guest.read()

    def tick(self) -> None:
        """What is due by the clock."""
        now = time.monotonic()
        for guest in self._guests:
            guest.tick(now)


def _inspection(number: int) -> Inspection | None:
    return Inspection(keep=number == 0) if number % ONE_IN == 0 else None


def _account(guest: Guest) -> dict[str, Any]:
    account: dict[str, Any] = {
        kind: {
            "received": tally.received,
            "missing": tally.missing,
            "moved": (tally.timestamp - tally.first_timestamp) & 0xFFFFFFFF,
        }
        for kind, tally in guest.tallies.items()
    }
    if guest.inspection is not None:
        account["digests"] = {kind: guest.inspection.digest(kind) for kind in ("video", "audio")}
        account["pictures"] = guest.inspection.pictures()
    return account


async def _every(seconds: float, act: Callable[[], None]) -> None:
    while True:
        await asyncio.sleep(seconds)
        act()


async def main(coalesce: bool) -> None:
    """Obey until standard input ends."""
    crowd = Crowd(coalesce=coalesce)
    doing = {
        "come": crowd.come,
        "answer": crowd.answer,
        "accept": crowd.accept,
        "state": crowd.state,
        "begin": crowd.begin,
        "end": crowd.end,
    }
    loop = asyncio.get_running_loop()
    reader = asyncio.StreamReader(limit=LINE_LIMIT)
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    tasks = [
        asyncio.create_task(_every(READ_SECONDS, crowd.read)),
        asyncio.create_task(_every(TICK_SECONDS, crowd.tick)),
    ]
    while line := await reader.readline():
        order = json.loads(line)
        quiet = order.pop("quiet", False)
        done = doing[order.pop("do")](**order)  # type: ignore[operator]
        if not quiet:
            print(json.dumps(done), flush=True)
        for task in tasks:
            if task.done():
                task.result()
    for task in tasks:
        task.cancel()


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--coalesce", action="store_true")
    asyncio.run(main(parser.parse_args().coalesce))
