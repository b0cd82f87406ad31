"""The gate of a rehearsal: it moves like every gate, and nothing of the programme comes out of it.

Returns of speakers pass as in a meeting, so that they practise with the sound they will have.
"""

import av
import numpy as np
from numpy.typing import NDArray

from media.gate.gate import PublicCaption, PublicGate, PublicPicture, PublicSound
from media.gate.moment import Tick
from media.gate.words import Words


class RehearsalGate(PublicGate):
    """Whatever its state: the slate, silence and no words. It cannot be told otherwise."""

    def pass_picture(self, tick: Tick, frame: av.VideoFrame | None) -> PublicPicture:
        return self.slate()

    def pass_sound(self, tick: Tick, samples: NDArray[np.float32]) -> PublicSound:
        return super().pass_sound(tick, np.zeros_like(samples))

    def pass_words(self, tick: Tick, words: Words) -> PublicCaption | None:
        return None
