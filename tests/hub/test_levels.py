"""Levels reach every listener at its own pace; a slow one gets the newest."""

import asyncio

from hub.supervision.watch import NewestLevels
from media.control.studio import Level, LevelsMeasured


def at(peak: float) -> LevelsMeasured:
    return LevelsMeasured(seconds=-peak, sources=[], programme=Level(rms=peak - 3, peak=peak))


async def test_a_slow_listener_misses_some_and_gets_the_newest() -> None:
    newest = NewestLevels()
    follow = newest.follow()
    first = asyncio.ensure_future(anext(follow))
    await asyncio.sleep(0)
    newest.put("a", at(-1))
    assert await first == ("a", at(-1))
    for peak in (-20, -30, -40):
        newest.put("a", at(peak))
        newest.put("b", at(peak - 1))
    assert [await anext(follow), await anext(follow)] == [("a", at(-40)), ("b", at(-41))]
