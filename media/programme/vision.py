"""The vision mixer: tiles copied onto one canvas, plane by plane."""

from collections.abc import Mapping

import av
import structlog
from av.video.reformatter import VideoReformatter

from media.control.picture import LayoutName
from media.programme.captions import Captions, place
from media.programme.layout import CHAMBER, HEIGHT, WIDTH, Box, Scene, Tile, fit
from media.programme.picture import blank, copy, dissolve, fill, fits, paste, scale
from media.programme.slate import LOST, PAUSED, Slates
from media.programme.switch import Step

log = structlog.get_logger(__name__)

BORDER = (235, 128, 128)
_BORDER_WIDTH = 2
_NOTHING: Mapping[str, str] = {}


class Vision:
    """Composes one picture for each tick. Not thread-safe: one for each thread that composes."""

    def __init__(self, slates: Slates) -> None:
        self._slates = slates
        self._captions = Captions(slates.colour)
        self._reformatters: dict[Tile, VideoReformatter] = {}
        self._scaled: dict[Tile, tuple[av.VideoFrame, av.VideoFrame]] = {}

    def show(
        self,
        step: Step,
        pictures: Mapping[str, av.VideoFrame | None],
        labels: Mapping[str, str],
        captions: Mapping[str, str] = _NOTHING,
    ) -> av.VideoFrame:
        """The picture of one step, of ``pictures`` alone. Without those of the scene before it is a cut."""
        scene, before = step.scene, step.before
        if before is None or any(pictures.get(source) is None for source in before.sources):
            self._keep_only(scene)
            return self._draw(scene, pictures, labels, captions)
        self._keep_only(before, scene)
        return dissolve(
            self._draw(before, pictures, labels, captions),
            self._draw(scene, pictures, labels, captions),
            step.share,
        )

    def compose(
        self,
        scene: Scene,
        pictures: Mapping[str, av.VideoFrame | None],
        labels: Mapping[str, str],
        captions: Mapping[str, str] = _NOTHING,
    ) -> av.VideoFrame:
        """A new 1280×720 frame of one scene. A source without picture shows its label.

        ``captions``: the text for each source whose name stands in the picture.
        """
        return self.show(Step(scene), pictures, labels, captions)

    def forget(self) -> None:
        """Drop every picture that was kept between two ticks."""
        self._scaled.clear()

    def _draw(
        self,
        scene: Scene,
        pictures: Mapping[str, av.VideoFrame | None],
        labels: Mapping[str, str],
        captions: Mapping[str, str],
    ) -> av.VideoFrame:
        canvas, rest = self._ground(scene, pictures)
        boxes = {tile: self._place(tile, pictures.get(tile.source), labels, canvas) for tile in rest}
        for tile in scene.tiles:
            if text := captions.get(tile.source):
                box = boxes.get(tile, Box(tile.x, tile.y, tile.width, tile.height))
                self._caption(text, tile, box, scene, canvas)
        return canvas

    def _ground(
        self, scene: Scene, pictures: Mapping[str, av.VideoFrame | None]
    ) -> tuple[av.VideoFrame, tuple[Tile, ...]]:
        """A canvas to draw on, and the tiles that are still to be drawn."""
        if scene.layout is LayoutName.SLATE:
            clear = WIDTH - min((tile.x for tile in scene.tiles), default=WIDTH)
            return copy(self._slates.slate(LOST if scene.lost else PAUSED, clear)), scene.tiles
        first = scene.tiles[0]
        frame = pictures.get(first.source)
        if frame is not None and (first.width, first.height) == (WIDTH, HEIGHT):
            if fits(frame, WIDTH, HEIGHT):
                return copy(frame), scene.tiles[1:]
            return blank(WIDTH, HEIGHT), scene.tiles
        return blank(WIDTH, HEIGHT, self._slates.backdrop), scene.tiles

    def _place(
        self, tile: Tile, frame: av.VideoFrame | None, labels: Mapping[str, str], canvas: av.VideoFrame
    ) -> Box:
        found = None if frame is None else self._scale(tile, frame)
        if found is None:
            label = LOST.title if tile.source == CHAMBER else labels.get(tile.source, "")
            box = fit(16, 9, tile) if tile.inset else Box(tile.x, tile.y, tile.width, tile.height)
            found = self._slates.placard(label, box.width, box.height), box
        picture, box = found
        if tile.inset:
            rim = _BORDER_WIDTH
            fill(canvas, box.x - rim, box.y - rim, box.width + 2 * rim, box.height + 2 * rim, BORDER)
        paste(picture, canvas, box.x, box.y)
        return box

    def _caption(self, text: str, tile: Tile, box: Box, scene: Scene, canvas: av.VideoFrame) -> None:
        where = place(tile, box, scene.tiles)
        plate = self._captions.caption(text, tile, where.width)
        if plate is not None:
            paste(plate, canvas, where.x, where.y - plate.height)

    def _scale(self, tile: Tile, frame: av.VideoFrame) -> tuple[av.VideoFrame, Box] | None:
        box = fit(frame.width, frame.height, tile)
        kept = self._scaled.get(tile)
        if kept is not None and kept[0] is frame:
            return kept[1], box
        if fits(frame, box.width, box.height):
            return frame, box
        reformatter = self._reformatters.setdefault(tile, VideoReformatter())
        try:
            scaled = scale(frame, box.width, box.height, reformatter)
        except (av.error.FFmpegError, ValueError) as error:
            log.warning("picture_not_scaled", source=tile.source, error=str(error))
            return None
        self._scaled[tile] = (frame, scaled)
        return scaled, box

    def _keep_only(self, *scenes: Scene) -> None:
        tiles = {tile for scene in scenes for tile in scene.tiles}
        for tile in self._reformatters.keys() - tiles:
            del self._reformatters[tile]
            self._scaled.pop(tile, None)
