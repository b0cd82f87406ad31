"""What one light viewer received of one RTP source, by the headers alone."""

from dataclasses import dataclass


@dataclass
class Tally:
    """Counts since ``begin``."""

    received: int = 0
    last: int | None = None
    """The highest sequence number so far, without wraps."""
    before: int | None = None
    """The same at ``begin``."""
    timestamp: int = 0
    first_timestamp: int = 0

    def begin(self) -> None:
        """Count from here."""
        self.received = 0
        self.before = self.last
        self.first_timestamp = self.timestamp

    def take(self, sequence: int, timestamp: int) -> int:
        """Count one packet; its number without wraps."""
        self.received += 1
        if self.last is None:
            self.last = sequence
            self.before = sequence - 1
        number = self.last + ((sequence - self.last + 0x8000) & 0xFFFF) - 0x8000
        if number > self.last:
            self.last = number
            self.timestamp = timestamp
        return number

    @property
    def missing(self) -> int:
        """Numbers in the span that did not come. Negative: some came twice."""
        if self.last is None or self.before is None:
            return 0
        return self.last - self.before - self.received
