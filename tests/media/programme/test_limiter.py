"""No clipping, no clicks, and no touch on what is not too loud."""

from itertools import pairwise

import numpy as np
import pytest

from media.programme.limiter import CEILING, DELAY, Limiter
from media.sources.sound import RATE, Sound
from tests.media.programme.speech import blocks, noise, speech, stereo, tone


def run(limiter: Limiter, sound: Sound) -> Sound:
    return np.concatenate([limiter.limit(block) for block in blocks(sound)])


def test_what_stays_below_the_ceiling_passes_bit_for_bit_five_milliseconds_late() -> None:
    sound = tone(1, 1000, CEILING * 0.999)
    out = run(Limiter(), sound)
    assert np.array_equal(out[DELAY:], sound[:-DELAY])
    assert DELAY == RATE * 5 // 1000


@pytest.mark.parametrize(
    "sound",
    [
        sum(speech(10, -12, seed) for seed in range(6)),
        tone(5, 440, 4.0),
        noise(5, 3),
        stereo(np.where(np.arange(RATE * 2) % 7001 == 0, 3.0, 0.1)),
    ],
    ids=["six at once", "tone", "noise", "clicks"],
)
def test_a_hot_sum_is_held_without_clipping(sound: Sound) -> None:
    out = run(Limiter(), sound)
    assert np.abs(sound).max() > 1.0
    assert np.abs(out).max() <= CEILING + 1e-5


def test_the_gain_never_jumps() -> None:
    """A burst in a steady tone: seen through the gain, which is output by input."""
    sound = tone(2, 1000, 0.4)
    sound[RATE : RATE + RATE // 5] *= 6
    out = run(Limiter(), sound)[DELAY:]
    given = sound[:-DELAY]
    steady = np.abs(given[:, 0]) > 0.1
    gain = out[steady, 0] / given[steady, 0]
    assert gain.min() == pytest.approx(CEILING / 2.4, abs=0.01)
    assert np.abs(np.diff(gain)).max() < 0.03


def test_it_hardly_distorts() -> None:
    """A tone that is 12 dB too loud comes out as a tone: nothing but the tone above -55 dB of it."""
    out = run(Limiter(), tone(3, 1000, 3.6))[RATE * 2 :, 0]
    spectrum = np.abs(np.fft.rfft(out * np.hanning(len(out))))
    peak = int(spectrum.argmax())
    spectrum[peak - 5 : peak + 6] = 0
    assert 20 * np.log10(spectrum.max() / np.abs(np.fft.rfft(out * np.hanning(len(out)))).max()) < -55


def test_it_lets_go_slowly_and_wholly() -> None:
    limiter = Limiter()
    run(limiter, tone(0.5, 1000, 3.0))
    assert limiter.turned_down
    levels = [float(np.abs(limiter.limit(block)).max()) for block in blocks(tone(5, 1000, 0.5))][1:]
    assert all(later >= earlier - 1e-6 for earlier, later in pairwise(levels))
    assert levels[0] < 0.25
    assert not limiter.turned_down


def test_nothing_of_before_a_reset_comes_out_after_it() -> None:
    limiter = Limiter()
    run(limiter, tone(0.5, 1000, 3.0))
    limiter.reset()
    assert not limiter.limit(np.zeros((960, 2), np.float32)).any()
