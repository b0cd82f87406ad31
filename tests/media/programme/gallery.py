"""Every layout and every slate, drawn the same way each time: what the golden images are made of.

``python -m tests.media.programme.gallery`` draws the golden images anew; look at them before you commit them.
"""

import sys
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path

import av

from media.control.picture import LayoutName
from media.control.studio import SlateText
from media.programme.arrangement import arrange
from media.programme.layout import Cast
from media.programme.picture import to_image
from media.programme.slate import LOST, Slates
from media.programme.switch import Step
from media.programme.vision import Vision
from tests.media.programme.sights import sight
from tests.media.studio.fakes import FakeClock

GOLDEN = Path(__file__).parent / "golden"
SIZE = (320, 180)
COUNCIL, COLOUR = "City of York Council", "#1d4e6b"
WALL = 1_795_500_000.0
ON_AIR = ("a", "b", "c", "d", "e", "f")
CAPTIONS = {
    "chamber": "Cllr Jane Doe, Chair",
    "a": "Sam Lee, resident, item 7",
    "b": "Siân Ŵyn Gruffydd, Friends of Rowntree Park, item 7",
}
LABELS = {"a": "Sam Lee", "b": "Siân Ŵyn Gruffydd"}
SHAPES = {"sign": (720, 720), "b": (640, 480), "c": (480, 854), "presentation": (1440, 1080)}

Draw = Callable[[], av.VideoFrame]


def slates(colour: str = COLOUR) -> Slates:
    """The council's slates, with the clock stopped at ``WALL``."""
    return Slates(COUNCIL, colour, FakeClock(WALL))


def composed(
    layout: LayoutName | None, cast: Cast, captions: Mapping[str, str] | None = None
) -> av.VideoFrame:
    """A layout with everybody of the cast in their own shape."""
    there = {"chamber", "presentation", "sign", *cast.on_air}
    pictures = {source: sight(source, *SHAPES.get(source, (1280, 720))) for source in there}
    return Vision(slates()).compose(arrange(layout, cast), pictures, {}, captions or {})


def _layouts() -> dict[str, Draw]:
    wanted: dict[str, tuple[LayoutName | None, Cast]] = {
        "chamber": (None, Cast()),
        "speaker": (LayoutName.SPEAKER, Cast(ON_AIR[:1])),
        "speaker-3": (LayoutName.SPEAKER, Cast(ON_AIR[:3])),
        "chamber-with-speaker": (LayoutName.CHAMBER_WITH_SPEAKER, Cast(ON_AIR[:1])),
        "chamber-with-speaker-4": (LayoutName.CHAMBER_WITH_SPEAKER, Cast(ON_AIR[:4])),
        "side-by-side": (LayoutName.SIDE_BY_SIDE, Cast(ON_AIR[:1])),
        "side-by-side-3": (LayoutName.SIDE_BY_SIDE, Cast(ON_AIR[:3])),
        "presentation": (None, Cast(presentation=True)),
        "presentation-speaker": (None, Cast(ON_AIR[:1], presentation=True)),
        "presentation-6": (None, Cast(ON_AIR, presentation=True)),
        "grid-3": (LayoutName.GRID, Cast(ON_AIR[:2])),
        "grid-7": (LayoutName.GRID, Cast(ON_AIR)),
        "slate": (LayoutName.SLATE, Cast(ON_AIR[:1])),
    }
    drawn: dict[str, Draw] = {}
    for name, (layout, cast) in wanted.items():
        signed = Cast(cast.on_air, cast.chamber, cast.presentation, sign=True)
        drawn[f"layout-{name}"] = partial(composed, layout, cast)
        drawn[f"layout-{name}-sign"] = partial(composed, layout, signed)
    return drawn


def _captions() -> dict[str, Draw]:
    return {
        "caption-chamber": lambda: composed(None, Cast(), CAPTIONS),
        "caption-chamber-sign": lambda: composed(None, Cast(sign=True), {"chamber": CAPTIONS["b"] * 2}),
        "caption-side-by-side": lambda: composed(None, Cast(ON_AIR[:1]), CAPTIONS),
        "caption-grid": lambda: composed(LayoutName.GRID, Cast(ON_AIR), CAPTIONS),
        "caption-inset": lambda: composed(LayoutName.CHAMBER_WITH_SPEAKER, Cast(ON_AIR[:1]), CAPTIONS),
    }


def _slates() -> dict[str, Draw]:
    start = round(WALL * 1000)
    soon = SlateText(
        title="The meeting starts soon",
        lines=["Planning Committee A", "Due to start at 16:30"],
        kind="starting",
    )
    texts = {
        "starting-1h": soon.model_copy(update={"until_ms": start + 5_100_000}),
        "starting-soon": soon.model_copy(update={"until_ms": start + 245_000}),
        "starting-now": soon.model_copy(update={"until_ms": start}),
        "adjourned": SlateText(
            title="The meeting is adjourned until about 19:40",
            lines=["The committee is on a site visit."],
            kind="adjourned",
        ),
        "private": SlateText(
            title="The public have been excluded for item 9",
            lines=[
                "Section 100A(4) of the Local Government Act 1972: exempt information, paragraphs 1 and 3 "
                "of Part 1 of Schedule 12A",
                "Expected back about 19:40",
            ],
            kind="private",
        ),
        "technical": SlateText(
            title="The broadcast has stopped for technical reasons",
            lines=["We are working on it."],
            kind="technical",
        ),
        "ended": SlateText(
            title="The meeting has ended",
            lines=["Planning Committee A", "The recording will be on this page."],
            kind="ended",
        ),
        "plain": SlateText(title="The broadcast is suspended", lines=["Of no kind."]),
        "lost": LOST,
    }
    drawn: dict[str, Draw] = {f"slate-{name}": partial(slates().slate, text) for name, text in texts.items()}
    drawn["slate-private-light"] = lambda: slates("#ffcf00").slate(texts["private"])
    return drawn


def _others() -> dict[str, Draw]:
    def dissolve() -> av.VideoFrame:
        before, after = arrange(None, Cast()), arrange(None, Cast(ON_AIR[:1]))
        pictures = {source: sight(source) for source in ("chamber", "a")}
        return Vision(slates()).show(Step(after, before, 0.5), pictures, {}, {})

    def placard() -> av.VideoFrame:
        pictures = {"chamber": sight("chamber"), "a": None, "b": None}
        return Vision(slates()).compose(arrange(None, Cast(ON_AIR[:2])), pictures, LABELS)

    def portrait() -> av.VideoFrame:
        scene = arrange(LayoutName.SPEAKER, Cast(("c",)))
        return Vision(slates()).compose(scene, {"c": sight("c", 480, 854)}, {}, {"c": CAPTIONS["a"]})

    return {"dissolve": dissolve, "placard": placard, "portrait": portrait}


GALLERY: dict[str, Draw] = {**_layouts(), **_captions(), **_slates(), **_others()}


def main() -> int:
    """Draw all of them anew, and remove what is no longer drawn."""
    GOLDEN.mkdir(exist_ok=True)
    for old in GOLDEN.glob("*.png"):
        if old.stem not in GALLERY:
            old.unlink()
    for name, draw in GALLERY.items():
        to_image(draw(), *SIZE).save(GOLDEN / f"{name}.png", optimize=True)
    sys.stdout.write(f"{len(GALLERY)} images in {GOLDEN}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
