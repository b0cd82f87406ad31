"""How a source has been heard, by readings a tenth of a second apart."""

from collections.abc import Mapping

from hub.supervision.ears import CLIPS_SECONDS, Ears
from media.control.studio import Level, LevelsMeasured, SourceLevel
from media.silence import SILENT_SECONDS

QUIET, SPEECH, HOT = (-70.0, -60.0), (-25.0, -10.0), (-8.0, 0.0)


class Room:
    """A studio whose sound is counted."""

    def __init__(self) -> None:
        self.ears = Ears()
        self.tenths = 0

    def hear(self, seconds: float, sources: Mapping[str, tuple[float, float]]) -> None:
        for _ in range(round(seconds * 10)):
            self.tenths += 1
            levels = [
                SourceLevel(source=source, rms=rms, peak=peak, gain=0.0)
                for source, (rms, peak) in sources.items()
            ]
            nothing = Level(rms=-100, peak=-100)
            self.ears.put(LevelsMeasured(seconds=self.tenths / 10, sources=levels, programme=nothing))


def test_a_source_has_ten_seconds_to_say_something() -> None:
    room = Room()
    assert room.ears.sound("chamber") == "none"
    room.hear(SILENT_SECONDS, {"chamber": QUIET})
    assert room.ears.sound("chamber") == "good"
    room.hear(0.1, {"chamber": QUIET})
    assert room.ears.sound("chamber") == "silent"
    room.hear(0.1, {"chamber": SPEECH})
    assert room.ears.sound("chamber") == "good"


def test_a_pause_in_what_is_said_is_no_silence() -> None:
    room = Room()
    room.hear(3, {"chamber": SPEECH})
    room.hear(SILENT_SECONDS - 0.1, {"chamber": QUIET})
    assert room.ears.sound("chamber") == "good"


def test_one_knock_is_not_distorted_and_a_hot_desk_is_until_it_is_turned_down() -> None:
    room = Room()
    room.hear(1, {"chamber": SPEECH, "other": SPEECH})
    room.hear(0.2, {"chamber": HOT, "other": SPEECH})
    assert room.ears.sound("chamber") == "good"
    room.hear(0.1, {"chamber": HOT, "other": SPEECH})
    assert room.ears.sound("chamber") == "clipping"
    assert room.ears.sound("other") == "good"
    room.hear(CLIPS_SECONDS, {"chamber": SPEECH, "other": SPEECH})
    assert room.ears.sound("chamber") == "good"


def test_a_source_that_was_away_and_a_studio_that_began_anew_are_heard_anew() -> None:
    room = Room()
    room.hear(SILENT_SECONDS + 1, {"chamber": QUIET})
    assert room.ears.sound("chamber") == "silent"
    room.hear(0.1, {})
    assert room.ears.sound("chamber") == "none"
    room.hear(0.1, {"chamber": QUIET})
    assert room.ears.sound("chamber") == "good"
    room.hear(SILENT_SECONDS + 1, {"chamber": QUIET})
    room.tenths = 0
    room.hear(0.1, {"chamber": QUIET})
    assert room.ears.sound("chamber") == "good"
