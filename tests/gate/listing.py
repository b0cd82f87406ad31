"""What a media playlist lists: parts and segments, each with the time that it is of."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

URI = re.compile(r'URI="([^"]+)"')
DURATION = re.compile(r"DURATION=([\d.]+)")
MAP, PART, DATE, LENGTH = "#EXT-X-MAP:", "#EXT-X-PART:", "#EXT-X-PROGRAM-DATE-TIME:", "#EXTINF:"
GAP = re.compile(r"^#EXT-X-GAP\n(?:#.*\n)*[^#\s].*$|^#EXT-X-PART:.*,GAP=YES$", re.MULTILINE)
"""A part or segment that nobody can have (RFC 8216bis, 4.4.4.7), such as the one in which a packager died."""
ROUNDING_SECONDS = 0.01


@dataclass(frozen=True, slots=True)
class Piece:
    """A part or a segment, and the initialisation that belongs to it; Unix seconds."""

    init: str
    name: str
    whole: bool
    """Whether it is a segment."""
    independent: bool = True
    """Whether a decoder can begin with it."""
    begin: float = 0.0
    end: float = 0.0

    @property
    def run(self) -> str:
        """Of the packager: each start of one has its own, in the names of all that it made."""
        return "-".join(self.name.split("-")[1:2])

    def holds(self, other: "Piece") -> bool:
        """Whether it is a segment that has this part in it: the same packager made it, of the same time."""
        return (
            self.whole
            and self.run == other.run
            and self.begin - ROUNDING_SECONDS <= other.begin
            and other.end <= self.end + ROUNDING_SECONDS
        )


def playlists(multivariant: str) -> list[str]:
    """All media playlists that a multivariant playlist names."""
    lines = multivariant.splitlines()
    named = {*URI.findall(multivariant), *(line.strip() for line in lines if line and line[0] != "#")}
    return sorted(named)


def pieces(text: str) -> Iterator[Piece]:
    """In the order of the playlist: the parts of a segment come before it."""
    init, begin, now, length = "", 0.0, 0.0, 0.0
    for line in GAP.sub("", text).splitlines():
        if line.startswith(MAP):
            init = _uri(line)
        elif line.startswith(DATE):
            begin = now = datetime.fromisoformat(line.removeprefix(DATE)).timestamp()
        elif line.startswith(PART):
            found = DURATION.search(line)
            end = now + float(found[1] if found else 0)
            yield Piece(init, _uri(line), False, "INDEPENDENT=YES" in line, now, end)
            now = end
        elif line.startswith(LENGTH):
            length = float(line.removeprefix(LENGTH).partition(",")[0])
        elif line.strip() and not line.startswith("#"):
            yield Piece(init, line.strip(), True, True, begin, begin + length)


def _uri(line: str) -> str:
    found = URI.search(line)
    assert found is not None, line
    return found[1]
