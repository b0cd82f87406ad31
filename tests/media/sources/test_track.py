"""A track taken apart, in this process: what is damaged makes no picture, whatever it is."""

import math
import random
import socket
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

import av
import numpy as np
import pytest
from av.video.codeccontext import VideoCodecContext
from av.video.frame import PictureType

from media.programme.picture import Plane, colours, planes
from media.sources.mailbox import SLOT_BYTES, SLOTS, Codec, Mailbox, Unit
from media.sources.track import DRY, DecodedTrack

WIDTH, HEIGHT = 160, 96
BT601 = 5
"""What browsers take a small picture for that does not say."""
GROUP = 10
"""Pictures from one key picture to the next."""
LENGTH = 30
ENCODERS: dict[Codec, tuple[str, dict[str, str]]] = {
    "H264": (
        "libx264",
        {"preset": "veryfast", "tune": "zerolatency", "x264-params": "scenecut=0:repeat-headers=1:threads=1"},
    ),
    "VP8": ("libvpx", {"cpu-used": "8", "deadline": "realtime", "lag-in-frames": "0"}),
}
SAME = 6.0
"""Grey levels that a picture may differ on average from what was drawn; its neighbours differ by more."""


@dataclass
class Gathering:
    """What was handed over."""

    pictures: list[tuple[int, Plane]] = field(default_factory=list)
    """Number and luma."""
    matrices: set[int] = field(default_factory=set)
    """Of their colours."""
    failures: int = 0
    damages: int = 0
    dealt_with: int = 0

    def picture(self, frame: av.VideoFrame, shape: float, at: float | None, generation: int) -> None:
        assert at is not None
        assert shape == 1.0
        self.pictures.append((round(at * 25), planes(frame)[0].copy()))
        self.matrices.add(colours(frame))

    def failed(self, *, damaged: bool) -> None:
        self.failures += 1
        self.damages += damaged

    def dealt(self) -> None:
        self.dealt_with += 1

    @property
    def numbers(self) -> list[int]:
        return [number for number, _ in self.pictures]


def drawn(number: int) -> Plane:
    """Stripes that wander."""
    columns = (np.arange(WIDTH) + 8 * number) % 64
    return np.broadcast_to(np.where(columns < 32, 60, 180).astype(np.uint8), (HEIGHT, WIDTH))


def film(codec: Codec, length: int = LENGTH) -> list[bytes]:
    name, options = ENCODERS[codec]
    context = av.CodecContext.create(name, "w")
    assert isinstance(context, VideoCodecContext)
    context.width, context.height, context.pix_fmt = WIDTH, HEIGHT, "yuv420p"
    context.time_base, context.framerate = Fraction(1, 25), Fraction(25)
    context.bit_rate, context.gop_size, context.options = 2_000_000, 1000, options
    units = []
    for number in range(length):
        frame = av.VideoFrame(WIDTH, HEIGHT, "yuv420p")
        luma, *chroma = planes(frame)
        luma[:] = drawn(number)
        for plane in chroma:
            plane[:] = 128
        frame.pts = number
        frame.pict_type = PictureType.NONE if number % GROUP else PictureType.I
        units += [bytes(packet) for packet in context.encode(frame)]
    assert len(units) == length
    return units


FILMS = {codec: film(codec) for codec in ENCODERS}


@dataclass(frozen=True)
class Sent:
    """A unit by the number of its picture."""

    number: int
    data: bytes
    generation: int = 0


def play(codec: Codec, units: Sequence[Sent]) -> Gathering:
    """What becomes of it."""
    found = Gathering()
    mailbox = Mailbox.create()
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    with ours, theirs:
        assert len(units) <= SLOTS
        for unit in units:
            slot = mailbox.put(unit.data)
            assert slot is not None
            header = Unit(slot, len(unit.data), codec, unit.generation, unit.number * 3600, unit.number / 25)
            ours.send(header.pack())
        ours.shutdown(socket.SHUT_WR)
        DecodedTrack(theirs, mailbox, found).play()
    mailbox.close()
    assert found.dealt_with == len(units)
    return found


def all_of(codec: Codec) -> list[Sent]:
    return [Sent(number, data) for number, data in enumerate(FILMS[codec])]


def is_as_drawn(number: int, luma: Plane) -> bool:
    return bool(np.abs(luma.astype(np.int16) - drawn(number)).mean() < SAME)


codecs = pytest.mark.parametrize("codec", list(ENCODERS))


@codecs
def test_what_is_whole_comes_out_picture_by_picture(codec: Codec) -> None:
    found = play(codec, all_of(codec))
    assert found.numbers == list(range(LENGTH))
    assert all(is_as_drawn(*picture) for picture in found.pictures)
    assert found.failures == 0
    assert found.matrices == {BT601}


@codecs
def test_after_a_gap_nothing_comes_until_the_next_key_picture(codec: Codec) -> None:
    units = [Sent(unit.number, unit.data, int(unit.number > 4)) for unit in all_of(codec) if unit.number != 4]
    found = play(codec, units)
    assert found.numbers == [*range(4), *range(GROUP, LENGTH)]
    assert found.failures == 5, "a key picture was asked for with each that could not be decoded"
    assert found.damages == 0, "the gap is counted where it was found"


@codecs
def test_a_decoder_that_makes_nothing_asks_again(codec: Codec) -> None:
    found = play(codec, [Sent(number, b"\0\0\0\1\x06\x05\x01\x00\x80") for number in range(2 * DRY)])
    assert found.pictures == []
    assert found.failures >= 2


def garbage(unit: bytes, chance: random.Random) -> bytes:
    return chance.randbytes(len(unit))


def cut_off(unit: bytes, chance: random.Random) -> bytes:
    return unit[: chance.randrange(1, len(unit) * 3 // 4)]


def noise(unit: bytes, chance: random.Random) -> bytes:
    at = chance.randrange(len(unit))
    return unit[:at] + chance.randbytes(len(unit) - at)


DAMAGE: dict[Codec, tuple[Callable[[bytes, random.Random], bytes], ...]] = {
    "H264": (garbage, cut_off, noise),
    # What is cut off or exchanged within an arithmetic code decodes to something, and nothing can tell. The
    # network cannot do that to a packet: SRTP authenticates it.
    "VP8": (garbage,),
}


@codecs
@pytest.mark.parametrize("seed", range(60))
def test_what_is_damaged_is_not_shown(codec: Codec, seed: int) -> None:
    chance = random.Random(seed)
    units = all_of(codec)
    for number in chance.sample(range(LENGTH), 4):
        spoil = chance.choice(DAMAGE[codec])
        units[number] = Sent(number, spoil(units[number].data, chance))
    found = play(codec, units)
    wrong = [number for number, luma in found.pictures if not is_as_drawn(number, luma)]
    assert wrong == []
    assert set(found.numbers) < set(range(LENGTH))
    assert found.failures


def test_a_mailbox_takes_no_more_than_it_can_hold() -> None:
    mailbox = Mailbox.create()
    assert mailbox.put(b"x" * (SLOT_BYTES + 1)) is None
    slots = [mailbox.put(bytes([number])) for number in range(SLOTS)]
    assert slots == list(range(SLOTS))
    assert mailbox.put(b"x") is None
    assert mailbox.take(5, 1) == b"\5"
    assert mailbox.put(b"again") == 5
    mailbox.close()


def test_a_unit_travels_as_it_is() -> None:
    unit = Unit(3, 900_000, "VP8", 7, -5, 12.5)
    assert Unit.unpack(unit.pack()) == unit
    assert math.isnan(Unit.unpack(Unit(0, 1, "H264", 0, 0, math.nan).pack()).due)
