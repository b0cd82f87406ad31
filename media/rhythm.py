"""How many pictures a second the programme has, and everything that follows from it."""

from dataclasses import dataclass

from media.access_unit import AUDIO_CLOCK, VIDEO_CLOCK

BLOCK = 960
"""Samples of sound that are mixed at once: 20 ms, at every rate."""


@dataclass(frozen=True, slots=True)
class Rhythm:
    """Tick ``n`` begins ``n`` periods after the epoch, has one picture and the blocks that end within it.

    At 25 pictures a second these are two blocks a tick, at 30 one, two and two in turn: the blocks of a tick
    follow from its index alone. ``pictures``: a second, and of a closed group, which lasts a second. Raises
    ``ValueError`` for a rate that leaves a rest in either clock.
    """

    pictures: int = 25

    def __post_init__(self) -> None:
        if self.pictures < 1 or VIDEO_CLOCK % self.pictures or AUDIO_CLOCK % self.pictures:
            raise ValueError(f"{self.pictures} pictures a second do not fit the clocks.")

    @property
    def period(self) -> float:
        """Seconds of a tick."""
        return 1 / self.pictures

    @property
    def picture_duration(self) -> int:
        """Of a tick, in units of the video clock."""
        return VIDEO_CLOCK // self.pictures

    def group(self, index: int) -> int:
        """Which closed group of pictures a tick belongs to; the first of them is an IDR."""
        return index // self.pictures

    def sample(self, index: int) -> int:
        """The first sample of a tick's blocks: at or less than one block before its picture."""
        return self._begins(index) // BLOCK * BLOCK

    def leads(self, index: int) -> tuple[float, ...]:
        """For each block of a tick, the seconds from the tick's picture to the end of the block."""
        begins = self._begins(index)
        ends = range(self.sample(index) + BLOCK, self.sample(index + 1) + BLOCK, BLOCK)
        return tuple((end - begins) / AUDIO_CLOCK for end in ends)

    def _begins(self, index: int) -> int:
        return index * (AUDIO_CLOCK // self.pictures)


DEFAULT = Rhythm()
