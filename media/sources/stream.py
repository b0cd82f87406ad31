"""A byte stream of an encoder: NUT from the ingest process, taken apart and decoded by PyAV.

Runs in the decoder process, never in the studio. Packets are decoded when they are due (see ``Pace``),
picture and sound by the same time stamps. What a stranger's stream can do is bounded: its codecs, its picture
size, its damage, and how late it may be shown.
"""

import socket
from collections import Counter
from collections.abc import Iterator
from itertools import chain
from typing import Protocol, TypeAlias, cast

import av
from av.audio.stream import AudioStream
from av.container.input import InputContainer
from av.error import FFmpegError
from av.stream import Stream
from av.video.stream import VideoStream

from media.clock import Clock
from media.sources.packets import DuePacket, ReadAhead

PICTURE_CODECS = frozenset({"h264", "hevc"})
SOUND_CODECS = frozenset({"aac", "mp3", "mp3float", "opus", "libopus"})
WIDEST, HIGHEST = 3840, 2160
MOST_FAILURES = 200
"""Pieces of one track in a row that may be undecodable."""
MOST_BROKEN_READS = 200
IDLE_SECONDS = 12.0
MOST_HELD = 16
"""Pictures that a decoder may put in order at once (ITU-T H.264, annex A.3.1, and H.265, annex A.4.2)."""
LATEST_SECONDS = 1.0
"""What is later than this is left out, up to the next key picture."""

Track: TypeAlias = VideoStream | AudioStream


class Sink(Protocol):
    """Whoever takes what was decoded."""

    def begun(self) -> None:
        """The tracks were found."""

    def picture(self, frame: av.VideoFrame, shape: float, at: float | None) -> None:
        """``shape``: width of a pixel by its height. ``at``: when it was due, monotonic seconds."""

    def sound(self, frame: av.AudioFrame, at: float | None) -> None:
        """A frame of any format."""

    def progress(self, failures: int, skipped: int, octets: int) -> None:
        """One more piece was dealt with; so much came of the stream so far."""


class StreamRefused(Exception):  # noqa: N818  an answer, not a fault
    """The stream is not taken, or not any longer; the message is a sentence."""


class StreamEnded(Exception):  # noqa: N818  an answer, not a fault
    """The stream is over for no fault of its own; the message is a sentence."""


class _Socket:
    """What PyAV reads from."""

    def __init__(self, connection: socket.socket, begun: bytes, idle: float) -> None:
        self._connection = connection
        self._begun = begun
        self._silent = False
        self.octets = 0
        """That came so far. Written by the thread that reads ahead."""
        connection.settimeout(idle)

    @property
    def silent(self) -> bool:
        """Whether it ended because nothing came any more."""
        return self._silent

    def read(self, size: int) -> bytes:
        """As of a file. Silence is an end as well: PyAV does not reliably pass exceptions on."""
        if self._silent:
            return b""
        if self._begun:
            data, self._begun = self._begun[:size], self._begun[size:]
            self.octets += len(data)
            return data
        try:
            data = self._connection.recv(min(size, 65536))
            self.octets += len(data)
            return data
        except TimeoutError:
            self._silent = True
            return b""
        except ConnectionError:
            return b""

    def end(self) -> None:
        """Let a reader find the end."""
        try:
            self._connection.shutdown(socket.SHUT_RD)
        except OSError:
            # It is closed at the other end, which is an end as well.
            return


class ByteStream:
    """One encoder's stream. ``play`` blocks until the end. ``idle``: seconds of silence at most.

    ``kept``: how many bytes at its beginning only tell what pictures refer to: they are from before this
    studio, and nobody knows whether they were public.
    """

    def __init__(
        self,
        connection: socket.socket,
        begun: bytes,
        sink: Sink,
        clock: Clock,
        idle: float = IDLE_SECONDS,
        kept: int = 0,
    ) -> None:
        self._socket = _Socket(connection, begun, idle)
        self._idle = idle
        self._sink = sink
        self._clock = clock
        self._kept = kept
        self._kept_until: dict[int, float] = {}
        """By track, the newest time stamp of what is not shown, while a decoder may still hold some of it."""
        self._held: Counter[int] = Counter()
        self._in_a_row: Counter[int] = Counter()
        self._waiting_for_key: set[int] = set()
        self.failures = 0
        """Pieces that could not be decoded, in all."""
        self.skipped = 0
        """Pieces that were left out because they were late."""

    def play(self) -> None:
        """Hand in pictures and sound until the stream ends.

        Raises ``StreamRefused`` for a codec, a size or damage that is not taken, ``StreamEnded`` for silence.
        """
        self._play()
        if self._socket.silent:
            raise StreamEnded(f"Nothing arrived for {self._idle:.0f} seconds.")

    def _play(self) -> None:
        try:
            container = self._open()
        except FFmpegError as error:
            if self._socket.silent:
                return
            raise StreamRefused("The stream held no picture and no sound that could be read.") from error
        with container:
            tracks = _tracks(container)
            if self._kept:
                self._waiting_for_key.update(one.index for one in tracks if isinstance(one, VideoStream))
            self._sink.begun()
            reading = ReadAhead(self._catch_up(self._packets(container, tracks)), self._clock)
            reading.start()
            try:
                while (due := reading.take()) is not None:
                    if self._in_time(due):
                        self._decode(due)
                    self._sink.progress(self.failures, self.skipped, self._socket.octets)
            finally:
                self._socket.end()
                reading.stop()

    def _open(self) -> InputContainer:
        # The ingest process has looked for tracks already, and NUT carries what it found.
        options = {"probesize": "2000000", "analyzeduration": "100000"}
        return av.open(cast("str", self._socket), mode="r", format="nut", options=options, buffer_size=8192)

    def _packets(self, container: InputContainer, tracks: list[Track]) -> "Iterator[av.Packet[Stream]]":
        broken = 0
        while True:
            try:
                yield from container.demux(tracks)
            except FFmpegError as error:
                broken += 1
                self.failures += 1
                if broken > MOST_BROKEN_READS:
                    raise StreamRefused("The stream is damaged: it could not be taken apart.") from error
            else:
                return

    def _catch_up(self, packets: "Iterator[av.Packet[Stream]]") -> "Iterator[av.Packet[Stream]]":
        """Decode what was kept, at once, and go on with what is new."""
        for packet in packets if self._kept else ():
            if packet.pos is not None and packet.pos >= self._kept:
                return chain((packet,), packets)
            self._refer_to(packet)
        return packets

    def _refer_to(self, packet: "av.Packet[Stream]") -> None:
        stream = packet.stream
        if packet.pts is not None and packet.time_base is not None:
            time = float(packet.pts * packet.time_base)
            self._kept_until[stream.index] = max(time, self._kept_until.get(stream.index, time))
        if stream.index in self._waiting_for_key and not packet.is_keyframe:
            return
        self._waiting_for_key.discard(stream.index)
        if not self._remember(packet):
            self.failures += 1
            if isinstance(stream, VideoStream):
                # What a decoder puts in the place of the lost parts would be of what was kept.
                self._waiting_for_key.add(stream.index)
        self._sink.progress(self.failures, self.skipped, 0)

    def _remember(self, packet: "av.Packet[Stream]") -> bool:
        """Decode it and show it to nobody. Whether all of it was there."""
        try:
            frames = packet.decode()
        except FFmpegError:
            return False
        return not any(isinstance(frame, av.VideoFrame) and frame.is_corrupt for frame in frames)

    def _in_time(self, due: DuePacket) -> bool:
        """What is too late is left out, and pictures then go on with a key picture."""
        stream = due.packet.stream
        if due.late > LATEST_SECONDS:
            self.skipped += 1
            if isinstance(stream, VideoStream):
                self._waiting_for_key.add(stream.index)
            return False
        if stream.index in self._waiting_for_key:
            if not due.packet.is_keyframe:
                self.skipped += 1
                return False
            self._waiting_for_key.discard(stream.index)
        return True

    def _decode(self, due: DuePacket) -> None:
        stream = due.packet.stream
        try:
            for frame in due.packet.decode():
                self._hand_in(frame, stream, due.shift)
        except FFmpegError as error:
            self.failures += 1
            self._in_a_row[stream.index] += 1
            if self._in_a_row[stream.index] > MOST_FAILURES:
                sentence = f"The stream is damaged: {MOST_FAILURES} pieces in a row could not be decoded."
                raise StreamRefused(sentence) from error
        else:
            self._in_a_row[stream.index] = 0

    def _hand_in(self, frame: object, stream: Stream, shift: float | None) -> None:
        if not isinstance(frame, av.VideoFrame | av.AudioFrame) or self._was_kept(frame, stream.index):
            return
        at = None if shift is None or frame.time is None else frame.time + shift
        if isinstance(frame, av.VideoFrame):
            if frame.width > WIDEST or frame.height > HIGHEST:
                raise StreamRefused(
                    f"The picture is {frame.width} by {frame.height}; up to {WIDEST} by {HIGHEST} is taken."
                )
            shape = stream.codec_context.sample_aspect_ratio if isinstance(stream, VideoStream) else None
            self.failures += frame.is_corrupt
            self._sink.picture(frame, float(shape or 1), at)
        else:
            self._sink.sound(frame, at)

    def _was_kept(self, frame: av.VideoFrame | av.AudioFrame, track: int) -> bool:
        """Whether a decoder held it back since before this studio."""
        until = self._kept_until.get(track)
        if until is None:
            return False
        self._held[track] += 1
        if self._held[track] <= MOST_HELD and (frame.time is None or frame.time <= until):
            return True
        # An encoder whose stamps jump back is not shut out for longer.
        del self._kept_until[track]
        return False


def _tracks(container: InputContainer) -> list[Track]:
    """The tracks to play, their codecs checked. Raises ``StreamRefused``."""
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
