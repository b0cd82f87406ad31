"""How often one address may be wrong."""

import pytest

from media.attempts import BURST, EVERY_SECONDS, MOST_REMEMBERED, Attempts
from tests.support.clock import HandClock


def test_a_bucket_is_emptied_and_fills_again() -> None:
    clock = HandClock()
    attempts = Attempts(clock)
    assert [attempts.wrong("192.0.2.1") for _ in range(BURST)] == [0.0] * BURST
    assert attempts.wrong("192.0.2.1") == EVERY_SECONDS
    clock.now += EVERY_SECONDS / 2
    assert attempts.wrong("192.0.2.1") == EVERY_SECONDS / 2, "trying on does not make it longer"
    assert attempts.wrong("192.0.2.2") == 0.0, "somebody else"
    clock.now += EVERY_SECONDS / 2
    assert attempts.wrong("192.0.2.1") == 0.0
    assert attempts.wrong("192.0.2.1") > 0.0
    clock.now += EVERY_SECONDS * BURST
    assert [attempts.wrong("192.0.2.1") for _ in range(BURST)] == [0.0] * BURST


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("2001:db8::1", "2001:db8::ffff:2", True),
        ("2001:db8:0:1::1", "2001:db8:0:2::1", False),
        ("::ffff:192.0.2.1", "192.0.2.1", True),
        ("192.0.2.1", "192.0.2.2", False),
        ("unknown", "unknown", True),
    ],
)
def test_which_addresses_are_one(one: str, other: str, same: bool) -> None:
    attempts = Attempts(HandClock(), burst=1)
    assert attempts.wrong(one) == 0.0
    assert bool(attempts.wrong(other)) is same


def test_not_more_is_remembered_than_fits() -> None:
    clock = HandClock()
    attempts = Attempts(clock, burst=1)
    for number in range(3 * MOST_REMEMBERED):
        clock.now += 0.0001
        assert attempts.wrong(f"10.{number >> 16}.{number >> 8 & 255}.{number & 255}") == 0.0
    assert len(attempts) == MOST_REMEMBERED
