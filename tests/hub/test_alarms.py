"""The sentences that the clerk is told of the studio, the packager and the recorder."""

from collections.abc import Iterable
from typing import Literal

import pytest

from hub.supervision.alarms import of_disk, of_packager, of_recorder, of_studio
from hub.supervision.packaging import PackagerReports
from media.control.alarm import Alarm
from media.control.feeds import FeedStatus
from media.control.recorder import PackagerStatus, RecorderStatus
from media.control.studio import GateState, GateStatus, SlateText, StudioStatus
from tests.hub.fakes import studio_status
from tests.support.clock import HandClock

STOPPED = SlateText(title="The broadcast has stopped for technical reasons", kind="technical")
SILENT = Alarm(code="silent", sentence="The programme has been silent for ten seconds.", source="chamber")
HOT = Alarm(code="distorted", sentence="Another.", source="7")


def gate(state: GateState = GateState.OPEN) -> GateStatus:
    return GateStatus(state=state, slate=STOPPED, since_ms=0, changes=1)


def feed(state: Literal["connecting", "live", "stalled", "gone", "refused"], label: str = "") -> FeedStatus:
    return FeedStatus(source="chamber", kind="rtmp", label=label, state=state, sentence=f"It is {state}.")


Told = tuple[str, str, str]


def triples(alarms: Iterable[Alarm]) -> list[Told]:
    return [(alarm.code, alarm.source, alarm.sentence) for alarm in alarms]


def told(status: StudioStatus | None, *, connected: bool = True) -> list[Told]:
    return triples(of_studio(status, connected=connected))


def test_a_studio_that_is_away_is_all_that_is_told() -> None:
    status = studio_status(gate(GateState.TECHNICAL), feed("stalled"))
    for last in (None, status):
        words = "The studio is being restarted. The public see the last picture; it comes back by itself."
        assert told(last, connected=False) == [("studio_away", "", words)]


def test_nothing_is_wrong_with_a_studio_that_has_not_said_anything_or_is_well() -> None:
    assert told(None) == []
    assert told(studio_status(gate(), feed("connecting"), feed("live"), feed("gone"))) == []


@pytest.mark.parametrize("state", ["stalled", "refused"])
def test_a_feed_with_trouble_is_told_by_the_name_that_it_has(
    state: Literal["stalled", "refused"],
) -> None:
    status = studio_status(gate(), feed("live", "Fine"), feed(state, "Encoder"), feed(state))
    assert told(status) == [
        (f"feed_{state}", "chamber", f"Encoder: It is {state}."),
        (f"feed_{state}", "chamber", f"chamber: It is {state}."),
    ]


@pytest.mark.parametrize("state", list(GateState))
def test_of_the_gate_only_the_technical_slate_is_told(state: GateState) -> None:
    words = (
        "The public see the slate “The broadcast has stopped for technical reasons”. "
        "When all is ready, press Return to public."
    )
    technical = [("technical", "", words)] if state is GateState.TECHNICAL else []
    assert told(studio_status(gate(state))) == technical


def test_what_the_studio_says_of_the_sound_comes_last_and_as_it_is() -> None:
    status = studio_status(gate(GateState.TECHNICAL), feed("stalled", "Encoder"))
    alarms = list(of_studio(status.model_copy(update={"alarms": [SILENT, HOT]}), connected=True))
    assert [alarm.code for alarm in alarms[:2]] == ["feed_stalled", "technical"]
    assert alarms[2:] == [SILENT, HOT]


def test_a_disk_that_is_nearly_full_is_told_of_in_time() -> None:
    assert list(of_disk(1.0)) == []
    words = (
        "The disk has room for about 45 minutes more of recording. What is recorded stays; make room on the "
        "machine before it is full."
    )
    assert triples(of_disk(0.75)) == [("disk_low", "", words)]


def test_a_packager_is_told_of_while_it_is_away_or_makes_nothing_new() -> None:
    fine, still = (PackagerStatus(segments=3, last_seconds=6, age_seconds=age) for age in (6.0, 6.1))
    for status in (None, PackagerStatus(segments=0, last_seconds=0), fine):
        assert list(of_packager(status, connected=True, fed=True)) == []
    words = "Viewing by HLS is being started again. Its viewers wait some seconds; WebRTC goes on."
    assert triples(of_packager(still, connected=False, fed=True)) == [("hls_away", "", words)]
    words = (
        "Viewing by HLS has had nothing new for 6 seconds: its viewers see a picture that stands still. "
        "WebRTC goes on."
    )
    assert triples(of_packager(still, connected=True, fed=True)) == [("hls_stands_still", "", words)]
    assert list(of_packager(still, connected=True, fed=False)) == [], (
        "a studio that is away is told of itself"
    )


def test_a_packager_that_hangs_is_told_of_whatever_it_said_last() -> None:
    clock = HandClock()
    reports = PackagerReports(clock)
    clock.now += 60

    def told_now(*, connected: bool = True, fed: bool = True) -> list[tuple[str, str, str]]:
        silent = reports.silent_seconds
        return triples(of_packager(reports.status, connected=connected, fed=fed, silent=silent))

    assert told_now() == [], "it has yet to say something"
    reports.put(PackagerStatus(segments=3, last_seconds=6, age_seconds=0.4))
    clock.now += 3
    assert told_now() == []
    assert reports.status == PackagerStatus(segments=3, last_seconds=6, age_seconds=3.4)
    clock.now += 0.1
    words = (
        "Viewing by HLS hangs: its viewers see a picture that stands still. It is started again within "
        "seconds, unless it comes to by itself. WebRTC goes on."
    )
    assert told_now() == told_now(fed=False) == [("hls_stands_still", "", words)]
    assert [code for code, _, _ in told_now(connected=False)] == ["hls_away"]
    reports.put(PackagerStatus(segments=0, last_seconds=0))
    assert told_now() == []
    clock.now += 10
    assert reports.status == PackagerStatus(segments=0, last_seconds=0), "it made nothing that could be old"


@pytest.mark.parametrize("kind", ["rtmp", "srt"])
def test_an_encoder_that_hardly_sends_key_pictures_is_told_of(kind: Literal["rtmp", "srt"]) -> None:
    late = feed("live", "Encoder").model_copy(update={"kind": kind, "key_picture_seconds": 11})
    words = (
        "Encoder: no key picture has come for 10 seconds. Its picture is fine now, but after any "
        "disturbance it stays away until the next one. Set the encoder’s key frame interval to 2 seconds."
    )
    assert told(studio_status(gate(), late)) == [("key_pictures_rare", "chamber", words)]
    browser = late.model_copy(update={"kind": "whip"})
    in_time = late.model_copy(update={"key_picture_seconds": 10})
    unknown = late.model_copy(update={"key_picture_seconds": None})
    assert told(studio_status(gate(), browser, in_time, unknown)) == []


def test_a_recorder_is_told_of_while_it_is_away_or_unwell() -> None:
    words = "The recorder is being restarted. What was said until a second before is safe."
    away = [("recorder_away", "", words)]
    assert triples(of_recorder(None, connected=False)) == away
    assert triples(of_recorder(recorder(healthy=False), connected=False)) == away
    assert list(of_recorder(None, connected=True)) == []
    assert list(of_recorder(recorder(healthy=True), connected=True)) == []
    full = [("not_recorded", "", "The disk is full.")]
    assert triples(of_recorder(recorder(healthy=False), connected=True)) == full


def recorder(*, healthy: bool) -> RecorderStatus:
    return RecorderStatus(
        files=[], bytes=0, first_seconds=0, last_seconds=0, healthy=healthy, sentence="The disk is full."
    )
