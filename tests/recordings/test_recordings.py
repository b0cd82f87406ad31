"""What is made of a recording, over real files with a gap and a restart."""

import io
from pathlib import Path

import av
import m3u8
import pytest

from media.access_unit import AccessUnit
from media.formats.mp4_reader import read_init
from media.recorder.cutter import Cutter
from media.recorder.disk import RecordingDirectory
from recordings.chapters import Point, chapters, to_list, to_webvtt
from recordings.download import downloads
from recordings.index import read_index
from recordings.parts import find_part, read_part
from recordings.playlist import interpreted_language, media_playlist, multivariant_playlist, segments
from recordings.still import NoStillError, find_place, still
from recordings.timeline import Timeline
from recordings.verify import verify
from tests.support.encoded import (
    EPOCH_MS,
    colour_at,
    interpreted,
    looks_like,
    loudness,
    pictures,
    programme,
)


def record(directory: Path, units: list[AccessUnit], language: str | None = None) -> None:
    cutter, files = Cutter(language), RecordingDirectory(directory)
    for cut in [cut for unit in units for cut in cutter.add(unit)] + cutter.flush():
        files.append(cut)
    files.close()


@pytest.fixture(params=[25])
def recording(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """Programme 0 to 12.4 s; a restarted recorder from 12 to 18 s; another studio from 30 to 36 s.

    Its parameter: pictures a second.
    """
    rate: int = request.param
    units = programme(18.0, rate=rate)
    record(tmp_path, [unit for unit in units if unit.seconds < 12.4])
    later = programme(6.0, start=30.0, session=0xB2, rate=rate)
    record(tmp_path, [unit for unit in units if unit.seconds >= 12.0] + later)
    return tmp_path


def test_gaps_are_taken_out_and_nothing_is_played_twice(recording: Path) -> None:
    timeline = Timeline.of(read_index(recording))
    seen = [(run.start, run.playback, run.duration) for run in timeline.runs]
    assert [tuple(round(value, 2) for value in run) for run in seen] == [
        (0.0, 0.0, 12.0), (12.0, 12.0, 6.0), (30.0, 18.0, 6.0),
    ]  # fmt: skip
    assert [round(timeline.to_playback(t), 2) for t in (-5, 3, 12.2, 17.9, 20, 30, 33, 99)] == [
        0.0, 3.0, 12.2, 17.9, 18.0, 18.0, 21.0, 24.0,
    ]  # fmt: skip
    assert [round(timeline.to_programme(t), 2) for t in (0, 12.2, 18.0, 21.0, 99)] == [
        0.0,
        12.2,
        30.0,
        33.0,
        36.0,
    ]


@pytest.mark.parametrize("playback", [0.0, 3.4, 11.9, 12.2, 18.0, 23.5, 99.0])
def test_a_still_shows_its_moment(recording: Path, playback: float) -> None:
    timeline = Timeline.of(read_index(recording))
    place = find_place(timeline, playback)
    assert place is not None
    with av.open(io.BytesIO(still(recording, place)), "r", format="jpeg_pipe") as jpeg:
        picture = next(jpeg.decode(video=0)).to_ndarray(format="rgb24")
    red, green, blue = (int(value) for value in picture.mean(axis=(0, 1)))
    assert picture.shape == (180, 320, 3)
    assert looks_like((red, green, blue), colour_at(timeline.to_programme(min(playback, 23.9))))


def test_a_still_of_nothing(recording: Path) -> None:
    assert find_place(Timeline([]), 0.0) is None
    place = find_place(Timeline.of(read_index(recording)), 0.0)
    assert place is not None
    (recording / place.run.file.name).write_bytes(b"no film")
    with pytest.raises(NoStillError, match="mp4"):
        still(recording, place)


@pytest.mark.parametrize(("recording", "rate"), [(25, 25), (30, 30)], indirect=["recording"])
def test_the_playlist_plays_the_programme(recording: Path, rate: int) -> None:
    timeline = Timeline.of(read_index(recording))
    main = m3u8.loads(multivariant_playlist(timeline))
    assert main.playlists[0].stream_info.resolution == (320, 180)
    parsed = m3u8.loads(media_playlist(timeline, "files/"))
    assert parsed.is_endlist
    assert parsed.playlist_type == "vod"
    assert all(int(segment.duration + 0.5) <= parsed.target_duration for segment in parsed.segments)
    assert sum(segment.duration for segment in parsed.segments) == pytest.approx(24.0, abs=0.01)
    assert [segment.discontinuity for segment in parsed.segments].count(True) == 2
    assert parsed.segments[0].program_date_time.timestamp() * 1000 == EPOCH_MS
    playback = 0.0
    for segment in parsed.segments:
        path = recording / segment.uri.removeprefix("files/")
        data = path.read_bytes()
        init, rest = segment.init_section.byterange.split("@"), segment.byterange.split("@")
        piece = data[: int(init[0])] + data[int(rest[1]) : int(rest[1]) + int(rest[0])]
        seen = list(pictures(piece))
        assert len(seen) == round(segment.duration * rate)
        for number, (_, colour) in enumerate(seen):
            assert looks_like(colour, colour_at(timeline.to_programme(playback + number / rate + 0.01)))
        playback += segment.duration


@pytest.mark.parametrize("recording", [25, 30], indirect=True)
def test_segments_begin_at_keys_and_last_two_to_six_seconds(recording: Path) -> None:
    found = segments(Timeline.of(read_index(recording)))
    assert [round(segment.duration, 2) for segment in found] == [4.0, 4.0, 4.0, 4.0, 2.0, 4.0, 2.0]


@pytest.mark.parametrize("recording", [25, 30], indirect=True)
def test_chapters(recording: Path) -> None:
    timeline = Timeline.of(read_index(recording))
    points = [
        Point(31.0, "3. Any <other> business & close", "item-3"),
        Point(0.5, "1. Apologies", "item-1"),
        Point(13.0, "2. Minutes -->\nagain", "item-2"),
        Point(21.0, "Private part", "item-9"),
        Point(30.0, "Back in public", "item-10"),
        Point(50.0, "Never recorded", "item-11"),
    ]
    found = chapters(points, timeline)
    assert [(c.id, round(c.start, 2), round(c.end, 2)) for c in found] == [
        ("item-1", 0.5, 13.0), ("item-2", 13.0, 18.0), ("item-9", 18.0, 18.0),
        ("item-10", 18.0, 19.0), ("item-3", 19.0, 24.0),
    ]  # fmt: skip
    assert chapters([], timeline) == []
    assert to_webvtt(found).split("\n\n")[:2] == [
        "WEBVTT", "item-1\n00:00:00.500 --> 00:00:13.000\n1. Apologies",
    ]  # fmt: skip
    assert "2. Minutes → again" in to_webvtt(found)
    assert "3. Any &lt;other&gt; business &amp; close" in to_webvtt(found)
    assert "item-9" not in to_webvtt(found)
    assert to_list(found)[0] == {"id": "item-1", "label": "1. Apologies", "start": 0.5, "end": 13.0}


@pytest.mark.parametrize("recording", [25, 30], indirect=True)
def test_verify_says_that_all_is_well(recording: Path) -> None:
    report = verify(recording)
    assert report.ok, report.findings
    assert [file.name for file in report.files] == [f"programme-000{number}.mp4" for number in (1, 2, 3)]
    assert report.seconds == pytest.approx(24.0, abs=0.01)
    assert report.remarks == ("12.00 seconds are missing after 18.00 of the programme.",)


def test_verify_finds_a_changed_byte_in_a_box(recording: Path) -> None:
    path = recording / "programme-0001.mp4"
    line = read_index(recording).files[0].fragments[3]
    data = bytearray(path.read_bytes())
    data[line.offset + 5] ^= 0xFF
    path.write_bytes(data)
    report = verify(recording)
    assert report.findings == (
        "Fragment 4 of programme-0001.mp4 is broken: Expected moof and mdat and found ['m\\x90of', 'mdat'].",
    )


def test_verify_finds_a_lost_end_and_a_lost_file(recording: Path) -> None:
    path = recording / "programme-0002.mp4"
    path.write_bytes(path.read_bytes()[:-10])
    (recording / "programme-0003.mp4").unlink()
    findings = verify(recording).findings
    assert any("programme-0002.mp4 is broken" in finding for finding in findings)
    assert "programme-0003.mp4 is missing." in findings


def test_verify_finds_pictures_that_do_not_decode(recording: Path) -> None:
    path = recording / "programme-0001.mp4"
    data = bytearray(path.read_bytes())
    for line in read_index(recording).files[0].fragments:
        end = line.offset + line.size
        start = data.index(b"mdat", line.offset) + 4
        data[start + 4 : end] = bytes(end - start - 4)
    path.write_bytes(data)
    assert any("decoded" in finding for finding in verify(recording).findings)


def test_verify_of_nothing(tmp_path: Path) -> None:
    assert verify(tmp_path).findings == (f"There is no index in {tmp_path.name}.",)


def test_a_torn_tail_is_not_counted(recording: Path) -> None:
    with (recording / "index.jsonl").open("ab") as index:
        index.write(b'{"file":"programme-0003.mp4","offset":12')
    index_read = read_index(recording)
    assert index_read.torn_bytes == 40
    assert Timeline.of(index_read).duration == pytest.approx(24.0, abs=0.01)


@pytest.mark.parametrize("recording", [25, 30], indirect=True)
def test_download(recording: Path) -> None:
    found = downloads(recording, "planning")
    assert [download.name for download in found] == [f"planning-part-{number}.mp4" for number in (1, 2, 3)]
    assert all(download.size == download.path.stat().st_size for download in found)


@pytest.fixture
def bilingual(tmp_path: Path) -> Path:
    """12 seconds, with an interpreter from 6 s on; then the recorder was restarted for another 6."""
    units = interpreted(18.0, since=6.0)
    record(tmp_path, [unit for unit in units if unit.seconds < 12.2], "cy")
    record(tmp_path, [unit for unit in units if unit.seconds >= 12.0], "cy")
    return tmp_path


def test_a_recording_offers_the_interpreted_sound_beside_the_floor(bilingual: Path) -> None:
    timeline = Timeline.of(read_index(bilingual))
    assert interpreted_language(timeline) == "cy"
    main = m3u8.loads(multivariant_playlist(timeline))
    assert [(one.name, one.language, one.default, one.uri) for one in main.media] == [
        ("English (floor)", None, "YES", "floor.m3u8"),
        ("Cymraeg (cyfieithu)", "cy", "NO", "interpreted.m3u8"),
    ]
    assert [(one.uri, one.stream_info.audio) for one in main.playlists] == [
        ("pictures.m3u8", "sound"), ("audio.m3u8", "sound"),
    ]  # fmt: skip
    video = m3u8.loads(media_playlist(timeline))
    sound = m3u8.loads(media_playlist(timeline, only="interpreted"))
    assert [one.duration for one in sound.segments] == [one.duration for one in video.segments]
    heard = [round(loudness(_fetch(bilingual, one))[1]) for one in sound.segments]
    assert heard[0] == pytest.approx(440, abs=5)
    assert heard[-1] == pytest.approx(880, abs=5)
    floor = [round(loudness(_fetch(bilingual, one))[1]) for one in video.segments]
    assert all(abs(hertz - 440) < 5 for hertz in floor)
    alone = m3u8.loads(media_playlist(timeline, only="floor"))
    assert [round(loudness(_part(bilingual, timeline, one))[1]) for one in alone.segments] == floor
    seen = m3u8.loads(media_playlist(timeline, only="pictures"))
    for one in seen.segments:
        data = _part(bilingual, timeline, one)
        assert {track.handler for track in read_init(data[: data.index(b"moof") - 4])} == {"vide"}
        for seconds, colour in pictures(data):
            assert looks_like(colour, colour_at(seconds))
    assert find_part(timeline, "floor-7-100-programme-0001.mp4") is None
    assert find_part(timeline, "floor-0-100-..programme-0001.mp4") is None
    assert verify(bilingual).findings == ()
    assert {file.name for file in verify(bilingual).files} == {
        "programme-0001.mp4", "programme-0002.mp4", "interpreted-0001.mp4", "interpreted-0002.mp4",
    }  # fmt: skip


def test_damage_to_the_interpreted_sound_is_found(bilingual: Path) -> None:
    path = bilingual / "interpreted-0001.mp4"
    data = bytearray(path.read_bytes())
    data[len(data) // 2 : len(data) // 2 + 16_000] = bytes(16_000)
    path.write_bytes(data)
    assert any("interpreted-0001.mp4" in finding for finding in verify(bilingual).findings)
    path.unlink()
    assert "interpreted-0001.mp4 is missing." in verify(bilingual).findings


def test_sound_alone_has_no_pictures_in_it(recording: Path) -> None:
    """Of the first byte to the last, so that whoever listens does not pay for what they do not see."""
    timeline = Timeline.of(read_index(recording))
    pictured, alone = m3u8.loads(multivariant_playlist(timeline)).playlists
    assert (pictured.uri, alone.uri) == ("video.m3u8", "audio.m3u8")
    assert (alone.stream_info.codecs, alone.stream_info.resolution) == ("mp4a.40.2", None)
    whole, sound = m3u8.loads(media_playlist(timeline)), m3u8.loads(media_playlist(timeline, only="floor"))
    assert [one.duration for one in sound.segments] == [one.duration for one in whole.segments]
    heard = 0.0
    for one in sound.segments:
        data = _part(recording, timeline, one)
        assert {track.handler for track in read_init(data[: data.index(b"moof") - 4])} == {"soun"}
        with av.open(io.BytesIO(data)) as container:
            assert not container.streams.video
        assert round(loudness(data)[1]) == pytest.approx(440, abs=5)
        assert 8 * len(data) / one.duration < alone.stream_info.bandwidth
        heard += one.duration
    assert heard == pytest.approx(24.0, abs=0.01)


def test_no_choice_is_offered_where_no_interpreter_ever_was(tmp_path: Path) -> None:
    record(tmp_path, programme(6.0), "cy")
    timeline = Timeline.of(read_index(tmp_path))
    assert "EXT-X-MEDIA:" not in multivariant_playlist(timeline)
    assert verify(tmp_path).ok


def _part(directory: Path, timeline: Timeline, segment: m3u8.Segment) -> bytes:
    """The same of one track, made on demand."""
    found = [find_part(timeline, uri) for uri in (segment.init_section.uri, segment.uri)]
    return b"".join(read_part(directory, part) for part in found if part is not None)


def _fetch(directory: Path, segment: m3u8.Segment) -> bytes:
    """The init segment and the bytes of a segment."""

    def cut(uri: str, byterange: str) -> bytes:
        size, offset = map(int, byterange.split("@"))
        return (directory / uri).read_bytes()[offset : offset + size]

    return cut(segment.init_section.uri, segment.init_section.byterange) + cut(segment.uri, segment.byterange)
