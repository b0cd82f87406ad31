"""One tick of the programme: take from the sources, mix, compose, and hand everything to the gate."""

import math
from dataclasses import dataclass

import av

from media.clock import Clock
from media.gate.gate import PublicGate, PublicPicture, PublicSound
from media.gate.moment import Tick
from media.programme.slate import Slates
from media.programme.switch import Switch
from media.programme.vision import Vision
from media.rhythm import DEFAULT, Rhythm
from media.sources.desk import FeedDesk
from media.sources.return_track import ReturnTrack
from media.sources.sound import Sound
from media.sources.speaker import Speakers
from media.studio.director import Director
from media.studio.private_recorder import Moment, PrivateRecorder
from media.studio.private_room import Handover, PrivateRoom
from media.studio.sight import take
from media.studio.sounding import Sounding
from media.studio.transcript import Transcript

RECORDED_EVERY = 2
"""Ticks for each picture of a private recording."""
SETTLE_SECONDS = 3.0
"""How long after opening the slate stays up at most while no source has a fresh picture."""


@dataclass(frozen=True, slots=True)
class Block:
    """20 ms of sound: what the public hear, and what each speaker hears."""

    public: PublicSound
    returns: dict[ReturnTrack, Sound]
    interpreted: PublicSound | None = None
    """Once an interpreter has been there."""
    private: Sound | None = None
    """The private session's, while there is one."""


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
        room: PrivateRoom | None = None,
        recorder: PrivateRecorder | None = None,
        rhythm: Rhythm = DEFAULT,
    ) -> None:
        self._clock = clock
        self._gate = gate
        self._desk = desk
        self._director = director
        self._speakers = speakers
        self._room = room or PrivateRoom(gate, desk, speakers, slates)
        self._handover: Handover | None = None
        self._recorder = recorder
        self._recording = False
        self._vision = Vision(slates)
        self._switch = Switch(rhythm)
        self.sounding = Sounding(desk, director)
        self.transcript = Transcript(gate)
        self._settling_until = 0.0

    def begin(self, due: float = math.inf) -> Tick:
        """Begin a tick, ``due`` at that monotonic second. On opening, all captured before is dropped."""
        tick = self._gate.begin(due)
        if tick.opened:
            self._desk.opened()
            self.sounding.reset()
            self._vision.forget()
            self._settling_until = self._clock.monotonic() + SETTLE_SECONDS
        return tick

    def sound(self, tick: Tick, lead: float | None = None) -> Block:
        """The next 20 ms. ``lead``: from the beginning of the tick to the end of the block; else one tick."""
        admission = self._room.members(tick)
        members = admission.members if admission is not None else {}
        mix = self.sounding.mix(
            live=tick.moment.open, heard=members if admission is not None else None, lead=lead
        )
        sounds = {**dict.fromkeys(self._speakers.listeners, mix.programme), **mix.returns}
        if admission is not None:
            self._handover = self._handover or Handover(admission)
            self._handover.sounds += [(name, sounds[name]) for name in members if name in sounds]
        returns = self._speakers.returns
        return Block(
            self._gate.pass_sound(tick, mix.programme),
            {
                returns[name]: self._gate.pass_return(tick, sound)
                for name, sound in sounds.items()
                if name in returns and name not in members
            },
            None if mix.interpreted is None else self._gate.pass_sound(tick, mix.interpreted),
            None if admission is None else mix.programme,
        )

    def private(self, tick: Tick) -> Handover | None:
        """What this tick made for the participants of the private session; call it after ``sound``."""
        made, self._handover = self._handover, None
        if made is not None and self._gate.still(tick):
            made.picture = self._room.compose(made.admission, self._clock.monotonic())
        return made

    def record_privately(self, tick: Tick, index: int, blocks: list[Block]) -> None:
        """Hand the private session to the council's own recorder, when there are both."""
        if self._recorder is None:
            return
        sounds = [block.private for block in blocks if block.private is not None]
        admission = self._room.members(tick)
        if admission is None or len(sounds) < len(blocks):
            if self._recording:
                self._recording = False
                self._recorder.end()
            return
        self._recording = True
        now = self._clock.monotonic()
        picture = self._room.picture(admission, now) if index % RECORDED_EVERY == 0 else None
        self._recorder.put(Moment(admission.change, index, sounds, picture))

    def picture(self, tick: Tick) -> PublicPicture:
        """The picture of this tick. While the gate is closed nothing is composed at all."""
        if not tick.moment.open:
            return self._gate.pass_picture(tick, None)
        now = self._clock.monotonic()
        scene = self._director.scene(now)
        if now < self._settling_until:
            if not any(take(self._desk, now, scene).pictures.values()):
                return self._gate.pass_picture(tick, None)
            self._settling_until = 0.0
        step = self._switch.turn(tick.moment.change, scene, self._director.direction.transition)
        sight = take(self._desk, now, scene, step.before)
        return self._gate.pass_picture(
            tick, self._vision.show(step, sight.pictures, sight.labels, self._director.captions())
        )


def preview(vision: Vision, desk: FeedDesk, director: Director, now: float) -> av.VideoFrame:
    """The programme as composed now, before the gate: for staff only."""
    scene = director.scene(now)
    sight = take(desk, now, scene)
    return vision.compose(scene, sight.pictures, sight.labels, director.captions())
