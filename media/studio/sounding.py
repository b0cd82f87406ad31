"""The sound of the programme: taken from every source, mixed, measured and watched."""

from collections.abc import Collection, Mapping

import numpy as np

from media.control.alarm import Alarm
from media.control.studio import LevelsMeasured
from media.programme.faults import SilenceAlarm
from media.programme.layout import CHAMBER, PRESENTATION
from media.programme.sound import Mix, Mixer
from media.rhythm import BLOCK
from media.sources.desk import FeedDesk
from media.sources.intake import SILENCE_DBFS, Intake, to_dbfs
from media.sources.sound import RATE, Sound
from media.studio.director import Director

BLOCKS_MEASURED = 5
"""Levels are told for every tenth of a second."""
SILENT = Alarm(
    code="silent",
    sentence="The programme has been silent for ten seconds: the public hear nothing. Check that the sound "
    "desk feeds the encoder and that a microphone is open.",
    source=CHAMBER,
)


class Sounding:
    """Runs in the ticker's thread; ``alarms`` and ``interpreting`` may be read from others."""

    def __init__(self, desk: FeedDesk, director: Director) -> None:
        self._desk = desk
        self._director = director
        self._mixer = Mixer()
        self._silence = SilenceAlarm()
        self._power = 0.0
        self._blocks = 0
        self._measured: LevelsMeasured | None = None
        self.alarms: tuple[Alarm, ...] = ()
        """What is wrong, or was mended, and what to do. Replaced as a whole."""

    @property
    def level_dbfs(self) -> float:
        """The programme's level before the gate, over about 200 ms."""
        return to_dbfs(self._power) if self._power else SILENCE_DBFS

    @property
    def interpreting(self) -> bool:
        """Whether an interpreter has been there."""
        return self._mixer.interpreting

    def reset(self) -> None:
        """Forget every sound that waits somewhere."""
        self._mixer.reset()

    def mix(self, *, live: bool, heard: Collection[str] | None = None, lead: float | None = None) -> Mix:
        """The next 20 ms. ``live``: the public are meant to hear it. ``heard``: instead of who is on air.

        ``lead``: seconds from the picture of this tick to the end of the block; else one tick.
        """
        shown = self._desk.shown()
        speakers: dict[str, Sound] = {}
        interpreters: dict[str, Sound] = {}
        room: dict[str, Sound] = {}
        chamber: Sound = np.zeros((BLOCK, 2), np.float32)
        for intake in shown:
            sound = intake.take_sound(BLOCK, lead)
            match intake:
                case Intake(kind="speaker"):
                    speakers[intake.name] = sound
                case Intake(kind="interpreter"):
                    interpreters[intake.name] = sound
                case Intake(name=name) if name == CHAMBER:
                    chamber = sound
                case Intake(name=name, kind=kind) if name == PRESENTATION and kind != "presenter":
                    room[name] = sound
        on_air = self._director.direction.on_air if heard is None else heard
        mix = self._mixer.mix(chamber, speakers, on_air, interpreters, room)
        self._power += (mix.power - self._power) * 0.1
        self._silence.put(mix.power, BLOCK, live=live)
        self._blocks += 1
        if self._blocks % BLOCKS_MEASURED == 0:
            self._measure({intake.name: _called(intake) for intake in shown if not intake.finished})
        return mix

    def take_levels(self) -> LevelsMeasured | None:
        """The levels, when there are new ones."""
        measured, self._measured = self._measured, None
        return measured

    def _measure(self, names: Mapping[str, str]) -> None:
        sources, programme, interpreted = self._mixer.read()
        here = [level for level in sources if level.source in names]
        self._measured = LevelsMeasured(
            seconds=round(self._blocks * BLOCK / RATE, 2),
            sources=here,
            programme=programme,
            interpreted=interpreted,
        )
        silent = (SILENT,) if self._silence.active else ()
        self.alarms = (*silent, *self._mixer.alarms(names))


def _called(intake: Intake) -> str:
    if intake.name == CHAMBER:
        return "the chamber"
    return "the presentation" if intake.name == PRESENTATION else intake.label or intake.name
