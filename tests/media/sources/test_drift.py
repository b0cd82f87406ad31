"""Half an hour with clocks that disagree, on a fake clock: where a flash and a click come out."""

import numpy as np
import pytest

from media.sources.sound import RATE
from tests.media.sources.drifting import Clocks, Network, Shown, Source, apart, run

HALF_AN_HOUR = 1800.0
TOGETHER = 0.045
SETTLED = 10
"""Flashes after which a connection's first second is forgotten."""


def together(shown: Shown) -> None:
    errors = np.asarray(apart(shown)[SETTLED:])
    assert len(errors) > len(shown.clicks) - SETTLED - 5
    assert np.abs(errors).max() <= TOGETHER


def even(shown: Shown) -> None:
    """No sound is lost and nothing clicks: the hum's own steps are zero, a resampled one's are small."""
    assert shown.quiet <= 1
    assert shown.steepest < 0.005


def delays(shown: Shown, clocks: Clocks) -> list[float]:
    """How long after its capture each click comes out."""
    every = 1.0 / (1 + clocks.picture / 1e6)
    return [(click - 100.0) % every for click in shown.clicks]


@pytest.mark.parametrize("shared", [False, True], ids=["RTCP sender reports", "container stamps"])
def test_sound_and_picture_stay_together_for_half_an_hour(shared: bool) -> None:
    """Sound and camera drift 100 parts in a million from ours, 200 from each other, the sender by 50."""
    clocks = Clocks(sound=100, picture=-100, sender=50)
    shown = run(Source(clocks, Network(), 0.0 if shared else 5.0, shared=shared), HALF_AN_HOUR)
    assert len(shown.flashes) >= 1790
    together(shown)
    even(shown)
    late = delays(shown, clocks)
    assert max(late) < 0.12
    assert max(late) - min(late) < 0.02


def test_drifting_the_other_way_with_pictures_that_come_late() -> None:
    clocks = Clocks(sound=-100, picture=100)
    shown = run(Source(clocks, Network(sound=0.02, picture=0.12, jitter=0.03), 1.0), 300.0)
    together(shown)
    late = delays(shown, clocks)[SETTLED:]
    assert 0.12 < min(late) < max(late) < 0.22


def test_without_reports_each_track_is_timed_by_its_arrival_and_does_not_drift() -> None:
    network = Network(sound=0.03, picture=0.03, jitter=0.01)
    shown = run(Source(Clocks(sound=100, picture=-100, sender=50), network, 0.0), 600.0)
    together(shown)
    even(shown)


def test_reports_that_begin_late_bring_them_together() -> None:
    network = Network(sound=0.02, picture=0.1, jitter=0.01)
    shown = run(Source(Clocks(sound=100, picture=-100), network, 20.0), 120.0)
    errors = np.asarray(apart(shown))
    assert np.abs(errors[5:15]).min() > 0.06
    assert np.abs(errors[50:]).max() <= TOGETHER


def test_25_pictures_a_second_are_shown_one_after_the_other() -> None:
    """With stamps in whole milliseconds and a ticker that is up to 10 ms late."""
    shown = run(Source(Clocks(), Network(), 0.0, shared=True), 60.0)
    assert shown.repeated <= 1
    assert shown.skipped == 0


def test_a_click_is_heard_whole_and_at_its_own_pitch() -> None:
    shown = run(Source(Clocks(sound=100, picture=-100), Network(), 5.0), 60.0)
    assert max(abs(length - 96) for length in shown.lengths[SETTLED:]) <= 1
    assert np.diff(shown.clicks[SETTLED:]).std() < 2 / RATE * 24
