"""``python -m bench.sockets.crowd HOST PORT COUNT MEETING``: a room full of viewers in a process of its own.

Prints ``ready`` when everybody has heard something. For each line that it reads from standard input it
forgets what was heard, prints ``listening``, waits until everybody has heard the next message, and prints one
line of JSON: when each did (monotonic seconds, one clock for all processes of a machine), and the message.
"""

import asyncio
import json
import sys
import time
from functools import partial

from bench.sockets.wire import NAMESPACE, Listener, request

AT_ONCE = 50
PATIENCE = 20.0


class Crowd:
    """All of them."""

    def __init__(self, host: str, port: int, count: int, meeting: str) -> None:
        self._address = host, port
        self._count = count
        self._meeting = meeting
        self._people: list[Listener] = []
        self._heard: dict[int, float] = {}
        self._message = b""
        self._all = asyncio.Event()

    async def arrive(self) -> None:
        """Connect, some at a time; come back when everybody has heard the first state."""
        loop, door = asyncio.get_running_loop(), asyncio.Semaphore(AT_ONCE)
        opening = request(*self._address)

        async def enter(number: int) -> None:
            auth = json.dumps({"meeting": self._meeting, "device": f"device-{number:06}"})
            entering = f"40{NAMESPACE},{auth}".encode()
            async with door:
                _, person = await loop.create_connection(
                    lambda: Listener(opening, entering, partial(self._hear, number)), *self._address
                )
                self._people.append(person)
                while number not in self._heard and not person.lost:
                    await asyncio.sleep(0.01)

        async with asyncio.TaskGroup() as arriving:
            for number in range(self._count):
                arriving.create_task(enter(number))

    async def listen(self) -> dict[str, object]:
        """Wait for the next message to reach everybody."""
        try:
            async with asyncio.timeout(PATIENCE):
                await self._all.wait()
        except TimeoutError:
            pass  # the count tells
        lost = sum(person.lost for person in self._people)
        return {"times": sorted(self._heard.values()), "lost": lost, "message": self._message.decode()}

    def forget(self) -> None:
        """Count from none again."""
        self._heard.clear()
        self._all.clear()

    def leave(self) -> None:
        """Hang up."""
        for person in self._people:
            person.close()

    def _hear(self, number: int, packet: bytes) -> None:
        if packet.startswith(b'42/audience,["mine"'):
            return
        self._message = packet
        self._heard.setdefault(number, time.monotonic())
        if len(self._heard) == self._count:
            self._all.set()


async def main() -> None:
    """See the module."""
    host, port, count, meeting = sys.argv[1:]
    crowd = Crowd(host, int(port), int(count), meeting)
    await crowd.arrive()
    print("ready", flush=True)
    loop = asyncio.get_running_loop()
    while await loop.run_in_executor(None, sys.stdin.readline):
        crowd.forget()
        print("listening", flush=True)
        print(json.dumps(await crowd.listen()), flush=True)
    crowd.leave()


if __name__ == "__main__":
    asyncio.run(main())
