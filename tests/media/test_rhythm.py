import pytest

from media.rhythm import BLOCK, Rhythm


@pytest.mark.parametrize("pictures", [25, 30, 50])
def test_blocks_follow_each_other_and_end_within_their_tick(pictures: int) -> None:
    rhythm = Rhythm(pictures)
    position = rhythm.sample(7 * pictures)
    assert position == 7 * 48_000, "a group begins with a block"
    for index in range(7 * pictures, 9 * pictures):
        begins = index * 48_000 / pictures
        assert rhythm.sample(index) == position
        for lead in rhythm.leads(index):
            position += BLOCK
            assert lead == pytest.approx((position - begins) / 48_000)
            assert 0 < lead <= rhythm.period + 1e-9
    assert position == 9 * 48_000


def test_at_25_two_blocks_a_tick_and_at_30_five_in_three_ticks() -> None:
    assert {len(Rhythm(25).leads(index)) for index in range(1000)} == {2}
    assert [len(Rhythm(30).leads(index)) for index in range(60, 69)] == [1, 2, 2] * 3


@pytest.mark.parametrize("pictures", [0, -25, 7, 29])
def test_a_rate_that_does_not_fit_both_clocks_is_refused(pictures: int) -> None:
    with pytest.raises(ValueError, match="do not fit"):
        Rhythm(pictures)
