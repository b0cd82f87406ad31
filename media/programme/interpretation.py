"""The interpreted sound: the interpreter at full level, the floor turned down under them while they speak."""

import numpy as np

from media.programme.faults import SILENT
from media.sources.sound import RATE, Sound

UNDER = 10.0 ** (-15.0 / 20.0)
"""What is left of the floor while the interpreter speaks: -15 dB."""
LINGER = RATE * 2
"""Samples without a word after which the floor comes back."""
DOWN, UP = 0.15, 0.6
"""Seconds in which the floor goes down, and comes back."""
WORD = SILENT * 4.0
"""Mean square of 20 ms of the levelled interpreter from which on it is a word: -44 dBFS."""


class Interpretation:
    """Not thread-safe. The interpreter is delayed by one block, so that the start of a word is never lost.

    While they are silent for longer than ``LINGER`` their microphone is out of the mix: what is heard is the
    floor and nothing else.
    """

    def __init__(self) -> None:
        self._before: Sound | None = None
        self._since = LINGER
        self._open = 0.0
        self._floor = 1.0

    @property
    def speaking(self) -> bool:
        """Whether the interpreter is heard now, or was a moment ago."""
        return self._since < LINGER

    def mix(self, floor: Sound, interpreter: Sound | None) -> Sound:
        """The next block, shape (samples, 2), before limiting. ``None``: nobody interprets."""
        voice, self._before = self._before, interpreter
        power = 0.0 if interpreter is None else float(np.mean(np.square(interpreter)))
        self._since = 0 if power >= WORD else min(LINGER, self._since + len(floor))
        open_before, self._open = self._open, 1.0 if self.speaking else 0.0
        floor_before, self._floor = self._floor, self._toward(UNDER if self.speaking else 1.0, len(floor))
        mixed = (
            floor if floor_before == self._floor == 1.0 else floor * _ramp(floor_before, self._floor, floor)
        )
        if voice is None or open_before == self._open == 0.0:
            return mixed
        return mixed + voice * _ramp(open_before, self._open, voice)

    def _toward(self, wanted: float, samples: int) -> float:
        """A straight line in decibels."""
        seconds = DOWN if wanted < self._floor else UP
        step = float(UNDER ** (samples / RATE / seconds))
        return max(wanted, self._floor * step) if wanted < self._floor else min(wanted, self._floor / step)


def _ramp(before: float, after: float, sound: Sound) -> Sound:
    return np.linspace(before, after, len(sound), dtype=np.float32)[:, None]
