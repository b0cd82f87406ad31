"""A viewer by LL-HLS without a picture: asks as the blocking-reload rules have it, and counts what comes.

Light, so that hundreds of them leave the machine to the server.
"""

import asyncio
import gzip
import re
import ssl
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import urlsplit

_LENGTH = re.compile(rb"\r\nContent-Length: *(\d+)", re.IGNORECASE)
_SEQUENCE = re.compile(r"#EXT-X-MEDIA-SEQUENCE:(\d+)")
_SKIPPED = re.compile(r"SKIPPED-SEGMENTS=(\d+)")
_PART = re.compile(r'#EXT-X-PART:DURATION=([\d.]+),URI="([^"]+)"')
_DATE = re.compile(r"#EXT-X-PROGRAM-DATE-TIME:(\S+)")
HEADERS = (
    "Accept: */*\r\nAccept-Encoding: gzip, deflate, br, zstd\r\nAccept-Language: en-GB,en;q=0.9\r\n"
    "Sec-Fetch-Mode: cors\r\nSec-Fetch-Site: same-origin\r\n"
    "User-Agent: Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0\r\n"
)


class Line:
    """One connection that is kept."""

    def __init__(self, address: str, trust: ssl.SSLContext | None = None) -> None:
        self._parts = urlsplit(address)
        self._trust = trust
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def get(self, path: str, *, plain: bool = False) -> tuple[int, bytes]:
        """Status and body, as it came. Raises ``OSError``."""
        if self._streams is None:
            self._streams = await asyncio.open_connection(
                self._parts.hostname, self._parts.port, ssl=self._trust, limit=4 * 1024 * 1024
            )
        reader, writer = self._streams
        headers = HEADERS.replace("gzip, deflate, br, zstd", "identity") if plain else HEADERS
        writer.write(f"GET {path} HTTP/1.1\r\nHost: {self._parts.netloc}\r\n{headers}\r\n".encode())
        try:
            head = await reader.readuntil(b"\r\n\r\n")
            length = _LENGTH.search(head)
            assert length is not None, head
            return int(head[9:12]), await reader.readexactly(int(length[1]))
        except asyncio.IncompleteReadError as error:
            raise ConnectionResetError(f"{path} was not answered") from error

    def close(self) -> None:
        """Hang up."""
        if self._streams is not None:
            self._streams[1].close()


def text_of(body: bytes) -> str:
    """A playlist, packed or not."""
    return (gzip.decompress(body) if body[:2] == b"\x1f\x8b" else body).decode()


@dataclass(frozen=True, slots=True)
class Edge:
    """Where a playlist ends: the part to ask for next, the newest one there is, and when that one ended."""

    msn: int
    part: int
    newest: str
    ends_at: float
    """Unix seconds of the programme."""

    @classmethod
    def of(cls, text: str) -> "Edge":
        first, skipped = _SEQUENCE.search(text), _SKIPPED.search(text)
        assert first is not None, text
        closed, _, rest = text.rpartition("#EXTINF")
        growing = rest.partition("\n")[2].partition("\n")[2]
        msn = int(first[1]) + (int(skipped[1]) if skipped else 0) + text.count("\n#EXTINF")
        parts = _PART.findall(growing)
        last = parts or _PART.findall(closed[closed.rfind("#EXT-X-PROGRAM-DATE-TIME") :])
        date = _DATE.findall(text)[-1]
        ends_at = datetime.fromisoformat(date).timestamp() + sum(float(length) for length, _ in last)
        return cls(msn, len(parts), last[-1][1] if last else "", ends_at)


@dataclass
class Player:
    """One viewer. ``came`` is told of each new part: its name, its size, and the edge that named it."""

    address: str
    """Of the folder of the playlists."""
    came: Callable[[str, int, Edge], None]
    trust: ssl.SSLContext | None = None
    playlist: str = "video.m3u8"
    refused: int = 0
    """Answers other than 200."""
    seen: str = field(default="", init=False)

    async def play(self) -> None:
        """Until cancelled. Raises ``OSError``."""
        line = Line(self.address, self.trust)
        folder = urlsplit(self.address).path.rstrip("/")
        query = ""
        try:
            while True:
                status, body = await line.get(f"{folder}/{self.playlist}{query}")
                if status != 200:
                    self.refused += 1
                    query = ""
                    await asyncio.sleep(0.5)
                    continue
                edge = Edge.of(text_of(body))
                if edge.newest and edge.newest != self.seen:
                    self.seen = edge.newest
                    status, body = await line.get(f"{folder}/{edge.newest}")
                    self.refused += status != 200
                    self.came(edge.newest, len(body), edge)
                query = f"?_HLS_msn={edge.msn}&_HLS_part={edge.part}&_HLS_skip=YES"
        finally:
            line.close()
