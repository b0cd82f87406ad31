"""The checker of playlists is itself checked: each rule, broken on purpose, is found by its name."""

import re
from collections.abc import Callable, Sequence

import pytest

from media.hls.playlist import PLAYLISTS, MediaPlaylists, multivariant
from media.hls.window import Rendition
from tests.support.hls_playlist import RULES, Broken
from tests.support.hls_rules import check, check_delta, check_multivariant, check_renditions, check_row
from tests.support.hls_window import Growing

Spoil = Callable[[str], str]


def growing() -> Growing:
    """A meeting with a studio that was away, a lost segment and a growing one."""
    house = Growing()
    house.segments(12)
    house.away(7.0)
    house.begin(discontinuity=True)
    for number in range(4):
        house.part(number)
    house.window.complete()
    house.segments(4)
    house.window.mark_gap(5)
    house.begin()
    house.part(0)
    house.part(1)
    return house


HOUSE = growing()
MEDIA = MediaPlaylists(HOUSE.window)
GOOD = MEDIA.text(Rendition.VIDEO)
DELTA = MEDIA.text(Rendition.VIDEO, skip=True)
MAIN = multivariant(HOUSE.window)
LANGUAGES = Growing(language="cy")
LANGUAGES.segments(3)
SOUNDS = multivariant(LANGUAGES.window)


def row() -> list[str]:
    """The playlist of a short window at each of ten parts."""
    house = Growing(window_seconds=14)
    media = MediaPlaylists(house.window)
    house.segments(9)
    house.away(7.0)
    texts = []
    for discontinuity in (True, False, False):
        house.begin(discontinuity=discontinuity)
        for number in range(4):
            house.part(number)
            texts.append(media.text(Rendition.VIDEO))
        house.window.complete()
        house.window.prune()
    return texts


ROW = row()


def sub(pattern: str, to: str, count: int = 1) -> Spoil:
    """Replace; a pattern that is not there is a mistake of the test."""

    def spoil(text: str) -> str:
        spoiled, done = re.subn(pattern, to, text, count=count, flags=re.MULTILINE)
        assert done, pattern
        return spoiled

    return spoil


def last(pattern: str, to: str) -> Spoil:
    """Replace the last one."""

    def spoil(text: str) -> str:
        found = list(re.finditer(pattern, text, flags=re.MULTILINE))[-1]
        return text[: found.start()] + found.expand(to) + text[found.end() :]

    return spoil


def earlier_by(number: int) -> Spoil:
    """Number all segments differently."""

    def shift(found: re.Match[str]) -> str:
        return f"{found[1]}{int(found[2]) - number}"

    return lambda text: re.sub(r"((?:MEDIA-SEQUENCE:|LAST-MSN=))(\d+)", shift, text)


def append(line: str) -> Spoil:
    return lambda text: f"{text}{line}\n"


OLD_PARTS = [f'#EXT-X-PART:DURATION=0.5,URI="old{number}",INDEPENDENT=YES' for number in range(4)]
MEDIA_SPOILS: Sequence[tuple[str, Spoil]] = [
    ("first-line", sub(r"\A#EXTM3U\n", "")),
    ("first-line", lambda text: text.rstrip("\n")),
    ("known-tags", sub(r"^#EXTINF", "#EXT-X-BITRATE:800\n#EXTINF")),
    ("once", sub(r"^(#EXT-X-TARGETDURATION.*)", r"\1\n\1")),
    ("once", append("#EXT-X-PART-INF:PART-TARGET=0.52")),
    ("version", sub(r"VERSION:10", "VERSION:8")),
    ("target-duration", sub(r"TARGETDURATION:2", "TARGETDURATION:1")),
    ("target-duration", sub(r"#EXT-X-TARGETDURATION:2\n", "")),
    ("target-duration", sub(r"EXTINF:2\.00000", "EXTINF:2.51000")),
    ("independent-segments", sub(r"#EXT-X-INDEPENDENT-SEGMENTS\n", "")),
    ("can-block-reload", sub(r"CAN-BLOCK-RELOAD=YES,", "")),
    ("part-hold-back", sub(r"PART-HOLD-BACK=1\.56", "PART-HOLD-BACK=1.50")),
    ("hold-back", sub(r",HOLD-BACK=6", ",HOLD-BACK=5")),
    ("can-skip-until", sub(r"CAN-SKIP-UNTIL=12", "CAN-SKIP-UNTIL=11")),
    ("part-target", sub(r"PART-TARGET=0\.52", "PART-TARGET=0.50")),
    ("part-target", sub(r"#EXT-X-PART-INF.*\n", "")),
    ("part-length", last(r"PART:DURATION=0\.52", "PART:DURATION=0.44")),
    ("part-sum", last(r"PART:DURATION=0\.48000(.*\n#EXTINF)", r"PART:DURATION=0.30000\1")),
    ("part-independent", sub(r"(PROGRAM-DATE-TIME.*\n#EXT-X-PART.*),INDEPENDENT=YES", r"\1")),
    ("part-age", sub(r"^#EXTINF.*", "\n".join((*OLD_PARTS, "#EXTINF:2.00000,")))),
    ("hint", sub(r"#EXT-X-PRELOAD-HINT.*\n", "")),
    ("hint", sub(r"^(#EXT-X-PRELOAD-HINT.*)", r"\1\n\1")),
    ("hint", sub(r"HINT:TYPE=PART", "HINT:TYPE=MAP")),
    ("hint", lambda text: sub(r'(HINT:TYPE=PART,URI=)".*"', rf'\1"{listed(text)}"')(text)),
    ("map", sub(r"#EXT-X-MAP.*\n", "")),
    ("map", sub(r"(#EXT-X-DISCONTINUITY\n)#EXT-X-MAP.*\n", r"\1")),
    ("dates", sub(r"#EXT-X-PROGRAM-DATE-TIME.*\n", "")),
    ("dates", sub(r"#EXT-X-DISCONTINUITY\n#EXT-X-MAP.*\n", "")),
    ("dates", last(r"(DATE-TIME:.*:\d\d)\.(\d)", r"\1.9")),
    ("growing", sub(r"^v-.*\n", "")),
    ("gap", last(r"^(#EXTINF)", r"#EXT-X-GAP\n\1")),
    ("gap", lambda text: last(r"^(#EXT-X-PART:.*)(\n#EXTINF)", r"\1,GAP=YES\2")(text)),
    ("reports", sub(r"LAST-PART=1", "LAST-PART=0")),
    ("unique", lambda text: last(r"^v-.*", re.findall(r"^v-.*", text, re.MULTILINE)[0])(text)),
    ("unique", last(r'(PART:.*URI=)"[^"]*"', r'\1"v-run1-p0000060.m4s"')),
    ("end", append("#EXT-X-ENDLIST")),
    ("end", lambda text: sub(r"#EXT-X-(PRELOAD|REND).*\n", "", 9)(text) + "#EXT-X-ENDLIST\n#EXT-X-GAP\n"),
]  # fmt: skip


def listed(text: str) -> str:
    return str(re.findall(r'EXT-X-PART:.*URI="([^"]*)"', text)[-1])


@pytest.mark.parametrize(("rule", "spoil"), MEDIA_SPOILS, ids=[rule for rule, _ in MEDIA_SPOILS])
def test_a_broken_playlist_is_found(rule: str, spoil: Spoil) -> None:
    check(GOOD)
    with pytest.raises(Broken) as found:
        check(spoil(GOOD))
    assert found.value.rule == rule


ROW_SPOILS: Sequence[tuple[str, int, Spoil]] = [
    ("constant", 5, sub(r"PART-HOLD-BACK=1.560", "PART-HOLD-BACK=1.600")),
    ("sequence", 5, earlier_by(1)),
    ("sequence", 11, sub(r"^v-.*-0(\d{5})\.m4s", r"v-run9-0\1.m4s")),
    ("discontinuity-sequence", 11, sub(r"(DISCONTINUITY-SEQUENCE:)\d", r"\g<1>7")),
    ("names", 9, sub(r'(PART:DURATION=0.52000,URI=)"[^"]*"', r'\1"v-other.m4s"')),
    ("names", 9, sub(r"EXTINF:2.00000(,\n.*\n#EXT-X-MAP)?", "EXTINF:1.99800")),
    ("promise", 5, sub(r'(HINT:TYPE=PART,URI=)"[^"]*"', r'\1"v-never.m4s"')),
]  # fmt: skip


@pytest.mark.parametrize(("rule", "at", "spoil"), ROW_SPOILS, ids=[rule for rule, _, _ in ROW_SPOILS])
def test_a_broken_row_is_found(rule: str, at: int, spoil: Spoil) -> None:
    check_row(ROW)
    with pytest.raises(Broken) as found:
        check_row([*ROW[:at], spoil(ROW[at]), *ROW[at + 1 :]])
    assert found.value.rule == rule


def test_an_edge_that_goes_back_is_found() -> None:
    with pytest.raises(Broken) as found:
        check_row([ROW[5], ROW[4]])
    assert found.value.rule == "edge"


def test_a_window_that_leaves_too_little_is_found() -> None:
    text = ROW[-1]
    kept = re.search(
        r"(?s)\A(.*?)(#EXT-X-PROGRAM.*?\n)(?=#EXT-X-PROG[^\n]*\n#EXT-X-PART[^\n]*p0000044)", text
    )
    assert kept
    short = re.sub(r"MEDIA-SEQUENCE:\d+", "MEDIA-SEQUENCE:11", kept[1].split("#EXT-X-MAP")[0])
    short = f'{short}#EXT-X-MAP:URI="v-init-full.mp4"\n{text[kept.end() :]}'.replace(
        "#EXT-X-DISCONTINUITY\n", ""
    )
    with pytest.raises(Broken) as found:
        check_row([ROW[-2], short])
    assert found.value.rule == "removal"


SKIPPED = int(re.findall(r"SKIPPED-SEGMENTS=(\d+)", DELTA)[0])
DELTA_SPOILS: Sequence[tuple[str, Spoil]] = [
    ("skip", sub(r"(?s)(#EXT-X-SKIP:SKIPPED-SEGMENTS)[^\n]*\n.*?v-[^\n]*\n", rf"\1={SKIPPED + 1}\n")),
    ("delta", sub(r"EXTINF:2.00000", "EXTINF:1.99900")),
    ("delta", sub(r"EXT-X-PRELOAD-HINT:TYPE=PART,URI=\"", 'EXT-X-PRELOAD-HINT:TYPE=PART,URI="x')),
    ("delta", earlier_by(-1)),
]  # fmt: skip


@pytest.mark.parametrize(("rule", "spoil"), DELTA_SPOILS, ids=[rule for rule, _ in DELTA_SPOILS])
def test_a_broken_delta_update_is_found(rule: str, spoil: Spoil) -> None:
    check_delta(GOOD, DELTA)
    with pytest.raises(Broken) as found:
        check_delta(GOOD, spoil(DELTA))
    assert found.value.rule == rule


SIBLING_SPOILS: Sequence[Spoil] = [
    sub(r"#EXT-X-RENDITION-REPORT.*\n", ""),
    sub(r"EXTINF:2.00000", "EXTINF:1.99900"),
]


@pytest.mark.parametrize("spoil", SIBLING_SPOILS)
def test_renditions_that_are_not_alike_are_found(spoil: Spoil) -> None:
    texts = {PLAYLISTS[one]: MEDIA.text(one) for one in HOUSE.window.renditions}
    assert set(check_renditions(texts)) == {"video.m3u8", "video-360.m3u8", "audio.m3u8"}
    with pytest.raises(Broken) as found:
        check_renditions({**texts, "audio.m3u8": spoil(texts["audio.m3u8"])})
    assert found.value.rule == "siblings"


MAIN_SPOILS: Sequence[tuple[str, Spoil]] = [
    ("first-line", sub(r"\A#EXTM3U\n", "")),
    ("known-tags", append("#EXT-X-SESSION-DATA:DATA-ID=1")),
    ("variants", sub(r"BANDWIDTH=\d+,", "")),
    ("variants", sub(r",FRAME-RATE=[\d.]+", "")),
    ("variants", sub(r"^audio.m3u8\n\Z", "")),
    ("groups", sub(r'GROUP-ID="sound"', 'GROUP-ID="noise"', 2)),
    ("groups", sub(r"DEFAULT=NO", "DEFAULT=YES")),
    ("groups", sub(r'NAME="Cymraeg[^"]*"', 'NAME="English (floor)"')),
]  # fmt: skip


@pytest.mark.parametrize(("rule", "spoil"), MAIN_SPOILS, ids=[rule for rule, _ in MAIN_SPOILS])
def test_a_broken_multivariant_playlist_is_found(rule: str, spoil: Spoil) -> None:
    assert set(check_multivariant(MAIN)) == {"video.m3u8", "video-360.m3u8", "audio.m3u8"}
    check_multivariant(SOUNDS)
    with pytest.raises(Broken) as found:
        check_multivariant(spoil(SOUNDS))
    assert found.value.rule == rule


def test_every_rule_is_broken_on_purpose() -> None:
    broken = {rule for rule, *_ in (*MEDIA_SPOILS, *ROW_SPOILS, *DELTA_SPOILS, *MAIN_SPOILS)}
    assert broken | {"edge", "removal", "siblings"} == set(RULES)
