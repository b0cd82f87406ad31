"""Who decides what the public may have had, and when: the search for marks in encoded media."""

import io
import re
import time
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import Literal, TypeAlias

import av
from av.audio.codeccontext import AudioCodecContext
from av.container import InputContainer
from av.packet import Packet
from av.stream import Stream
from av.video.codeccontext import VideoCodecContext

from tests.gate.marks import PUBLIC_LINE, SECRET, Mark, Marks, listen, look, mono

SLACK_SECONDS = 0.005
"""Between the wall clock and the studio's own, which was set by it at the start. However late a studio makes
a tick, it carries the time when it was due, and the gate goes by that."""
STILL_SECONDS = 0.5
"""In which the last that was held gives way to the slate, in stills too."""
CODEC_SECONDS = 0.075
"""Sound of before a cut that codecs hold: two AAC frames of 21 ms, the look-ahead of Opus and limiter. By as
much they spread what comes first after an opening."""
CUE = re.compile(r"^(\d+):(\d\d):(\d\d\.\d{3}) --> \S+\n(.*)$", re.MULTILINE)
AnyPacket: TypeAlias = "Packet[Stream]"
Found: TypeAlias = tuple[Literal["picture", "sound"], float, Marks]
"""What kind of thing, at which second of programme time, and what it shows or sounds of."""

FOUND = 9
"""What pytest ends with when something private was found (``tests/gate/conftest.py``)."""


class Leak(AssertionError):  # noqa: N818  names what was found
    """The public had, or could have had, something that was none of theirs. Once is once too often."""


@dataclass
class Verdict:
    """What was found, and how much was looked at: a search of nothing proves nothing."""

    found: list[str] = field(default_factory=list)
    pictures: int = 0
    sounds: int = 0
    closed_pictures: int = 0
    closed_sounds: int = 0
    seen: Counter[Mark] = field(default_factory=Counter)
    """Pictures that show a mark."""
    heard: Counter[Mark] = field(default_factory=Counter)
    places: Counter[str] = field(default_factory=Counter)
    """Pictures, sounds and lines by where they were found: a playlist, the recording, a page."""
    lines: Counter[str] = field(default_factory=Counter)
    """Captions that the public may have, by the same."""


class Judge:
    """Knows when the gate was closed, by the clock on the wall."""

    def __init__(self) -> None:
        self.verdict = Verdict()
        self.epoch_ms = 0
        self.delay = 0
        """Of the broadcast, in seconds."""
        self.opened_at = 0.0
        """When it was opened last."""
        self._rest = 0.0
        self._begins: list[float] = []
        self._ends: list[float] = []
        self._known: dict[bytes, Marks] = {}
        """What was decoded before, by a digest of all the bytes that the decoder needs for it."""

    def closed(self, at: float) -> None:
        """From this moment on the public get nothing but the slate: after the cut, where they see the rest.

        A closing that drops the rest after all may come behind one that did not.
        """
        self._rest = STILL_SECONDS if at > time.time() else 0.0
        if self.is_closed:
            self._begins[-1] = min(self._begins[-1], at)
            return
        # What was to come out after this moment was dropped with the rest.
        while self._begins and self._begins[-1] >= at:
            self._begins.pop()
            self._ends.pop()
        if self._ends:
            self._ends[-1] = min(self._ends[-1], at)
        self._begins.append(at)

    def opening(self, at: float) -> None:
        """Of what is said from this moment on they may get the room, after the delay."""
        if self.is_closed:
            self._ends.append(at + self.delay)
            self.opened_at = at

    @property
    def is_closed(self) -> bool:
        """Whether the gate is closed now."""
        return len(self._begins) > len(self._ends)

    @property
    def is_shut(self) -> bool:
        """Whether the public have also had the rest that was let out."""
        return self.is_closed and time.time() > self._begins[-1] + self._rest

    def accuse(self, where: str) -> None:
        """Private content, or the room behind a closed gate."""
        self.verdict.found.append(where)

    def media(self, place: str, name: str, data: bytes) -> None:
        """Search an MP4, or captions, whose times are programme time. Blocking: call from a thread."""
        if data.startswith(b"WEBVTT"):
            self._captions(place, name, data.decode())
            return
        for kind, seconds, marks in self._search(data):
            self._note(place, kind, marks)
            closed = self.was_closed(
                self.epoch_ms / 1000 + seconds, CODEC_SECONDS if kind == "sound" else 0.0
            )
            self.verdict.closed_pictures += closed and kind == "picture"
            self.verdict.closed_sounds += closed and kind == "sound"
            if Mark.PRIVATE in marks:
                self.accuse(f"{place} {name}: private {kind} at {seconds:.3f} s")
            elif closed and marks:
                self.accuse(
                    f"{place} {name}: {kind} of {', '.join(sorted(marks))} at {seconds:.3f} s, "
                    "behind a closed gate"
                )

    def _captions(self, place: str, name: str, text: str) -> None:
        self.verdict.places[place] += 1
        if SECRET in text:
            self.accuse(f"{place} {name}: private caption")
        for hours, minutes, rest, line in CUE.findall(text):
            seconds = (int(hours) * 60 + int(minutes)) * 60 + float(rest)
            if line == PUBLIC_LINE:
                self.verdict.lines[place] += 1
            if self.was_closed(self.epoch_ms / 1000 + seconds):
                self.accuse(f"{place} {name}: caption at {seconds:.3f} s, behind a closed gate")

    def _note(self, place: str, kind: str, marks: Marks) -> None:
        verdict = self.verdict
        verdict.places[place] += 1
        if kind == "picture":
            verdict.pictures += 1
            verdict.seen.update(marks)
        else:
            verdict.sounds += 1
            verdict.heard.update(marks)

    def was_closed(self, wall: float, ringing: float = 0.0) -> bool:
        """Whether nothing but the slate may carry this time, of the clock on the wall.

        ``ringing``: so long what came before may be heard, and so early what comes after.
        """
        number = bisect_right(self._begins, wall - SLACK_SECONDS - ringing) - 1
        if number < 0:
            return False
        return number >= len(self._ends) or wall < self._ends[number] - SLACK_SECONDS - ringing

    def _search(self, data: bytes) -> Iterator[Found]:
        """All of an MP4, initialisation first. What a crash tore at its end is looked at up to there."""
        with av.open(io.BytesIO(data), format="mp4") as container:
            assert isinstance(container, InputContainer)
            streams = [*container.streams.video, *container.streams.audio]
            packets: dict[int, list[AnyPacket]] = {stream.index: [] for stream in streams}
            with suppress(av.error.InvalidDataError):
                for packet in container.demux(streams):
                    if packet.size:
                        packets[packet.stream_index].append(packet)
            for video in container.streams.video:
                for group in _groups(packets[video.index]):
                    yield from self._pictures(group)
            for audio in container.streams.audio:
                yield from self._sounds(packets[audio.index])

    def _pictures(self, group: list[AnyPacket]) -> Iterator[Found]:
        """One group of pictures: decoded, unless the very same bytes were decoded before."""
        digests, so_far = [], blake2b(group[0].stream.codec_context.extradata or b"", digest_size=16)
        for packet in group:
            so_far.update(bytes(packet))
            digests.append(so_far.digest())
        if any(digest not in self._known for digest in digests):
            shown = _shown(group)
            for packet, digest in zip(group, digests, strict=True):
                if packet.pts in shown:
                    self._known[digest] = shown[packet.pts]
        for packet, digest in zip(group, digests, strict=True):
            if digest in self._known:
                yield "picture", _seconds(packet), self._known[digest]

    def _sounds(self, packets: list[AnyPacket]) -> Iterator[Found]:
        """Frames of AAC. What one sounds of depends on the frame before it and on nothing else."""
        digests, before, due = [], b"", None
        for packet in packets:
            # After a gap a decoder would still ring with what was there before.
            before = before if packet.pts == due else b""
            digests.append(blake2b(before + b"|" + bytes(packet), digest_size=16).digest())
            before, due = bytes(packet), (packet.pts or 0) + (packet.duration or 0)
        new = [digest not in self._known for digest in digests]
        sounding = _sounding(packets, new)
        for packet, digest, is_new in zip(packets, digests, new, strict=True):
            if is_new and packet.pts in sounding:
                self._known[digest] = sounding[packet.pts]
            if digest in self._known:
                yield "sound", _seconds(packet), self._known[digest]


def _groups(packets: list[AnyPacket]) -> Iterator[list[AnyPacket]]:
    """Groups of pictures. Pictures without a key picture before them cannot be decoded by anybody."""
    group: list[AnyPacket] = []
    for packet in packets:
        if packet.is_keyframe:
            if group:
                yield group
            group = [packet]
        elif group:
            group.append(packet)
    if group:
        yield group


def _shown(packets: list[AnyPacket]) -> dict[int | None, Marks]:
    """What each picture shows, by time stamp, from a decoder that remembers nothing."""
    context = packets[0].stream.codec_context
    assert isinstance(context, VideoCodecContext)
    decoder = VideoCodecContext.create("h264", "r")
    decoder.extradata, decoder.thread_count = context.extradata, 1
    shown: dict[int | None, Marks] = {}
    with suppress(av.error.InvalidDataError):
        for packet in (*packets, None):
            shown |= {frame.pts: look(frame) for frame in decoder.decode(packet)}
    return shown


def _sounding(packets: list[AnyPacket], wanted: list[bool]) -> dict[int | None, Marks]:
    """The same for frames of AAC, of which those that are wanted and each one before them are decoded."""
    sounding: dict[int | None, Marks] = {}
    decoder: AudioCodecContext | None = None
    due = None
    with suppress(av.error.InvalidDataError):
        for number, packet in enumerate(packets):
            if not any(wanted[number : number + 2]):
                continue
            if decoder is None or packet.pts != due:
                decoder = AudioCodecContext.create("aac", "r")
                decoder.extradata = packet.stream.codec_context.extradata
            due = (packet.pts or 0) + (packet.duration or 0)
            sounding |= {frame.pts: listen(mono(frame)) for frame in decoder.decode(packet)}
    return sounding


def _seconds(packet: AnyPacket) -> float:
    assert packet.pts is not None
    assert packet.time_base is not None
    return float(packet.pts * packet.time_base)
