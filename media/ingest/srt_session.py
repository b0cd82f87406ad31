"""One accepted SRT caller: an ffmpeg listener of its own, with every datagram passed on both ways.

The caller has already done its induction with the front, so the session repeats it with the listener and puts
the listener's cookie into the caller's conclusion. From there on neither side can tell that somebody stands
between.
"""

import asyncio
import socket
from collections.abc import Callable
from typing import Protocol, cast

import structlog

from media import ffmpeg
from media.clock import Clock
from media.control.ingest import StreamKey
from media.ingest import srt_packet
from media.ingest.delivery import Delivery, Undeliverable
from media.ingest.door import Door, label
from media.ingest.ending import Ending
from media.ingest.register import Full
from media.ingest.srt_packet import Handshake

log = structlog.get_logger(__name__)

READY_SECONDS = 3.0
"""What the listener may take to begin to listen."""
KNOCK_SECONDS = 0.02
IDLE_SECONDS = 10.0
LINGER_SECONDS = 1.0
"""How long a caller that missed the shutdown is told again."""
WRITE_HIGH = 1024 * 1024


class SrtSession:
    """Serves one caller to its end; raises nothing, leaves nothing open."""

    protocol = "srt"

    def __init__(
        self, address: str, conclusion: Handshake, send: Callable[[bytes], None], door: Door, clock: Clock
    ) -> None:
        self._address = address
        self._conclusion = conclusion
        self._send = send
        self._door = door
        self._clock = clock
        self._delivery: Delivery | None = None
        self._cut: str | None = None
        self._listener: _Listener | None = None
        self._heard = clock.monotonic()
        self._connected = False
        self._left = False
        self._over = False

    @property
    def caller(self) -> int:
        """The caller's SRT socket number."""
        return self._conclusion.socket

    def cut(self, sentence: str) -> None:
        """See ``Publisher.cut``."""
        self._cut = sentence
        if self._delivery is not None:
            self._delivery.cut(sentence)

    def from_caller(self, datagram: bytes) -> None:
        """A datagram from the caller's address."""
        self._heard = self._clock.monotonic()
        if self._over:
            self._send(srt_packet.shutdown(self.caller))
            return
        self._left = self._left or srt_packet.is_shutdown(datagram)
        if self._listener is not None:
            self._listener.pass_on(datagram)

    async def serve(self, key: StreamKey) -> None:
        """Until the caller is gone."""
        try:
            with self._door.register.enter(key, self):
                ending = await self._relay(key)
            reason = srt_packet.BAD_REQUEST
        except (Full, Undeliverable) as error:
            ending, reason = Ending(str(error)), srt_packet.UNAVAILABLE
        if not (ending.known or self._left):
            self._door.refusals.tell(self.protocol, self._address, ending.sentence)
        self._over = True
        if not self._connected:
            self._send(self._conclusion.rejection(reason).pack())
            return
        self._send(srt_packet.shutdown(self.caller))
        await asyncio.sleep(LINGER_SECONDS)

    async def _relay(self, key: StreamKey) -> Ending:
        port = _free_port()
        delivery = await Delivery.open(
            key, self.protocol, label(self.protocol, self._address), ffmpeg.srt_to_nut(port)
        )
        self._delivery = delivery
        if self._cut is not None:
            delivery.cut(self._cut)
        joining = asyncio.create_task(self._join(port, delivery))
        try:
            return await delivery.run()
        finally:
            joining.cancel()
            await asyncio.gather(joining, return_exceptions=True)

    async def _join(self, port: int, delivery: Delivery) -> None:
        """Bring caller and listener together, then watch over the caller."""
        listener = _Listener(self._conclusion, self._from_listener)
        transport, _ = await asyncio.get_running_loop().create_datagram_endpoint(
            lambda: listener, remote_addr=("127.0.0.1", port)
        )
        try:
            await listener.introduce()
            self._listener = listener
            await self._watch()
            delivery.cut(f"Nothing arrived for {IDLE_SECONDS:.0f} seconds.")
        except TimeoutError:
            delivery.cut("The server's ffmpeg did not begin to listen.")
        finally:
            self._listener = None
            transport.abort()

    async def _watch(self) -> None:
        left = IDLE_SECONDS
        while left > 0:
            await asyncio.sleep(left)
            left = self._heard + IDLE_SECONDS - self._clock.monotonic()

    def _from_listener(self, datagram: bytes) -> None:
        answer = Handshake.parse(datagram)
        if answer is not None and answer.rejected:
            reason = answer.type - srt_packet.REJECTION
            self.cut(f"The encoder's SRT settings do not fit (rejection {reason}).")
        self._connected = self._connected or (answer is not None and not answer.rejected)
        self._send(datagram)


class _Listener(asyncio.DatagramProtocol):
    """Our end towards the ffmpeg listener."""

    def __init__(self, conclusion: Handshake, deliver: Callable[[bytes], None]) -> None:
        self._conclusion = conclusion
        self._deliver = deliver
        self._cookie: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        self._transport: asyncio.DatagramTransport | None = None

    async def introduce(self) -> None:
        """Do the induction, then hand over the caller's conclusion. Raises ``TimeoutError``."""
        induction = self._conclusion.induction_again().pack()
        async with asyncio.timeout(READY_SECONDS):
            while not self._cookie.done():
                self._write(induction)
                await asyncio.wait({self._cookie}, timeout=KNOCK_SECONDS)
        self.pass_on(self._conclusion.pack())

    def pass_on(self, datagram: bytes) -> None:
        """A datagram of the caller; a handshake gets the listener's cookie."""
        if Handshake.parse(datagram) is not None:
            datagram = srt_packet.with_cookie(datagram, self._cookie.result())
        self._write(datagram)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.DatagramTransport", transport)

    def datagram_received(self, data: bytes, addr: object) -> None:
        answer = Handshake.parse(data)
        if answer is not None and answer.type == srt_packet.INDUCTION:
            if not self._cookie.done():
                self._cookie.set_result(answer.cookie)
            return
        self._deliver(data)

    def error_received(self, exc: Exception) -> None:
        # Nobody listens yet, or no longer: the knocking goes on, or the child's end is noticed by its pipe.
        log.debug("srt_listener_unreachable", error=str(exc))

    def _write(self, datagram: bytes) -> None:
        if self._transport is not None and has_room(self._transport):
            self._transport.sendto(datagram)


class _Buffered(Protocol):
    def get_write_buffer_size(self) -> int: ...


def has_room(transport: asyncio.DatagramTransport) -> bool:
    """Whether a datagram may be added to what the kernel has not taken yet."""
    # Datagram transports have had this method since Python 3.11; their stubs have not.
    return cast("_Buffered", transport).get_write_buffer_size() < WRITE_HIGH


def _free_port() -> int:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
