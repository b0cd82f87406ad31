"""A byte stream of an encoder: NUT from the ingest process, decoded by PyAV in a thread.

It is paced by arrival: what has been decoded is handed in at once, in the order the encoder interleaved it,
so that picture and sound that belong together arrive together. What a stranger's stream can do is bounded:
its codecs, its picture size, its damage, and how far it may fall behind.
"""

import select
import socket
from collections import Counter
from typing import TypeAlias, cast

import av
import structlog
from av.audio.stream import AudioStream
from av.container.input import InputContainer
from av.error import FFmpegError
from av.stream import Stream
from av.video.stream import VideoStream

from media.clock import Clock
from media.sources.intake import Intake

log = structlog.get_logger(__name__)

PICTURE_CODECS = {"h264": "H.264", "hevc": "H.265"}
SOUND_CODECS = {"aac": "AAC", "mp3": "MP3", "mp3float": "MP3", "opus": "Opus", "libopus": "Opus"}
WIDEST, HIGHEST = 3840, 2160
MOST_FAILURES = 200
"""Pieces of one track in a row that may be undecodable."""
MOST_BROKEN_READS = 200
IDLE_SECONDS = 12.0
BEHIND_SECONDS = 1.0
"""When bytes have been waiting without a pause for so long, they are too old to show."""

Track: TypeAlias = VideoStream | AudioStream


class StreamRefused(Exception):
    """The stream is not taken, or not any longer; the message is a sentence."""


class StreamEnded(Exception):
    """The stream is over for no fault of its own; the message is a sentence."""


class _Socket:
    """What PyAV reads from. Knows whether the reader keeps up with the sender."""

    def __init__(self, connection: socket.socket, begun: bytes, clock: Clock) -> None:
        self._clock = clock
        self._connection = connection
        self._begun = begun
        self._caught_up = self._clock.monotonic()
        connection.settimeout(IDLE_SECONDS)

    def read(self, size: int) -> bytes:
        """As of a file. Raises ``StreamEnded`` when nothing comes."""
        if self._begun:
            data, self._begun = self._begun[:size], self._begun[size:]
            return data
        if not select.select([self._connection], [], [], 0)[0]:
            self._caught_up = self._clock.monotonic()
        try:
            return self._connection.recv(min(size, 65536))
        except TimeoutError as error:
            raise StreamEnded(f"Nothing arrived for {IDLE_SECONDS:.0f} seconds.") from error
        except ConnectionError:
            return b""

    @property
    def behind(self) -> bool:
        """Whether what is read now may be older than ``BEHIND_SECONDS``."""
        return self._clock.monotonic() - self._caught_up > BEHIND_SECONDS


class ByteStream:
    """One encoder's stream. ``play`` blocks its thread until the end."""

    def __init__(self, connection: socket.socket, begun: bytes, intake: Intake, clock: Clock) -> None:
        self._socket = _Socket(connection, begun, clock)
        self._intake = intake
        self._in_a_row: Counter[int] = Counter()
        self._waiting_for_key: set[int] = set()
        self.failures = 0
        """Pieces that could not be decoded, in all."""
        self.skipped = 0
        """Pieces that were left out because the machine was too slow for them."""

    def play(self) -> None:
        """Hand in pictures and sound until the stream ends.

        Raises ``StreamRefused`` for a codec, a size or damage that is not taken, ``StreamEnded`` for silence.
        """
        try:
            container = self._open()
        except FFmpegError as error:
            raise StreamRefused("The stream held no picture and no sound that could be read.") from error
        with container:
            tracks = self._tracks(container)
            self._intake.connected()
            broken = 0
            while True:
                try:
                    self._demux(container, tracks)
                except FFmpegError as error:
                    broken += 1
                    self.failures += 1
                    if broken > MOST_BROKEN_READS:
                        raise StreamRefused("The stream is damaged: it could not be taken apart.") from error
                else:
                    return

    def _open(self) -> InputContainer:
        options = {"probesize": "2000000", "analyzeduration": "1000000"}
        return av.open(cast("str", self._socket), mode="r", format="nut", options=options, buffer_size=8192)

    def _tracks(self, container: InputContainer) -> list[Track]:
        tracks: list[Track] = []
        for stream in container.streams:
            if isinstance(stream, VideoStream | AudioStream):
                _check_codec(stream)
                tracks.append(stream)
            elif stream.type in ("video", "audio"):
                raise StreamRefused(_unwanted(stream.type, "an unknown codec"))
        if not tracks:
            raise StreamRefused("The stream held no picture and no sound.")
        return tracks

    def _demux(self, container: InputContainer, tracks: list[Track]) -> None:
        for packet in container.demux(tracks):
            if self._may_decode(packet):
                self._decode(packet)

    def _may_decode(self, packet: "av.Packet[Stream]") -> bool:
        """A reader that fell behind leaves out what is too old, and goes on at a key picture."""
        index = packet.stream.index
        if self._socket.behind:
            self.skipped += 1
            if isinstance(packet.stream, VideoStream):
                self._waiting_for_key.add(index)
            return False
        if index in self._waiting_for_key:
            if not packet.is_keyframe:
                self.skipped += 1
                return False
            self._waiting_for_key.discard(index)
        return True

    def _decode(self, packet: "av.Packet[Stream]") -> None:
        index = packet.stream.index
        try:
            for frame in packet.decode():
                self._hand_in(frame)
        except FFmpegError as error:
            self.failures += 1
            self._in_a_row[index] += 1
            if self._in_a_row[index] > MOST_FAILURES:
                sentence = f"The stream is damaged: {MOST_FAILURES} pieces in a row could not be decoded."
                raise StreamRefused(sentence) from error
        else:
            self._in_a_row[index] = 0

    def _hand_in(self, frame: object) -> None:
        if isinstance(frame, av.VideoFrame):
            if frame.width > WIDEST or frame.height > HIGHEST:
                raise StreamRefused(
                    f"The picture is {frame.width} by {frame.height}; up to {WIDEST} by {HIGHEST} is taken."
                )
            self._intake.put_picture(frame)
        elif isinstance(frame, av.AudioFrame):
            self._intake.put_sound(frame)


def _check_codec(stream: Track) -> None:
    taken = PICTURE_CODECS if isinstance(stream, VideoStream) else SOUND_CODECS
    context = stream.codec_context
    if context.name not in taken:
        raise StreamRefused(_unwanted(stream.type, context.codec.long_name))
    # Frame threads would each hold a picture back.
    context.thread_type = "SLICE"
    context.thread_count = 2


def _unwanted(kind: str, name: str) -> str:
    if kind == "video":
        return f"The picture is encoded as {name}, which is not taken: send H.264 or H.265."
    return f"The sound is encoded as {name}, which is not taken: send AAC, MP3 or Opus."
