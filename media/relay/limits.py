"""Small bounds against floods."""

from ipaddress import ip_network

from media.relay.stun import canonical


class TokenBucket:
    """Lets ``rate`` a second through on average, ``burst`` at once. The time is the caller's."""

    def __init__(self, rate: float, burst: float) -> None:
        self._rate = rate
        self._burst = burst
        self._tokens = burst
        self._then: float | None = None

    def take(self, now: float) -> bool:
        """Whether one more may pass at the monotonic time ``now``."""
        if self._then is not None:
            self._tokens = min(self._burst, self._tokens + (now - self._then) * self._rate)
        self._then = now
        if self._tokens < 1:
            return False
        self._tokens -= 1
        return True


def neighbourhood(host: str) -> str:
    """The /24 or /56 that an address belongs to: what one subscriber can choose addresses from."""
    address = canonical(host)
    return str(ip_network((address, 24 if address.version == 4 else 56), strict=False))
