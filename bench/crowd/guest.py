"""One light viewer: ICE and DTLS as a browser's, then packets are counted by their headers."""

import secrets
import socket
import struct
import time
from dataclasses import dataclass

from aioice import stun
from aiortc.rtp import RtcpReceiverInfo, RtcpRrPacket
from pylibsrtp import Session

from bench.crowd import sdp
from bench.crowd.inspection import Inspection
from bench.crowd.tally import Tally
from media.relay.dtls import Identity
from media.relay.port import reachable_addresses
from tests.media.relay.peer import DtlsClient

CONSENT_SECONDS = 2.5
AGAIN_SECONDS = 0.1
REPORT_SECONDS = 1.0
SOL_UDP, UDP_GRO = 17, 104
HOST = reachable_addresses("0.0.0.0", [])[0]
"""This machine's own address: Janus offers that, and checks no candidate on the loopback address."""
_FIELDS = struct.Struct("!HII")
_MEMORY = bytearray(65_536)
_VIEW = memoryview(_MEMORY)


@dataclass
class Moments:
    """Monotonic times of what happened first."""

    answered: float = 0.0
    connected: float | None = None
    picture: float | None = None
    """The first packet of video."""


class Guest:
    """``read`` when there is something, ``tick`` now and then."""

    def __init__(self, identity: Identity, *, coalesce: bool) -> None:
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind(("0.0.0.0", 0))
        self.socket.setblocking(False)
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 20)
        if coalesce:
            self.socket.setsockopt(SOL_UDP, UDP_GRO, 1)
        self._dtls = DtlsClient(identity=identity)
        port = int(self.socket.getsockname()[1])
        self.me = sdp.Me(secrets.token_hex(4), secrets.token_hex(16), identity.fingerprint, HOST, port)
        self.moments = Moments()
        self.tallies: dict[str, Tally] = {}
        self.inspection: Inspection | None = None
        self._kinds: dict[int, str] = {}
        self._sources: dict[int, Tally] = {}
        self._server: sdp.Server | None = None
        self._controlling = True
        self._tie_breaker = secrets.randbits(64)
        self._checked = 0.0
        self._valid = False
        self._sending: Session | None = None
        self._reported = time.monotonic() + secrets.randbelow(1000) / 1000

    def begin(self, description: str, *, controlling: bool, inspect: Inspection | None) -> None:
        """The server's description is here: start to check."""
        self._server = sdp.server(description)
        self._controlling = controlling
        self.inspection = inspect
        self.socket.connect((self._server.host, self._server.port))
        self.moments.answered = time.monotonic()
        self._check()

    def tick(self, now: float) -> None:
        """Checks, which keep consent fresh, and reports."""
        if self._server is None:
            return
        if now - self._checked >= (CONSENT_SECONDS if self._dtls.done else AGAIN_SECONDS):
            self._check()
            if self._valid and not self._dtls.done:
                self._say(self._dtls.again())
        if self._sending and self._sources and now - self._reported >= REPORT_SECONDS:
            self._reported = now
            self._report(self._sending)

    def read(self) -> None:
        """Take all that has arrived."""
        while True:
            try:
                size, ancillary, _, _ = self.socket.recvmsg_into([_MEMORY], 64)
            except BlockingIOError:
                return
            except ConnectionRefusedError:
                continue
            if ancillary:
                step = int.from_bytes(ancillary[0][2], "little")
                for start in range(0, size, step):
                    self._take(start, min(start + step, size))
            elif size:
                self._take(0, size)

    def _take(self, start: int, end: int) -> None:
        kind = _MEMORY[start]
        if 128 <= kind < 192:
            if not 192 <= _MEMORY[start + 1] <= 223:
                self._count(start, end)
        elif 20 <= kind < 64:
            self._handshake(bytes(_VIEW[start:end]))
        elif kind < 4:
            self._stun(bytes(_VIEW[start:end]))

    def _count(self, start: int, end: int) -> None:
        sequence, timestamp, ssrc = _FIELDS.unpack_from(_MEMORY, start + 2)
        tally = self._sources.get(ssrc)
        if tally is None:
            tally = self._meet(_MEMORY[start + 1] & 0x7F, ssrc)
        tally.take(sequence, timestamp)
        if self.inspection is not None:
            self.inspection.take(bytes(_VIEW[start:end]))

    def _meet(self, payload_type: int, ssrc: int) -> Tally:
        kind = self._kinds.get(payload_type, "unknown")
        if kind == "video":
            self.moments.picture = time.monotonic()
        tally = self._sources[ssrc] = self.tallies[kind] = Tally()
        return tally

    def _handshake(self, datagram: bytes) -> None:
        self._say(self._dtls.receive(datagram))
        if self._dtls.done and self._sending is None and self._server is not None:
            self.moments.connected = time.monotonic()
            receiving, self._sending = self._dtls.sessions()
            self._kinds = self._server.kinds
            if self.inspection is not None:
                self.inspection.session = receiving
                self.inspection.kinds = self._kinds

    def _stun(self, data: bytes) -> None:
        assert self._server is not None
        message = stun.parse_message(data)
        if message.message_class is stun.Class.RESPONSE:
            if not self._valid:
                self._valid = True
                self._say(self._dtls.hello())
        elif message.message_class is stun.Class.REQUEST:
            reply = stun.Message(
                message_method=stun.Method.BINDING,
                message_class=stun.Class.RESPONSE,
                transaction_id=message.transaction_id,
            )
            reply.attributes["XOR-MAPPED-ADDRESS"] = (self._server.host, self._server.port)
            reply.add_message_integrity(self.me.password.encode())
            self._say([bytes(reply)])

    def _check(self) -> None:
        assert self._server is not None
        self._checked = time.monotonic()
        message = stun.Message(message_method=stun.Method.BINDING, message_class=stun.Class.REQUEST)
        message.attributes["USERNAME"] = f"{self._server.ufrag}:{self.me.ufrag}"
        message.attributes["PRIORITY"] = 1_845_501_695
        if self._controlling:
            message.attributes["ICE-CONTROLLING"] = self._tie_breaker
            message.attributes["USE-CANDIDATE"] = None
        else:
            message.attributes["ICE-CONTROLLED"] = self._tie_breaker
        message.add_message_integrity(self._server.password.encode())
        self._say([bytes(message)])

    def _report(self, session: Session) -> None:
        reports = [
            RtcpReceiverInfo(ssrc, 0, 0, (tally.last or 0) & 0xFFFFFFFF, 0, 0, 0)
            for ssrc, tally in self._sources.items()
        ]
        self._say([session.protect_rtcp(bytes(RtcpRrPacket(ssrc=1, reports=reports)))])

    def _say(self, datagrams: list[bytes]) -> None:
        for datagram in datagrams:
            try:
                self.socket.send(datagram)
            except ConnectionRefusedError:
                continue  # it has not begun, or has gone: its silence will be seen
