"""What goes out together: the packets of one picture, and the sound of the same moment."""

import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

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
