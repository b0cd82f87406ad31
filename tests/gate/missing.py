"""What a playlist listed and the search could not have while it did, and what became of each of them."""

from dataclasses import dataclass, field
from enum import StrEnum

from tests.gate.listing import Piece


class Fate(StrEnum):
    """What became of it."""

    IN_ITS_SEGMENT = "in its segment"
    """A part that was listed between two looks: the segment that has it in it was searched."""
    LATER = "had later"
    """Another way, or the same one when asked again, still had it."""
    BY_THE_BUS = "gone, searched by the bus"
    """A packager died with it. Every way answers 404, and what it was made of was searched instead."""
    WITH_THE_BUS = "gone with the bus"
    """The bus died as well, before the search had read what the packager had."""
    UNSEEN = "gone, unseen"
    """A packager died, the bus did not, and the search has not got what it was made of."""
    ACCUSED = "a finding"
    """No packager had died."""


NEVER_HAD = (Fate.WITH_THE_BUS, Fate.UNSEEN, Fate.ACCUSED)


@dataclass
class Missing:
    """``listed_at``: when it was first seen to be listed, of the monotonic clock."""

    playlist: str
    piece: Piece
    listed_at: float
    refused_by: set[str] = field(default_factory=set)
    """Ways that have answered that there is no such file."""

    def __str__(self) -> str:
        return f"{self.playlist} listed {self.piece.name}"
