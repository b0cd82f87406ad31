"""The interpreter is heard over the floor, and the floor alone when they are silent."""

import numpy as np
import pytest

from media.programme.interpretation import UNDER, Interpretation
from media.sources.sound import RATE, Sound
from tests.media.programme.speech import BLOCK, blocks, noise, tone
from tests.media.studio.listening import tone_dbfs

FLOOR = tone(10, 440, 0.2)


def run(interpretation: Interpretation, floor: Sound, voice: Sound | None) -> Sound:
    voices = blocks(voice) if voice is not None else [None] * (len(floor) // BLOCK)
    return np.concatenate(
        [interpretation.mix(block, own) for block, own in zip(blocks(floor), voices, strict=True)]
    )


def test_without_an_interpreter_it_is_the_floor() -> None:
    assert np.array_equal(run(Interpretation(), FLOOR, None), FLOOR)


def test_with_a_silent_interpreter_it_is_the_floor() -> None:
    assert np.array_equal(run(Interpretation(), FLOOR, noise(10, -60)), FLOOR)


def test_while_they_speak_the_floor_is_fifteen_decibels_down() -> None:
    out = run(Interpretation(), FLOOR, tone(10, 880, 0.2))[RATE:, 0]
    assert tone_dbfs(out, 880) == pytest.approx(-14, abs=0.1)
    assert tone_dbfs(out, 440) == pytest.approx(-14 - 15, abs=0.1)


def test_the_floor_comes_back_two_seconds_after_the_last_word() -> None:
    voice = tone(10, 880, 0.2)
    voice[RATE * 3 :] = 0
    out = run(Interpretation(), FLOOR, voice)
    assert tone_dbfs(out[round(RATE * 4.5) : round(RATE * 4.9), 0], 440) == pytest.approx(-29, abs=0.2)
    assert np.array_equal(out[RATE * 6 :], FLOOR[RATE * 6 :])


def test_the_start_of_a_word_is_not_lost() -> None:
    voice = np.zeros((RATE * 10, 2), np.float32)
    voice[RATE * 5 + 100 :] = tone(10, 880, 0.2)[: RATE * 5 - 100]
    out = run(Interpretation(), np.zeros_like(voice), voice)
    begins = int(np.flatnonzero(np.abs(out[:, 0]) > 1e-3)[0])
    assert begins - (RATE * 5 + 100) < BLOCK + 20


def test_the_floor_goes_down_and_comes_back_without_a_step() -> None:
    floor = np.full((RATE * 6, 2), 0.5, np.float32)
    voice = np.zeros((RATE * 6, 2), np.float32)
    voice[RATE : RATE * 2] = tone(1, 9000, 0.1)
    out = run(Interpretation(), floor, voice) - np.roll(voice, BLOCK, axis=0)
    assert out.min() == pytest.approx(0.5 * UNDER, abs=0.02)
    assert np.abs(np.diff(out[: RATE - BLOCK, 0])).max() < 1e-6
    around = np.concatenate(
        (out[RATE + 2 * BLOCK : RATE * 2], out[RATE * 2 + 2 * BLOCK : RATE * 3 + RATE // 2])
    )
    assert np.abs(np.diff(around[:, 0])).max() < 0.02
