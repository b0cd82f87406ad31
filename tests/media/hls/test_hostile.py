"""Whatever a player may ask: nobody waits for what will not come, and nothing but a refusal is raised."""

from contextlib import suppress
from pathlib import Path
from urllib.parse import quote

from aiohttp import web
from aiohttp.test_utils import make_mocked_request
from hypothesis import given
from hypothesis import strategies as some

from media.hls.edge import Edge
from media.hls.library import Library
from media.hls.origin import Directives, Origin
from tests.support.fuzz import fuzz
from tests.support.hls_window import PARTS, Growing

NAMES = some.sampled_from(["_HLS_msn", "_HLS_part", "_HLS_skip", "_hls_msn", "x"])
VALUES = some.one_of(
    some.text(max_size=20),
    some.integers().map(str),
    some.sampled_from(["YES", "v2", "", "٣", "1_0", "+1", " 1"]),
)


@fuzz
@given(some.lists(some.tuples(NAMES, VALUES), max_size=5))
def test_any_query_is_read_or_refused(asked: list[tuple[str, str]]) -> None:
    query = "&".join(f"{name}={quote(value)}" for name, value in asked)
    found: Directives | None = None
    with suppress(web.HTTPBadRequest):
        found = Directives.read(make_mocked_request("GET", f"/video.m3u8?{query}"))
    if found is None:
        return
    assert found.msn is not None or found.part is None
    assert all(number is None or 0 <= number < 10**12 for number in (found.msn, found.part))


@fuzz
@given(
    segments=some.integers(0, 6),
    parts=some.integers(0, 4),
    msn=some.one_of(some.integers(0, 12), some.integers(0, 10**12 - 1)),
    part=some.one_of(some.none(), some.integers(0, 12), some.integers(0, 10**12 - 1)),
)
def test_whoever_is_held_is_let_go_by_what_comes_next(
    segments: int, parts: int, msn: int, part: int | None
) -> None:
    """RFC 8216bis section 6.2.5.2: far ahead is refused, and nobody waits for longer than three targets."""
    house = Growing(window_seconds=8.0)
    house.segments(segments)
    if parts:
        house.begin()
        for number in range(parts):
            house.part(number)
    window = house.window
    edge, last = window.edge, window.last_msn
    try:
        Origin(window, Library(window), Edge(), Path())._refuse_far_ahead(msn, part)
    except web.HTTPBadRequest:
        assert msn > last, "what is there, or was, is not refused"
        assert msn > last + 2 or (msn, part or 0) > (edge[0], edge[1] + 5)
        return
    if parts:
        for number in range(parts, len(PARTS)):
            house.part(number)
        window.complete()
    house.segments(3)
    assert window.has(msn, part)
