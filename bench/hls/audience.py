"""``python -m bench.hls.audience FOLDER PLAYERS [CERTIFICATE]``: viewers in a process of their own.

Says “playing” when all of them play, then counts from one line of input to the next, and prints the figures.
"""

import asyncio
import json
import random
import ssl
import sys
import time
from contextlib import suppress
from dataclasses import dataclass, field
from statistics import quantiles

from tests.support.hls_player import Edge, Player

RAMP_SECONDS = 6.0


@dataclass
class Count:
    """What came to all of them together."""

    parts: int = 0
    bytes: int = 0
    late: list[float] = field(default_factory=list)
    """Seconds from the end of a part's last picture until it was with a viewer."""

    def came(self, _: str, size: int, edge: Edge) -> None:
        """A part came."""
        self.parts += 1
        self.bytes += size
        self.late.append(time.time() - edge.ends_at)

    def report(self, seconds: float, players: list[Player]) -> dict[str, float]:
        """In figures."""
        cuts = quantiles(self.late, n=20)
        return {
            "parts_per_viewer_per_second": round(self.parts / seconds / len(players), 3),
            "mbit_per_second": round(self.bytes * 8 / seconds / 1e6, 1),
            "behind_median_ms": round(cuts[9] * 1000),
            "behind_p95_ms": round(cuts[18] * 1000),
            "refused": sum(player.refused for player in players),
        }


class Audience:
    """Players that begin within some seconds, as people do, and go on through faults."""

    def __init__(self, folder: str, size: int, trust: ssl.SSLContext | None) -> None:
        self.count = Count()
        self.faults = 0
        self.players = [Player(folder, lambda *what: self.count.came(*what), trust) for _ in range(size)]

    async def play(self) -> None:
        """Until cancelled."""
        async with asyncio.TaskGroup() as group:
            for player in self.players:
                group.create_task(self._watch(player))

    async def _watch(self, player: Player) -> None:
        await asyncio.sleep(random.uniform(0, RAMP_SECONDS))
        while True:
            try:
                await player.play()
            except OSError:
                self.faults += 1
                await asyncio.sleep(1)


async def main(folder: str, size: int, certificate: str | None) -> None:
    """Play, and count when told to."""
    trust = ssl.create_default_context(cafile=certificate) if certificate else None
    audience = Audience(folder, size, trust)
    playing = asyncio.create_task(audience.play())
    while not all(player.seen for player in audience.players):
        await asyncio.sleep(0.2)
    print("playing", flush=True)
    await asyncio.to_thread(sys.stdin.readline)
    audience.count, audience.faults, begin = Count(), 0, time.monotonic()
    for player in audience.players:
        player.refused = 0
    await asyncio.to_thread(sys.stdin.readline)
    seconds = time.monotonic() - begin
    print(
        json.dumps({**audience.count.report(seconds, audience.players), "faults": audience.faults}),
        flush=True,
    )
    playing.cancel()
    with suppress(asyncio.CancelledError):
        await playing


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], int(sys.argv[2]), sys.argv[3] if len(sys.argv) > 3 else None))
