import pytest

from media.rhythm import DEFAULT
from media.sources.playhead import MOST_DELAY, SECONDS_REMEMBERED, SPARE, Correction, Delay
from media.sources.stretch import MOST

SOUND_MARGIN = DEFAULT.period + SPARE
PICTURE_MARGIN = DEFAULT.period / 2 + SPARE
BLOCK = 960


def feed(delay: Delay, begin: float, seconds: float, late: float, *, pictures: bool = False) -> float:
    for number in range(round(seconds * 50)):
        if pictures:
            delay.picture_came(begin + number / 50, late)
        else:
            delay.sound_came(begin + number / 50, late)
    return begin + seconds


def test_sound_is_played_as_soon_as_all_of_a_tick_can_be_there() -> None:
    delay = Delay()
    assert delay.seconds == SOUND_MARGIN
    feed(delay, 0.0, 3.0, 0.03)
    assert delay.seconds == 0.03 + SOUND_MARGIN


def test_a_faster_programme_waits_for_less() -> None:
    delay = Delay(1 / 30)
    feed(delay, 0.0, 3.0, 0.03)
    assert delay.seconds == pytest.approx(0.03 + 1 / 30 + SPARE)


def test_sound_that_is_always_late_is_waited_for() -> None:
    delay = Delay()
    now = feed(delay, 0.0, 5.0, 0.03)
    feed(delay, now, 5.0, 0.2)
    assert delay.seconds == 0.2 + SOUND_MARGIN


def test_one_stall_is_no_reason_to_be_late_from_then_on() -> None:
    delay = Delay()
    now = feed(delay, 0.0, 5.0, 0.03)
    now = feed(delay, now, 0.5, 0.6)
    feed(delay, now, 5.0, 0.03)
    assert delay.seconds == 0.03 + SOUND_MARGIN


def test_stalls_that_come_again_are_allowed_for_and_then_forgotten() -> None:
    delay = Delay()
    now = 0.0
    for _ in range(5):
        now = feed(delay, feed(delay, now, 2.0, 0.03), 0.1, 0.25)
    assert delay.seconds == 0.25 + SOUND_MARGIN
    feed(delay, now, SECONDS_REMEMBERED + 3.0, 0.03)
    assert delay.seconds == 0.03 + SOUND_MARGIN


def test_pictures_that_take_longer_hold_the_sound_back() -> None:
    delay = Delay()
    feed(delay, 0.0, 3.0, 0.03)
    feed(delay, 0.0, 5.0, 0.15, pictures=True)
    assert delay.seconds == 0.15 + PICTURE_MARGIN


def test_nothing_is_held_back_without_bound() -> None:
    delay = Delay()
    feed(delay, 0.0, 5.0, 9.0)
    assert delay.seconds == MOST_DELAY


def test_a_ticker_that_is_late_by_chance_is_not_heard() -> None:
    correction = Correction()
    stretched = [correction.samples(0.005 * (-1) ** number, BLOCK) for number in range(1000)]
    assert sum(map(abs, stretched)) <= 1


def test_an_error_goes_away_in_small_steps() -> None:
    correction, error = Correction(), 0.04
    for _ in range(50 * 60):
        more = correction.samples(error, BLOCK)
        assert abs(more) <= MOST
        error += more / 48_000
    assert abs(error) < 0.002
