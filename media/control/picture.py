"""The programme picture: who and what is in it, and stills of it."""

from enum import StrEnum
from typing import Annotated, ClassVar, Literal, TypeAlias

from pydantic import Field

from media.control.command import Command, Done, Message


class LayoutName(StrEnum):
    """How the programme picture is composed. While the gate is closed, its slate is there instead."""

    CHAMBER = "chamber"
    SPEAKER = "speaker"
    CHAMBER_WITH_SPEAKER = "chamber_with_speaker"
    """The chamber, with who speaks as an inset."""
    SIDE_BY_SIDE = "side_by_side"
    PRESENTATION = "presentation"
    """The presentation, and beside it who speaks, or else the chamber."""
    GRID = "grid"
    """The chamber and all who are on air, in equal cells."""
    SLATE = "slate"
    """No source at all, while the sound goes on."""


Transition: TypeAlias = Literal["cut", "dissolve"]
"""How one layout gives way to the next: at once, or within 200 ms. A change of the gate is always a cut."""


class LaidOut(Message):
    """When a wish about the picture was taken up."""

    seconds: float
    """Programme time of the tick that was under way, or next. The tick after it obeys at the latest."""


class SetOnAir(Command[LaidOut]):
    """Who of the connected speakers is heard and seen, the whole list.

    Refused with ``no_speaker`` for unknown names, and with ``full`` past six.
    """

    name: ClassVar[str] = "on_air.set"
    reply: ClassVar[type[Message]] = LaidOut
    speakers: list[str]


class SetLayout(Command[LaidOut]):
    """Override the layout; ``None`` lets it follow who is on air."""

    name: ClassVar[str] = "layout.set"
    reply: ClassVar[type[Message]] = LaidOut
    layout: LayoutName | None
    transition: Transition = "dissolve"


class SetCaptions(Command[Done]):
    """The names in the picture: all of them, by source, and whether they are shown.

    ``None`` leaves as it is. A text is "Name, what they are"; the name stands out.
    """

    name: ClassVar[str] = "captions.set"
    visible: bool | None = None
    texts: dict[str, Annotated[str, Field(max_length=200)]] | None = Field(default=None, max_length=32)


class Picture(Message):
    """A JPEG in base64."""

    jpeg: str
    width: int
    height: int


class TakePicture(Command[Picture]):
    """A still. ``public`` is the picture behind the gate, as the public have it.

    ``programme`` and a source's name are for staff only.
    """

    name: ClassVar[str] = "picture.take"
    reply: ClassVar[type[Message]] = Picture
    of: str = "public"
    width: int = 640


class PageStatus(Message):
    """A page of a document."""

    title: str = Field(max_length=100)
    page: int = Field(ge=1)
    pages: int = Field(ge=1)


class ShowPage(Command[LaidOut]):
    """Show a page of a PDF as the source ``presentation``. It is taken up when it has been drawn.

    Refused with ``bad_page`` (no such page, or it cannot be drawn; what was shown before stays), and with
    ``gate_moved`` when the private session for which it was put up is over.
    """

    name: ClassVar[str] = "page.show"
    reply: ClassVar[type[Message]] = LaidOut
    document: str
    """Path of the PDF, which the hub has checked."""
    page: PageStatus
    secret: bool = False
    """It was put up while the gate was ``secret``: shown again only if the gate still is."""


class HidePages(Command[Done]):
    """Show no page any more. Done as well when none was shown."""

    name: ClassVar[str] = "page.hide"
