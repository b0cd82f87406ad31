"""Guests of a relay in this process: they build every byte themselves, and decode what they get."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from ipaddress import ip_address
from pathlib import Path

import av
from aiortc.codecs.h264 import h264_depayload
from aiortc.rtp import RtpPacket
from aiortc.sdp import SessionDescription
from av.video.codeccontext import VideoCodecContext
from av.video.frame import VideoFrame

from media.config import RelayConfig
from media.control.feeds import Answer
from media.control.relay import OpenViewer
from media.relay.relay import Relay
from tests.media.relay.peer import DtlsClient, check
from tests.media.relay.player import Rgb, lower_half, near
from tests.media.relay.test_sdp import CHROMIUM

DEADLINE = 20.0
KEPT_BYTES = 2 * 1024 * 1024
"""For while a test is busy: by default a few pictures fill a socket."""
UFRAG = "fsZ4"
VIDEO = 96 + 12
"""Payload type of the pictures in Chromium's offer."""
PARAMETERS = b"\0\0\0\1\x67"
"""Where the parameter sets of a key picture begin: nothing before the first decodes."""


@asynccontextmanager
async def serving(directory: Path, clock: "FakeClock", **settings: object) -> AsyncIterator[Relay]:
    """A relay whose bus sockets lie in ``directory``."""
    config = RelayConfig.model_validate(
        {
            "control_socket": directory / "relay.sock",
            "bus_url_pattern": f"unix:{directory}/{{meeting}}.bus",
            **settings,
        }
    )
    relay = Relay(config, clock)
    yield relay
    await relay.close()


class FakeClock:
    """Stands still until it is told."""

    def __init__(self) -> None:
        self.now = 1000.0

    def wall(self) -> float:
        return 1_790_000_000 + self.now

    def monotonic(self) -> float:
        return self.now


class Peer:
    """One address that talks to the relay."""

    def __init__(self, port: int, host: str = "127.0.0.1") -> None:
        family = socket.AF_INET6 if ip_address(host).version == 6 else socket.AF_INET
        self.socket = socket.socket(family, socket.SOCK_DGRAM)
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, KEPT_BYTES)
        self.socket.bind((host, 0))
        self.socket.connect((host, port))
        self.socket.setblocking(False)
        self.dtls = DtlsClient()

    @property
    def address(self) -> tuple[str, int]:
        """Where it sends from."""
        host, port = self.socket.getsockname()[:2]
        return str(host), int(port)

    def send(self, data: bytes) -> None:
        self.socket.send(data)

    async def receive(self) -> bytes:
        async with asyncio.timeout(DEADLINE):
            return await asyncio.get_running_loop().sock_recv(self.socket, 2048)

    def silent(self) -> bool:
        """Whether nothing has arrived."""
        try:
            self.socket.recv(2048)
        except BlockingIOError:
            return True
        return False

    def offer(self) -> str:
        old = CHROMIUM.split("a=fingerprint:sha-256 ")[1].split("\r\n")[0]
        return CHROMIUM.replace(old, self.dtls.identity.fingerprint)

    def check(self, answer: Answer) -> bytes:
        ice = SessionDescription.parse(answer.sdp).media[0].ice
        assert ice is not None
        return check(str(ice.usernameFragment), UFRAG, str(ice.password))

    async def shake(self) -> None:
        """The DTLS handshake from its first flight."""
        for datagram in self.dtls.hello():
            self.send(datagram)
        while not self.dtls.done:
            data = await self.receive()
            if 20 <= data[0] < 64:
                for datagram in self.dtls.receive(data):
                    self.send(datagram)


async def open_viewer(relay: Relay, peer: Peer) -> Answer:
    return await relay.open_viewer(OpenViewer(meeting="m1", sdp=peer.offer()))


async def connect(relay: Relay, peer: Peer) -> Answer:
    answer = await open_viewer(relay, peer)
    peer.send(peer.check(answer))
    assert (await peer.receive())[:2] == b"\x01\x01"
    await peer.shake()
    while relay.status().viewers != {"m1": 1}:
        await peer.receive()
    return answer


async def round_trip(relay: Relay, peer: Peer, answer: Answer) -> None:
    """Everything sent before this has been read by the relay."""
    peer.send(peer.check(answer))
    while (await peer.receive())[:2] != b"\x01\x01":
        pass


class Watcher:
    """Decodes the pictures that a connected guest receives."""

    def __init__(self, guest: Peer) -> None:
        self.guest = guest
        self.packets = 0
        self._receiving, self.sending = guest.dtls.sessions()
        decoder = av.CodecContext.create("h264", "r")
        assert isinstance(decoder, VideoCodecContext)
        self._decoder = decoder
        self._unit = b""
        self._begun = False

    async def packet(self) -> RtpPacket:
        """The next packet of media."""
        while True:
            data = await self.guest.receive()
            if 128 <= data[0] < 192 and not 192 <= data[1] <= 223:
                self.packets += 1
                return RtpPacket.parse(self._receiving.unprotect(data))

    async def picture_packet(self) -> RtpPacket:
        """The next packet of a picture."""
        while (packet := await self.packet()).payload_type != VIDEO:
            pass
        return packet

    async def header(self) -> tuple[int, int, bool]:
        """(Payload type, number, whether it ends a picture) of the next packet, even one that came before."""
        while True:
            data = await self.guest.receive()
            if 128 <= data[0] < 192 and not 192 <= data[1] <= 223:
                return data[1] & 0x7F, int.from_bytes(data[2:4], "big"), data[1] >= 0x80

    async def picture(self) -> VideoFrame:
        """The next picture that decodes."""
        while True:
            packet = await self.packet()
            if packet.payload_type != VIDEO or not packet.payload:
                continue
            self._unit += h264_depayload(packet.payload)
            if not packet.marker:
                continue
            unit, self._unit = self._unit, b""
            self._begun = self._begun or PARAMETERS in unit
            for frame in self._decoder.decode(av.Packet(unit)) if self._begun else []:
                return frame

    async def sees(self, colour: Rgb, pictures: int = 1) -> None:
        """So many pictures, one after the other, have this colour below their noisy strip."""
        async with asyncio.timeout(DEADLINE):
            for _ in range(pictures):
                frame = await self.picture()
                assert near(lower_half(frame), colour), lower_half(frame)

    def ask(self, report: bytes) -> None:
        """Send RTCP."""
        self.guest.send(self.sending.protect_rtcp(report))
