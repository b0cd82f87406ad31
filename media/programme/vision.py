"""The vision mixer: tiles copied onto one canvas, plane by plane."""

from collections.abc import Mapping

import av
import structlog
from av.video.reformatter import VideoReformatter

from media.programme.layout import CHAMBER, HEIGHT, WIDTH, Scene, Tile, fit
from media.programme.picture import blank, copy, fits, paste, scale
from media.programme.slate import LOST, Slates

log = structlog.get_logger(__name__)

BACKDROP = (24, 128, 128)


class Vision:
    """Composes one picture for each tick. Not thread-safe: one for each thread that composes."""

    def __init__(self, slates: Slates) -> None:
        self._slates = slates
        self._reformatters: dict[Tile, VideoReformatter] = {}
        self._scaled: dict[Tile, tuple[av.VideoFrame, av.VideoFrame]] = {}

    def compose(
        self, scene: Scene, pictures: Mapping[str, av.VideoFrame | None], labels: Mapping[str, str]
    ) -> av.VideoFrame:
        """A new 1280×720 frame. A source without picture shows its label; the chamber says it is lost."""
        self._keep_only(scene)
        if len(scene.tiles) == 1:
            whole = self._whole(scene.tiles[0], pictures)
            if whole is not None:
                return whole
        canvas = blank(WIDTH, HEIGHT, BACKDROP)
        for tile in scene.tiles:
            self._place(tile, pictures.get(tile.source), labels, canvas)
        return canvas

    def forget(self) -> None:
        """Drop every picture that was kept between two ticks."""
        self._scaled.clear()

    def _whole(self, tile: Tile, pictures: Mapping[str, av.VideoFrame | None]) -> av.VideoFrame | None:
        frame = pictures.get(tile.source)
        if frame is None:
            return copy(self._slates.slate(LOST)) if tile.source == CHAMBER else None
        return copy(frame) if fits(frame, tile.width, tile.height) else None

    def _place(
        self, tile: Tile, frame: av.VideoFrame | None, labels: Mapping[str, str], canvas: av.VideoFrame
    ) -> None:
        picture = None if frame is None else self._scale(tile, frame)
        if picture is None:
            label = LOST.title if tile.source == CHAMBER else labels.get(tile.source, "")
            picture = self._slates.placard(label, tile.width, tile.height)
        box = fit(picture.width, picture.height, tile)
        paste(picture, canvas, box.x, box.y)

    def _scale(self, tile: Tile, frame: av.VideoFrame) -> av.VideoFrame | None:
        kept = self._scaled.get(tile)
        if kept is not None and kept[0] is frame:
            return kept[1]
        box = fit(frame.width, frame.height, tile)
        if fits(frame, box.width, box.height):
            return frame
        reformatter = self._reformatters.setdefault(tile, VideoReformatter())
        try:
            scaled = scale(frame, box.width, box.height, reformatter)
        except (av.error.FFmpegError, ValueError) as error:
            log.warning("picture_not_scaled", source=tile.source, error=str(error))
            return None
        self._scaled[tile] = (frame, scaled)
        return scaled

    def _keep_only(self, scene: Scene) -> None:
        if self._reformatters.keys() - set(scene.tiles):
            self._reformatters.clear()
            self._scaled.clear()
