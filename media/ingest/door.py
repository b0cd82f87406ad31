"""What the fronts of all protocols share."""

from dataclasses import dataclass

from media.ingest.keys import KeyRing
from media.ingest.refusals import Refusals
from media.ingest.register import Register

WRONG_KEY = "The stream key is not known here, or is no longer valid."
WORDS = {"rtmp": "RTMP", "srt": "SRT"}


@dataclass(frozen=True, slots=True)
class Door:
    """Who may come in, who is in, and where to tell of those turned away."""

    keys: KeyRing
    register: Register
    refusals: Refusals


def label(protocol: str, address: str) -> str:
    """How the console names a publisher."""
    return f"{WORDS[protocol]} encoder at {address}"
