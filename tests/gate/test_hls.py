"""What a playlist lists must be had: whoever could not have it says so."""

import pytest

from tests.gate.hls import HlsKeeper
from tests.gate.judge import Judge
from tests.gate.ways import Way

PART = '#EXT-X-PART:DURATION=0.5,URI="part-{}.m4s"\n'
LISTS = "#EXTM3U\n" + PART.format(1)
LISTS_NOTHING = "#EXTM3U\n"


class Shelf(Way):
    """Some files and no network."""

    def __init__(self, name: str = "a shelf", **files: str) -> None:
        super().__init__(name, "")
        self.files = {"main.m3u8": "video.m3u8\n", **files}

    async def fetch(self, name: str) -> bytes | None:
        return self.files[name].encode() if name in self.files else None


class Reader(Judge):
    """Keeps what it is to search."""

    def __init__(self) -> None:
        super().__init__()
        self.read: list[bytes] = []

    def media(self, place: str, name: str, data: bytes) -> None:
        self.read.append(data)


async def looked(kills: list[float]) -> HlsKeeper:
    """A part is listed and not there, and then listed no more."""
    shelf = Shelf(**{"video.m3u8": LISTS})
    keeper = HlsKeeper([shelf], Judge(), lambda: kills)
    await keeper.look()
    shelf.files["video.m3u8"] = LISTS_NOTHING
    await keeper.look()
    return keeper


async def test_a_part_that_could_never_be_had_is_a_finding() -> None:
    keeper = await looked([])
    assert keeper.found == ["video.m3u8 listed part-1.m4s, and it could never be had"]


async def test_unless_something_was_killed_that_had_it() -> None:
    keeper = await looked([float("inf")])
    assert not keeper.found
    assert keeper.missed == {"a kill": 1}


@pytest.mark.parametrize("slow", [True, False])
async def test_or_this_search_was_too_slow(slow: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    if slow:
        monkeypatch.setattr("tests.gate.hls.SLOW_SECONDS", -1.0)
    keeper = await looked([])
    assert bool(keeper.found) is not slow
    assert keeper.missed["looked too late"] == slow


async def test_what_is_still_listed_at_the_end_counts_as_well() -> None:
    keeper = HlsKeeper([Shelf(**{"video.m3u8": LISTS})], Judge(), list)
    await keeper.look()
    await keeper.finish()
    assert len(keeper.found) == 1


async def test_a_gap_promises_nothing() -> None:
    gap = "#EXTM3U\n#EXT-X-GAP\n#EXTINF:2.0,\nsegment-1.m4s\n#EXTINF:2.0,\nsegment-2.m4s\n"
    gap += '#EXT-X-PART:DURATION=0.5,URI="part-3.m4s",GAP=YES\n'
    keeper = HlsKeeper([Shelf(**{"video.m3u8": gap})], Judge(), list)
    await keeper.look()
    await keeper.finish()
    assert keeper.found == ["video.m3u8 listed segment-2.m4s, and it could never be had"]


async def test_what_one_way_lists_is_searched_even_if_an_older_copy_does_not() -> None:
    files = {"init.mp4": "head ", "part-1.m4s": "one", "part-2.m4s": "two"}
    head = '#EXTM3U\n#EXT-X-MAP:URI="init.mp4"\n'
    newest, older = (
        Shelf(str(numbers), **{"video.m3u8": head + "".join(map(PART.format, numbers)), **files})
        for numbers in ([1, 2], [1])
    )
    judge = Reader()
    keeper = HlsKeeper([newest, older], judge, list)
    await keeper.finish()
    assert judge.read == [b"head onetwo"]
    assert not keeper.found
