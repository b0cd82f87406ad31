"""Receiver reports of all kinds add up to what was lost in a second."""

import pytest

from media.relay.reception import Reception
from media.relay.rtcp import Received


def test_a_report_a_second_is_one_sum() -> None:
    reception = Reception()
    found = [
        reception.take(Received(7, 10 * number, 1000 + 200 * number), float(number)) for number in range(4)
    ]
    assert found == [None, 0.05, 0.05, 0.05]


def test_reports_beside_every_request_are_summed_up() -> None:
    """As browsers send them: each time one packet of a few was lost, twenty times a second."""
    reception = Reception()
    found = [
        reception.take(Received(7, number // 2, 1000 + 10 * number), number * 0.05) for number in range(61)
    ]
    sums = [lost for lost in found if lost is not None]
    assert sums == pytest.approx([0.05] * 4, abs=0.01)


def test_what_was_repaired_is_not_lost() -> None:
    reception = Reception()
    reception.take(Received(7, 40, 1000), 0.0)
    assert reception.take(Received(7, 38, 1200), 1.0) == 0.0


def test_the_first_report_after_a_silence_only_begins_anew() -> None:
    reception = Reception()
    reception.take(Received(7, 0, 1000), 0.0)
    reception.take(Received(7, 0, 1200), 1.0)
    assert reception.take(Received(7, 600, 2000), 4.0) is None
    assert reception.take(Received(7, 600, 2200), 5.0) == 0.0


def test_reports_that_are_always_rare_count() -> None:
    reception = Reception()
    found = [
        reception.take(Received(7, 60 * number, 1000 + 200 * number), 3.0 * number) for number in range(4)
    ]
    assert found == [None, 0.3, 0.3, 0.3]


def test_another_source_begins_anew_and_standing_still_is_no_loss() -> None:
    reception = Reception()
    reception.take(Received(7, 0, 1000), 0.0)
    assert reception.take(Received(9, 500, 50), 1.0) is None
    assert reception.take(Received(9, 500, 50), 2.0) == 0.0
    assert reception.take(Received(9, 450, 40), 3.0) == 0.0


@pytest.mark.parametrize(
    ("lost", "arrived", "queued", "told"),
    [
        (75, 28, True, True),
        (75, 28, False, False),  # a hole, which is mended within the second
        (40, 28, True, False),
        (75, 300, True, False),  # loss as on any wireless line that is full for a moment
    ],
)
def test_much_loss_behind_a_queue_is_told_at_once(lost: int, arrived: int, queued: bool, told: bool) -> None:
    """As Chromium reported a third of a second after its line had become too narrow."""
    reception = Reception()
    reception.take(Received(7, 0, 1000), 0.0)
    assert reception.take(Received(7, 0, 1856), 1.0) == 0.0
    found = reception.take(Received(7, lost, 1856 + lost + arrived), 1.3, queued=queued)
    assert (found is not None) is told
