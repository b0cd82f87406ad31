"""Who is on air and how it is composed: what the hub decided, applied to who is really there."""

from dataclasses import dataclass, replace

from media.control.command import Refused
from media.control.studio import LayoutName
from media.programme.layout import MOST_ON_AIR, Scene, arrange
from media.sources.desk import FeedDesk


@dataclass(frozen=True, slots=True)
class Direction:
    """What the hub decided last."""

    on_air: tuple[str, ...] = ()
    override: LayoutName | None = None


class Director:
    """Written by the event loop's thread; the direction is replaced as a whole, so others may read it."""

    def __init__(self, desk: FeedDesk) -> None:
        self._desk = desk
        self._direction = Direction()

    @property
    def direction(self) -> Direction:
        return self._direction

    def put_on_air(self, speakers: list[str]) -> None:
        """The whole list. Raises ``Refused``: ``no_speaker``, or ``full`` past six."""
        for speaker in speakers:
            intake = self._desk.find(speaker)
            if intake is None or intake.kind != "speaker":
                raise Refused("no_speaker", f"The speaker {speaker!r} is not connected.")
        unique = tuple(dict.fromkeys(speakers))
        if len(unique) > MOST_ON_AIR:
            raise Refused("full", f"At most {MOST_ON_AIR} speakers can be on air at once.")
        self._direction = replace(self._direction, on_air=unique)

    def take_off(self, speaker: str) -> None:
        """Take one speaker off air, if they are on."""
        rest = tuple(name for name in self._direction.on_air if name != speaker)
        self._direction = replace(self._direction, on_air=rest)

    def lay_out(self, override: LayoutName | None) -> None:
        """Override the layout, or let it follow who is on air."""
        self._direction = replace(self._direction, override=override)

    def scene(self, now: float) -> Scene:
        """The scene with those on air who are there. ``now``: monotonic seconds."""
        direction = self._direction
        found = ((name, self._desk.find(name)) for name in direction.on_air)
        there = [name for name, intake in found if intake is not None and intake.present(now)]
        return arrange(direction.override, there)
