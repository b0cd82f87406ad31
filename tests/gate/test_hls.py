"""What a playlist lists must be had: whoever could not have it says so."""

import time

import pytest

from tests.gate.hls import HlsKeeper
from tests.gate.judge import Judge
from tests.gate.missing import Fate
from tests.gate.ways import Way

PART = '#EXT-X-PART:DURATION=0.5,URI="v-run-p{}.m4s"\n'
FIRST = PART.replace("\n", ",INDEPENDENT=YES\n")
DATE = "#EXT-X-PROGRAM-DATE-TIME:2030-01-01T09:00:00.000Z\n"
NINE = 1_893_488_400.0
LISTS = "#EXTM3U\n" + PART.format(1)
LISTS_NOTHING = "#EXTM3U\n"


def part(number: int) -> str:
    """The first begins with a key picture."""
    return (FIRST if number == 1 else PART).format(number)


class Shelf(Way):
    """Some files and no network."""

    def __init__(self, name: str = "a shelf", **files: str) -> None:
        super().__init__(name, "")
        self.files = {"main.m3u8": "video.m3u8\n", **files}
        self.silent = False

    async def fetch(self, name: str) -> bytes | None:
        if self.silent:
            raise TimeoutError
        return self.files[name].encode() if name in self.files else None


class Reader(Judge):
    """Keeps what it is to search."""

    def __init__(self) -> None:
        super().__init__()
        self.read: list[bytes] = []

    def media(self, place: str, name: str, data: bytes) -> None:
        self.read.append(data)


async def nothing(playlist: str, begin: float, end: float) -> list[bytes] | None:
    """A bus on which nothing came."""
    return None


def keeper(*ways: Way, judge: Judge | None = None) -> HlsKeeper:
    return HlsKeeper(ways, judge or Judge(), list, nothing)


async def looked(one: HlsKeeper, shelf: Shelf, text: str = LISTS_NOTHING) -> HlsKeeper:
    """A part is listed and not there, and then listed no more."""
    await one.look()
    shelf.files["video.m3u8"] = text
    await one.look()
    return one


async def test_a_part_that_could_never_be_had_is_a_finding() -> None:
    shelf = Shelf(**{"video.m3u8": LISTS})
    one = await looked(keeper(shelf), shelf)
    assert one.found == ["video.m3u8 listed v-run-p1.m4s, and it could never be had"]
    assert one.fates == {Fate.ACCUSED: 1}
    assert not one.searched


async def test_a_part_that_died_with_its_packager_is_searched_by_the_bus() -> None:
    shelf, judge = Shelf(**{"video.m3u8": DATE + LISTS}), Reader()
    asked: list[tuple[str, float, float]] = []

    async def bus(playlist: str, begin: float, end: float) -> list[bytes] | None:
        asked.append((playlist, begin, end))
        return [b"the same units"]

    one = await looked(HlsKeeper([shelf], judge, lambda: [float("inf")], bus), shelf)
    assert asked == [("video.m3u8", NINE, NINE + 0.5)]
    assert judge.read == [b"the same units"]
    assert one.fates == {Fate.BY_THE_BUS: 1}
    assert not one.found


@pytest.mark.parametrize(
    ("bus_died", "fate"), [(None, Fate.UNSEEN), (-10.0, Fate.UNSEEN), (-1.0, Fate.WITH_THE_BUS)]
)
async def test_one_that_is_not_on_the_bus_either_is_told(bus_died: float | None, fate: Fate) -> None:
    """``bus_died``: when, in seconds from now."""
    shelf = Shelf(**{"video.m3u8": LISTS})
    died = [] if bus_died is None else [time.monotonic() + bus_died]
    one = await looked(
        HlsKeeper([shelf], Judge(), lambda: [float("inf")], nothing, lambda: died),
        shelf,
    )
    assert one.fates == {fate: 1}
    assert not one.searched


async def test_it_is_gone_when_every_way_says_so() -> None:
    shelf, other = Shelf("one", **{"video.m3u8": LISTS}), Shelf("other", **{"video.m3u8": LISTS_NOTHING})
    one = await looked(keeper(shelf, other), shelf)
    await one.look()
    assert not one.fates, "the other has not been asked again"
    other.silent = True
    await one.look()
    assert not one.fates, "it gave no answer"
    other.silent = False
    await one.look()
    await one.look()
    assert one.fates == {Fate.ACCUSED: 1}


@pytest.mark.parametrize(("independent", "fate"), [(True, Fate.LATER), (False, Fate.UNSEEN)])
async def test_one_that_can_be_had_later_is_searched(independent: bool, fate: Fate) -> None:
    """One that no decoder can begin with needs what came before it, by the bus."""
    text = LISTS.replace("\n", ",INDEPENDENT=YES\n") if independent else LISTS
    shelf, judge = Shelf(**{"video.m3u8": text}), Reader()
    one = keeper(shelf, judge=judge)
    await one.look()
    shelf.files |= {"video.m3u8": LISTS_NOTHING, "v-run-p1.m4s": "one"}
    await one.look()
    assert judge.read == [b"one"] * independent
    assert one.fates == {fate: 1}
    assert one.searched == independent


@pytest.mark.parametrize(("run", "fate"), [("run", Fate.IN_ITS_SEGMENT), ("other", Fate.ACCUSED)])
async def test_a_part_between_two_looks_is_in_its_segment(run: str, fate: Fate) -> None:
    """But not in one that another packager made of the same time."""
    shelf = Shelf(**{"video.m3u8": DATE + LISTS, f"v-{run}-0-1.m4s": "all of it"})
    one = await looked(
        keeper(shelf, judge=Reader()), shelf, f"#EXTM3U\n{DATE}#EXTINF:2.0,\nv-{run}-0-1.m4s\n"
    )
    assert one.fates == {fate: 1}


async def test_what_is_still_listed_at_the_end_counts_as_well() -> None:
    one = keeper(Shelf(**{"video.m3u8": LISTS}))
    await one.look()
    await one.finish()
    assert len(one.found) == 1


async def test_a_gap_promises_nothing() -> None:
    gap = "#EXTM3U\n#EXT-X-GAP\n#EXTINF:2.0,\nsegment-1.m4s\n#EXTINF:2.0,\nsegment-2.m4s\n"
    gap += '#EXT-X-PART:DURATION=0.5,URI="v-run-p3.m4s",GAP=YES\n'
    one = keeper(Shelf(**{"video.m3u8": gap}))
    await one.look()
    await one.finish()
    assert one.found == ["video.m3u8 listed segment-2.m4s, and it could never be had"]


async def test_what_one_way_lists_is_searched_even_if_an_older_copy_does_not() -> None:
    files = {"init.mp4": "head ", "v-run-p1.m4s": "one", "v-run-p2.m4s": "two"}
    head = '#EXTM3U\n#EXT-X-MAP:URI="init.mp4"\n'
    newest, older = (
        Shelf(str(numbers), **{"video.m3u8": head + "".join(map(part, numbers)), **files})
        for numbers in ([1, 2], [1])
    )
    judge = Reader()
    one = keeper(newest, older, judge=judge)
    await one.finish()
    assert judge.read == [b"head onetwo"]
    assert not one.found


async def test_parts_that_go_on_from_one_that_was_not_had_are_searched_by_the_bus() -> None:
    """No decoder could begin with them."""
    text = f"#EXTM3U\n{DATE}{part(1)}{part(2)}{part(3)}"
    shelf = Shelf(**{"video.m3u8": text, "v-run-p2.m4s": "two", "v-run-p3.m4s": "three"})
    judge = Reader()
    asked: list[float] = []

    async def bus(playlist: str, begin: float, end: float) -> list[bytes] | None:
        asked.append(begin - NINE)
        return [b"from the key picture on"]

    one = await looked(HlsKeeper([shelf], judge, lambda: [float("inf")], bus), shelf)
    await one.finish()
    assert sorted(asked) == [0.0, 0.5, 1.0]
    assert set(judge.read) == {b"from the key picture on"}
    assert one.fates == {Fate.BY_THE_BUS: 3}
