"""The broadcast delay: encoded units held in memory between the gate and the bus.

There are two lines of encoders. One makes the programme, for later; the other makes the slate, for now,
while nothing has come out of the delay yet or what was in it was dropped. A change from one to the other
begins with fresh encoders, hence with a key picture, and nothing of the one is in the memory of the other's.

Time stamps are those of the moment at which the public get a unit: programme time at which it was captured
plus the delay, which is a whole number of groups. So the public's time never jumps, whatever is dropped, key
pictures stay at whole seconds but for the one that begins a cut, and an index point belongs at the moment it
was made plus the delay in force (``GateStatus.delay_seconds``).
"""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, replace

from media.access_unit import AccessUnit, Track
from media.gate.gate import PublicGate
from media.gate.moment import Tick
from media.rhythm import DEFAULT, Rhythm
from media.studio.encoders import Encoders, Media


@dataclass(frozen=True, slots=True)
class _Held:
    due: int
    """The tick at which it is let out."""
    units: list[AccessUnit]


class Broadcast:
    """Runs in the ticker's thread. Holds one entry for each tick of the delay, so at most 1801.

    ``make``: fresh encoders.
    """

    def __init__(self, gate: PublicGate, make: Callable[[], Encoders], rhythm: Rhythm = DEFAULT) -> None:
        self._gate = gate
        self._make = make
        self._rhythm = rhythm
        self._programme: Encoders | None = None
        self._slate: Encoders | None = None
        self._held: deque[_Held] = deque()
        self._drops = gate.now.drops
        self._sequences: dict[Track, int] = {}
        self.last_key: AccessUnit | None = None
        """The key picture that the public got last."""

    @property
    def held(self) -> int:
        """Ticks that wait."""
        return len(self._held)

    def turn(self, media: Media, tick: Tick, index: int) -> list[AccessUnit]:
        """What the public get at tick ``index``, for which ``media`` came through the gate.

        Raises ``av.error.FFmpegError`` when an encoder fails.
        """
        now = self._gate.now
        self._drop_if_told(now.drops)
        if not now.delay and not self._held:
            return self._public(self._made(media, index), 0)
        shift = now.delay * self._rhythm.pictures
        if self._gate.is_open_for(tick):
            self._held.append(_Held(index + shift, self._made(media, index)))
        else:
            self._programme = None
        if (units := self._due(index)) is not None:
            self._slate = None
            return self._public(units, now.delay)
        if self._slate is None:
            self._slate = self._make()
        return self._public(self._slate.encode(self._closed(media), index), 0)

    def _made(self, media: Media, index: int) -> list[AccessUnit]:
        if self._programme is None:
            self._programme = self._make()
        return self._programme.encode(media, index)

    def _drop_if_told(self, drops: int) -> None:
        if drops != self._drops:
            self._drops = drops
            if self._held:
                self._held.clear()
                self._programme = None

    def _due(self, index: int) -> list[AccessUnit] | None:
        """What is due by now; ``None`` when nothing is."""
        units: list[AccessUnit] | None = None
        while self._held and self._held[0].due <= index:
            units = (units or []) + self._held.popleft().units
        return units

    def _closed(self, media: Media) -> Media:
        picture = self._gate.slate() if media.picture is not None else None
        return Media(
            tuple(self._gate.silence() for _ in media.sounds),
            picture,
            tuple(self._gate.silence() for _ in media.interpreted),
        )

    def _public(self, units: list[AccessUnit], delay: int) -> list[AccessUnit]:
        """Number and date them as the public see them, whichever line they come from."""
        stamped = []
        for unit in units:
            sequence = self._sequences.get(unit.track, 0)
            self._sequences[unit.track] = sequence + 1
            public = replace(unit, sequence=sequence, pts=unit.pts + delay * unit.track.clock_rate)
            if public.track is Track.VIDEO_720 and public.key:
                self.last_key = public
            stamped.append(public)
        return stamped
