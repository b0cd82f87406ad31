"""When a machine counts as too busy."""

import pytest

from media.studio.pace import Pace


def after(*shares: float) -> bool:
    """Ten seconds of 25 pictures each with such a share left out, spread evenly."""
    pace = Pace(0.04)
    for share in shares:
        for number in range(250):
            pace.put(left_out=int((number + 1) * share) > int(number * share))
    return pace.too_busy


@pytest.mark.parametrize(
    ("shares", "busy"),
    [
        ((0.0,), False),
        ((0.2,), False),
        ((0.3,), True),
        ((0.3, 0.1), True),
        ((0.3, 0.0), False),
        ((0.1, 0.1), False),
    ],
)
def test_it_begins_with_a_fifth_and_ends_below_a_twentieth(shares: tuple[float, ...], busy: bool) -> None:
    assert after(*shares) is busy


def test_a_hiccup_is_none() -> None:
    pace = Pace(0.04)
    for _ in range(40):
        pace.put(left_out=True)
    assert not pace.too_busy
