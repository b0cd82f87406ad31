"""Captions as units of the bus, of nothing but what came through the gate."""

from media.access_unit import AUDIO_CLOCK, AccessUnit, Track
from media.gate.gate import PublicCaption
from media.studio.encoder import Stamper


class CaptionEncoder:
    """A line is a unit: text in UTF-8 with the time at which it is shown."""

    def __init__(self, stamper: Stamper) -> None:
        self._stamper = stamper

    def encode(self, caption: PublicCaption, position: int) -> AccessUnit:
        """The unit of a line that begins at sample ``position`` of the programme.

        Raises ``TypeError`` for a line that did not come through the gate.
        """
        if type(caption) is not PublicCaption:
            raise TypeError("Only public captions are encoded.")
        duration = round(caption.seconds * AUDIO_CLOCK)
        return self._stamper.unit(Track.CAPTIONS, position, duration, caption.text.encode())
