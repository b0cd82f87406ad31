"""All encoders of one line of the programme, fed one tick at a time."""

from dataclasses import dataclass

from media.access_unit import AccessUnit
from media.gate.gate import PublicCaption, PublicPicture, PublicSound
from media.rhythm import BLOCK, DEFAULT, Rhythm
from media.studio.caption_encoder import CaptionEncoder
from media.studio.cost import spending
from media.studio.encoder import SoundEncoder, Stamper
from media.studio.picture_encoder import FULL, SMALL, PictureEncoder


@dataclass(frozen=True, slots=True)
class Media:
    """What one tick made, as it came through the gate: blocks of 20 ms, and the picture if in time."""

    sounds: tuple[PublicSound, ...]
    picture: PublicPicture | None
    interpreted: tuple[PublicSound, ...] = ()
    """As many as ``sounds`` once an interpreter has been there, and from then on; none before."""
    captions: tuple[PublicCaption, ...] = ()


class Encoders:
    """Begins with a key picture and without anything in any codec's memory.

    ``small``: the pictures are also encoded at half the size.
    """

    def __init__(self, session: int, epoch_ms: int, rhythm: Rhythm = DEFAULT, *, small: bool = True) -> None:
        stamper = Stamper(session, epoch_ms)
        self._rhythm = rhythm
        self._pictures = PictureEncoder(stamper, FULL, rhythm)
        self._small = PictureEncoder(stamper, SMALL, rhythm) if small else None
        self._sounds = SoundEncoder(stamper)
        self._interpreted: SoundEncoder | None = None
        self._captions = CaptionEncoder(stamper)

    def encode(self, media: Media, index: int) -> list[AccessUnit]:
        """The units of tick ``index``, numbered for this line alone. Raises ``av.error.FFmpegError``.

        Captions come first, so that no file of their time is finished without them. A frame of interpreted
        sound comes before the floor's frame of the same time, a small picture before the full one: a reader
        that has not got it by then does without.
        """
        units = [self._captions.encode(caption, self._rhythm.sample(index)) for caption in media.captions]
        if media.interpreted and self._interpreted is None:
            self._interpreted = self._sounds.beside()
        with spending("encode sound"):
            for number, sound in enumerate(media.sounds):
                position = self._rhythm.sample(index) + number * BLOCK
                if self._interpreted and media.interpreted:
                    units += self._interpreted.encode(media.interpreted[number], position)
                units += self._sounds.encode(sound, position)
        if media.picture is not None:
            if self._small is not None:
                with spending("encode 360p"):
                    units += self._small.encode(media.picture, index)
            with spending("encode picture"):
                units += self._pictures.encode(media.picture, index)
        return units
