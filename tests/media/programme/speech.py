"""Sound with the shape of speech: syllables of coloured noise, words, pauses between sentences. Seeded."""

import numpy as np
from numpy.typing import NDArray

from media.programme.loudness import integrated
from media.sources.sound import RATE, Sound

BLOCK = RATE // 50


def speech(seconds: float, lufs: float, seed: int = 1, pause: float = 0.6) -> Sound:
    """Speech-like, shape (samples, 2), of this integrated loudness. ``pause``: seconds between sentences."""
    random = np.random.default_rng(seed)
    mono = _voice(random, round(seconds * RATE)) * _envelope(random, round(seconds * RATE), pause)
    return to_loudness(stereo(mono), lufs)


def noise(seconds: float, lufs: float, seed: int = 2) -> Sound:
    """Steady room noise of this loudness."""
    mono = np.random.default_rng(seed).standard_normal(round(seconds * RATE))
    return to_loudness(stereo(mono), lufs)


def tone(seconds: float, hertz: float, peak: float) -> Sound:
    """A sine on both channels."""
    return stereo(peak * np.sin(2 * np.pi * hertz * np.arange(round(seconds * RATE)) / RATE))


def stereo(mono: NDArray[np.float64]) -> Sound:
    """Both channels the same."""
    return np.repeat(mono.astype(np.float32)[:, None], 2, axis=1)


def to_loudness(sound: Sound, lufs: float) -> Sound:
    """The sound, amplified to this integrated loudness."""
    scaled: Sound = sound * np.float32(10 ** ((lufs - integrated(sound)) / 20))
    return scaled


def blocks(sound: Sound) -> list[Sound]:
    """Cut into blocks of 20 ms."""
    return [sound[at : at + BLOCK] for at in range(0, len(sound) - BLOCK + 1, BLOCK)]


def _voice(random: np.random.Generator, samples: int) -> NDArray[np.float64]:
    """Harmonics of a wandering pitch, falling with frequency, and some breath."""
    pitch = 120 + 25 * np.sin(2 * np.pi * 0.4 * np.arange(samples) / RATE)
    phase = 2 * np.pi * np.cumsum(pitch) / RATE
    voice = sum(np.sin(number * phase) / number for number in range(1, 9))
    return np.asarray(voice + 0.1 * random.standard_normal(samples))


def _envelope(random: np.random.Generator, samples: int, pause: float) -> NDArray[np.float64]:
    """Syllables of 120 to 300 ms of uneven strength; sentences of 2 to 5 s."""
    shape = np.zeros(samples)
    at, until = 0, 0.0
    while at < samples:
        if at >= until:
            at += round(pause * RATE * random.uniform(0.7, 1.3)) if until else 0
            until = at + RATE * random.uniform(2.0, 5.0)
        length = round(RATE * random.uniform(0.12, 0.3))
        syllable = np.hanning(length) * 10 ** (random.uniform(-9, 0) / 20)
        end = min(samples, at + length)
        if at < end:
            shape[at:end] = syllable[: end - at]
        at += length
    return shape
