"""Captions as text, written and read again."""

from hypothesis import given
from hypothesis import strategies as st

from media.access_unit import AUDIO_CLOCK, AccessUnit, Track
from media.formats.webvtt import LONGEST_CUE, SIGNATURE, Cue, cue_of, read


def unit(text: str, seconds: float = 1.5, length: float = 2.0, sequence: int = 7) -> AccessUnit:
    return AccessUnit(
        Track.CAPTIONS, 0xA1, sequence, 0, round(seconds * AUDIO_CLOCK), round(length * AUDIO_CLOCK), True,
        text.encode(errors="replace"),
    )  # fmt: skip


def test_a_cue_is_named_after_its_unit_and_has_its_time() -> None:
    assert cue_of(unit("Good evening.")) == Cue(135_000, 315_000, "Good evening.", "000000a1-7")
    assert cue_of(unit(" \n ")) is None
    endless = cue_of(unit("On and on", length=3600))
    assert endless is not None
    assert endless.end - endless.start == LONGEST_CUE


@given(st.lists(st.tuples(st.text(), st.floats(0, 300_000), st.floats(0, 20)), max_size=8))
def test_whatever_is_said_is_read_as_so_many_cues(lines: list[tuple[str, float, float]]) -> None:
    units = (unit(text, at, length, number) for number, (text, at, length) in enumerate(lines))
    cues = [cue for cue in map(cue_of, units) if cue is not None]
    found = read(f"{SIGNATURE}{''.join(map(str, cues))}")
    assert [(cue.name, cue.text) for cue in found] == [(cue.name, cue.text) for cue in cues]
    for before, after in zip(cues, found, strict=True):
        # A file has thousandths of a second.
        assert 0 <= before.start - after.start < 90
        assert 0 <= before.end - after.end < 90
