"""The sound mixer: the chamber and who is on air, and for each speaker the same without themself."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from media.sources.sound_buffer import Sound

CEILING = 0.89
"""-1 dBFS, where the limiter holds."""
_RELEASE = 0.1
"""How much of the way back to full gain one block of 20 ms goes."""


@dataclass(frozen=True, slots=True)
class Mix:
    """One block of sound, every member float32 of shape (samples, 2)."""

    programme: Sound
    returns: dict[str, Sound]
    """For each speaker, on air or waiting, the programme without their own voice (mix-minus)."""


class Limiter:
    """Turns a block down ahead of its peak, lets go slowly, and rounds off what a ramp let through."""

    def __init__(self) -> None:
        self._gain = 1.0

    def limit(self, sound: Sound) -> Sound:
        """The sound within ±1. Below -1 dBFS it passes bit for bit."""
        peak = float(np.max(np.abs(sound))) if sound.size else 0.0
        wanted = min(1.0, CEILING / peak) if peak > CEILING else 1.0
        if wanted == 1.0 and self._gain == 1.0:
            return sound
        before = self._gain
        after = min(wanted, before + (1.0 - before) * _RELEASE)
        self._gain = 1.0 if after > 0.999 else after
        # A falling gain is there at once: a peak may stand at the block's start.
        start = min(before, after)
        ramp = np.linspace(start, after, len(sound), dtype=np.float32)[:, None]
        limited: Sound = np.clip(sound * ramp, -1.0, 1.0)
        return limited


class Mixer:
    """Keeps a gain for each source and a limiter for each output. Not thread-safe."""

    def __init__(self) -> None:
        self._gains: dict[str, float] = {}
        self._limiters: dict[str | None, Limiter] = {}

    def mix(self, chamber: Sound, speakers: Mapping[str, Sound], on_air: Collection[str]) -> Mix:
        """Mix one block. ``speakers``: everybody connected; ``on_air``: who of them is heard.

        Somebody's return is the sum of the others: their own voice is left out, not subtracted.
        """
        heard = self._heard(speakers, on_air)
        everything = _total(chamber, heard.values())
        returns = {
            name: self._limit(
                name,
                _total(chamber, (part for other, part in heard.items() if other != name))
                if name in heard
                else everything,
            )
            for name in speakers
        }
        mix = Mix(self._limit(None, everything), returns)
        self._forget(speakers)
        return mix

    def reset(self) -> None:
        """Forget gains and limiters."""
        self._gains.clear()
        self._limiters.clear()

    def _heard(self, speakers: Mapping[str, Sound], on_air: Collection[str]) -> dict[str, Sound]:
        """Coming on and going off air is a ramp over one block."""
        heard: dict[str, Sound] = {}
        for name, sound in speakers.items():
            before = self._gains.get(name, 0.0)
            after = 1.0 if name in on_air else 0.0
            self._gains[name] = after
            if before == after == 1.0:
                heard[name] = sound
            elif before != after:
                heard[name] = sound * np.linspace(before, after, len(sound), dtype=np.float32)[:, None]
        return heard

    def _limit(self, output: str | None, sound: Sound) -> Sound:
        return self._limiters.setdefault(output, Limiter()).limit(sound)

    def _forget(self, speakers: Mapping[str, Sound]) -> None:
        for name in self._gains.keys() - speakers.keys():
            del self._gains[name]
        for output in self._limiters.keys() - speakers.keys() - {None}:
            del self._limiters[output]


def _total(chamber: Sound, parts: Iterable[Sound]) -> Sound:
    total: NDArray[np.float32] = chamber.copy()
    for part in parts:
        total += part
    return total
