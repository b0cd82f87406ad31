"""A source's sound between its own clock and the programme's: a tape that knows when it was recorded."""

from collections import deque

import numpy as np

from media.sources.sound import RATE as RATE
from media.sources.sound import Sound as Sound
from media.sources.stretch import REACH, stretch

LIMIT = RATE
"""Samples kept at most; beyond, the oldest go."""
FADE = RATE * 5 // 1000
TOLERANCE = 0.03
"""Seconds that a time stamp may contradict the samples before it; beyond, something is missing or double."""
LONGEST_GAP = 0.5
FOLLOW = 0.02
"""How much of what a time stamp says against the count of samples is believed at once."""

_RISE: Sound = np.linspace(0.0, 1.0, FADE, dtype=np.float32)[:, None]


class SoundBuffer:
    """Not thread-safe: its owner holds a lock. Every discontinuity is faded over 5 ms.

    Times are in seconds, of capture, on any one clock. Samples are counted; their time stamps only bend the
    line between count and time, so that a stamp's jitter is not heard and a drift is followed.
    """

    def __init__(self) -> None:
        self._chunks: deque[Sound] = deque()
        self._held = 0
        self._end = 0.0
        self._playing = False
        self._pausing = False
        self._fade_in = True
        self._left: Sound | None = None
        self._before = np.zeros((REACH, 2), np.float32)

    @property
    def held(self) -> int:
        """Samples waiting."""
        return self._held

    @property
    def playing(self) -> bool:
        """Whether ``take`` goes on where it stopped."""
        return self._playing

    @property
    def position(self) -> float:
        """When the next sample was captured."""
        return self._end - self._held / RATE

    @property
    def end(self) -> float:
        """When the sample after the last one will have been captured."""
        return self._end

    def put(self, sound: Sound, at: float, *, stamped: bool = True) -> None:
        """Append sound captured from ``at`` on. Gaps become silence, what is there twice is left out.

        ``stamped``: false when ``at`` is only when it came: then a burst is no repetition.
        """
        if not self._held and not self._playing:
            self._end = at
        error = at - self._end
        if abs(error) > LONGEST_GAP and (stamped or error > 0):
            self.clear()
            self._end, error = at, 0.0
        elif error > TOLERANCE:
            sound = self._bridge(sound, round(error * RATE))
            error = 0.0
        elif error < -TOLERANCE and stamped:
            sound, error = sound[round(-error * RATE) :], 0.0
        if len(sound):
            self._append(sound)
            self._end += FOLLOW * error

    def start(self, at: float, samples: int) -> bool:
        """Begin to play at ``at`` if ``samples`` from there are held, and leave out what is older."""
        skip = round((at - self.position) * RATE)
        if skip < 0 or self._held - skip < samples:
            return False
        self._skip(skip)
        self._playing = True
        return True

    def jump(self, at: float) -> None:
        """Go on playing at ``at``, which is later, or as late as there is sound."""
        self._skip(min(self._held, max(0, round((at - self.position) * RATE))))

    def pause(self) -> None:
        """Stop at the next ``take``, softly; ``start`` goes on."""
        self._pausing = True

    def take(self, samples: int, more: int = 0) -> Sound:
        """Exactly ``samples`` samples, made from ``more`` more (or fewer); silence when not playing.

        When there are too few, the last of them fades out, and ``start`` is needed again.
        """
        if self._pausing and self._playing:
            out = np.zeros((samples, 2), np.float32)
            self._run_dry(out, 0)
            return out
        if not self._playing:
            return np.zeros((samples, 2), np.float32)
        if more and self._held >= samples + more + REACH:
            out, filled = self._stretched(samples, more), samples
        else:
            out = np.zeros((samples, 2), np.float32)
            filled = self._pull(out)
        if self._fade_in:
            self._soften(out)
        if filled < samples:
            self._run_dry(out, filled)
        return out

    def clear(self) -> None:
        """Forget everything."""
        self._chunks.clear()
        self._held = 0
        self._stop()

    def _soften(self, out: Sound) -> None:
        part = min(FADE, len(out))
        out[:part] *= _RISE[:part]
        if self._left is not None:
            out[: len(self._left)] += self._left
        self._fade_in, self._left = False, None

    def _append(self, sound: Sound) -> None:
        self._chunks.append(sound)
        self._held += len(sound)
        self._end += len(sound) / RATE
        if self._held > LIMIT:
            self._skip(self._held - LIMIT // 2)

    def _bridge(self, sound: Sound, missing: int) -> Sound:
        """Silence for what is missing, between soft ends."""
        if self._chunks:
            last = self._chunks[-1].copy()
            part = min(FADE, len(last))
            last[len(last) - part :] *= _RISE[::-1][FADE - part :]
            self._chunks[-1] = last
        self._append(np.zeros((missing, 2), np.float32))
        softened = sound.copy()
        part = min(FADE, len(softened))
        softened[:part] *= _RISE[:part]
        return softened

    def _stretched(self, samples: int, more: int) -> Sound:
        wanted = np.empty((samples + more, 2), np.float32)
        before = self._before
        self._pull(wanted)
        return stretch(np.concatenate((before, wanted, self._peek())), samples)

    def _peek(self) -> Sound:
        after = np.concatenate([self._chunks[number] for number in range(min(len(self._chunks), REACH))])
        return after[:REACH]

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
        if filled >= REACH:
            self._before = out[filled - REACH : filled].copy()
        return filled

    def _run_dry(self, out: Sound, filled: int) -> None:
        last = out[filled - 1] if filled else self._before[-1]
        part = min(FADE, len(out) - filled)
        out[filled : filled + part] = last * _RISE[::-1][:part]
        self._stop()

    def _stop(self) -> None:
        self._playing = self._pausing = False
        self._fade_in, self._left = True, None
        self._before = np.zeros((REACH, 2), np.float32)

    def _skip(self, samples: int) -> None:
        """Leave out the next samples. While playing, what would have followed fades under what follows."""
        if samples <= 0:
            return
        skipped = np.zeros((samples, 2), np.float32)
        self._pull(skipped)
        if self._playing:
            part = min(FADE, samples)
            self._left = skipped[:part] * _RISE[::-1][FADE - part :]
        self._fade_in = True
