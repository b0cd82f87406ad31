"""A generated chamber feed: a clock, a moving bar, a pulsed tone, and words that say what it is."""

import threading
from collections.abc import Callable
from datetime import UTC, datetime
from functools import lru_cache

import av
import numpy as np
from PIL import Image, ImageDraw

from media.clock import Clock
from media.programme.layout import HEIGHT, WIDTH
from media.programme.lettering import font
from media.programme.picture import Plane, copy, from_image, planes
from media.rhythm import DEFAULT, Rhythm
from media.sources.intake import Intake
from media.sources.sound_buffer import RATE, Sound

TONE_HERTZ = 440.0
TONE_PEAK = 0.1
"""-20 dBFS."""
WORDS = "GENERATED TEST FEED"
BARS = ("#c8c8c8", "#c8c800", "#00c8c8", "#00c800", "#c800c8", "#c80000", "#0000c8")
CODE_CELLS = 32
CODE_UNITS = 100
"""The picture carries the wall clock in units of 1/100 s, modulo 2³², as a row of black and white cells."""
_CODE_SIZE = WIDTH // CODE_CELLS
_CODE_TOP = HEIGHT - _CODE_SIZE
_CLOCK_AT = (_CLOCK_X, _CLOCK_Y) = (230, 380)
_BAR_TOP, _BAR_HEIGHT, _BAR_WIDTH = 560, 60, 80
_MOST_LATE = 1.0


class TestCard:
    """Feeds an intake the programme's rate from a thread of its own, while ``wanted`` says so."""

    __test__ = False

    def __init__(
        self, intake: Intake, clock: Clock, wanted: Callable[[], bool], rhythm: Rhythm = DEFAULT
    ) -> None:
        self._intake = intake
        self._rhythm = rhythm
        self._clock = clock
        self._wanted = wanted
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="test-card", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._intake.connected()
        self._thread.start()

    def stop(self) -> None:
        """End. Blocks for one picture at most."""
        self._stop.set()
        self._thread.join()

    def _run(self) -> None:
        due = self._clock.monotonic()
        number = 0
        samples = RATE // self._rhythm.pictures
        while not self._stop.wait(max(0.0, due - self._clock.monotonic())):
            if self._wanted():
                picture = draw(self._clock.wall(), number)
                self._intake.put_picture(picture, due)
                self._intake.put_sound(_sound_frame(number * samples, samples), due)
            number += 1
            due += self._rhythm.period
            if self._clock.monotonic() - due > _MOST_LATE:
                due = self._clock.monotonic()


def draw(wall: float, number: int) -> av.VideoFrame:
    """The picture for a wall time in Unix seconds; ``number`` moves the bar."""
    frame = copy(_background())
    luma, _, _ = planes(frame)
    _draw_clock(luma, wall)
    left = number * 8 % (WIDTH - _BAR_WIDTH)
    luma[_BAR_TOP : _BAR_TOP + _BAR_HEIGHT, left : left + _BAR_WIDTH] = 235
    _draw_code(luma, wall)
    return frame


def read_code(luma: Plane) -> int | None:
    """The clock's code, in 1/100 s, in the luma of a decoded picture of 1280×720; ``None`` without one."""
    middle = _CODE_TOP + _CODE_SIZE // 2
    value = 0
    for cell in range(CODE_CELLS):
        left = cell * _CODE_SIZE + _CODE_SIZE // 2
        level = float(luma[middle - 6 : middle + 6, left - 6 : left + 6].mean())
        if 90 < level < 160:
            return None
        value = value << 1 | (level >= 160)
    return value


def tone(position: int, samples: int) -> Sound:
    """440 Hz for half of every second, with ramps of 5 ms, from sample ``position`` on."""
    at = np.arange(position, position + samples)
    phase = at % RATE
    ramp = RATE * 5 // 1000
    envelope = np.clip(np.minimum(phase, RATE // 2 - phase) / ramp, 0.0, 1.0)
    wave = TONE_PEAK * envelope * np.sin(2 * np.pi * TONE_HERTZ * phase / RATE)
    return np.repeat(wave.astype(np.float32)[:, None], 2, axis=1)


def _sound_frame(position: int, samples: int) -> av.AudioFrame:
    frame = av.AudioFrame.from_ndarray(tone(position, samples).reshape(1, -1), "flt", "stereo")
    frame.sample_rate = RATE
    return frame


def _draw_clock(luma: Plane, wall: float) -> None:
    moment = datetime.fromtimestamp(wall, UTC).astimezone()
    left = _CLOCK_X
    for sign in f"{moment:%H:%M:%S}.{moment.microsecond // 100_000}":
        glyph = _glyph(sign)
        luma[_CLOCK_Y : _CLOCK_Y + glyph.shape[0], left : left + glyph.shape[1]] = glyph
        left += glyph.shape[1]


def _draw_code(luma: Plane, wall: float) -> None:
    value = int(wall * CODE_UNITS) & 0xFFFFFFFF
    bits = value >> np.arange(CODE_CELLS - 1, -1, -1) & 1
    luma[_CODE_TOP:HEIGHT] = np.repeat(np.where(bits, 235, 16), _CODE_SIZE)


@lru_cache(maxsize=16)
def _glyph(sign: str) -> Plane:
    face = font(128, bold=True)
    width = int(face.getlength("." if sign in ".:" else "0")) + 4
    image = Image.new("L", (width, 140), 16)
    ImageDraw.Draw(image).text((2, -8), sign, font=face, fill=235)
    return np.asarray(image)


@lru_cache(maxsize=1)
def _background() -> av.VideoFrame:
    image = Image.new("RGB", (WIDTH, HEIGHT), "#101010")
    pen = ImageDraw.Draw(image)
    for number, colour in enumerate(BARS):
        left, right = number * WIDTH // len(BARS), (number + 1) * WIDTH // len(BARS)
        pen.rectangle((left, 0, right, 220), fill=colour)
    face = font(64, bold=True)
    pen.text(((WIDTH - face.getlength(WORDS)) / 2, 260), WORDS, font=face, fill="white")
    return from_image(image)
