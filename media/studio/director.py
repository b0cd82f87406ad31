"""Who is on air and how it is composed: what the hub decided, applied to who is really there."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from media.control.command import Refused
from media.control.picture import LayoutName, Transition
from media.programme.arrangement import arrange
from media.programme.layout import CHAMBER, MOST_ON_AIR, PRESENTATION, SIGN, Cast, Scene
from media.sources.desk import FeedDesk


@dataclass(frozen=True, slots=True)
class Direction:
    """What the hub decided last."""

    on_air: tuple[str, ...] = ()
    override: LayoutName | None = None
    transition: Transition = "dissolve"
    captions_visible: bool = False
    captions: Mapping[str, str] = field(default_factory=dict)
    """By source: "Name, what they are"."""


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
            raise Refused(
                "full", f"At most {MOST_ON_AIR} speakers can be on air at once: take one off first."
            )
        self._direction = replace(self._direction, on_air=unique, transition="dissolve")

    def take_off(self, speaker: str) -> None:
        """Take one speaker off air, if they are on."""
        rest = tuple(name for name in self._direction.on_air if name != speaker)
        self._direction = replace(self._direction, on_air=rest)

    def lay_out(self, override: LayoutName | None, transition: Transition = "dissolve") -> None:
        """Override the layout, or let it follow who is there."""
        self._direction = replace(self._direction, override=override, transition=transition)

    def caption(self, visible: bool | None, texts: Mapping[str, str] | None) -> None:
        """Show or hide the names in the picture, and say what they are. ``None`` leaves as it is."""
        before = self._direction
        self._direction = replace(
            before,
            captions_visible=before.captions_visible if visible is None else visible,
            captions=before.captions if texts is None else dict(texts),
        )

    def captions(self) -> Mapping[str, str]:
        """The names to draw now, by source."""
        direction = self._direction
        return direction.captions if direction.captions_visible else {}

    def scene(self, now: float) -> Scene:
        """The scene with those who are there. ``now``: monotonic seconds."""
        direction = self._direction
        found = ((name, self._desk.find(name)) for name in direction.on_air)
        there = tuple(name for name, intake in found if intake is not None and intake.present(now))
        cast = Cast(there, self._seen(CHAMBER, now), self._seen(PRESENTATION, now), self._seen(SIGN, now))
        return arrange(direction.override, cast)

    def _seen(self, source: str, now: float) -> bool:
        """Speakers are shown by name when their camera is off; these are nothing without a picture."""
        intake = self._desk.find(source)
        return intake is not None and intake.latest_picture(now) is not None
