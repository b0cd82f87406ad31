"""The studio's end of a WebRTC connection, against a stock aiortc client on loopback."""

import asyncio
import socket
from collections import Counter
from collections.abc import Callable

import av
import numpy as np
import pytest
from aiortc import RTCDtlsTransport
from aiortc.rtp import AnyRtcpPacket, RtcpPacket, RtcpSrPacket
from structlog.testing import capture_logs

from media.clock import SystemClock
from media.programme.picture import planes
from media.sources import hooks
from media.sources.ice import listen_on
from media.sources.intake import TRANSIT_SECONDS, Intake
from media.sources.offer import read_offer
from media.sources.peer import Peer
from media.sources.reception import CLOCK_RATES
from media.sources.spare import SpareDecoder
from tests.media.studio.listening import tone_dbfs
from tests.media.studio.publisher import Colour, Publisher, Tone

BLUE = (41, 240, 110)
ENCODERS_CLOCK = 3_900_000_000
"""NTP seconds of what was captured first."""


class Call:
    """A publisher that sends a colour and a tone to a ``Peer``."""

    def __init__(self) -> None:
        listen_on("127.0.0.1")
        self.publisher = Publisher(Colour(BLUE, 640, 360), Tone(1000))
        self.intake = Intake("chamber", "whip", "Chamber", SystemClock())
        self.left = asyncio.Event()
        self.peer = Peer(
            self.intake, "127.0.0.1", [], lambda intake, sentence: self.left.set(), SpareDecoder()
        )

    async def begin(self) -> None:
        await self.publisher.accept(await self.peer.answer(read_offer(await self.publisher.offer())))

    async def end(self) -> None:
        await self.publisher.close()
        await self.peer.close("Done.")

    @property
    def taken(self) -> int:
        return sum(shortcut.taken for shortcut in self.peer.shortcuts)

    @property
    def picture(self) -> av.VideoFrame | None:
        """What is to be shown now."""
        return self.intake.latest_picture(SystemClock().monotonic())

    async def until(self, reached: Callable[[], bool]) -> None:
        async with asyncio.timeout(20):
            while not reached():
                await asyncio.sleep(0.02)

    async def hear(self, seconds: float) -> np.ndarray[tuple[int, int], np.dtype[np.float32]]:
        blocks = []
        for _ in range(round(seconds * 50)):
            await asyncio.sleep(0.02)
            blocks.append(self.intake.take_sound(960))
        return np.concatenate(blocks)


async def test_with_the_pinned_version_media_take_the_short_way() -> None:
    call = Call()
    with capture_logs() as logs:
        await call.begin()
        await call.until(lambda: call.taken > 200 and call.picture is not None)
    assert [line for line in logs if line["log_level"] != "info"] == []
    status = call.intake.status()
    assert (status.width, status.height, status.sound) == (640, 360, True)
    picture = call.picture
    assert picture is not None
    assert [round(float(plane.mean())) for plane in planes(picture)] == pytest.approx(BLUE, abs=3)
    sound = await call.hear(1.5)
    assert tone_dbfs(sound[-24_000:, 0], 1000) > tone_dbfs(sound[-24_000:, 0], 1700) + 15
    receivers = [one.receiver for one in call.peer._connection.getTransceivers()]
    reports = [report for one in receivers for report in (await one.getStats()).values()]
    received = sum(report.packetsReceived for report in reports if report.type == "inbound-rtp")
    assert call.taken > 0.9 * received, "all but the first packets of each stream"
    await call.end()
    assert call.left.is_set()


async def test_the_senders_own_reports_tell_what_belongs_together() -> None:
    """They are aiortc's, made to say when what is in a packet was captured, and not when it was sent."""
    call = Call()
    await call.begin()
    senders = call.publisher.connection.getSenders()
    reported = Reported({sender._ssrc: CLOCK_RATES[sender.kind] for sender in senders}, senders[0].transport)
    await call.until(lambda: len(reported.told) == 2 and min(reported.told.values()) >= 3)
    clock = call.peer._capture
    sound, picture = clock._track("audio").offset, clock._track("video").offset
    assert sound is not None
    assert picture is not None
    video, audio = (reported.offset(sender._ssrc) for sender in senders)
    assert sound == pytest.approx(audio, abs=0.001)
    assert picture == pytest.approx(video, abs=0.001)
    await call.end()


class Reported:
    """What is on its way to the studio. Each stream's first packet was captured at ``ENCODERS_CLOCK``.

    ``told``: how many reports there were, by SSRC.
    """

    def __init__(self, rates: dict[int, int], transport: RTCDtlsTransport) -> None:
        self._rates = rates
        self._first: dict[int, int] = {}
        self._send = transport._send_rtp
        self.told: Counter[int] = Counter()
        vars(transport)["_send_rtp"] = self._pass

    def offset(self, ssrc: int) -> float:
        """The sender's clock less the stamps of this stream, both in seconds."""
        return ENCODERS_CLOCK - self._first[ssrc] / self._rates[ssrc]

    async def _pass(self, data: bytes) -> None:
        if not 192 <= data[1] <= 208:
            self._first.setdefault(int.from_bytes(data[8:12]), int.from_bytes(data[4:8]))
            await self._send(data)
            return
        told = [packet for packet in RtcpPacket.parse(data) if self._knows(packet)]
        if told:
            await self._send(b"".join(map(bytes, told)))

    def _knows(self, packet: AnyRtcpPacket) -> bool:
        if not isinstance(packet, RtcpSrPacket):
            return True
        if packet.ssrc not in self._first:
            return False
        since = (packet.sender_info.rtp_timestamp - self._first[packet.ssrc]) % 2**32
        seconds = ENCODERS_CLOCK + since / self._rates[packet.ssrc]
        packet.sender_info.ntp_timestamp = round(seconds * 2**32)
        self.told[packet.ssrc] += 1
        return True


async def test_lost_packets_are_asked_for_and_come() -> None:
    call = Call()
    dropped: list[int] = []
    await call.begin()
    await call.until(lambda: call.taken > 50)
    video = next(one for one in call.publisher.connection.getSenders() if one.track.kind == "video")
    transport = video.transport
    send = transport._send_rtp
    ssrc: bytes = video._ssrc.to_bytes(4)

    async def lossy(data: bytes) -> None:
        number = int.from_bytes(data[2:4])
        if not 192 <= data[1] <= 208 and data[8:12] == ssrc and number % 10 == 0 and number not in dropped:
            dropped.append(number)
            return
        await send(data)

    again: list[int] = []
    resend = video._retransmit

    async def count(sequence_number: int) -> None:
        again.append(sequence_number)
        await resend(sequence_number)

    vars(video)["_retransmit"] = count
    vars(transport)["_send_rtp"] = lossy
    # The rest of the line loses nothing: of all packets, some in a hundred.
    await call.until(lambda: 1 < (call.intake.status().lost_percent or 0) < 10)
    assert call.intake.status().kilobits_per_second > 10
    await call.until(lambda: len(dropped) >= 10 and set(dropped[:10]) <= set(again))
    taken, shown = call.taken, call.intake.status()
    await call.until(lambda: call.taken > taken + 100)
    assert shown.state == "live"
    assert shown.frames_per_second > 5
    await call.end()


async def test_what_waits_in_the_socket_at_an_opening_is_thrown_away() -> None:
    call = Call()
    await call.begin()
    await call.until(lambda: call.taken > 50)
    protocol = call.peer._connection.getTransceivers()[0].receiver.transport.transport._connection._protocols[
        0
    ]
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as stranger, capture_logs() as logs:
        for _ in range(40):
            stranger.sendto(b"kept back", protocol.transport.get_extra_info("sockname"))
        call.intake.flush()
        await call.until(lambda: bool(logs))
    assert logs[0]["event"] == "backlog_discarded"
    assert logs[0]["datagrams"] >= 40
    opened = SystemClock().monotonic()
    assert call.intake.latest_picture(opened) is None
    await call.until(lambda: call.picture is not None)
    assert SystemClock().monotonic() - opened > TRANSIT_SECONDS["whip"] - 0.1
    await call.end()


async def test_where_names_are_missing_aiortc_does_it_all(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hooks, "_BUFFER", "_RTCRtpReceiver__another_buffer")
    call = Call()
    with capture_logs() as logs:
        await call.begin()
        await call.until(lambda: call.intake.status().frames_per_second > 10 and call.intake.status().sound)
    assert any(line["event"] == "reception_not_attached" for line in logs)
    assert call.peer.shortcuts == []
    await call.end()


def test_the_long_way_is_taken_where_the_transport_is_another() -> None:
    class Transport:
        transport = object()

    class Receiver:
        transport = Transport()

    attached = hooks.Attached.__new__(hooks.Attached)
    attached.receiver = Receiver()  # type: ignore[assignment]
    with capture_logs() as logs:
        assert hooks.shorten([attached]) == []
    assert logs[0]["event"] == "way_not_shortened"
