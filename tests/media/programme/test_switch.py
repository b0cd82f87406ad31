"""From one scene to the next, and never across the gate."""

import numpy as np
import pytest

from media.control.picture import LayoutName
from media.programme.arrangement import arrange
from media.programme.layout import Cast
from media.programme.picture import blank, planes
from media.programme.slate import Slates
from media.programme.switch import Step, Switch
from media.programme.vision import Vision
from media.rhythm import Rhythm

CHAMBER = arrange(None, Cast())
SPEAKER = arrange(LayoutName.SPEAKER, Cast(("sam",)))
BOTH = arrange(None, Cast(("sam",)))
RED, BLUE = (90, 100, 220), (60, 220, 100)
LEFT = 0.03
"""Seconds to compose, encode and look at its last picture."""


@pytest.mark.parametrize(
    ("pictures", "shares"), [(25, [0.25, 0.5, 0.75, 1.0]), (30, [0.2, 0.4, 0.6, 0.8, 1.0])]
)
def test_a_dissolve_leaves_some_of_200_ms_for_what_follows(pictures: int, shares: list[float]) -> None:
    rhythm = Rhythm(pictures)
    switch = Switch(rhythm)
    assert switch.turn(1, CHAMBER, "dissolve") == Step(CHAMBER)
    steps = [switch.turn(1, BOTH, "dissolve") for _ in range(len(shares) + 1)]
    assert len(shares) * rhythm.period <= 0.2 - LEFT
    assert [step.share for step in steps] == [*shares, 1.0]
    assert [step.before for step in steps] == [CHAMBER] * (len(shares) - 1) + [None] * 2
    assert {step.scene for step in steps} == {BOTH}


def test_a_cut_is_there_at_once() -> None:
    switch = Switch()
    switch.turn(1, CHAMBER, "cut")
    assert switch.turn(1, BOTH, "cut") == Step(BOTH)


def test_a_change_during_a_dissolve_cuts_to_the_newest() -> None:
    switch = Switch()
    switch.turn(1, CHAMBER, "dissolve")
    switch.turn(1, BOTH, "dissolve")
    assert switch.turn(1, SPEAKER, "dissolve") == Step(SPEAKER)
    assert switch.turn(1, CHAMBER, "dissolve").before == SPEAKER


def test_nothing_dissolves_across_a_change_of_the_gate() -> None:
    for ticks_of_dissolve in range(Switch().steps):
        switch = Switch()
        switch.turn(1, CHAMBER, "dissolve")
        for _ in range(ticks_of_dissolve):
            switch.turn(1, BOTH, "dissolve")
        assert switch.turn(3, BOTH, "dissolve") == Step(BOTH)
        assert switch.turn(5, SPEAKER, "dissolve") == Step(SPEAKER)


def test_a_dissolve_mixes_the_pictures_of_this_very_tick() -> None:
    vision = Vision(Slates("C", "#1d4e6b"))
    first = {"chamber": blank(1280, 720, (16, 128, 128)), "sam": blank(1280, 720, (216, 128, 128))}
    later = {"chamber": blank(1280, 720, (116, 128, 128)), "sam": blank(1280, 720, (216, 128, 128))}
    for pictures, luma in ((first, 66), (later, 141)):
        frame = vision.show(Step(SPEAKER, CHAMBER, 0.25), pictures, {})
        assert abs(int(planes(frame)[0][360, 640]) - luma) <= 1


def test_a_source_that_left_is_cut_away_from() -> None:
    vision = Vision(Slates("C", "#1d4e6b"))
    pictures = {"chamber": None, "sam": blank(1280, 720, BLUE)}
    frame = vision.show(Step(SPEAKER, CHAMBER, 0.25), pictures, {})
    assert [int(np.unique(plane)[0]) for plane in planes(frame)] == list(BLUE)
