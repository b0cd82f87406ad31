"""One tick of the programme: take from the sources, mix, compose, and hand everything to the gate."""

from collections.abc import Mapping
from dataclasses import dataclass

import av
import numpy as np

from media.clock import Clock
from media.gate.gate import PublicGate, PublicPicture, PublicSound, Tick
from media.programme.layout import CHAMBER, Scene
from media.programme.slate import Slates
from media.programme.sound import Mixer
from media.programme.vision import Vision
from media.sources.desk import FeedDesk
from media.sources.intake import SILENCE_DBFS, Intake, to_dbfs
from media.sources.return_track import ReturnTrack
from media.sources.sound_buffer import Sound
from media.sources.speaker import Speakers
from media.studio.director import Director

BLOCK = 960
"""Samples mixed at once: 20 ms."""
SETTLE_SECONDS = 3.0
"""How long after opening the slate stays up at most while no source has a fresh picture."""


@dataclass(frozen=True, slots=True)
class Block:
    """20 ms of sound: what the public hear, and what each speaker hears."""

    public: PublicSound
    returns: dict[ReturnTrack, Sound]


class Production:
    """Runs in the ticker's thread."""

    def __init__(
        self,
        clock: Clock,
        gate: PublicGate,
        desk: FeedDesk,
        director: Director,
        speakers: Speakers,
        slates: Slates,
    ) -> None:
        self._clock = clock
        self._gate = gate
        self._desk = desk
        self._director = director
        self._speakers = speakers
        self._vision = Vision(slates)
        self._mixer = Mixer()
        self._settling_until = 0.0
        self._power = 0.0

    @property
    def level_dbfs(self) -> float:
        """The programme's level before the gate, over about 200 ms."""
        return to_dbfs(self._power) if self._power else SILENCE_DBFS

    def begin(self) -> Tick:
        """Begin a tick. On opening, everything that was captured before is dropped."""
        tick = self._gate.begin()
        if tick.opened:
            for intake in self._desk.intakes():
                intake.flush()
            self._mixer.reset()
            self._vision.forget()
            self._settling_until = self._clock.monotonic() + SETTLE_SECONDS
        return tick

    def sound(self, tick: Tick) -> Block:
        """The next 20 ms."""
        speakers: dict[str, Sound] = {}
        chamber = np.zeros((BLOCK, 2), np.float32)
        for intake in self._desk.shown():
            sound = intake.take_sound(BLOCK)
            if intake.kind == "speaker":
                speakers[intake.name] = sound
            elif intake.name == CHAMBER:
                chamber = sound
        mix = self._mixer.mix(chamber, speakers, self._director.direction.on_air)
        self._power += (float(np.mean(np.square(mix.programme))) - self._power) * 0.1
        returns = self._speakers.returns
        return Block(
            self._gate.pass_sound(tick, mix.programme),
            {
                returns[name]: self._gate.pass_return(tick, sound)
                for name, sound in mix.returns.items()
                if name in returns
            },
        )

    def picture(self, tick: Tick) -> PublicPicture:
        """The picture of this tick. While the gate is closed nothing is composed at all."""
        if not tick.moment.open:
            return self._gate.pass_picture(tick, None)
        now = self._clock.monotonic()
        scene = self._director.scene(now)
        shown = self._find(scene)
        pictures = {name: intake.latest_picture(now) for name, intake in shown.items()}
        if now < self._settling_until:
            if not any(picture is not None for picture in pictures.values()):
                return self._gate.pass_picture(tick, None)
            self._settling_until = 0.0
        return self._gate.pass_picture(tick, self._vision.compose(scene, pictures, _labels(shown)))

    def _find(self, scene: Scene) -> dict[str, Intake]:
        found = ((tile.source, self._desk.find(tile.source)) for tile in scene.tiles)
        return {name: intake for name, intake in found if intake is not None}


def preview(vision: Vision, desk: FeedDesk, scene: Scene, now: float) -> av.VideoFrame:
    """The programme as composed now, before the gate: for staff only."""
    found = {tile.source: desk.find(tile.source) for tile in scene.tiles}
    shown = {name: intake for name, intake in found.items() if intake is not None}
    pictures = {name: intake.latest_picture(now) for name, intake in shown.items()}
    return vision.compose(scene, pictures, _labels(shown))


def loses_chamber(scene: Scene, desk: FeedDesk, now: float) -> bool:
    """Whether the picture is nothing but the sentence that the chamber is lost."""
    if [tile.source for tile in scene.tiles] != [CHAMBER]:
        return False
    intake = desk.find(CHAMBER)
    return intake is None or intake.latest_picture(now) is None


def _labels(shown: Mapping[str, Intake]) -> dict[str, str]:
    return {name: intake.label for name, intake in shown.items()}
