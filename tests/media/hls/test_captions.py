"""Captions: from cues on the bus to WebVTT of the same cadence as the pictures."""

import re
from dataclasses import replace
from pathlib import Path

import m3u8
import pytest

from media.access_unit import AUDIO_CLOCK, AccessUnit, Track
from media.hls.captions import Captions
from tests.media.hls.packaging import house
from tests.support.encoded import EPOCH_MS, programme
from tests.support.hls_rules import check, check_multivariant, check_renditions

SECOND = 90_000
CUE = re.compile(r"^(\d\d:\d\d:\d\d\.\d{3}) --> (\d\d:\d\d:\d\d\.\d{3})\n(.+)$", re.MULTILINE)


def said(text: str, start: float, seconds: float = 2.0, session: int = 0xA1) -> AccessUnit:
    return AccessUnit(
        Track.CAPTIONS, session, int(start * 100), EPOCH_MS, round(start * AUDIO_CLOCK),
        round(seconds * AUDIO_CLOCK), True, text.encode(),
    )  # fmt: skip


def cues(file: bytes) -> list[tuple[str, str, str]]:
    head, _, rest = file.decode().partition("\n")
    assert head == "WEBVTT"
    assert rest.startswith("X-TIMESTAMP-MAP=MPEGTS:0,LOCAL:00:00:00.000\n")
    return CUE.findall(rest)


def test_a_cue_is_in_every_file_that_it_touches_with_the_same_times() -> None:
    captions = Captions()
    captions.add(said("Good evening.", 1.7, 2.0))
    files = [captions.part(start, start + SECOND) for start in range(0, 5 * SECOND, SECOND)]
    assert [bool(cues(file)) for file in files] == [False, True, True, True, False]
    assert {cue for file in files for cue in cues(file)} == {
        ("00:00:01.700", "00:00:03.700", "Good evening.")
    }
    assert cues(captions.segment(0, 2 * SECOND)) == cues(files[1])
    captions.segment(2 * SECOND, 4 * SECOND)
    assert cues(captions.segment(2 * SECOND, 4 * SECOND)) == [], "what is over is forgotten"


def test_a_late_cue_does_not_change_what_was_published() -> None:
    captions = Captions()
    captions.part(0, 4 * SECOND)
    captions.add(said("Late.", 1.0, 3.0))
    assert cues(captions.segment(0, 4 * SECOND)) == []
    assert cues(captions.part(4 * SECOND, 5 * SECOND)) == [("00:00:04.000", "00:00:07.000", "Late.")]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("one\n\ntwo", "one two"),
        ("a --> b", "a --&gt; b"),
        ("<b>Tom & Ann</b>", "&lt;b&gt;Tom &amp; Ann&lt;/b&gt;"),
        ("Dŵr", "Dŵr"),
        ("long " * 200, ("long " * 100)[:500]),
    ],
)
def test_text_stays_text(text: str, shown: str) -> None:
    captions = Captions()
    captions.add(said(text, 0.0))
    (cue,) = cues(captions.part(0, SECOND))
    assert cue[2] == shown.strip()


@pytest.mark.parametrize("data", [b"", b" \n ", b"\xff\xfe"])
def test_nonsense_is_no_cue_or_a_harmless_one(data: bytes) -> None:
    captions = Captions()
    captions.add(replace(said("x", 0.0), data=data))
    assert len(cues(captions.part(0, SECOND))) == (data[:1] == b"\xff")


def test_a_flood_of_cues_is_bounded() -> None:
    captions = Captions()
    for number in range(5000):
        captions.add(replace(said(f"cue {number}", 0.0, 3600.0), sequence=number))
    shown = cues(captions.part(0, SECOND))
    assert len(shown) == 100
    assert shown[-1] == ("00:00:00.000", "00:00:30.000", "cue 4999")


async def test_captions_are_a_rendition_beside_the_others(tmp_path: Path) -> None:
    async with house(tmp_path, captions="en") as home:
        units = programme(9.0)
        await home.give([unit for unit in units if unit.seconds < 3.0])
        await home.give([said("The chair is speaking.", 3.6, 3.0)])
        await home.give([unit for unit in units if unit.seconds >= 3.0])
        main = await home.text("main.m3u8")
        check_multivariant(main)
        (media,) = m3u8.loads(main).media
        assert (media.type, media.language, media.name, media.uri) == (
            "SUBTITLES", "en", "English", "captions.m3u8",
        )  # fmt: skip
        names = ("video.m3u8", "audio.m3u8", "captions.m3u8")
        playlists = check_renditions({name: await home.text(name) for name in names})
        assert playlists["captions.m3u8"].map == ""
        found = []
        for item in playlists["captions.m3u8"].items:
            for uri in (item.uri, *(uri for _, uri, _ in item.parts)):
                if uri:
                    response = await home.get(uri)
                    assert response.headers["Content-Type"] == "text/vtt; charset=utf-8"
                    found.append((uri, cues(await response.read())))
        cue = ("00:00:03.600", "00:00:06.600", "The chair is speaking.")
        segments = [cues_of for uri, cues_of in found if "-p0" not in uri]
        assert segments == [[], [cue], [cue], [cue]]
        assert [[cue] == cues_of for uri, cues_of in found if "-p0" in uri].count(True) == 6


async def test_captions_stay_after_a_restart_and_are_a_gap_where_there_were_none(tmp_path: Path) -> None:
    async with house(tmp_path, "run1") as home:
        await home.give(programme(6.0))
        assert "SUBTITLES" not in await home.text("main.m3u8")
        assert (await home.get("captions.m3u8")).status == 404
    async with house(tmp_path, "run2", captions="cy") as home:
        await home.give([said("Noswaith dda.", 20.5, session=0xB2), *programme(8.0, 20.0, 0xB2)])
        items = check(await home.text("captions.m3u8")).items
        assert [item.gap for item in items[:6]] == [True, True, True, False, False, False]
        assert cues(await home.bytes(items[3].uri)) == [("00:00:20.500", "00:00:22.500", "Noswaith dda.")]
    async with house(tmp_path, "run3", captions="cy") as home:
        again = check(await home.text("captions.m3u8")).items
        assert cues(await home.bytes(again[3].uri)) == [("00:00:20.500", "00:00:22.500", "Noswaith dda.")]
