"""Captions of a recording with a gap: beside its playlists, and as one file for keeping."""

import re
from pathlib import Path

import m3u8
import pytest

from media.access_unit import AUDIO_CLOCK, AccessUnit, Track
from media.formats.webvtt import HLS_HEAD, read
from media.recorder.cutter import Cutter
from media.recorder.disk import RecordingDirectory
from recordings.captions import Captions, read_captions
from recordings.index import read_index
from recordings.playlist import media_playlist, multivariant_playlist, segments
from recordings.timeline import Timeline
from recordings.verify import verify
from tests.support.encoded import EPOCH_MS, programme

SAID = {
    "Good evening.": 1.5,
    "Over the edge of a segment.": 3.5,
    "Before the break": 11.5,
    "And after it": 31.0,
}


def line(number: int, text: str, seconds: float) -> AccessUnit:
    return AccessUnit(
        Track.CAPTIONS,
        0xA1,
        number,
        EPOCH_MS,
        round(seconds * AUDIO_CLOCK),
        2 * AUDIO_CLOCK,
        True,
        text.encode(),
    )


def record(directory: Path, said: dict[str, float], language: str | None = "en") -> Timeline:
    """0 to 12 s, and 30 to 36 s of the programme."""
    units = programme(12.0) + programme(6.0, start=30.0, session=0xB2)
    units += [line(number, *one) for number, one in enumerate(said.items())]
    cutter, files = Cutter(captions=language), RecordingDirectory(directory)
    cuts = [cut for unit in sorted(units, key=lambda unit: unit.seconds) for cut in cutter.add(unit)]
    for cut in cuts + cutter.flush():
        files.append(cut)
    files.close()
    return Timeline.of(read_index(directory))


@pytest.fixture
def timeline(tmp_path: Path) -> Timeline:
    return record(tmp_path, SAID)


@pytest.fixture
def captions(tmp_path: Path, timeline: Timeline) -> Captions:
    found = read_captions(tmp_path, timeline)
    assert found is not None
    return found


def test_they_are_offered_where_something_was_said(
    tmp_path: Path, timeline: Timeline, captions: Captions
) -> None:
    playlist = m3u8.loads(multivariant_playlist(timeline, captions=captions.language))
    media = playlist.media[0]
    assert (media.type, media.language, media.uri, media.name) == (
        "SUBTITLES",
        "en",
        "captions.m3u8",
        "English",
    )
    assert playlist.playlists[0].stream_info.subtitles == "captions"
    assert "SUBTITLES" not in multivariant_playlist(timeline)


@pytest.mark.parametrize(("said", "language"), [({}, "en"), (SAID, None)])
def test_and_nowhere_else(tmp_path: Path, said: dict[str, float], language: str | None) -> None:
    assert read_captions(tmp_path, record(tmp_path, said, language)) is None


def test_each_segment_of_the_pictures_has_its_captions(timeline: Timeline, captions: Captions) -> None:
    pictures, playlist = (
        m3u8.loads(media_playlist(timeline)),
        m3u8.loads(media_playlist(timeline, only="captions")),
    )
    assert [one.duration for one in playlist.segments] == [one.duration for one in pictures.segments]
    assert [one.discontinuity for one in playlist.segments] == [
        one.discontinuity for one in pictures.segments
    ]
    assert "EXT-X-MAP" not in media_playlist(timeline, only="captions")
    shown: dict[str, set[float]] = {}
    for listed, segment in zip(playlist.segments, segments(timeline), strict=True):
        file = captions.file(listed.uri)
        assert file is not None
        assert file.decode().startswith(HLS_HEAD)
        for cue in read(file.decode()):
            shown.setdefault(cue.text, set()).add(cue.start / 90_000)
            assert cue.start / 90_000 < segment.seconds + segment.duration
            assert cue.end / 90_000 > segment.seconds
    assert shown == {text: {seconds} for text, seconds in SAID.items()}, (
        "in programme time, the same in all files"
    )


@pytest.mark.parametrize("name", ["captions.vtt", "captions-1.vtt", "captions-1-2.mp4", "x-captions-1-2.vtt"])
def test_nothing_else_is_a_file_of_theirs(captions: Captions, name: str) -> None:
    assert captions.file(name) is None


def test_the_file_for_keeping_has_the_time_of_playback(timeline: Timeline, captions: Captions) -> None:
    kept = re.findall(r"00:00:(\d\d\.\d{3}) --> 00:00:(\d\d\.\d{3})\n(.+)", captions.played(timeline))
    assert kept == [
        ("01.500", "03.500", "Good evening."),
        ("03.500", "05.500", "Over the edge of a segment."),
        ("11.500", "12.000", "Before the break"),
        ("13.000", "15.000", "And after it"),
    ]


def test_what_was_said_in_a_gap_is_not_played(tmp_path: Path) -> None:
    timeline = record(tmp_path, {"Nobody saw this.": 20.0, "Back.": 31.0})
    captions = read_captions(tmp_path, timeline)
    assert captions is not None
    assert [cue.text for cue in read(captions.played(timeline))] == ["Back."]


def test_the_recording_is_whole_with_them(tmp_path: Path, timeline: Timeline) -> None:
    assert verify(tmp_path).ok
