"""The pictures of a programme in one size, as packets, and the group of them that newcomers begin with."""

from collections.abc import Sequence

from media.access_unit import AccessUnit
from media.relay import h264
from media.relay.burst import Picture
from media.relay.srtp import RESEND_WINDOW
from media.relay.stream import RtpStream, Source


class Rendition:
    """Renditions of one programme share a source: a player sees one stream that changes its size."""

    def __init__(self, source: Source) -> None:
        self.stream = RtpStream(source, RESEND_WINDOW)
        self._group: list[Picture] = []
        self.made = False
        """Whether this studio makes it."""

    @property
    def group(self) -> Sequence[Picture]:
        """The pictures since the last key picture; empty when nobody could begin with them."""
        return self._group

    def add(self, unit: AccessUnit) -> Picture | None:
        """Packetise a picture and keep it. ``None`` when there is nothing in it."""
        payloads = h264.payloads(unit.data)
        if not payloads:
            return None
        self.made = True
        picture = Picture(unit.key, self.stream.packetise(unit, payloads))
        if picture.key:
            self._group = [picture]
        elif self._group:
            self._group.append(picture)
            if sum(len(kept.packets) for kept in self._group) > RESEND_WINDOW:
                self._group = []
        return picture

    def forget(self) -> None:
        """Another studio begins: what was kept leads nowhere."""
        self._group = []
        self.made = False
