"""The private session for those who take part from afar: they see and hear the chamber and each other.

An admission names one connection, not a person: whoever comes with the same link on another device is not in.
It belongs to one move of the gate: any other move ends it, and so does a restart. All is checked twice, when
a tick is made in the ticker's thread and again when it is handed over, because the gate may have moved.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

import av
from av.video.reformatter import VideoReformatter

from media.control.command import Refused
from media.control.studio import GateState
from media.gate.gate import PublicGate
from media.gate.moment import Tick
from media.programme.arrangement import arrange
from media.programme.layout import CHAMBER, PRESENTATION, SIGN, Cast
from media.programme.picture import copy, scale
from media.programme.slate import Slates
from media.programme.vision import Vision
from media.sources.desk import FeedDesk
from media.sources.return_picture import ReturnPicture
from media.sources.return_track import ReturnTrack
from media.sources.sound import Sound
from media.sources.speaker import Speakers
from media.studio.sight import take

WIDTH, HEIGHT = 640, 360
PICTURE_EVERY = 2
"""Ticks: 12.5 pictures a second, each of which is encoded once for every participant."""


@dataclass(frozen=True, slots=True)
class Admission:
    """Who is in, by name, with the very connection that was admitted. ``change``: the gate's."""

    change: int = 0
    members: Mapping[str, ReturnTrack] = field(default_factory=dict)


@dataclass(slots=True)
class Handover:
    """What one tick made for the participants."""

    admission: Admission
    sounds: list[tuple[str, Sound]] = field(default_factory=list)
    picture: av.VideoFrame | None = None


class PrivateRoom:
    """``admit``, ``hand_over`` and ``leave`` on the event loop's thread, the rest in the ticker's."""

    def __init__(self, gate: PublicGate, desk: FeedDesk, speakers: Speakers, slates: Slates) -> None:
        self._gate = gate
        self._desk = desk
        self._speakers = speakers
        self._vision = Vision(slates)
        self._admission = Admission()
        self._reformatter = VideoReformatter()
        self._ticks = 0

    def admit(self, names: list[str]) -> None:
        """The whole list. Raises ``Refused``: ``not_private`` or ``no_speaker``; then nothing has changed."""
        moment = self._gate.now
        if moment.state is not GateState.PRIVATE:
            raise Refused("not_private", "The meeting is not in private session.")
        here = self._speakers.returns
        missing = [name for name in names if name not in here or not self._speakers.connected(name)]
        if missing:
            raise Refused("no_speaker", f"The speaker {missing[0]!r} is not connected.")
        before = self._admission
        self._admission = Admission(moment.change, {name: here[name] for name in names})
        for name, track in before.members.items():
            if self._admission.members.get(name) is not track:
                self._clear(name, track)

    @property
    def over(self) -> bool:
        """Whether somebody was in, and the gate has moved since."""
        return bool(self._admission.members) and self._gate.now.change != self._admission.change

    @property
    def admitted(self) -> list[str]:
        """Who is in now."""
        return list(self._members(self._admission))

    @property
    def without_picture(self) -> list[str]:
        """Who is in and did not ask for a picture."""
        return [name for name in self.admitted if name not in self._speakers.screens]

    def members(self, tick: Tick) -> Admission | None:
        """Who hears what this tick makes; ``None`` when there is no private session."""
        admission = self._admission
        if tick.moment.state is not GateState.PRIVATE or not self._gate.still(tick):
            return None
        here = self._members(admission)
        return Admission(tick.moment.change, here)

    def compose(self, admission: Admission, now: float) -> av.VideoFrame | None:
        """The picture of the private session, in every other tick and when somebody can see it."""
        self._ticks += 1
        if self._ticks % PICTURE_EVERY or not admission.members.keys() & self._speakers.screens.keys():
            return None
        return scale(self.picture(admission, now), WIDTH, HEIGHT, self._reformatter)

    def picture(self, admission: Admission, now: float) -> av.VideoFrame:
        """The chamber and all who are in, 1280 by 720."""
        chamber, presentation, sign = (self._seen(name, now) for name in (CHAMBER, PRESENTATION, SIGN))
        found = ((name, self._desk.find(name)) for name in admission.members)
        speakers = tuple(name for name, intake in found if intake is not None and intake.kind == "speaker")
        scene = arrange(None, Cast(speakers, chamber, presentation, sign))
        sight = take(self._desk, now, scene)
        return self._vision.compose(scene, sight.pictures, sight.labels)

    def hand_over(self, made: Handover) -> None:
        """Give it to those who are still in, if the gate has not moved."""
        members = self._members(made.admission)
        for name, sound in made.sounds:
            if name in members:
                members[name].offer(sound)
        if made.picture is None:
            return
        for name, screen in self._speakers.screens.items():
            if name in members:
                screen.offer(copy(made.picture))

    def leave(self) -> None:
        """The session is over: nothing waits for anybody any longer."""
        over, self._admission = self._admission, Admission()
        for name, track in over.members.items():
            self._clear(name, track)

    def _members(self, admission: Admission) -> dict[str, ReturnTrack]:
        now = self._gate.now
        if now.state is not GateState.PRIVATE or now.change != admission.change:
            return {}
        present, here = self._admission, self._speakers.returns
        return {
            name: track
            for name, track in admission.members.items()
            if here.get(name) is track and present.members.get(name) is track
        }

    def _clear(self, name: str, track: ReturnTrack) -> None:
        track.clear()
        screen: ReturnPicture | None = self._speakers.screens.get(name)
        if screen is not None:
            screen.clear()

    def _seen(self, source: str, now: float) -> bool:
        intake = self._desk.find(source)
        return intake is not None and intake.latest_picture(now) is not None
