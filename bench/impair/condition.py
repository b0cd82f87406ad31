"""How bad a line is."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Condition:
    """Loss and rate are towards the viewer, delay is each way."""

    name: str
    lost: float = 0.0
    delay: float = 0.0
    """Seconds one way."""
    rate: float = 0.0
    """Bits a second; 0: no limit."""
    queue: float = 0.5
    """Seconds that the queue before the narrow place can hold."""
    dead: bool = False
    """Nothing passes."""


CLEAR = Condition("clear")
NARROW = Condition("800 kbit/s", rate=800_000.0)
CONDITIONS = (
    Condition("2 % loss", lost=0.02),
    Condition("5 % loss", lost=0.05),
    Condition("100 ms", delay=0.05),
    NARROW,
    Condition("3 s outage", dead=True),
)
