"""Real H.264 and AAC access units, encoded on the spot, whose colours and tones a test can find again."""

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from functools import cache
from io import BytesIO

import av
import numpy as np
from av.audio.codeccontext import AudioCodecContext
from av.audio.frame import AudioFrame
from av.video.codeccontext import VideoCodecContext
from av.video.frame import VideoFrame

from media.access_unit import AccessUnit, Track

WIDTH, HEIGHT, RATE = 320, 180, 25
COLOURS = ((200, 30, 30), (30, 200, 30), (30, 30, 200), (200, 200, 30), (30, 200, 200), (200, 30, 200))
"""Second ``n`` of the programme shows colour ``n % 6``."""
EPOCH_MS = 1_790_000_000_000
SIZES = ((WIDTH, HEIGHT), (WIDTH // 2, HEIGHT // 2))


def colour_at(seconds: float) -> tuple[int, int, int]:
    """RGB that the programme shows at a programme time."""
    return COLOURS[int(seconds + 0.001) % len(COLOURS)]


def programme(
    seconds: float,
    start: float = 0.0,
    session: int = 0xA1,
    size: tuple[int, int] = (WIDTH, HEIGHT),
    rate: int = RATE,
) -> list[AccessUnit]:
    """Units of both tracks in the order of a live studio. ``start`` is the programme time of the first."""
    video, audio = _video(seconds, start, session, size, rate), _audio(seconds, start, session)
    return sorted(
        [*video, *audio], key=lambda unit: (unit.seconds + unit.duration / unit.track.clock_rate, unit.track)
    )


def two_sizes(
    seconds: float, start: float = 0.0, session: int = 0xA1, sizes: tuple[tuple[int, int], ...] = SIZES
) -> list[AccessUnit]:
    """``programme`` with a small rendition: of each moment the small picture comes before the full one."""
    small = [replace(unit, track=Track.VIDEO_360) for unit in _video(seconds, start, session, sizes[1])]
    units = [*small, *programme(seconds, start, session, sizes[0])]
    return sorted(
        units,
        key=lambda unit: (
            unit.seconds + unit.duration / unit.track.clock_rate,
            unit.track is not Track.VIDEO_360,
            unit.track,
        ),
    )


def interpreted(
    seconds: float, start: float = 0.0, since: float = 0.0, session: int = 0xA1, hz: float = 880.0
) -> list[AccessUnit]:
    """``programme`` with an interpreter from programme time ``since`` on: a tone of another pitch."""
    voice = _audio(seconds, start, session, hz, Track.AAC_INTERPRETED)
    units = [*programme(seconds, start, session), *(unit for unit in voice if unit.seconds >= since)]
    return sorted(
        units,
        key=lambda unit: (
            unit.seconds + unit.duration / unit.track.clock_rate,
            unit.track is not Track.AAC_INTERPRETED,
            unit.track,
        ),
    )


@cache
def _video(
    seconds: float, start: float, session: int, size: tuple[int, int], rate: int = RATE
) -> tuple[AccessUnit, ...]:
    encoder = VideoCodecContext.create("libx264", "w")
    encoder.width, encoder.height = size
    encoder.pix_fmt, encoder.framerate, encoder.time_base = "yuv420p", Fraction(rate), Fraction(1, rate)
    encoder.thread_count = 1
    encoder.options = {
        "tune": "zerolatency", "preset": "ultrafast", "profile": "baseline",
        "x264-params": f"keyint={rate}:min-keyint={rate}:scenecut=0:repeat-headers=1:annexb=1",
    }  # fmt: skip
    units: list[AccessUnit] = []
    for number in range(round(seconds * rate)):
        picture = np.empty((size[1], size[0], 3), np.uint8)
        picture[:] = colour_at(start + number / rate)
        frame = VideoFrame.from_ndarray(picture, format="rgb24")
        frame.pts = number
        for packet in encoder.encode(frame):
            pts = round(start * 90_000) + len(units) * 90_000 // rate
            units.append(
                AccessUnit(
                    Track.VIDEO_720,
                    session,
                    len(units),
                    EPOCH_MS,
                    pts,
                    90_000 // rate,
                    packet.is_keyframe,
                    bytes(packet),
                )
            )
    return tuple(units)


@cache
def _audio(
    seconds: float, start: float, session: int, hz: float = 440.0, track: Track = Track.AAC
) -> tuple[AccessUnit, ...]:
    encoder = AudioCodecContext.create("aac", "w")
    encoder.sample_rate, encoder.layout, encoder.format = 48_000, "stereo", "fltp"
    encoder.time_base = Fraction(1, 48_000)
    units: list[AccessUnit] = []
    for number in range(int(seconds * 48_000 // 1024) + 1):
        times = (np.arange(1024) + number * 1024) / 48_000
        wave = (0.4 * np.sin(2 * np.pi * hz * times)).astype(np.float32)
        frame = AudioFrame.from_ndarray(np.stack([wave, wave]), format="fltp", layout="stereo")
        frame.sample_rate, frame.pts = 48_000, number * 1024
        for packet in encoder.encode(frame):
            pts = round(start * 48_000) + len(units) * 1024
            units.append(AccessUnit(track, session, len(units), EPOCH_MS, pts, 1024, True, bytes(packet)))
    return tuple(units)


def pictures(data: bytes) -> Iterator[tuple[float, tuple[int, int, int]]]:
    """(presentation seconds, mean RGB) of each picture in MP4 bytes."""
    with av.open(BytesIO(data), "r") as container:
        for frame in container.decode(video=0):
            mean = frame.to_ndarray(format="rgb24").mean(axis=(0, 1))
            yield float(frame.time or 0), (int(mean[0]), int(mean[1]), int(mean[2]))


def size(data: bytes) -> tuple[int, int]:
    """Width and height of the pictures in MP4 bytes."""
    with av.open(BytesIO(data), "r") as container:
        frame = next(container.decode(video=0))
        return frame.width, frame.height


def loudness(data: bytes) -> tuple[float, float]:
    """(root mean square, strongest frequency in Hz) of the sound in MP4 bytes."""
    with av.open(BytesIO(data), "r") as container:
        blocks = [frame.to_ndarray()[0] for frame in container.decode(audio=0)]
    wave = np.concatenate(blocks)
    spectrum = np.abs(np.fft.rfft(wave * np.hanning(len(wave))))
    return float(np.sqrt(np.mean(wave**2))), float(np.argmax(spectrum) * 48_000 / len(wave))


def looks_like(seen: tuple[int, int, int], expected: tuple[int, int, int]) -> bool:
    """Whether two colours are the same to the eye, after 4:2:0 and quantisation."""
    return all(abs(one - other) < 30 for one, other in zip(seen, expected, strict=True))
