"""What goes out together: the packets of one picture, and the sound of the same moment."""

import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from media.relay.native import Places
from media.relay.stream import Format, Packet
from media.relay.workbench import Layout, Workbench

RIDE_PACKETS = 16
"""Behind a picture of more packets sound would wait on a slow line, and goes ahead of it."""


@dataclass(frozen=True, slots=True, eq=False)
class Picture:
    """The packets of one picture."""

    key: bool
    packets: Sequence[Packet]


class Shape:
    """What viewers must have in common to share a layout: the formats by source, and the length of a tag."""

    def __init__(self, formats: Mapping[int, Format], tag: int) -> None:
        self.formats = formats
        self.tag = tag
        self.key = sys.intern(repr((sorted(formats.items(), key=lambda item: item[0]), tag)))
        """One string object for equal shapes: it is looked up once for each viewer and burst."""


class Part(NamedTuple):
    """A burst in one shape."""

    layout: Layout
    places: Places
    lasts: Sequence[tuple[int, int]]
    """The highest number of each source."""


class Burst:
    """One for all viewers of the same rendition and the same sound."""

    def __init__(self, workbench: Workbench, picture: Picture | None, sound: Sequence[Packet]) -> None:
        self.picture = picture
        self.sound = sound
        pictures = picture.packets if picture else ()
        ahead = len(pictures) > RIDE_PACKETS
        self.packets = (*sound, *pictures) if ahead else (*pictures, *sound)
        self._workbench = workbench
        self._layouts: dict[str, Layout | None] = {}

    def layout(self, shape: Shape) -> Layout | None:
        """The burst laid out for viewers of this shape; ``None`` when it is too large for the workbench."""
        try:
            return self._layouts[shape.key]
        except KeyError:
            rendered = [packet.render(shape.formats[packet.ssrc]) for packet in self.packets]
            return self._layouts.setdefault(shape.key, self._workbench.lay(rendered, shape.tag))

    def part(self, shape: Shape) -> Part | None:
        """The burst as viewers of this shape get it; ``None`` when they cannot all get it alike."""
        layout = self.layout(shape)
        if layout is None or layout.places is None:
            return None
        pictures = self.picture.packets if self.picture else ()
        ends = [packets[-1] for packets in (pictures, self.sound) if packets]
        return Part(
            layout, layout.places, [(end.ssrc, end.index + shape.formats[end.ssrc].shift) for end in ends]
        )
