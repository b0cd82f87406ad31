"""From one scene to the next: a cut, or a dissolve of both scenes as they are now.

A dissolve remembers a scene, never a picture, so all it can show was taken from the sources in this very
tick. It belongs to one opening of the gate: the scene of another is forgotten, and the next is a cut.
"""

from dataclasses import dataclass

from media.control.picture import Transition
from media.programme.layout import Scene
from media.rhythm import DEFAULT, Rhythm

DISSOLVE_SECONDS = 0.17
"""From a wish until the last picture of its dissolve begins to be made, at most, waiting for a tick included.
What is left of 200 ms is for composing it, encoding it and looking at it."""


@dataclass(frozen=True, slots=True)
class Step:
    """What one tick shows: ``scene``, and of ``before`` what ``share`` of the scene leaves over."""

    scene: Scene
    before: Scene | None = None
    share: float = 1.0


class Switch:
    """Turned once for each picture. Not thread-safe.

    A dissolve takes ``steps`` pictures, the last without anything of the scene before.
    """

    def __init__(self, rhythm: Rhythm = DEFAULT) -> None:
        self.steps = int(DISSOLVE_SECONDS * rhythm.pictures)
        self._opening = 0
        self._scene: Scene | None = None
        self._before: Scene | None = None
        self._done = 0

    def turn(self, opening: int, scene: Scene, transition: Transition) -> Step:
        """The step for this tick. ``opening`` numbers the change of the gate that the tick belongs to."""
        if opening != self._opening:
            self._opening, self._scene, self._before = opening, scene, None
        if scene != self._scene:
            # A change in the middle of a dissolve is a cut: the newest wish is shown at once.
            calm = self._before is None and self._scene is not None
            self._before = self._scene if transition == "dissolve" and calm else None
            self._scene, self._done = scene, 0
        if self._before is None:
            return Step(scene)
        self._done += 1
        if self._done >= self.steps:
            self._before = None
            return Step(scene)
        return Step(scene, self._before, self._done / self.steps)
