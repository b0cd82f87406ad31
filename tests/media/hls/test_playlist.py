"""Playlists whose old lines are written once are those that would be written anew."""

from media.hls.playlist import MediaPlaylists
from media.hls.window import Rendition, Window
from tests.support.hls_rules import check, check_delta
from tests.support.hls_window import Growing

RENDITIONS = (Rendition.VIDEO, Rendition.SMALL, Rendition.AUDIO)


def same_as_anew(kept: MediaPlaylists, window: Window) -> None:
    for rendition in RENDITIONS:
        for skip in (False, True):
            text = kept.text(rendition, skip)
            assert text == MediaPlaylists(window).text(rendition, skip)
        check(kept.text(rendition))


def test_old_lines_stay_right_whatever_happens_to_the_window() -> None:
    house = Growing(window_seconds=60)
    kept = MediaPlaylists(house.window)
    house.segments(12)
    same_as_anew(kept, house.window)
    house.window.mark_gap(2)
    same_as_anew(kept, house.window)
    house.away(20.0)
    house.begin(discontinuity=True, small=False)
    for number in range(4):
        house.part(number, small=False)
        same_as_anew(kept, house.window)
    house.window.complete()
    house.segments(8, small=False)
    same_as_anew(kept, house.window)
    assert house.segments(12), "the oldest have left"
    same_as_anew(kept, house.window)
    assert house.segments(20)
    same_as_anew(kept, house.window)
    house.window.finish()
    same_as_anew(kept, house.window)


def test_a_delta_update_is_short_however_long_the_meeting() -> None:
    house = Growing(window_seconds=86_400)
    kept = MediaPlaylists(house.window)
    lengths = []
    for _ in range(2):
        house.segments(200)
        whole, delta = kept.text(Rendition.VIDEO), kept.text(Rendition.VIDEO, skip=True)
        check_delta(whole, delta)
        lengths.append(len(delta))
    assert abs(lengths[0] - lengths[1]) < 5
    assert len(whole) > 20 * len(delta)
