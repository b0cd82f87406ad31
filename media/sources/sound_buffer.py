"""A small jitter buffer of 48 kHz stereo sound between a source's own pace and the programme's."""

from collections import deque
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

RATE = 48_000
TARGET = RATE * 80 // 1000
"""Samples gathered before sound starts, and again after it ran dry."""
LIMIT = RATE // 2
"""Samples kept at most; beyond, the oldest go."""
SURPLUS = RATE * 80 // 1000
"""Samples above ``TARGET`` that may lie unused for ``PATIENCE`` before the buffer is shortened."""
PATIENCE = RATE * 5
FADE = RATE * 5 // 1000

Sound: TypeAlias = NDArray[np.float32]
"""Shape (samples, 2), full scale ±1."""

_RISE: Sound = np.linspace(0.0, 1.0, FADE, dtype=np.float32)[:, None]


class SoundBuffer:
    """Not thread-safe: its owner holds a lock. Every discontinuity is faded over 5 ms."""

    def __init__(self) -> None:
        self._chunks: deque[Sound] = deque()
        self._held = 0
        self._playing = False
        self._fade_in = True
        self._least = LIMIT
        self._watched = 0

    @property
    def held(self) -> int:
        """Samples waiting."""
        return self._held

    def put(self, sound: Sound) -> None:
        """Append. Past ``LIMIT`` the oldest samples give way, down to ``TARGET``."""
        self._chunks.append(sound)
        self._held += len(sound)
        if self._held > LIMIT:
            self._drop(self._held - TARGET)

    def take(self, samples: int) -> Sound:
        """Exactly ``samples`` samples: silence until ``TARGET`` has gathered, and again after running dry."""
        if not self._playing and self._held < TARGET:
            return np.zeros((samples, 2), np.float32)
        self._playing = True
        self._shorten(samples)
        out = np.zeros((samples, 2), np.float32)
        filled = self._pull(out)
        if self._fade_in and filled >= FADE:
            out[:FADE] *= _RISE
            self._fade_in = False
        if filled < samples:
            self._run_dry(out, filled)
        return out

    def clear(self) -> None:
        """Forget everything."""
        self._chunks.clear()
        self._held = 0
        self._restart()

    def _pull(self, out: Sound) -> int:
        filled = 0
        while self._chunks and filled < len(out):
            chunk = self._chunks[0]
            part = min(len(chunk), len(out) - filled)
            out[filled : filled + part] = chunk[:part]
            filled += part
            if part == len(chunk):
                self._chunks.popleft()
            else:
                self._chunks[0] = chunk[part:]
        self._held -= filled
        return filled

    def _run_dry(self, out: Sound, filled: int) -> None:
        tail = min(FADE, filled)
        if tail:
            out[filled - tail : filled] *= _RISE[::-1][FADE - tail :]
        self._restart()

    def _restart(self) -> None:
        self._playing = False
        self._fade_in = True
        self._least = LIMIT
        self._watched = 0

    def _shorten(self, samples: int) -> None:
        """A source whose clock runs fast fills the buffer slowly: give the surplus back, once in a while."""
        self._least = min(self._least, self._held)
        self._watched += samples
        if self._watched < PATIENCE:
            return
        if self._least > TARGET + SURPLUS:
            self._drop(self._least - TARGET)
        self._least = LIMIT
        self._watched = 0

    def _drop(self, samples: int) -> None:
        self._pull(np.empty((samples, 2), np.float32))
        self._fade_in = True
