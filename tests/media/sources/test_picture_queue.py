import random
from itertools import pairwise

import pytest

from media.programme.picture import blank
from media.rhythm import DEFAULT
from media.sources.picture_queue import HOLD_SECONDS, MOST_PICTURES, PictureQueue
from media.sources.playhead import MOST_DELAY

TICK = DEFAULT.period


def show(rate: float, phase: float, jitter: float = 0.0, tick: float = TICK) -> tuple[list[int], list[float]]:
    """20 s at a rate: by how many pictures each tick went on, and how far each was off its moment."""
    queue = PictureQueue(tick)
    source = random.Random(3)
    frames = [blank(16, 16) for _ in range(round(20 * rate))]
    times = [phase + number / rate for number in range(len(frames))]
    numbers = {id(frame): number for number, frame in enumerate(frames)}
    shown, errors, given = [], [], 0
    for number in range(round(19.6 / tick)):
        position = number * tick
        while given < len(frames) and times[given] <= position + 0.2:
            queue.put(frames[given], times[given] + source.uniform(-jitter, jitter))
            given += 1
        if (frame := queue.at(position)) is not None:
            shown.append(numbers[id(frame)])
            errors.append(times[shown[-1]] - position)
    return [after - before for before, after in pairwise(shown)], errors


@pytest.mark.parametrize("phase", [0.0, 0.01, 0.02, 0.03])
def test_25_a_second_go_one_by_one_whatever_their_phase(phase: float) -> None:
    steps, errors = show(25.0, phase, jitter=0.003)
    assert steps.count(1) >= len(steps) - 1
    assert max(map(abs, errors)) < 0.03


@pytest.mark.parametrize(("rate", "steps"), [(15.0, {0, 1}), (30.0, {1, 2}), (50.0, {2}), (24.0, {0, 1})])
def test_other_rates_go_as_evenly_as_they_can(rate: float, steps: set[int]) -> None:
    taken, errors = show(rate, 0.004)
    assert set(taken) == steps
    assert max(errors) < 0.03
    assert min(errors) > -1 / rate


@pytest.mark.parametrize("phase", [number / 400 for number in range(0, 27, 2)])
@pytest.mark.parametrize(
    ("rate", "pictures", "pattern"),
    [
        (15, 30, [0, 1]),
        (25, 25, [1]),
        (30, 30, [1]),
        (50, 25, [2]),
        (60, 30, [2]),
        (12.5, 25, [0, 1]),
        (10, 30, [0, 0, 1]),
    ],
)
def test_a_fraction_or_multiple_of_the_rate_has_one_pattern_at_any_phase(
    rate: float, pictures: int, pattern: list[int], phase: float
) -> None:
    steps, errors = show(rate, phase, jitter=0.0025, tick=1 / pictures)
    steps = steps[pictures:]
    begun = steps.index(pattern[-1]) + 1
    whole = (pattern * len(steps))[: len(steps) - begun]
    assert steps[begun:] == whole
    assert max(map(abs, errors)) < 1 / min(rate, pictures)


@pytest.mark.parametrize(
    ("rate", "pictures", "odd", "every"), [(25, 30, 0, 6), (30, 25, 2, 5), (24, 25, 0, 25)]
)
def test_near_rates_have_their_odd_step_at_even_distances(
    rate: int, pictures: int, odd: int, every: int
) -> None:
    for phase in (0.0, 0.007, 0.013, 0.02, 0.029):
        steps, _ = show(rate, phase, tick=1 / pictures)
        assert set(steps[1:]) <= {1, odd}
        at = [number for number, step in enumerate(steps) if step == odd and number > pictures]
        assert {later - before for before, later in pairwise(at)} == {every}


def test_a_picture_is_held_and_then_gone() -> None:
    queue = PictureQueue()
    frame = blank(16, 16)
    queue.put(frame, 5.0)
    assert queue.at(4.9) is None
    assert queue.at(5.0) is frame
    assert queue.at(5.0 + HOLD_SECONDS) is frame
    assert queue.at(5.01 + HOLD_SECONDS) is None


def test_it_is_bounded_and_the_newest_wins() -> None:
    queue = PictureQueue()
    frames = [blank(16, 16) for _ in range(MOST_PICTURES + 5)]
    for number, frame in enumerate(frames):
        queue.put(frame, number * TICK)
    assert queue.at(4 * TICK) is None
    assert queue.at(5 * TICK) is frames[5]
    assert queue.at(100.0) is None
    assert queue.newest is frames[-1]


def test_fifty_a_second_wait_for_sound_that_is_as_late_as_may_be() -> None:
    queue = PictureQueue()
    frames = [blank(16, 16) for _ in range(200)]
    given, shown = 0, []
    for tick in range(75):
        position = tick * TICK
        while given < len(frames) and given / 50 <= position + MOST_DELAY:
            queue.put(frames[given], given / 50)
            given += 1
        shown.append(queue.at(position))
    assert shown == frames[1:150:2]


def test_stamps_that_jump_back_replace_what_waits() -> None:
    queue = PictureQueue()
    frames = [blank(16, 16) for _ in range(3)]
    queue.put(frames[0], 5.0)
    queue.put(frames[1], 6.0)
    queue.put(frames[2], 5.04)
    assert queue.at(5.0) is frames[0]
    assert queue.at(5.04) is frames[2]


def test_asking_again_changes_nothing() -> None:
    queue = PictureQueue()
    frames = [blank(16, 16) for _ in range(10)]
    for number, frame in enumerate(frames):
        queue.put(frame, number * TICK + 0.021)
    for tick in range(9):
        first = queue.at(tick * TICK)
        assert all(queue.at(tick * TICK) is first for _ in range(5))
