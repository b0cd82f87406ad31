"""The SRT port: one UDP socket for all callers.

It answers inductions without keeping anything, checks the stream id of conclusions, and passes the datagrams
of accepted callers to their sessions.
"""

import asyncio
from functools import partial
from typing import TypeAlias

import structlog

from media.clock import Clock
from media.control.ingest import StreamKey
from media.ingest import srt_access, srt_packet
from media.ingest.door import Door
from media.ingest.srt_access import Cookies, NoEntry
from media.ingest.srt_packet import Handshake
from media.ingest.srt_session import SrtSession, has_room

log = structlog.get_logger(__name__)

MOST_SESSIONS = 64

Address: TypeAlias = tuple[str, int]


class SrtFront(asyncio.DatagramProtocol):
    """Listens on one UDP port. What is not understood is dropped in silence."""

    def __init__(self, host: str, port: int, door: Door, clock: Clock) -> None:
        self._host = host
        self._port = port
        self._door = door
        self._clock = clock
        self._cookies = Cookies(clock)
        self._sessions: dict[Address, SrtSession] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._transport: asyncio.DatagramTransport | None = None

    @property
    def port(self) -> int:
        """The port in use; 0 before ``start``."""
        return int(self._transport.get_extra_info("sockname")[1]) if self._transport is not None else 0

    @property
    def sessions(self) -> int:
        """Callers that were accepted and have not ended."""
        return len(self._sessions)

    async def start(self) -> None:
        """Listen. Raises ``OSError`` when the port is taken."""
        loop = asyncio.get_running_loop()
        self._transport, _ = await loop.create_datagram_endpoint(
            lambda: self, local_addr=(self._host, self._port)
        )

    async def close(self) -> None:
        """Stop listening and end every session."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if self._transport is not None:
            self._transport.abort()

    def datagram_received(self, data: bytes, addr: Address) -> None:
        address = (addr[0], addr[1])
        session = self._sessions.get(address)
        handshake = Handshake.parse(data)
        if handshake is None:
            if session is not None:
                session.from_caller(data)
        elif handshake.type == srt_packet.INDUCTION:
            self._send(address, handshake.induction_answer(self._cookies.bake(address)).pack())
        elif handshake.type == srt_packet.CONCLUSION and self._cookies.good(handshake.cookie, address):
            self._conclude(address, session, handshake, data)

    def error_received(self, exc: Exception) -> None:
        # An earlier datagram met a closed port; the session notices by its silence.
        log.debug("srt_caller_unreachable", error=str(exc))

    def _conclude(
        self, address: Address, session: SrtSession | None, handshake: Handshake, data: bytes
    ) -> None:
        if session is not None and session.caller == handshake.socket:
            session.from_caller(data)
            return
        try:
            key = srt_access.check(handshake, self._door, address[0])
            if len(self._tasks) >= MOST_SESSIONS:
                raise NoEntry(srt_packet.OVERLOAD, f"The server takes {MOST_SESSIONS} SRT callers at once.")
        except NoEntry as refusal:
            self._send(address, handshake.rejection(refusal.reason).pack())
            if not refusal.known:
                self._door.refusals.tell(SrtSession.protocol, address[0], refusal.sentence)
            return
        if session is not None:
            session.cut("Replaced by a newer connection from the same address.")
        self._begin(address, handshake, key)

    def _begin(self, address: Address, conclusion: Handshake, key: StreamKey) -> None:
        session = SrtSession(address[0], conclusion, partial(self._send, address), self._door, self._clock)
        self._sessions[address] = session
        task = asyncio.create_task(session.serve(key))
        self._tasks.add(task)
        task.add_done_callback(partial(self._ended, address, session))

    def _ended(self, address: Address, session: SrtSession, task: "asyncio.Task[None]") -> None:
        self._tasks.discard(task)
        if self._sessions.get(address) is session:
            del self._sessions[address]
        if not task.cancelled() and (error := task.exception()) is not None:
            log.error("srt_session_failed", exc_info=error)

    def _send(self, address: Address, datagram: bytes) -> None:
        # A full socket loses datagrams as a network would; SRT repairs that.
        if self._transport is not None and has_room(self._transport):
            self._transport.sendto(datagram, address)
