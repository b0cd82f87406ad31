import numpy as np
import pytest

from media.control.studio import SlateText
from media.programme.countdown import countdown
from media.programme.picture import planes
from media.programme.slate import Slates
from tests.media.studio.fakes import FakeClock


@pytest.mark.parametrize(
    ("left", "shown"),
    [
        (90_000.0, ""),
        (5100.0, "1 h 25 min"),
        (3600.0, "1 h"),
        (3599.0, "1 h"),
        (661.0, "12 min"),
        (601.0, "11 min"),
        (600.0, "10:00"),
        (245.0, "4:05"),
        (0.4, "0:01"),
        (0.0, ""),
        (-5.0, ""),
    ],
)
def test_each_minute_and_each_second_at_the_end(left: float, shown: str) -> None:
    assert countdown(1_000_000, 1000 - left) == shown


def test_a_slate_is_drawn_anew_only_when_the_figures_change() -> None:
    clock = FakeClock(1000.0)
    slates = Slates("City of York Council", "#1d4e6b", clock)
    text = SlateText(title="The meeting starts soon", kind="starting", until_ms=1_900_000)
    first = slates.slate(text)
    clock.advance(30)
    assert slates.slate(text) is first
    clock.advance(31)
    later = slates.slate(text)
    assert later is not first
    clock.advance(240)
    in_seconds = slates.slate(text)
    clock.advance(0.5)
    assert slates.slate(text) is in_seconds
    clock.advance(0.5)
    assert not np.array_equal(planes(slates.slate(text))[0], planes(in_seconds)[0])
    clock.advance(900)
    over = planes(slates.slate(text))[0]
    assert np.array_equal(over[-200:-100], np.full_like(over[-200:-100], over[-150, 5]))


def test_only_a_slate_before_the_meeting_counts() -> None:
    slates = Slates("C", "#1d4e6b", FakeClock(1000.0))
    text = SlateText(title="Adjourned", kind="adjourned")
    timed = text.model_copy(update={"until_ms": 1_300_000})
    assert slates.slate(text) is slates.slate(timed)
