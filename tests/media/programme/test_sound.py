import numpy as np
from numpy.typing import NDArray

from media.programme.limiter import CEILING, DELAY
from media.programme.loudness import integrated
from media.programme.sound import Mixer
from media.sources.sound import RATE, Sound
from tests.media.programme.speech import blocks, noise, speech, tone
from tests.media.studio.listening import tone_dbfs

BLOCK = 960


def sine(hertz: float, peak: float, number: int) -> Sound:
    at = np.arange(number * BLOCK, (number + 1) * BLOCK)
    wave = peak * np.sin(2 * np.pi * hertz * at / RATE)
    return np.repeat(wave.astype(np.float32)[:, None], 2, axis=1)


def run(mixer: Mixer, on_air: set[str], count: int = 100) -> dict[str, NDArray[np.float32]]:
    out: dict[str, list[Sound]] = {"programme": [], "sam": [], "lee": [], "kim": []}
    for number in range(count):
        speakers = {
            "sam": sine(1500, 0.2, number),
            "lee": sine(2500, 0.2, number),
            "kim": sine(3500, 0.2, number),
        }
        mix = mixer.mix(sine(500, 0.2, number), speakers, on_air)
        out["programme"].append(mix.programme)
        for name, sound in mix.returns.items():
            out[name].append(sound)
    return {name: np.concatenate(parts)[RATE // 10 :, 0] for name, parts in out.items()}


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


def test_going_on_and_off_air_does_not_click() -> None:
    mixer = Mixer()
    steady = {"sam": np.full((BLOCK, 2), 0.5, np.float32)}
    chamber = np.zeros((BLOCK, 2), np.float32)
    on_air = [set[str](), {"sam"}, {"sam"}, set[str](), set[str]()]
    whole = np.concatenate([mixer.mix(chamber, steady, who).programme[:, 0] for who in on_air])
    assert np.abs(np.diff(whole)).max() < 0.001
    assert whole[BLOCK * 2 + DELAY] == 0.5
    assert not whole[BLOCK * 4 + DELAY :].any()


def test_four_voices_of_unlike_loudness_are_levelled_and_nobody_hears_themself() -> None:
    """Half a minute of speech each, -38 to -12 LUFS: what was added to the sum is what is left out of it."""
    names = {"sam": -38.0, "lee": -12.0, "kim": -30.0}
    voices = {name: speech(30, lufs, number) for number, (name, lufs) in enumerate(names.items())}
    cut = {name: blocks(voice) for name, voice in voices.items()}
    chamber = blocks(speech(30, -20, 9))
    mixer, alone = Mixer(), Mixer()
    minus, without = [], []
    for number, block in enumerate(chamber):
        speakers = {name: cut[name][number] for name in names}
        minus.append(mixer.mix(block, speakers, names).returns["sam"])
        others = {name: sound for name, sound in speakers.items() if name != "sam"}
        without.append(alone.mix(block, others, ["lee", "kim"]).programme)
    heard, wanted = np.concatenate(minus), np.concatenate(without)
    own = integrated(heard - wanted)
    assert own < integrated(heard) - 40
    assert integrated(heard) > -23


def test_a_hot_sum_of_everybody_does_not_clip() -> None:
    sounds = [blocks(np.clip(speech(8, -8, seed), -1, 1)) for seed in range(7)]
    mixer = Mixer()
    loudest = 0.0
    for number, chamber in enumerate(sounds[0]):
        speakers = {f"s{seed}": sounds[seed][number] for seed in range(1, 7)}
        mix = mixer.mix(chamber, speakers, speakers)
        loudest = max(loudest, *(float(np.abs(one).max()) for one in (mix.programme, *mix.returns.values())))
    assert CEILING * 0.5 < loudest <= CEILING + 1e-5


def test_an_interpreter_is_not_in_the_floor_and_hears_it() -> None:
    mixer = Mixer()
    floor, voice = blocks(tone(6, 440, 0.2)), blocks(tone(6, 880, 0.2))
    assert mixer.mix(floor[0], {}, []).interpreted is None
    mixes = [mixer.mix(one, {}, [], {"bob": two}) for one, two in zip(floor, voice, strict=True)]
    programme, back, interpreted = (
        np.concatenate(parts)[RATE * 2 :, 0]
        for parts in zip(
            *((mix.programme, mix.returns["bob"], mix.interpreted) for mix in mixes), strict=True
        )
        if parts[0] is not None
    )
    assert tone_dbfs(programme, 880) < -100
    assert np.array_equal(back, programme)
    assert tone_dbfs(interpreted, 880) > tone_dbfs(interpreted, 440) + 14.5
    after = [mixer.mix(one, {}, []) for one in floor]
    assert after[-1].interpreted is not None
    assert np.array_equal(after[-1].interpreted, after[-1].programme)


def test_levels_are_those_that_arrive_and_the_gain_is_told() -> None:
    mixer = Mixer()
    for chamber, voice in zip(blocks(noise(20, -40)), blocks(speech(20, -33)), strict=True):
        mixer.mix(chamber, {"sam": voice}, ["sam"])
    mixer.read()
    for chamber, voice in zip(blocks(noise(1, -40))[:5], blocks(tone(0.1, 997, 0.1)), strict=True):
        mixer.mix(chamber, {"sam": voice}, ["sam"])
    sources, programme, interpreted = mixer.read()
    told = {level.source: level for level in sources}
    assert abs(told["sam"].rms - -23) < 0.1
    assert abs(told["sam"].peak - -20) < 0.1
    assert abs(told["sam"].gain - 10) < 1.5
    assert told["chamber"].gain == 0
    assert programme.rms > -20
    assert interpreted is None


def test_a_mixer_that_was_reset_has_forgotten_every_sound() -> None:
    mixer = Mixer()
    for one, two in zip(blocks(tone(1, 440, 0.5)), blocks(tone(1, 880, 0.5)), strict=True):
        mixer.mix(one, {"sam": two}, ["sam"], {"bob": two})
    mixer.reset()
    silence = np.zeros((BLOCK, 2), np.float32)
    mix = mixer.mix(silence, {"sam": silence}, ["sam"], {"bob": silence})
    assert mix.interpreted is not None
    assert not any(sound.any() for sound in (mix.programme, mix.interpreted, *mix.returns.values()))
