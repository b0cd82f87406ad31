"""How a meeting's programme is to look: told to its studio, and told again to one that was restarted.

Kept in a file beside the gate's journal: hub and studio may die together. It is no business of the database,
without which a layout can be chosen as well.
"""

import asyncio
import os
from pathlib import Path

import structlog
from pydantic import BaseModel, ConfigDict, ValidationError

from hub.supervision.process import MediaProcess
from media.control.picture import LayoutName, SetCaptions, SetLayout, Transition
from media.control.studio import StudioStatus

log = structlog.get_logger(__name__)


class Look(BaseModel):
    """What was chosen."""

    model_config = ConfigDict(frozen=True)

    layout: LayoutName | None = None
    visible: bool = False
    captions: dict[str, str] = {}

    def without(self, source: str) -> dict[str, str]:
        """The names of all other sources."""
        return {name: words for name, words in self.captions.items() if name != source}


class Looks:
    """The layout and the names in the picture. What a studio refused is not remembered."""

    def __init__(self, studio: MediaProcess, file: Path) -> None:
        self._studio = studio
        self._file = file
        self._look = _read(file)
        self._turn = asyncio.Lock()

    @property
    def look(self) -> Look:
        """As it is to be."""
        return self._look

    async def set_layout(self, layout: LayoutName | None, transition: Transition) -> None:
        """Override the layout or let it follow."""
        async with self._turn:
            await self._studio.call(SetLayout(layout=layout, transition=transition))
            await self._keep(self._look.model_copy(update={"layout": layout}))

    async def set_caption(self, source: str, text: str) -> None:
        """The name in the picture of a source; "" for none."""
        async with self._turn:
            captions = self._look.without(source)
            if text:
                captions[source] = text
            await self._studio.call(SetCaptions(texts=captions))
            await self._keep(self._look.model_copy(update={"captions": captions}))

    async def show_captions(self, visible: bool) -> None:
        """Whether names stand in the picture."""
        async with self._turn:
            await self._studio.call(SetCaptions(visible=visible))
            await self._keep(self._look.model_copy(update={"visible": visible}))

    def forget(self, source: str) -> None:
        """The source is gone for good; its name goes with the next change."""
        self._look = self._look.model_copy(update={"captions": self._look.without(source)})

    async def learn(self, status: StudioStatus) -> None:
        """Take over what a studio says that ran before this hub did."""
        captions = dict(status.captions)
        async with self._turn:
            await self._keep(Look(layout=status.override, visible=status.captions_visible, captions=captions))

    async def reassert(self) -> None:
        """Tell a studio that was started anew."""
        async with self._turn:
            look = self._look
            await self._studio.call(SetLayout(layout=look.layout, transition="cut"))
            await self._studio.call(SetCaptions(visible=look.visible, texts=look.captions))

    async def _keep(self, look: Look) -> None:
        self._look = look
        try:
            await asyncio.to_thread(_write, self._file, look)
        except OSError as error:
            # It holds all the same, until hub and studio die together.
            log.error("look_not_written", file=self._file.name, error=str(error))


def _read(file: Path) -> Look:
    try:
        return Look.model_validate_json(file.read_bytes())
    except FileNotFoundError:
        return Look()
    except (OSError, ValidationError) as error:
        log.error("look_not_read", file=file.name, error=str(error))
        return Look()


def _write(file: Path, look: Look) -> None:
    new = file.with_suffix(".new")
    with new.open("w") as written:
        written.write(look.model_dump_json())
        written.flush()
        os.fsync(written.fileno())
    new.replace(file)
