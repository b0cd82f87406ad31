import numpy as np
import pytest

from media.control.studio import SlateText
from media.programme.lettering import ELLIPSIS, break_lines, font
from media.programme.picture import planes
from media.programme.slate import Slates

WELSH = "âêîôûŵŷÂÊÎÔÛŴŶáéíóúẃýàèìòùẁỳäëïöüẅÿ’“”–—£€…"


@pytest.mark.parametrize("bold", [False, True])
def test_the_font_has_every_letter_of_welsh(bold: bool) -> None:
    face = font(40, bold=bold)
    missing = bytes(face.getmask("\U0010fffd"))
    for letter in WELSH:
        assert bytes(face.getmask(letter)) != missing, letter


def test_a_slate_is_in_the_councils_colour_with_its_words() -> None:
    slates = Slates("Cyngor Sir Gâr", "#1d4e6b")
    luma, u, v = planes(slates.slate(SlateText(title="Adjourned", lines=["Back about 19:40"])))
    assert luma.shape == (720, 1280)
    assert (luma[5, 5], u[2, 2], v[2, 2]) == (76, 146, 105)
    assert luma.max() > 225
    plain = planes(slates.slate(SlateText(title="Private")))[0]
    assert not np.array_equal(luma, plain)


@pytest.mark.parametrize(("colour", "ink"), [("#1d4e6b", "light"), ("#ffdd00", "dark")])
def test_words_stand_out_from_the_colour(colour: str, ink: str) -> None:
    luma = planes(Slates("C", colour).slate(SlateText(title="Private")))[0]
    ground = int(luma[5, 5])
    assert (int(luma.max()) - ground > 80) if ink == "light" else (ground - int(luma.min()) > 80)


def test_any_amount_of_text_stays_inside() -> None:
    slates = Slates("Council " * 50, "navy")
    text = SlateText(title="W" * 5000, lines=["long words " * 400] * 50)
    luma = planes(slates.slate(text))[0]
    ground = int(luma[0, 0])
    edge = np.concatenate((luma[:40].ravel(), luma[-20:].ravel(), luma[:, -60:].ravel()))
    assert np.all(np.abs(edge.astype(int) - ground) < 4)


def test_lines_are_broken_between_words_and_cut_with_an_ellipsis() -> None:
    face = font(20)
    width = int(face.getlength("one two three")) + 1
    assert break_lines("one two three four", face, width, 3) == ["one two three", "four"]
    assert break_lines("one two three four five six", face, width, 1) == [f"one two thr{ELLIPSIS}"]
    assert break_lines("", face, width, 2) == []


def test_an_unknown_colour_is_an_error_at_start() -> None:
    with pytest.raises(ValueError, match="colo"):
        Slates("C", "not a colour")
