"""An encoder on the studio's feeds socket that does as it is told, well or badly."""

import json
import socket
import time
from fractions import Fraction
from pathlib import Path
from typing import cast

import av
from av.codec.context import CodecContext
from av.container.output import OutputContainer
from av.video.codeccontext import VideoCodecContext

from media.programme.picture import blank

GREEN = (120, 60, 70)
PINK = (160, 120, 190)
HELLO = {"source": "chamber", "protocol": "srt", "label": "SRT encoder"}
BASE = Fraction(1, 90_000)
STEP = 3600
FLUSH_PACKETS = 0x200
"""``av.container.Flags.flush_packets``, as a number."""


class Feed:
    """One connection. ``send`` blocks for as long as it sends."""

    def __init__(self, path: Path) -> None:
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self._socket.connect(str(path))
        self._socket.sendall(json.dumps(HELLO).encode() + b"\n")
        self._container: OutputContainer = av.open(cast("str", self), "w", format="nut")
        self._container.flags |= FLUSH_PACKETS
        self._stream = self._container.add_stream("libx264", 25)
        self._stream.width, self._stream.height, self._stream.pix_fmt = 640, 360, "yuv420p"
        self._stream.time_base = BASE
        self._pts = 0

    def write(self, data: bytes) -> int:
        """For PyAV."""
        self._socket.sendall(data)
        return len(data)

    def send(self, colour: tuple[int, int, int], seconds: float, size: tuple[int, int] = (640, 360)) -> None:
        """Pictures of one colour, in real time."""
        encoder = _encoder(*size)
        picture = blank(*size, colour)
        due = time.monotonic()
        for _ in range(round(seconds * 25)):
            picture.pts, picture.time_base = self._pts, BASE
            for packet in encoder.encode(picture):
                packet.stream = self._stream
                packet.time_base = BASE
                self._container.mux(packet)
            self._pts += STEP
            due += 0.04
            time.sleep(max(0.0, due - time.monotonic()))

    def jump(self, seconds: float) -> None:
        """The next time stamps are so much later."""
        self._pts += round(seconds * 90_000)

    def babble(self, data: bytes) -> None:
        """Bytes that are no NUT."""
        self._socket.sendall(data)

    def hang_up(self) -> None:
        """Without a goodbye."""
        self._socket.close()


def _encoder(width: int, height: int) -> VideoCodecContext:
    encoder = CodecContext.create("libx264", "w")
    encoder.width, encoder.height, encoder.pix_fmt = width, height, "yuv420p"
    encoder.time_base, encoder.framerate = BASE, Fraction(25)
    encoder.options = {
        "preset": "ultrafast",
        "tune": "zerolatency",
        "x264-params": "keyint=25:repeat-headers=1:annexb=1:colormatrix=bt709",
    }
    return encoder
