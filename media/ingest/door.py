"""What the fronts of all protocols share."""

import math
from dataclasses import dataclass

from media.attempts import Attempts
from media.ingest.keys import KeyRing
from media.ingest.refusals import Refusals
from media.ingest.register import Register

WRONG_KEY = "The stream key is not known here, or is no longer valid."
TOO_MANY = "Too many wrong stream keys came from this address. Try again in {seconds} seconds."
WORDS = {"rtmp": "RTMP", "srt": "SRT"}


@dataclass(frozen=True, slots=True)
class Door:
    """Who may come in, who is in, and where to tell of those turned away."""

    keys: KeyRing
    register: Register
    refusals: Refusals
    attempts: Attempts

    def wrong_key(self, address: str) -> str | None:
        """The sentence for a wrong key when there were too many of them from an address, else ``None``."""
        wait = self.attempts.wrong(address)
        return TOO_MANY.format(seconds=math.ceil(wait)) if wait else None


def label(protocol: str, address: str) -> str:
    """How the console names a publisher."""
    return f"{WORDS[protocol]} encoder at {address}"
