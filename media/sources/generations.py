"""Which decoded pictures owe nothing to what came before an opening of the gate.

A decoder remembers: what it decodes next is made from what it decoded before. So each encoded picture carries
the number of a generation, and a decoder that is given another than before forgets everything first. What it
decodes carries the number, too, and is taken only if its generation began after the opening.
"""

import threading
from collections.abc import Callable


class Generations:
    """Thread-safe: the ticker opens, the network brings what is encoded, a decoder what was decoded."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._openings = 0
        self._begun_at = 0
        """How often it had been opened when ``_first`` began."""
        self._first = 0
        """The oldest generation whose pictures are taken."""
        self._current = 0
        self._proven = False
        """Whether one of them was taken."""
        self._doubtful = False

    def opened(self) -> None:
        """Nothing that was decoded with the help of what came until now is to be taken."""
        with self._lock:
            self._openings += 1

    def of_next(self, heard: Callable[[], bool], *, gap: bool) -> int:
        """The generation of the encoded picture that comes next.

        ``heard``: whether it would be taken now. It is asked while nothing can be opened: what came before an
        opening must not begin the generation after it. ``gap``: what it refers to is lost, perhaps.
        """
        with self._lock:
            if (self._begun_at != self._openings or self._doubtful) and heard():
                self._current += 1
                self._first, self._begun_at = self._current, self._openings
                self._proven = self._doubtful = False
            elif gap:
                self._current += 1
            return self._current

    def admits(self, generation: int) -> bool:
        """Whether a picture of it may be taken."""
        with self._lock:
            return generation >= self._first and self._begun_at == self._openings

    def taken(self, generation: int, taken: bool) -> None:
        """A picture that was admitted was taken, or not: then what came with it may be from before."""
        with self._lock:
            if generation >= self._first:
                self._proven = self._proven or taken
                self._doubtful = not self._proven
