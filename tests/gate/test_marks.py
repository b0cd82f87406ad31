"""What the search hears: the shortest piece of a private tone, and no click."""

import numpy as np
import pytest

from tests.gate.marks import RATE, TONES, Mark, Sound, listen

BLOCK = 960
AT = np.arange(BLOCK) / RATE


def tone(mark: Mark, amplitude: float, begin: int = 0, end: int = BLOCK) -> Sound:
    sound = amplitude * np.sin(2 * np.pi * TONES[mark] * AT)
    sound[:begin] = sound[end:] = 0.0
    return sound


def click(amplitude: float, at: int) -> Sound:
    """What a decoder made that had missed three seconds: a step that dies away."""
    sound = np.zeros(BLOCK)
    sound[at:] = amplitude * np.exp(-np.arange(BLOCK - at) / 150)
    return sound


@pytest.mark.parametrize("mark", TONES)
def test_each_tone_is_heard_alone_and_in_company(mark: Mark) -> None:
    assert listen(tone(mark, 0.05)) == {mark}
    everything = sum((tone(one, 0.05) for one in TONES), np.zeros(BLOCK))
    assert listen(everything) == set(TONES)


@pytest.mark.parametrize("begin", [120, 300, 480, 600])
def test_five_milliseconds_of_a_private_word_are_heard(begin: int) -> None:
    room = tone(Mark.ROOM, 0.1)
    assert Mark.PRIVATE in listen(room + tone(Mark.PRIVATE, 0.15, begin, begin + 240))


@pytest.mark.parametrize("amplitude", [0.1, 0.4, 0.9])
@pytest.mark.parametrize("at", [200, 480, 700])
def test_a_click_is_no_word(amplitude: float, at: int) -> None:
    assert listen(click(amplitude, at)) == frozenset()
    assert listen(click(amplitude, at) + tone(Mark.ROOM, 0.1)) <= {Mark.ROOM}
