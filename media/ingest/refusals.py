"""Telling the hub who was turned away, without letting a stranger flood it."""

from collections import OrderedDict
from collections.abc import Callable

import structlog

from media.clock import Clock
from media.control.ingest import PublisherRefused

log = structlog.get_logger(__name__)

QUIET_SECONDS = 2.0
"""The same sentence about the same address is told once in this time."""
BURST = 20
BURST_SECONDS = 10.0
MOST_REMEMBERED = 256


class Refusals:
    """Publishes ``PublisherRefused``: at most ``BURST`` in ``BURST_SECONDS``; the rest is counted."""

    def __init__(self, publish: Callable[[PublisherRefused], None], clock: Clock) -> None:
        self._publish = publish
        self._clock = clock
        self._told: OrderedDict[PublisherRefused, float] = OrderedDict()
        self._burst_began = 0.0
        self._in_burst = 0
        self.unsaid = 0
        """Refusals that were not passed on."""

    def tell(self, protocol: str, address: str, sentence: str) -> None:
        """Somebody at ``address`` was turned away. The sentence must not hold the key."""
        event = PublisherRefused(protocol=protocol, address=address, sentence=sentence)
        if self._is_due(event):
            log.info("publisher_refused", protocol=protocol, address=address, sentence=sentence)
            self._publish(event)
        else:
            self.unsaid += 1

    def _is_due(self, event: PublisherRefused) -> bool:
        now = self._clock.monotonic()
        told = self._told.get(event)
        if told is not None and now - told < QUIET_SECONDS:
            return False
        if now - self._burst_began >= BURST_SECONDS:
            self._burst_began, self._in_burst = now, 0
        if self._in_burst >= BURST:
            return False
        self._in_burst += 1
        self._told[event] = now
        self._told.move_to_end(event)
        while len(self._told) > MOST_REMEMBERED:
            self._told.popitem(last=False)
        return True
