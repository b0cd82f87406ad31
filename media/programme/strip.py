"""One source's way into the mix: measured, mended, levelled."""

from media.control.alarm import Alarm
from media.control.studio import SourceLevel
from media.programme.faults import ClippingAlarm, OneChannel
from media.programme.leveller import Leveller
from media.programme.levels import Gauge
from media.sources.sound import Sound


class Strip:
    """Keeps what must be remembered of one source. Not thread-safe."""

    def __init__(self) -> None:
        self._gauge = Gauge()
        self._clipping = ClippingAlarm()
        self._channels = OneChannel()
        self._leveller = Leveller()

    def take(self, sound: Sound) -> Sound:
        """The next block of 20 ms, shape (samples, 2), as it goes into the mix."""
        self._gauge.put(sound)
        self._clipping.put(sound, self._gauge.peak)
        return self._leveller.level(self._channels.mend(sound))

    def read(self, source: str) -> SourceLevel:
        """The source's level since the last reading, before anything was done to it."""
        level = self._gauge.read()
        gain = round(self._leveller.gain, 1)
        return SourceLevel(source=source, rms=level.rms, peak=level.peak, gain=gain)

    def alarms(self, source: str, who: str) -> list[Alarm]:
        """What is wrong, or was mended, and what to do. ``who``: the source's name for people."""
        found = []
        if self._clipping.active:
            loud = (
                f"The sound of {who} is too loud before it gets here and is distorted. The public hear it "
                "so. Turn it down at the microphone or the sound desk."
            )
            found.append(Alarm(code="distorted", sentence=loud, source=source))
        if self._channels.only is not None:
            lonely = (
                f"The sound of {who} comes on the {self._channels.only} channel only. The public hear it on "
                "both. Check the cable or the encoder’s channels when there is a pause."
            )
            found.append(Alarm(code="one_channel", sentence=lonely, source=source))
        return found
