import numpy as np
import pytest

from media.sources.sound import RATE, Sound
from media.sources.sound_buffer import FADE, LIMIT, SoundBuffer
from media.sources.stretch import MOST, REACH, stretch
from tests.media.studio.listening import tone_dbfs

BLOCK = 960
AT = 500.0


def flat(samples: int = BLOCK, value: float = 0.5) -> Sound:
    return np.full((samples, 2), value, np.float32)


def sine(begin: int, samples: int, hertz: float = 1000.0) -> Sound:
    wave = 0.5 * np.sin(2 * np.pi * hertz * np.arange(begin, begin + samples) / RATE)
    return np.repeat(wave.astype(np.float32)[:, None], 2, axis=1)


def filled(blocks: int, value: float = 0.5) -> SoundBuffer:
    buffer = SoundBuffer()
    for number in range(blocks):
        buffer.put(flat(value=value), AT + number * BLOCK / RATE)
    return buffer


def steepest(sound: Sound) -> float:
    return float(np.abs(np.diff(sound[:, 0])).max())


def test_it_starts_where_it_is_told_when_there_is_enough_and_fades_in() -> None:
    buffer = filled(3)
    assert not buffer.start(AT - 0.001, BLOCK)
    assert not buffer.start(AT + 0.03, 2 * BLOCK)
    assert not buffer.take(BLOCK).any()
    assert buffer.start(AT + 0.01, BLOCK)
    assert buffer.position == pytest.approx(AT + 0.01)
    block = buffer.take(BLOCK)
    assert block[0, 0] == 0
    assert steepest(block) < 0.01
    assert block[-1, 0] == 0.5
    assert buffer.position == pytest.approx(AT + 0.03)


def test_running_dry_fades_out_at_the_very_end_of_a_block_too() -> None:
    for rest in (0, 100, 500):
        buffer = filled(2)
        buffer.put(flat(rest), AT + 0.04)
        assert buffer.start(AT, BLOCK)
        whole = np.concatenate([buffer.take(BLOCK) for _ in range(4)])
        assert steepest(whole) < 0.01
        assert whole[-1, 0] == 0
        assert not buffer.playing


def test_a_pause_and_a_jump_are_soft() -> None:
    buffer = filled(20)
    assert buffer.start(AT, BLOCK)
    whole = [buffer.take(BLOCK)]
    buffer.jump(AT + 0.1)
    whole.append(buffer.take(BLOCK))
    assert buffer.position == pytest.approx(AT + 0.12)
    buffer.pause()
    whole += [buffer.take(BLOCK), buffer.take(BLOCK)]
    assert steepest(np.concatenate(whole)) < 0.01
    assert not whole[-1].any()
    assert buffer.position == pytest.approx(AT + 0.12)


def test_a_flood_keeps_the_newest() -> None:
    buffer = filled(200)
    assert LIMIT // 2 <= buffer.held <= LIMIT
    assert buffer.end == pytest.approx(AT + 4.0)


def test_a_gap_becomes_silence_between_soft_ends() -> None:
    buffer = filled(2)
    buffer.put(flat(), AT + 0.1)
    assert buffer.held == round(0.12 * RATE)
    assert buffer.start(AT, BLOCK)
    whole = np.concatenate([buffer.take(BLOCK) for _ in range(6)])
    assert steepest(whole) < 0.01
    assert not whole[2 * BLOCK : 5 * BLOCK].any()
    assert whole[5 * BLOCK + FADE, 0] == 0.5


def test_what_comes_twice_is_left_out() -> None:
    buffer = filled(4)
    buffer.put(flat(4 * BLOCK), AT + 0.02)
    assert buffer.held == 5 * BLOCK


def test_a_burst_without_stamps_is_kept_whole() -> None:
    buffer = SoundBuffer()
    for _ in range(6):
        buffer.put(flat(), AT, stamped=False)
    assert buffer.held == 6 * BLOCK


@pytest.mark.parametrize("jump", [-3600.0, 3600.0])
def test_stamps_that_jump_begin_anew(jump: float) -> None:
    buffer = filled(4)
    buffer.put(flat(), AT + jump)
    assert buffer.held == BLOCK
    assert buffer.position == pytest.approx(AT + jump)


def test_jitter_of_stamps_is_not_heard_and_drift_is_followed() -> None:
    buffer = SoundBuffer()
    assert len(buffer.take(BLOCK))
    for number in range(500):
        stamp = AT + number * BLOCK / RATE * 1.0002 + (0.002 if number % 2 else -0.002)
        buffer.put(sine(number * BLOCK, BLOCK), stamp)
        if number == 4:
            assert buffer.start(AT + 0.01, BLOCK)
        if number >= 4:
            block = buffer.take(BLOCK)
            assert number < 6 or block.any()
    assert buffer.end == pytest.approx(AT + 10.002, abs=0.001)


@pytest.mark.parametrize("more", [number for number in range(-MOST, MOST + 1) if number])
def test_a_stretched_tone_is_clean(more: int) -> None:
    """Stretched blocks make one tone, a little higher or lower, with nothing else in it."""
    buffer = SoundBuffer()
    for number in range(50):
        buffer.put(sine(number * BLOCK, BLOCK), AT + number * BLOCK / RATE)
    assert buffer.start(AT, BLOCK)
    whole = np.concatenate([buffer.take(BLOCK, more) for _ in range(40)])[BLOCK:]
    hertz = 1000.0 * (BLOCK + more) / BLOCK
    assert tone_dbfs(whole[:, 0], hertz) == pytest.approx(-6.02, abs=0.05)
    at = np.arange(len(whole))
    basis = np.stack([np.sin(2 * np.pi * hertz * at / RATE), np.cos(2 * np.pi * hertz * at / RATE)], axis=1)
    fit, *_ = np.linalg.lstsq(basis, whole[:, 0], rcond=None)
    noise = whole[:, 0] - basis @ fit
    assert 20 * np.log10(np.abs(noise).max()) < -60


def test_nothing_stretched_is_the_same() -> None:
    sound = sine(0, BLOCK + 2 * REACH)
    assert np.abs(stretch(sound, BLOCK) - sound[REACH:-REACH]).max() < 1e-6


def test_what_goes_in_comes_out_in_order() -> None:
    buffer = SoundBuffer()
    rising = np.repeat(np.arange(20_000, dtype=np.float32)[:, None], 2, axis=1)
    for begin in range(0, 20_000, 777):
        buffer.put(rising[begin : begin + 777], AT + begin / RATE)
    assert buffer.start(AT, BLOCK)
    out = np.concatenate([buffer.take(BLOCK) for _ in range(20)])
    assert np.array_equal(out[FADE:, 0], rising[FADE : 20 * BLOCK, 0])
