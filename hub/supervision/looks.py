"""How a meeting's programme is to look: told to its studio, and told again to one that was restarted."""

from hub.supervision.process import MediaProcess
from media.control.studio import LayoutName, SetCaptions, SetLayout, StudioStatus, Transition


class Looks:
    """The layout and the names in the picture. What a studio refused is not remembered."""

    def __init__(self, studio: MediaProcess) -> None:
        self._studio = studio
        self._layout: LayoutName | None = None
        self._visible = False
        self._captions: dict[str, str] = {}

    async def set_layout(self, layout: LayoutName | None, transition: Transition) -> None:
        """Override the layout or let it follow."""
        await self._studio.call(SetLayout(layout=layout, transition=transition))
        self._layout = layout

    async def set_caption(self, source: str, text: str) -> None:
        """The name in the picture of a source; "" for none."""
        captions = {name: words for name, words in self._captions.items() if name != source}
        if text:
            captions[source] = text
        await self._studio.call(SetCaptions(texts=captions))
        self._captions = captions

    async def show_captions(self, visible: bool) -> None:
        """Whether names stand in the picture."""
        await self._studio.call(SetCaptions(visible=visible))
        self._visible = visible

    def forget(self, source: str) -> None:
        """The source is gone for good; its name goes with the next change."""
        self._captions.pop(source, None)

    def learn(self, status: StudioStatus) -> None:
        """Take over what a studio says that ran before this hub did."""
        self._layout = status.override
        self._visible = status.captions_visible
        self._captions = dict(status.captions)

    async def reassert(self) -> None:
        """Tell a studio that was restarted."""
        await self._studio.call(SetLayout(layout=self._layout, transition="cut"))
        await self._studio.call(SetCaptions(visible=self._visible, texts=self._captions))
