"""What the sources of a scene show at a moment."""

from dataclasses import dataclass

import av

from media.programme.layout import Scene
from media.sources.desk import FeedDesk


@dataclass(frozen=True, slots=True)
class Sight:
    """By source."""

    pictures: dict[str, av.VideoFrame | None]
    labels: dict[str, str]


def take(desk: FeedDesk, now: float, *scenes: Scene | None) -> Sight:
    """The pictures of these scenes. ``now``: monotonic seconds."""
    sources = set().union(*(scene.sources for scene in scenes if scene is not None))
    found = {source: desk.find(source) for source in sources}
    shown = {source: intake for source, intake in found.items() if intake is not None}
    return Sight(
        {source: intake.latest_picture(now) for source, intake in shown.items()},
        {source: intake.label for source, intake in shown.items()},
    )
