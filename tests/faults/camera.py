"""A camera by WebRTC that shows which of its pictures is which, and a line that loses what it sends."""

import asyncio
import re
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from fractions import Fraction
from typing import Literal, TypeAlias

import av
import numpy as np
from aiortc import MediaStreamTrack, RTCRtpSender
from av.video.codeccontext import VideoCodecContext

from media.control.feeds import OpenFeed, OpenSpeaker
from media.programme.picture import blank, planes
from tests.faults.onlooker import Sight, Yuv
from tests.media.studio.house import House
from tests.media.studio.publisher import Colour, Publisher
from tests.media.studio.viewer import near
from tests.support.lossy import LossyPath

PALETTE: tuple[Yuv, ...] = (
    (70, 90, 200),
    (180, 90, 90),
    (100, 200, 100),
    (150, 160, 160),
    (60, 150, 90),
    (200, 120, 150),
    (120, 100, 170),
    (90, 180, 140),
)
"""What is added to the wrong one of them gives none of them."""
TOLERANCE = 20
"""The programme's encoder has a hard time with colours that change with each picture; they are 50 apart."""
NOISE_LINES = 3
"""Of the height, one in so many is noise, at the bottom: a picture takes several packets."""


class Camera(Colour):
    """Each picture is of the next colour of the palette, over noise."""

    def __init__(self, width: int = 640, height: int = 360) -> None:
        super().__init__(PALETTE[0], width, height)
        self.size = width, height
        self._noise = np.random.default_rng(1)

    async def recv(self) -> av.VideoFrame:
        made = await super().recv()
        frame = blank(*self.size, PALETTE[self._number % len(PALETTE)])
        luma = planes(frame)[0]
        rows = self.size[1] // NOISE_LINES
        luma[-rows:] = self._noise.integers(90, 130, (rows, self.size[0]), np.uint8)
        frame.pts, frame.time_base = made.pts, made.time_base
        return frame


def is_whole(sight: Sight) -> bool:
    """One of the camera's pictures, as it was sent."""
    seen = (sight.left, sight.middle, sight.right)
    return any(all(near(colour, one, TOLERANCE) for colour in seen) for one in PALETTE)


Codec: TypeAlias = Literal["H264", "VP8"]
ENCODERS: dict[Codec, tuple[str, dict[str, str]]] = {
    "H264": ("libx264", {"preset": "ultrafast", "tune": "zerolatency", "x264-params": "repeat-headers=1"}),
    "VP8": ("libvpx", {"cpu-used": "8", "deadline": "realtime", "lag-in-frames": "0"}),
}


def encoded(codec: Codec, colours: Sequence[Yuv], width: int = 640, height: int = 360) -> list[bytes]:
    """A picture of each colour, the first of them a key picture."""
    name, options = ENCODERS[codec]
    context = av.CodecContext.create(name, "w")
    assert isinstance(context, VideoCodecContext)
    context.width, context.height, context.pix_fmt = width, height, "yuv420p"
    context.time_base, context.framerate = Fraction(1, 25), Fraction(25)
    context.bit_rate, context.gop_size, context.options = 1_000_000, 1000, options
    units = []
    for number, colour in enumerate(colours):
        frame = blank(width, height, colour)
        frame.pts = number
        units += [bytes(packet) for packet in context.encode(frame)]
    return units


class Encoder(MediaStreamTrack):
    """Sends encoded pictures as they are, 25 a second: ``film`` over and over, the first is a key."""

    kind = "video"

    def __init__(self, film: Sequence[bytes]) -> None:
        super().__init__()
        self._film = film
        self._at = 0
        self.interlude: list[bytes] = []
        """Comes next; then the film begins again."""
        self._number = 0
        self._begin = asyncio.get_running_loop().time()

    async def recv(self) -> "av.Packet[av.stream.Stream]":
        due = self._begin + self._number / 25
        await asyncio.sleep(max(0.0, due - asyncio.get_running_loop().time()))
        if self.interlude:
            data, self._at = self.interlude.pop(0), 0
        else:
            data, self._at = self._film[self._at], (self._at + 1) % len(self._film)
        packet = av.Packet(data)
        packet.pts, packet.time_base = self._number * 3600, Fraction(1, 90_000)
        self._number += 1
        return packet


def only(publisher: Publisher, codec: Codec) -> None:
    """Offer no other for pictures."""
    capabilities = RTCRtpSender.getCapabilities("video")
    assert capabilities is not None
    for transceiver in publisher.connection.getTransceivers():
        if transceiver.kind == "video":
            wanted = [one for one in capabilities.codecs if one.mimeType == f"video/{codec}"]
            transceiver.setCodecPreferences(wanted)


@asynccontextmanager
async def connected(
    house: House, source: str, *tracks: MediaStreamTrack, codec: Codec = "H264", path: LossyPath | None = None
) -> AsyncIterator[Publisher]:
    """The chamber's encoder by WHIP, or else a speaker of that name. ``path``: what lies between."""
    publisher = Publisher(*tracks)
    only(publisher, codec)
    offer = await publisher.offer()
    if path is not None:
        offer = through(offer, path.port)[0]
    command: OpenFeed | OpenSpeaker = OpenSpeaker(speaker=source, label=source.title(), sdp=offer)
    if source == "chamber":
        command = OpenFeed(source="chamber", sdp=offer, label="WHIP encoder")
    answer = (await house.client.call(command, 30.0)).sdp
    if path is not None:
        answer, path.server_port = through(answer, path.port)
    await publisher.accept(answer)
    try:
        yield publisher
    finally:
        await publisher.close()


def through(sdp: str, port: int) -> tuple[str, int]:
    """The description with another port in its candidates, and the one that was there."""
    candidate = re.compile(r"(a=candidate:.* 127\.0\.0\.1 )(\d+)( typ host)")
    ports = {int(found[2]) for found in candidate.finditer(sdp)}
    assert len(ports) == 1, "one candidate on the loopback address"
    return candidate.sub(rf"\g<1>{port}\g<3>", sdp), ports.pop()
