"""Who may come in by SRT: the cookie and the stream id."""

import hashlib
import hmac
import os

from media.clock import Clock
from media.control.ingest import StreamKey
from media.ingest import srt_packet
from media.ingest.door import WRONG_KEY, Door
from media.ingest.srt_packet import Handshake

COOKIE_SECONDS = 60.0
_ACCESS_CONTROL = "#!::"


class NoEntry(Exception):  # noqa: N818  an answer, not a fault
    """The caller is not taken. ``reason``: SRT's number for it; the message is a sentence.

    ``known``: the hub has been told often enough.
    """

    def __init__(self, reason: int, sentence: str, *, known: bool = False) -> None:
        super().__init__(sentence)
        self.reason = reason
        self.sentence = sentence
        self.known = known


class Cookies:
    """Proof that a caller receives at the address it sends from, with nothing kept until it is given back."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._secret = os.urandom(32)

    def bake(self, address: tuple[str, int]) -> int:
        """The cookie for an address, good for one to two minutes."""
        return self._bake(address, self._period())

    def good(self, cookie: int, address: tuple[str, int]) -> bool:
        """Whether we gave this cookie to this address lately."""
        now = self._period()
        return any(cookie == self._bake(address, period) for period in (now, now - 1))

    def _period(self) -> int:
        return int(self._clock.monotonic() // COOKIE_SECONDS)

    def _bake(self, address: tuple[str, int], period: int) -> int:
        text = f"{address[0]} {address[1]} {period}".encode()
        return int.from_bytes(hmac.digest(self._secret, text, hashlib.sha256)[:4], "big")


def check(handshake: Handshake, door: Door, address: str) -> StreamKey:
    """The key of a conclusion handshake from an address. Raises ``NoEntry``."""
    if handshake.version < 5:
        raise NoEntry(srt_packet.TOO_OLD, "The encoder's SRT is too old: version 1.3 or newer is needed.")
    if handshake.encrypted:
        raise NoEntry(
            srt_packet.UNSECURE, "The encoder encrypts with a passphrase, which is not taken here: set none."
        )
    offered = _resource(handshake.stream_id or "")
    if not offered:
        raise NoEntry(srt_packet.BAD_REQUEST, "The stream id is missing: it is where the stream key goes.")
    key = door.keys.find(offered)
    if key is None:
        if (too_many := door.wrong_key(address)) is not None:
            raise NoEntry(srt_packet.OVERLOAD, too_many, known=True)
        raise NoEntry(srt_packet.UNAUTHORISED, WRONG_KEY)
    return key


def _resource(stream_id: str) -> str:
    """The key in a plain stream id, or in one of the form ``#!::r=KEY,m=publish``. Raises ``NoEntry``."""
    if not stream_id.startswith(_ACCESS_CONTROL):
        return stream_id
    pairs = (pair.partition("=") for pair in stream_id.removeprefix(_ACCESS_CONTROL).split(","))
    fields = {name.strip(): value.strip() for name, _, value in pairs}
    if fields.get("m", "publish") != "publish":
        raise NoEntry(srt_packet.BAD_MODE, "This address takes publishers only; watch on the meeting's page.")
    return fields.get("r", "")
