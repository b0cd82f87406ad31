"""The leveller: brings each source's speech to the programme's loudness, slowly, and only by its speech."""

from collections import deque

import numpy as np

from media.programme.loudness import LoudnessMeter, energy_of, gated
from media.sources.sound import RATE, Sound

TARGET = -23.0
"""LUFS, EBU R 128."""
LEAST_GAIN, MOST_GAIN = -24.0, 20.0
"""dB. A source that would need more is left too quiet rather than drowned in its own noise."""
QUIETEST_SPEECH = energy_of(-58.0)
ABOVE_NOISE = 10.0 ** (6.0 / 10.0)
"""How far speech is above the quietest tenth of the last seconds: a steady noise never is."""
NOISE_TENTHS = 100
NEVER_NOISE = energy_of(TARGET + 12.0)
"""Whatever is louder than this is turned down, speech or not."""
REMEMBERED = 200
"""Momentary values of speech, a tenth of a second apart."""
FIRST = 8
"""So many are needed before a source is turned up. One that is too loud is turned down at once."""
SETTLED = 50
DOWN_FIRST, UP_FIRST, LATER = 80.0, 10.0, 2.0
"""dB a second: until ``SETTLED``, and from then on."""
NEAR = 0.2
"""dB: a gain this close stays where it is."""


class Leveller:
    """One source's gain. Measures before it; moves only while somebody speaks, and freezes in silence.

    It is no gate: whatever is not taken for speech passes at the gain of the speech before, or unchanged.
    """

    def __init__(self) -> None:
        self._meter = LoudnessMeter()
        self._noise: deque[float] = deque(maxlen=NOISE_TENTHS)
        self._speech: deque[float] = deque(maxlen=REMEMBERED)
        self._heard = 0
        self._wanted = 0.0
        self._gain = 0.0
        self.speaking = False
        """Whether the last 400 ms were taken for speech."""

    @property
    def gain(self) -> float:
        """DB."""
        return self._gain

    def level(self, sound: Sound) -> Sound:
        """A block of shape (samples, 2), 20 ms or what else divides a tenth of a second, at its gain."""
        if self._meter.put(sound):
            self._judge()
        before = self._gain
        if self.speaking:
            self._move(len(sound) / RATE)
        if before == self._gain:
            if before == 0.0:
                return sound
            return sound * np.float32(_ratio(before))
        ramp = np.linspace(_ratio(before), _ratio(self._gain), len(sound), dtype=np.float32)
        levelled: Sound = sound * ramp[:, None]
        return levelled

    def _judge(self) -> None:
        """After each tenth of a second."""
        self._noise.append(self._meter.tenth_energy)
        energy = self._meter.momentary_energy or self._meter.tenth_energy
        floor = max(QUIETEST_SPEECH, min(self._noise) * ABOVE_NOISE)
        self.speaking = energy > floor or energy > NEVER_NOISE
        if not self.speaking:
            return
        self._speech.append(energy)
        self._heard += 1
        wanted = min(MOST_GAIN, max(LEAST_GAIN, TARGET - gated(self._speech)))
        if self._heard >= FIRST or wanted < self._gain:
            self._wanted = wanted

    def _move(self, seconds: float) -> None:
        missing = self._wanted - self._gain
        if abs(missing) < NEAR:
            return
        settled = self._heard >= SETTLED
        up, down = (LATER, LATER) if settled else (UP_FIRST, DOWN_FIRST)
        self._gain += min(up * seconds, max(-down * seconds, missing))


def _ratio(decibels: float) -> float:
    return float(10.0 ** (decibels / 20.0))
