"""Time and randomness are passed in."""

import secrets
from datetime import UTC, datetime
from typing import Protocol


class Clock(Protocol):
    """Wall time."""

    def now(self) -> datetime:
        """The present, aware, in UTC."""


class Tokens(Protocol):
    """Unguessable strings."""

    def new(self) -> str:
        """At least 128 random bits, safe in a URL."""


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        return datetime.now(UTC)


class SystemTokens:
    """The machine's randomness."""

    def new(self) -> str:
        return secrets.token_urlsafe(24)


def milliseconds(moment: datetime) -> int:
    """Unix milliseconds, as pages and sockets use them."""
    return int(moment.timestamp() * 1000)
