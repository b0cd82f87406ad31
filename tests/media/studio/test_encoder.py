import re
from fractions import Fraction
from itertools import pairwise

import av
import numpy as np
import pytest
from av.video.codeccontext import VideoCodecContext

from media.access_unit import AccessUnit, Track
from media.control.studio import GateState, SlateText
from media.gate.gate import PublicGate, PublicPicture, PublicSound
from media.gate.journal import Journal
from media.gate.moment import Moment
from media.programme.picture import blank, planes
from media.programme.slate import Slates
from media.rhythm import Rhythm
from media.studio.encoder import SoundEncoder, Stamper
from media.studio.encoders import Encoders, Media
from media.studio.picture_encoder import PictureEncoder
from tests.media.studio.fakes import FakeClock
from tests.media.studio.listening import tone_dbfs
from tests.media.studio.viewer import near

GREEN = (120, 60, 70)
FIRST = 50


@pytest.fixture
def gate(tmp_path_factory: pytest.TempPathFactory) -> PublicGate:
    """Open, so that what a test makes passes."""
    text = SlateText(title="x")
    moment = Moment(1, GateState.OPEN, text, 0, text)
    journal = Journal(tmp_path_factory.mktemp("gate") / "journal")
    return PublicGate(journal, moment, FakeClock(), Slates("C", "navy").slate)


def public_picture(gate: PublicGate, frame: av.VideoFrame) -> PublicPicture:
    return gate.pass_picture(gate.begin(), frame)


def public_sound(gate: PublicGate, position: int) -> PublicSound:
    at = np.arange(position, position + 960)
    wave = 0.2 * np.sin(2 * np.pi * 1000 * at / 48_000)
    return gate.pass_sound(gate.begin(), np.repeat(wave.astype(np.float32)[:, None], 2, axis=1))


def nal_types(data: bytes) -> list[int]:
    return [part[0] & 31 for part in re.split(b"\x00\x00\x00?\x01", data)[1:]]


def encode_pictures(gate: PublicGate, indices: list[int]) -> list[AccessUnit]:
    encoder = PictureEncoder(Stamper(7, 1000))
    units: list[AccessUnit] = []
    for index in indices:
        frame = blank(1280, 720, GREEN)
        planes(frame)[0][:, index * 20 % 1200 :][:, :40] = 235
        units += encoder.encode(public_picture(gate, frame), index)
    return units


def test_every_second_begins_with_an_idr_and_its_headers(gate: PublicGate) -> None:
    units = encode_pictures(gate, list(range(FIRST, FIRST + 60)))
    assert [unit.pts for unit in units] == [index * 3600 for index in range(FIRST, FIRST + 60)]
    assert [unit.sequence for unit in units] == list(range(60))
    assert [number for number, unit in enumerate(units) if unit.key] == [0, 25, 50]
    for unit in units:
        types = [kind for kind in nal_types(unit.data) if kind != 6]
        assert types == ([7, 8, 5] if unit.key else [1])
    sps = units[0].data[units[0].data.index(b"\x67") :]
    assert (sps[1], sps[2] & 0x40, sps[3]) == (66, 0x40, 31)
    assert {(unit.session, unit.epoch_ms, unit.duration) for unit in units} == {(7, 1000, 3600)}


@pytest.mark.parametrize("pictures", [25, 30])
def test_both_renditions_are_the_same_pictures_at_the_same_times(gate: PublicGate, pictures: int) -> None:
    rhythm, first = Rhythm(pictures), 2 * pictures
    encoders = Encoders(7, 1000, rhythm)
    units: list[AccessUnit] = []
    for index in (index for index in range(first, first + 70) if index not in {first + 41, first + 42}):
        frame = blank(1280, 720, GREEN)
        planes(frame)[0][:, index * 20 % 1200 :][:, :80] = 235
        units += encoders.encode(Media((), public_picture(gate, frame)), index)
    small, full = (
        [unit for unit in units if unit.track is track] for track in (Track.VIDEO_360, Track.VIDEO_720)
    )
    assert [unit.pts for unit in small] == [unit.pts for unit in full]
    assert [unit.key for unit in small] == [unit.key for unit in full]
    assert [unit.pts for unit in full if unit.key] == [180_000, 270_000, 360_000]
    assert {unit.duration for unit in units} == {90_000 // pictures}
    assert [unit.track for unit in units[:4]] == [Track.VIDEO_360, Track.VIDEO_720] * 2
    sps = small[0].data[small[0].data.index(b"\x67") :]
    assert (sps[1], sps[2] & 0x40, sps[3]) == (66, 0x40, 30)
    for one, other in zip(show(small), show(full), strict=True):
        assert (one.width, one.height) == (640, 360)
        assert (other.width, other.height) == (1280, 720)
        halved = other.reformat(width=640, height=360, interpolation="AREA")
        for mine, theirs in zip(planes(one), planes(halved), strict=True):
            assert np.abs(mine.astype(int) - theirs).mean() < 3
    assert sum(len(unit.data) for unit in small) < sum(len(unit.data) for unit in full)


def test_without_the_small_rendition_there_is_one(gate: PublicGate) -> None:
    picture = public_picture(gate, blank(1280, 720, GREEN))
    units = Encoders(7, 1000, small=False).encode(Media((), picture), 50)
    assert [unit.track for unit in units] == [Track.VIDEO_720]


def show(units: list[AccessUnit]) -> list[av.VideoFrame]:
    """Every picture, decoded."""
    decoder = av.CodecContext.create("h264", "r")
    assert isinstance(decoder, VideoCodecContext)
    frames = [frame for unit in units for frame in decoder.decode(av.Packet(unit.data))]
    return frames + decoder.decode(None)


def test_a_skipped_picture_moves_no_idr(gate: PublicGate) -> None:
    indices = [index for index in range(FIRST, FIRST + 60) if index not in {60, 61, 75, 76}]
    units = encode_pictures(gate, indices)
    assert [unit.pts // 3600 for unit in units if unit.key] == [50, 77, 100]


def test_what_is_decoded_is_what_went_in(gate: PublicGate) -> None:
    decoder = av.CodecContext.create("h264", "r")
    frames = [
        frame
        for unit in encode_pictures(gate, list(range(FIRST, FIRST + 30)))
        for frame in decoder.decode(av.Packet(unit.data))
    ]
    assert len(frames) >= 29
    luma, u, v = planes(frames[-1])
    assert near((int(luma[700, 1270]), int(u[350, 635]), int(v[350, 635])), GREEN, 4)
    assert frames[-1].colorspace == 1


def test_sound_is_gapless_and_decodes_to_the_same_tone(gate: PublicGate) -> None:
    encoder = SoundEncoder(Stamper(7, 1000))
    units: list[AccessUnit] = []
    for number in range(100):
        position = FIRST * 1920 + number * 960
        units += encoder.encode(public_sound(gate, position), position)
    for track, duration in ((Track.OPUS, 960), (Track.AAC, 1024)):
        own = [unit for unit in units if unit.track is track]
        assert {later.pts - unit.pts for unit, later in pairwise(own)} == {duration}
        assert all(unit.key and unit.duration == duration for unit in own)
        assert 0 <= FIRST * 1920 - own[0].pts <= 1024
        samples = decode(track, own)
        assert abs(tone_dbfs(samples[24_000:72_000], 1000) - -14) < 0.5


def decode(track: Track, units: list[AccessUnit]) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """The left channel."""
    left: np.ndarray[tuple[int], np.dtype[np.float64]] = decode_both(track, units)[:, 0]
    return left


def decode_both(track: Track, units: list[AccessUnit]) -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
    """Both channels, of shape (samples, 2)."""
    decoder = av.AudioCodecContext.create("libopus" if track is Track.OPUS else "aac", "r")
    assert isinstance(decoder, av.AudioCodecContext)
    if track is Track.AAC:
        decoder.extradata = b"\x11\x90"
    decoder.sample_rate = 48_000
    decoder.layout = "stereo"
    parts = []
    for unit in units:
        packet = av.Packet(unit.data)
        packet.pts = unit.pts
        packet.time_base = Fraction(1, 48_000)
        for frame in decoder.decode(packet):
            samples = frame.to_ndarray().astype(np.float64)
            if frame.format.name == "s16":
                samples = samples / 32768
            parts.append(samples.T if frame.format.is_planar else samples.reshape(-1, 2))
    return np.concatenate(parts)


def test_only_what_came_through_the_gate_is_encoded() -> None:
    class Smuggled(PublicPicture):
        def __init__(self) -> None:
            self.frame = blank(1280, 720)

    class SmuggledSound(PublicSound):
        def __init__(self) -> None:
            self.samples = np.zeros((960, 2), np.float32)

    with pytest.raises(TypeError):
        PictureEncoder(Stamper(1, 0)).encode(Smuggled(), 0)
    with pytest.raises(TypeError):
        SoundEncoder(Stamper(1, 0)).encode(SmuggledSound(), 0)
