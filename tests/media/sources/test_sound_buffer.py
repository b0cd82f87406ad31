import numpy as np

from media.sources.sound_buffer import LIMIT, PATIENCE, TARGET, Sound, SoundBuffer

BLOCK = 960


def flat(samples: int = BLOCK, value: float = 0.5) -> Sound:
    return np.full((samples, 2), value, np.float32)


def test_it_gathers_before_it_plays_and_fades_in() -> None:
    buffer = SoundBuffer()
    buffer.put(flat(TARGET - 1))
    assert not buffer.take(BLOCK).any()
    buffer.put(flat(1))
    block = buffer.take(BLOCK)
    assert block[0, 0] == 0
    assert np.abs(np.diff(block[:, 0])).max() < 0.01
    assert block[-1, 0] == 0.5


def test_running_dry_fades_out_and_gathers_again() -> None:
    buffer = SoundBuffer()
    buffer.put(flat(TARGET + 300))
    blocks = [buffer.take(BLOCK) for _ in range(TARGET // BLOCK + 2)]
    whole = np.concatenate(blocks)[:, 0]
    assert np.abs(np.diff(whole)).max() < 0.01
    assert whole[-1] == 0
    buffer.put(flat())
    assert not buffer.take(BLOCK).any()


def test_a_flood_keeps_the_newest() -> None:
    buffer = SoundBuffer()
    for number in range(100):
        buffer.put(flat(value=number / 100))
        assert buffer.held <= LIMIT
    assert buffer.held >= TARGET
    last = np.concatenate([buffer.take(BLOCK) for _ in range(buffer.held // BLOCK)])[-1, 0]
    assert last == np.float32(0.99)


def test_a_surplus_that_lies_unused_is_given_back() -> None:
    buffer = SoundBuffer()
    buffer.put(flat(TARGET * 4))
    for _ in range(PATIENCE // BLOCK + 2):
        buffer.take(BLOCK)
        buffer.put(flat())
    assert buffer.held <= TARGET + BLOCK


def test_what_goes_in_comes_out_in_order() -> None:
    buffer = SoundBuffer()
    rising = np.repeat(np.arange(20_000, dtype=np.float32)[:, None], 2, axis=1)
    for begin in range(0, 20_000, 777):
        buffer.put(rising[begin : begin + 777])
    out = np.concatenate([buffer.take(BLOCK) for _ in range(20)])
    assert np.array_equal(out[240:, 0], rising[240 : 20 * BLOCK, 0])
