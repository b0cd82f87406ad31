import pytest

from media.sources.pace import JUMP, LONGEST_HOLD, WINDOW, Pace

STEP = 0.04


def follow(pace: Pace, transits: list[float], at: float = 0.0) -> list[float]:
    """What each piece waits for beyond its capture when it is due; stamps begin at ``at``."""
    delays = []
    for number, transit in enumerate(transits):
        stamp = at + number * STEP
        pace.arrived(stamp + transit, stamp)
        delays.append(pace.due(stamp) - stamp)
    return delays


def test_even_arrivals_are_due_at_once() -> None:
    assert follow(Pace(), [0.1] * 50) == pytest.approx([0.1] * 50)


def test_bursts_are_spread_evenly_by_what_the_last_of_them_waited() -> None:
    """Sound in packages of a fifth of a second: the first of each waited for the last."""
    package = [0.26, 0.22, 0.18, 0.14, 0.10]
    assert follow(Pace(), package * 30)[5:] == pytest.approx([0.26] * 145)


def test_an_early_backlog_is_forgotten_after_two_windows() -> None:
    windows = int(2 * WINDOW / STEP) + 10
    delays = follow(Pace(), [0.4, 0.3, 0.2] + [0.1] * windows)
    assert delays[3] == pytest.approx(0.4)
    assert delays[-1] == pytest.approx(0.1)


def test_nothing_is_held_longer_than_the_bound() -> None:
    delays = follow(Pace(), [0.1] * 10 + [1.5] + [0.1] * 10)
    assert max(delays) == pytest.approx(0.1 + LONGEST_HOLD)


@pytest.mark.parametrize("jump", [-3600.0, -JUMP - 0.1, JUMP + 0.1, 3600.0])
def test_a_jump_is_a_new_beginning(jump: float) -> None:
    pace = Pace()
    follow(pace, [0.1] * 20)
    assert follow(pace, [jump + 0.1] * 5, at=1.0) == pytest.approx([jump + 0.1] * 5)


def test_a_slow_clock_is_followed() -> None:
    """A thousandth slow makes 0.6 s in ten minutes, and the wait stays small."""
    delays = follow(Pace(), [number * STEP / 1000 for number in range(15_000)])
    assert delays[-1] - 0.6 == pytest.approx(0.0, abs=0.01)


def test_nothing_is_due_before_anything_arrived() -> None:
    with pytest.raises(ValueError, match="nothing"):
        Pace().due(0.0)


def test_beginnings_are_counted() -> None:
    pace = Pace()
    follow(pace, [0.1] * 20)
    assert pace.beginnings == 1
    follow(pace, [1000.0])
    assert pace.beginnings == 2


def test_a_latecomer_does_not_move_the_time_of_capture() -> None:
    pace = Pace()
    follow(pace, [0.1] * 20 + [0.4] + [0.1] * 20)
    assert pace.due(5.0) == pytest.approx(5.4)
    assert pace.captured(5.0) == pytest.approx(5.1)
