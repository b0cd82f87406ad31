"""How often one address may be wrong about a secret: a bucket of attempts that fills again slowly.

Only what is wrong counts. Keys and links hold 192 random bits, so nobody guesses one; the limit is against
noise and load, and a forgotten encoder with last year's key must not shut out the right one behind the same
address.
"""

from collections import OrderedDict

from media.caller import place_of
from media.clock import Clock

BURST = 10
EVERY_SECONDS = 6.0
MOST_REMEMBERED = 4096
"""Addresses. The one that was wrong longest ago is forgotten first."""


class Attempts:
    """``burst`` wrong attempts at once, and one more every ``every`` seconds."""

    def __init__(self, clock: Clock, *, burst: int = BURST, every: float = EVERY_SECONDS) -> None:
        self._clock = clock
        self._burst = burst
        self._every = every
        self._spent: OrderedDict[str, float] = OrderedDict()
        """Address → when its bucket will be full again, monotonic seconds."""

    def wrong(self, address: str) -> float:
        """Note a wrong attempt. Seconds until the next one is listened to; 0 while there are some left."""
        if wait := self.wait(address):
            return wait
        now, place = self._clock.monotonic(), place_of(address)
        self._spent[place] = max(now, self._spent.get(place, now)) + self._every
        self._spent.move_to_end(place)
        while len(self._spent) > MOST_REMEMBERED:
            self._spent.popitem(last=False)
        return 0.0

    def wait(self, address: str) -> float:
        """Seconds until the next wrong attempt would be listened to; 0 while there are some left."""
        now = self._clock.monotonic()
        full = max(now, self._spent.get(place_of(address), now)) + self._every
        return max(0.0, full - now - self._burst * self._every)

    def __len__(self) -> int:
        """Addresses that are remembered."""
        return len(self._spent)
