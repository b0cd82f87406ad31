"""The sound mixer: the chamber and who is on air, and for each speaker the same without themself."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from media.control.alarm import Alarm
from media.control.studio import Level, SourceLevel
from media.programme.interpretation import Interpretation
from media.programme.levels import Gauge
from media.programme.limiter import Limiter
from media.programme.strip import Strip
from media.sources.sound import Sound

CHAMBER = "chamber"
_FLOOR, _INTERPRETED = "floor", "interpreted"
_Output = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Mix:
    """One block of sound, every member float32 of shape (samples, 2)."""

    programme: Sound
    """The floor."""
    returns: dict[str, Sound]
    """For each speaker, on air or waiting, the floor without their own voice (mix-minus); for interpreters
    the floor."""
    interpreted: Sound | None = None
    """Once an interpreter was there: them, with the floor turned down while they speak."""
    power: float = 0.0
    """Mean square of ``programme``."""


class Mixer:
    """Keeps a strip for each source and a limiter for each output. Not thread-safe.

    All outputs are late by the limiters' look-ahead, five milliseconds.
    """

    def __init__(self) -> None:
        self._strips: dict[str, Strip] = {}
        self._gains: dict[str, float] = {}
        self._limiters: dict[_Output, Limiter] = {}
        self._interpretation: Interpretation | None = None
        self._programme, self._interpreted = Gauge(), Gauge()

    @property
    def interpreting(self) -> bool:
        """Whether an interpreter has been there, so that there is an interpreted sound."""
        return self._interpretation is not None

    def mix(
        self,
        chamber: Sound,
        speakers: Mapping[str, Sound],
        on_air: Collection[str],
        interpreters: Mapping[str, Sound] | None = None,
        room: Mapping[str, Sound] | None = None,
    ) -> Mix:
        """Mix one block of 20 ms. ``speakers``: everybody connected; ``on_air``: who of them is heard.

        ``room``: what is heard beside the chamber, such as a presentation.

        Somebody's return is the sum of the others: their own voice is left out, not subtracted.
        """
        interpreters, room = interpreters or {}, room or {}
        self._forget({CHAMBER, *room, *speakers, *interpreters})
        beside = [self._take(name, sound) for name, sound in room.items()]
        chamber = _total(self._take(CHAMBER, chamber), beside)
        levelled = {name: self._take(name, sound) for name, sound in speakers.items()}
        heard = self._heard(levelled, on_air)
        everything = _total(chamber, heard.values())
        programme = self._limit((_FLOOR, ""), everything)
        returns = {
            name: self._limit(
                ("return", name),
                _total(chamber, (part for other, part in heard.items() if other != name))
                if name in heard
                else everything,
            )
            for name in speakers
        }
        interpreted = self._interpret(everything, interpreters)
        return Mix(
            programme,
            {**returns, **dict.fromkeys(interpreters, programme)},
            interpreted,
            self._programme.put(programme),
        )

    def read(self) -> tuple[list[SourceLevel], Level, Level | None]:
        """Levels since the last reading: each source as it arrives, the floor, the interpretation."""
        sources = [strip.read(name) for name, strip in self._strips.items()]
        interpreted = self._interpreted.read() if self.interpreting else None
        return sources, self._programme.read(), interpreted

    def alarms(self, names: Mapping[str, str]) -> list[Alarm]:
        """What is wrong with any source. ``names``: what people call them."""
        strips = list(self._strips.items())
        return [one for name, strip in strips if name in names for one in strip.alarms(name, names[name])]

    def reset(self) -> None:
        """Forget every sound that waits. What was learnt of each source's loudness is kept."""
        self._gains.clear()
        self._limiters.clear()
        if self._interpretation is not None:
            self._interpretation = Interpretation()

    def _take(self, name: str, sound: Sound) -> Sound:
        strip = self._strips.get(name)
        if strip is None:
            strip = self._strips[name] = Strip()
        return strip.take(sound)

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

    def _interpret(self, floor: Sound, interpreters: Mapping[str, Sound]) -> Sound | None:
        if self._interpretation is None:
            if not interpreters:
                return None
            self._interpretation = Interpretation()
        voices = [self._take(name, sound) for name, sound in interpreters.items()]
        voice = _total(voices[0], voices[1:]) if voices else None
        interpreted = self._limit((_INTERPRETED, ""), self._interpretation.mix(floor, voice))
        self._interpreted.put(interpreted)
        return interpreted

    def _limit(self, output: _Output, sound: Sound) -> Sound:
        limiter = self._limiters.get(output)
        if limiter is None:
            limiter = self._limiters[output] = Limiter()
        return limiter.limit(sound)

    def _forget(self, there: Collection[str]) -> None:
        for kept in (self._strips, self._gains):
            for name in kept.keys() - there:
                del kept[name]
        for kind, name in list(self._limiters):
            if kind == "return" and name not in there:
                del self._limiters[kind, name]


def _total(first: Sound, parts: Iterable[Sound]) -> Sound:
    total: NDArray[np.float32] = first.copy()
    for part in parts:
        total += part
    return total
