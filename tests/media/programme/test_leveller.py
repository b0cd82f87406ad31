"""Everybody is brought to the same loudness; nothing else is touched."""

import numpy as np
import pytest

from media.programme.leveller import MOST_GAIN, TARGET, Leveller
from media.programme.loudness import integrated
from media.sources.sound import RATE, Sound
from tests.media.programme.speech import blocks, noise, speech, tone


def run(leveller: Leveller, sound: Sound) -> Sound:
    return np.concatenate([leveller.level(block) for block in blocks(sound)])


@pytest.mark.parametrize("lufs", [-40.0, -23.0, -9.0])
@pytest.mark.parametrize(("seed", "pause"), [(1, 0.6), (2, 0.3), (3, 4.0)], ids=["talk", "dense", "bursty"])
def test_a_minute_of_speech_comes_out_at_the_target(lufs: float, seed: int, pause: float) -> None:
    minute = speech(60, lufs, seed, pause)
    assert integrated(run(Leveller(), minute)) == pytest.approx(TARGET, abs=1.0)


@pytest.mark.parametrize("lufs", [-40.0, -12.0])
def test_the_room_behind_the_speech_does_not_mislead_it(lufs: float) -> None:
    minute = speech(60, lufs, 4) + noise(60, lufs - 15, 5)
    assert integrated(run(Leveller(), minute)) == pytest.approx(TARGET, abs=1.0)


def test_a_speaker_who_moves_away_is_followed() -> None:
    leveller = Leveller()
    run(leveller, speech(40, -18, 6))
    assert integrated(run(leveller, speech(60, -32, 7))[20 * RATE :]) == pytest.approx(TARGET, abs=1.0)


@pytest.mark.parametrize("lufs", [-65.0, -50.0, -42.0, -30.0])
def test_a_noise_floor_is_not_pumped_up(lufs: float) -> None:
    leveller = Leveller()
    sound = noise(60, lufs)
    assert np.array_equal(run(leveller, sound), sound)


def test_the_gain_freezes_in_silence() -> None:
    leveller = Leveller()
    run(leveller, speech(30, -38, 8))
    gain = leveller.gain
    assert gain > 12
    out = run(leveller, noise(120, -60, 9))
    assert leveller.gain == pytest.approx(gain, abs=0.5)
    assert integrated(out) == pytest.approx(-60 + gain, abs=1.0)


def test_nobody_is_gated_out() -> None:
    faint = speech(30, -66, 10)
    out = run(Leveller(), faint)
    assert np.abs(out).max() >= np.abs(faint).max()
    assert all(np.abs(a).max() > 0 for a in blocks(out) if np.abs(a).size and a.any())


def test_the_gain_is_bounded_and_never_jumps() -> None:
    leveller = Leveller()
    before, steps = 0.0, []
    for block in blocks(speech(60, -55, 11)):
        leveller.level(block)
        steps.append(abs(leveller.gain - before))
        before = leveller.gain
    assert leveller.gain == pytest.approx(MOST_GAIN, abs=0.3)
    assert max(steps) <= 0.2 + 1e-9


def test_a_steady_tone_stays_as_it_is_unless_it_is_far_too_loud() -> None:
    assert np.array_equal(run(Leveller(), tone(20, 440, 0.2)), tone(20, 440, 0.2))
    assert integrated(run(Leveller(), tone(30, 440, 0.9))[20 * RATE :]) == pytest.approx(TARGET, abs=1.0)
