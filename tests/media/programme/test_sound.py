import numpy as np
from numpy.typing import NDArray

from media.programme.sound import CEILING, Limiter, Mixer
from media.sources.sound_buffer import RATE, Sound
from tests.media.studio.listening import tone_dbfs

BLOCK = 960


def sine(hertz: float, peak: float, number: int) -> Sound:
    at = np.arange(number * BLOCK, (number + 1) * BLOCK)
    wave = peak * np.sin(2 * np.pi * hertz * at / RATE)
    return np.repeat(wave.astype(np.float32)[:, None], 2, axis=1)


def run(mixer: Mixer, on_air: set[str], blocks: int = 100) -> dict[str, NDArray[np.float32]]:
    out: dict[str, list[Sound]] = {"programme": [], "sam": [], "lee": [], "kim": []}
    for number in range(blocks):
        speakers = {
            "sam": sine(1500, 0.2, number),
            "lee": sine(2500, 0.2, number),
            "kim": sine(3500, 0.2, number),
        }
        mix = mixer.mix(sine(500, 0.2, number), speakers, on_air)
        out["programme"].append(mix.programme)
        for name, sound in mix.returns.items():
            out[name].append(sound)
    return {name: np.concatenate(blocks)[RATE // 10 :, 0] for name, blocks in out.items()}


def test_the_programme_is_the_chamber_and_who_is_on_air() -> None:
    programme = run(Mixer(), {"sam", "lee"})["programme"]
    for hertz in (500, 1500, 2500):
        assert abs(tone_dbfs(programme, hertz) - -14) < 0.5
    assert tone_dbfs(programme, 3500) < -100


def test_nobody_hears_themself_and_everybody_hears_the_rest() -> None:
    heard = run(Mixer(), {"sam", "lee"})
    assert tone_dbfs(heard["sam"], 1500) < tone_dbfs(heard["sam"], 2500) - 80
    assert tone_dbfs(heard["lee"], 2500) < tone_dbfs(heard["lee"], 1500) - 80
    for hertz in (500, 1500, 2500):
        assert tone_dbfs(heard["kim"], hertz) > -15
    assert tone_dbfs(heard["kim"], 3500) < -100


def test_what_stays_below_the_ceiling_passes_bit_for_bit() -> None:
    sound = sine(1000, CEILING, 0)
    assert np.array_equal(Limiter().limit(sound), sound)


def test_too_much_is_turned_down_at_once_and_let_go_slowly() -> None:
    limiter = Limiter()
    loud = [limiter.limit(sine(1000, 3.0, number)) for number in range(5)]
    assert max(float(np.abs(block).max()) for block in loud) <= CEILING + 1e-4
    levels = [float(np.abs(limiter.limit(sine(1000, 0.5, number))).max()) for number in range(100)]
    assert levels == sorted(levels)
    assert levels[0] < 0.25
    assert levels[-1] == np.float32(0.5) or abs(levels[-1] - 0.5) < 1e-3


def test_going_on_and_off_air_does_not_click() -> None:
    mixer = Mixer()
    steady = {"sam": np.full((BLOCK, 2), 0.5, np.float32)}
    chamber = np.zeros((BLOCK, 2), np.float32)
    on_air = [set[str](), {"sam"}, {"sam"}, set[str](), set[str]()]
    blocks = [mixer.mix(chamber, steady, who).programme[:, 0] for who in on_air]
    whole = np.concatenate(blocks)
    assert np.abs(np.diff(whole)).max() < 0.001
    assert whole[BLOCK * 2] == 0.5
    assert not blocks[-1].any()
