"""What the engine has for a meeting to go live, in the domain's words."""

from pathlib import Path
from typing import Literal

import pytest

from hub.domain.ports import ChamberFeed, Equipment, Sound
from hub.supervision.equipment import BYTES_PER_HOUR, RECORDING_BITS, REWIND_BITS, disk_hours, equipment_of
from media.control.feeds import FeedStatus
from media.control.recorder import RecorderStatus
from media.control.studio import GateState, GateStatus, SlateText, StudioStatus
from media.studio.encoder import AAC_BITS
from media.studio.picture_encoder import FULL, SMALL
from tests.hub.fakes import studio_status

SLATE = SlateText(title="The meeting starts soon")
GATE = GateStatus(state=GateState.WAITING, slate=SLATE, since_ms=0, changes=0)


def feed(
    source: str = "chamber", kind: Literal["rtmp", "test"] = "rtmp", *, sound: bool = True
) -> FeedStatus:
    return FeedStatus(source=source, kind=kind, label="", state="live", sentence="They arrive.", sound=sound)


def recorder(*, healthy: bool) -> RecorderStatus:
    return RecorderStatus(
        files=[], bytes=0, first_seconds=0, last_seconds=0, healthy=healthy, sentence="The disk is full."
    )


def seen(
    *feeds: FeedStatus, sound: Sound = "good", recording: RecorderStatus | None = None, connected: bool = True
) -> Equipment:
    status = studio_status(GATE, *feeds)
    return equipment_of(status, connected=connected, sound=sound, recording=recording, disk_hours=7.5)


def test_a_studio_that_does_not_answer_is_away_whatever_it_said_last() -> None:
    nobody: StudioStatus | None = None
    away = Equipment("away", disk_hours=7.5)
    assert seen(feed(), connected=False) == away
    assert equipment_of(nobody, connected=True, sound="none", recording=None, disk_hours=7.5) == away


def test_of_the_feeds_the_chamber_counts() -> None:
    assert seen(feed("sign")).chamber is None
    assert seen(feed("sign"), feed()).chamber == ChamberFeed("live", "They arrive.")
    assert seen(feed(kind="test")).chamber == ChamberFeed("live", "They arrive.", generated=True)
    assert seen(feed()).slate == "The meeting starts soon"


def test_a_chamber_without_a_sound_track_is_not_silent_but_without_sound() -> None:
    assert seen(feed(), sound="silent").sound == "silent"
    assert seen(feed(sound=False), sound="silent").sound == "none"
    assert seen(feed("sign"), sound="good").sound == "none"


def test_only_a_recorder_that_is_not_well_is_told() -> None:
    assert seen(recording=recorder(healthy=True)).recorder_trouble == ""
    assert seen(recording=recorder(healthy=False)).recorder_trouble == "The disk is full."


def test_an_hour_takes_what_the_encoders_give(tmp_path: Path) -> None:
    assert FULL.bits + AAC_BITS == RECORDING_BITS
    assert FULL.bits + SMALL.bits + AAC_BITS == REWIND_BITS
    assert 1.9e9 < BYTES_PER_HOUR < 2.3e9
    assert disk_hours(tmp_path) > 0


@pytest.mark.parametrize("place", ["nowhere", "/proc"])
def test_where_nothing_can_be_written_there_is_room_for_nothing(tmp_path: Path, place: str) -> None:
    assert disk_hours(tmp_path / place) == 0
